"""The daily job, started in two processes at once: each duty gets one reminder, one escalation."""

import subprocess
import time

import environment
import pytest
import template

COUNT = 60  # complaints of each kind; their overdue duties are more than one batch of the job
READY = 60  # seconds until a process has loaded everything
WORKDAY = "2026-07-09"  # a Thursday
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

# Loads everything that the job needs, says so, and starts on a sign that all processes see.
RUN = f"""
import pathlib, time
from freezegun import freeze_time

env["klachtenbeheer.deadline"].search([], limit=1).explanation
pathlib.Path("{{folder}}/ready-{{number}}").touch()
while not pathlib.Path("{{folder}}/start").exists():
    time.sleep(0.001)
with freeze_time("{WORKDAY} 10:00:00", tick=True):
    env["klachtenbeheer.daily.job"]._cron_run()
env.cr.commit()
"""

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


class Job:
    """The daily job in a process of its own."""

    def __init__(self, ready, database, folder, number):
        self.sign = folder / f"ready-{number}"
        self.log = folder / f"log-{number}"
        arguments = ["shell", "-d", database, "--no-http", "--log-level=warn"]
        with self.log.open("w") as log:
            self.process = ready.start(
                arguments, stdin=subprocess.PIPE, stdout=log, stderr=log, text=True
            )
        with self.process.stdin as script:
            script.write(RUN.format(folder=folder, number=number))

    def wait_until_ready(self):
        end = time.monotonic() + READY
        while not self.sign.exists() and time.monotonic() < end and self.process.poll() is None:
            time.sleep(0.05)
        assert self.sign.exists(), self.log.read_text()

    def check_end(self):
        """Wait for its end; it may have met the other one, but nothing may have gone wrong."""
        code = environment.wait(self.process)
        log = self.log.read_text()
        assert code == 0, log
        assert "Traceback" not in log, log


def run_jobs(ready, database, folder, count):
    """Start some jobs at one moment and wait until all have ended well."""
    jobs = [Job(ready, database, folder, number) for number in range(count)]
    for job in jobs:
        job.wait_until_ready()
    (folder / "start").touch()
    for job in jobs:
        job.check_end()


def test_two_jobs_at_once_do_nothing_twice(ready, database, tmp_path):
    """What one found locked by the other may be left: then the platform runs the job again."""
    run_jobs(ready, database, tmp_path, 2)
    assert ready.database.sql(DOUBLES, database) == ""
    assert counts(ready, database)["activity_type_duty"] > 0


def test_a_third_run_finishes_and_repeats_nothing(ready, database, tmp_path):
    run_jobs(ready, database, tmp_path, 1)
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
