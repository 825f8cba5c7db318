"""The daily job, started in two processes at once: each duty gets one reminder, one escalation."""

import pytest
import template
from processes import run_at_once

COUNT = 60  # complaints of each kind; their overdue duties are more than one batch of the job
NOW = "2026-07-09 10:00:00"  # a Thursday
# The acknowledgement is due the day after; acknowledgement and answer are overdue.
REMINDED, OVERDUE = "2026-07-03", "2026-06-01"

REGISTER = f"""
policy = env["klachtenbeheer.policy"].search([("code", "=", "regeling-ba")])
env["klachtenbeheer.complaint"].create([
    {{
        "policy_id": policy.id,
        "description": "De bus kwam niet.",
        "complainant_name": "Kees Klager",
        "complainant_email": "kees@klager.example",
        "channel": "email",
        "received_on": day,
    }}
    for day in {(REMINDED, OVERDUE)}
    for _ in range({COUNT})
])
env.cr.commit()
"""

JOB = 'env["klachtenbeheer.daily.job"]._cron_run()'

ACTIVITIES = """
SELECT type.name, count(*) FROM mail_activity activity
  JOIN ir_model_data type ON type.module = 'klachtenbeheer' AND type.model = 'mail.activity.type'
   AND type.res_id = activity.activity_type_id
 WHERE activity.res_model = 'klachtenbeheer.complaint'
 GROUP BY type.name ORDER BY type.name
"""
DOUBLES = """
SELECT res_id, activity_type_id, summary, user_id, count(*) FROM mail_activity
 WHERE res_model = 'klachtenbeheer.complaint'
 GROUP BY res_id, activity_type_id, summary, user_id HAVING count(*) > 1
"""
LEVELS = "SELECT DISTINCT escalation_level FROM klachtenbeheer_complaint"


@pytest.fixture(scope="module")
def database(ready, world_name):
    """Give a database with complaints that ask for the job's attention."""
    with template.temporary_copy(ready, world_name, "daily") as name:
        ready.script(name, REGISTER)
        yield name


def test_two_jobs_at_once_do_nothing_twice(ready, database, tmp_path):
    """What one found locked by the other may be left: then the platform runs the job again."""
    run_at_once(ready, database, tmp_path, 2, JOB, NOW)
    assert ready.database.sql(DOUBLES, database) == ""
    assert counts(ready, database)["activity_type_duty"] > 0


def test_a_third_run_finishes_and_repeats_nothing(ready, database, tmp_path):
    run_at_once(ready, database, tmp_path, 1, JOB, NOW)
    assert_done_once(ready, database)


def assert_done_once(ready, database):
    """One reminder for each duty that is due, one escalation for each of two overdue duties."""
    assert ready.database.sql(DOUBLES, database) == ""
    assert counts(ready, database) == {
        "activity_type_new": 2 * COUNT,
        "activity_type_duty": COUNT,
        "activity_type_alert": 2 * COUNT,
    }
    assert set(ready.database.sql(LEVELS, database).split()) == {"none", "director"}


def counts(ready, database):
    rows = ready.database.sql(ACTIVITIES, database).splitlines()
    return {name: int(count) for name, count in (row.split("\t") for row in rows)}
