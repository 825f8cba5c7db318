"""Reports, made and mailed by two nodes at once, after a year in which no job ran and while no
mail server answers: each is made once, and each reader gets it once."""

from collections import Counter

import pytest
import template
from processes import run_at_once

JOB = 'env["klachtenbeheer.daily.job"]._cron_run()'
QUEUE = 'env["mail.mail"].process_email_queue()'
WEDNESDAY, FRIDAY, MONDAY = (f"2027-01-{day} 10:00:00" for day in (20, 22, 25))
MEMBER = "lid@bestuur.example"
# What the three policies that report by themselves ask for over 2026, by hand.
EXPECTED = {
    ("sb", "annual_analysis"): 1,
    ("sb", "annual_analysis_team"): 1,
    ("sj", "board_half_year"): 2,
    ("sj", "recommendations"): 2,
    ("sj", "annual_handling"): 1,
    ("sj", "policy_evaluation"): 1,
    ("kk", "management_review"): 1,
    ("kk", "public_annual"): 1,
    ("kk", "kpi"): 4,
}

ASK = f"""
env["klachtenbeheer.report.plan"].search([]).start_on = "2026-01-01"
member = env["res.partner"].create({{"name": "Bestuurslid", "email": "{MEMBER}"}})
kind = env.ref("klachtenbeheer.report_type_board_half_year")
plan = env["klachtenbeheer.report.plan"].search(
    [("type_id", "=", kind.id), ("policy_id.code", "=", "regeling-sj")]
)
plan.recipient_ids = member
env.cr.commit()
"""
# Written, approved and handed to a mail server that does not answer.
APPROVE = f"""
from freezegun import freeze_time

with freeze_time("{FRIDAY}", tick=True):
    reports = env["klachtenbeheer.report"].search([("kind", "=", "board_half_year")])
    reports.text_ids.body = "<p>Niets bijzonders.</p>"
    reports.action_submit()
    reports.action_approve()
    env.cr.commit()
"""
MADE = """
SELECT policy_code, kind, date_from, count(*) FROM klachtenbeheer_report GROUP BY 1, 2, 3
"""
TASKS = """
SELECT res_id, user_id, summary, count(*) FROM mail_activity
 WHERE res_model = 'klachtenbeheer.report' GROUP BY 1, 2, 3
"""
SENT = "SELECT DISTINCT state FROM klachtenbeheer_report WHERE kind = 'board_half_year'"
LINES = """
SELECT line.email, line.state, count(*) FROM klachtenbeheer_report_recipient line
  JOIN klachtenbeheer_report report ON report.id = line.report_id
 WHERE report.kind = 'board_half_year' GROUP BY 1, 2 ORDER BY 1, 2
"""


@pytest.fixture(scope="module")
def database(ready, world_name):
    """Give a database in which a year of reports is asked for."""
    with template.temporary_copy(ready, world_name, "reports") as name:
        ready.script(name, ASK)
        yield name


def read(ready, database, query):
    return [row.split("\t") for row in ready.database.sql(query, database).splitlines()]


def check_made(ready, database):
    rows = read(ready, database, MADE)
    assert {count for *_what, count in rows} == {"1"}
    found = Counter((code.removeprefix("regeling-"), kind) for code, kind, *_rest in rows)
    assert dict(found) == EXPECTED
    tasks = read(ready, database, TASKS)
    assert tasks
    assert {count for *_what, count in tasks} == {"1"}


def test_two_nodes_make_each_report_of_a_missed_year_once(ready, database, tmp_path):
    run_at_once(ready, database, tmp_path / "two", 2, JOB, WEDNESDAY)
    # what one found locked by the other may be left: then the platform runs the job again
    run_at_once(ready, database, tmp_path / "again", 1, JOB, WEDNESDAY)
    check_made(ready, database)


def test_another_day_makes_none_again(ready, database, tmp_path):
    run_at_once(ready, database, tmp_path / "later", 2, JOB, FRIDAY)
    check_made(ready, database)


def test_each_reader_gets_it_once_when_a_mail_server_answers(
    ready, database, tmp_path, mail_server
):
    ready.script(database, APPROVE)
    assert read(ready, database, SENT) == [["approved"]]
    port = ("--smtp", "127.0.0.1", "--smtp-port", str(mail_server.port))
    already = len(mail_server.mails)
    run_at_once(ready, database, tmp_path / "mail", 2, QUEUE, MONDAY, port)
    run_at_once(ready, database, tmp_path / "after", 1, QUEUE, MONDAY, port)
    mails = [mail for mail in mail_server.mails[already:] if mail.pdfs()]
    got = Counter((mail.recipients[0], *mail.pdfs()) for mail in mails)
    assert set(got.values()) == {1}
    assert {address for address, _file in got} >= {MEMBER, "board@wilgenbrug.example"}
    assert {file for _address, file in got} == {
        "board_half_year-2026-01-01-2026-06-30.pdf",
        "board_half_year-2026-07-01-2026-12-31.pdf",
    }
    assert read(ready, database, SENT) == [["sent"]]
    assert {state for _email, state, _count in read(ready, database, LINES)} == {"sent"}
    assert {count for _email, _state, count in read(ready, database, LINES)} == {"2"}
