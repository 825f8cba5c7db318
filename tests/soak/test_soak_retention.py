"""Retention in processes of their own (issue 12): killed in the middle it goes on where it was, and
a hold in the same minute wins.
"""

import subprocess
import time

import environment
import pytest
import template
from common import log_file

FULL_SIZE, SMALL = 2000, 40
KILLS = {True: 12, False: 3}
BATCH = 10  # dossiers between two commits, so that there is something to kill in the middle of
HELD = 5
WAIT = 120  # seconds at most for what another process does

# Closed long ago, announced, and due; some are held.
REGISTER = """
import datetime
policy = env["klachtenbeheer.policy"].search([("code", "=", "regeling-ba")])
day = policy._today() - datetime.timedelta(days=30)
values = {{
    "policy_id": policy.id, "description": "De bus kwam niet.", "channel": "email",
    "received_on": day, "complainant_name": "Kees Klager", "outcome": "answered",
}}
complaints = env["klachtenbeheer.complaint"]._import_register(
    [(dict(values), {{"answered": day, "closed": day}}) for _number in range({count})]
)
env.flush_all()
env.cr.execute(
    "UPDATE klachtenbeheer_complaint SET closed_on = '2020-01-10', retention_due_on = '2022-01-10',"
    " retention_announce_on = '2021-12-11', retention_erase_on = '2022-02-01' WHERE id IN %s",
    [complaints._ids],
)
env.invalidate_all(flush=False)
env["klachtenbeheer.legal.hold"].create(
    [{{"complaint_id": line.id, "reason": "Claim"}} for line in complaints[:{held}]]
)
env.cr.commit()
"""
# Retention alone, in small batches.
RUN = f"""
import pathlib, time
from odoo.addons.klachtenbeheer.models.daily import job
job.BATCH = {BATCH}
folder = pathlib.Path("{{folder}}")

def wait_for(sign):
    while not (folder / sign).exists():
        time.sleep(0.01)

{{before}}
step = next(line for line in job.STEPS if line.work == "_apply_retention")
company = env["klachtenbeheer.policy"].search([("code", "=", "regeling-ba")]).company_id
env["klachtenbeheer.daily.job"].with_company(company)._work_off(step, company._complaint_today())
env.cr.commit()
print("ended")
"""
# What somebody does who wants to keep a dossier, as a request of the platform.
HOLD = """
import pathlib
from odoo.exceptions import UserError
from odoo.service.model import retrying
pathlib.Path("{folder}/trying").touch()
def hold():
    env["klachtenbeheer.legal.hold"].create({{"complaint_id": {number}, "reason": "Claim"}})
try:
    retrying(hold, env)
    env.cr.commit()
    print("held")
except UserError as refusal:
    env.cr.rollback()
    print("refused:", refusal)
"""
DONE = "SELECT count(*) FROM klachtenbeheer_erasure"
TWICE = "SELECT dossier_id FROM klachtenbeheer_erasure GROUP BY dossier_id HAVING count(*) > 1"
# Anonymised and still told, or told to be anonymised and not.
HALF = """
SELECT count(*) FROM klachtenbeheer_complaint complaint
 WHERE (anonymised_on IS NOT NULL) != (description = '–')
    OR (anonymised_on IS NOT NULL) != (complainant_name IS NULL)
    OR (anonymised_on IS NOT NULL) != EXISTS (
       SELECT 1 FROM klachtenbeheer_erasure WHERE dossier_id = complaint.id)
"""
LEFT = "SELECT count(*) FROM klachtenbeheer_complaint WHERE anonymised_on IS NULL"
SOMEBODY = "SELECT max(id) FROM klachtenbeheer_complaint WHERE anonymised_on IS NULL"


@pytest.fixture
def database(ready, world_name):
    """Give a database of one's own with an organisation in it."""
    with template.temporary_copy(ready, world_name, "retention") as name:
        yield name


class Job:
    """Retention in a process of its own."""

    def __init__(self, ready, database, folder, before=""):
        self.log = log_file(f"{database}-job")
        self.code = RUN.format(folder=folder, before=before)
        with self.log.open("w") as log:
            self.process = ready.start(
                ["shell", "-d", database, "--no-http", "--log-level=warn"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                text=True,
            )
        with self.process.stdin as script:
            script.write(self.code)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def check_end(self):
        code, log = environment.wait(self.process), self.log.read_text()
        assert code == 0 and "ended" in log and "Traceback" not in log, log


def wait_until(check, job):
    end = time.monotonic() + WAIT
    while not check() and job.process.poll() is None and time.monotonic() < end:
        time.sleep(0.02)
    assert check(), job.log.read_text()


def test_killed_in_the_middle_it_goes_on_where_it_was(ready, database, tmp_path, is_full):
    size, kills = FULL_SIZE if is_full else SMALL, KILLS[is_full]
    ready.script(database, REGISTER.format(count=size, held=HELD))

    def count(query):
        return int(ready.database.sql(query, database))

    killed = []
    for turn in range(kills):
        aim = (turn + 1) * (size - HELD) // (kills + 1)
        job = Job(ready, database, tmp_path)
        wait_until(lambda aim=aim: count(DONE) >= aim, job)
        job.kill()
        killed.append(count(DONE))
        assert count(HALF) == 0
    last = Job(ready, database, tmp_path)
    last.check_end()
    print(f"{size} dossiers, killed after {killed}")  # noqa: T201  # figures for the closing note
    assert killed[-1] < size - HELD, "each was killed in the middle"
    assert count(LEFT) == HELD
    assert count(HALF) == 0
    assert count(DONE) == size - HELD
    assert ready.database.sql(TWICE, database) == ""


def test_a_hold_before_the_job_has_locked_wins(ready, database, tmp_path):
    """The job has chosen the dossiers, and then somebody keeps one of them."""
    ready.script(database, REGISTER.format(count=2, held=0))
    number = ready.database.sql(SOMEBODY, database).strip()
    before = """
lock = job.DailyJob._lock
def wait_and_lock(self, records):
    (folder / "chosen").touch()
    wait_for("held")
    return lock(self, records)
type(env["klachtenbeheer.daily.job"])._lock = wait_and_lock
"""
    job = Job(ready, database, tmp_path, before)
    wait_until((tmp_path / "chosen").exists, job)
    assert "held" in ready.script(database, HOLD.format(folder=tmp_path, number=number))
    (tmp_path / "held").touch()
    job.check_end()
    assert ready.database.sql(LEFT, database).strip() == "1"
    assert ready.database.sql(SOMEBODY, database).strip() == number


def test_a_hold_after_it_is_refused_in_words(ready, database, tmp_path):
    """The job has emptied a dossier and not committed yet: who wants to keep it waits for that,
    and hears that it is gone; no hold stands there on nothing."""
    ready.script(database, REGISTER.format(count=1, held=0))
    number = ready.database.sql(SOMEBODY, database).strip()
    before = """
complaints = type(env["klachtenbeheer.complaint"])
erase = complaints._erase
def erase_and_wait(self, kind, rule):
    done = erase(self, kind, rule)
    env.flush_all()
    (folder / "emptied").touch()
    wait_for("trying")
    time.sleep(2)
    return done
complaints._erase = erase_and_wait
"""
    job = Job(ready, database, tmp_path, before)
    wait_until((tmp_path / "emptied").exists, job)
    answer = ready.script(database, HOLD.format(folder=tmp_path, number=number))
    job.check_end()
    assert "refused:" in answer and "anon" in answer, answer
    assert ready.database.sql("SELECT count(*) FROM klachtenbeheer_legal_hold", database) == "0"
