"""A database of the first version, kept as a dump, is updated with `-u` and is still itself.

The dump is the demo of 19.0.1.0.0 (commit 392a924): people in roles, five published policies and 48
dossiers with letters and deadlines. Beside it lies what each user could see then.
"""

import json
import lzma
import os
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
DUMP = HERE / "19.0.1.0.0.sql.xz"
RIGHTS = HERE / "19.0.1.0.0.rights.json"

# What an update may not change, as plain columns of the tables of the first version.
FACTS = {
    "complaints": """
        SELECT id, name, received_on, stage_id, is_closed, outcome, next_due_on, handler_id,
               kind, in_register, hide_identity
          FROM klachtenbeheer_complaint ORDER BY id""",
    "deadlines": """
        SELECT id, complaint_id, term_id, started_on, first_due_on, due_on, met_on
          FROM klachtenbeheer_deadline ORDER BY id""",
    "events": """
        SELECT id, complaint_id, type_id, occurred_on, user_id, voided
          FROM klachtenbeheer_event ORDER BY id""",
    "letters": """
        SELECT id, complaint_id, type_id, state, sent_on, delivery, attachment_id
          FROM klachtenbeheer_letter ORDER BY id""",
    "terms": """
        SELECT id, policy_id, code, amount, unit, count_from, end_rule, duty_of
          FROM klachtenbeheer_term ORDER BY id""",
    "published policies": """
        SELECT id, name, version, state, effective_from
          FROM klachtenbeheer_policy ORDER BY id""",
    "messages": """
        SELECT res_id, count(*) FROM mail_message
         WHERE model = 'klachtenbeheer.complaint' GROUP BY res_id ORDER BY res_id""",
}
SEEN = """
import json
seen = {}
for user in env["res.users"].search([("login", "in", %s)]):
    seen[user.login] = {}
    for model in %s:
        Model = env["klachtenbeheer." + model].with_user(user)
        found = Model.search([], order="id").ids if Model.has_access("read") else []
        seen[user.login][model] = found
print("SEEN" + json.dumps(seen))
"""


@pytest.fixture(scope="module")
def first_version(ready):
    """Give a database of the first version, with what was in it."""
    import template

    name = f"{template.TEMPORARY}upgrade_{os.getpid()}"
    ready.database.sql(f'CREATE DATABASE "{name}" TEMPLATE template0')
    template.filestore(name).mkdir(parents=True, exist_ok=True)
    try:
        restore(ready, name)
        yield name
    finally:
        template.drop(ready, name)


def restore(ready, name):
    psql = [str(ready.database.binaries / "psql"), "-q", "-v", "ON_ERROR_STOP=1", "-d", name]
    subprocess.run(
        psql,
        input=lzma.decompress(DUMP.read_bytes()),
        env=ready.database.environment(),
        stdout=subprocess.DEVNULL,
        check=True,
    )


def facts(ready, name):
    return {what: ready.database.sql(query, name) for what, query in FACTS.items()}


@pytest.fixture(scope="module")
def updated(ready, first_version):
    """Give the database after `-u`, the facts before it, and the log of the update."""
    before = facts(ready, first_version)
    arguments = ["-d", first_version, "-u", "klachtenbeheer", "--stop-after-init", "--no-http"]
    code, log = ready.logged("upgrade", arguments)
    assert code == 0, log.read_text()[-3000:]
    return first_version, before, log


def test_the_update_says_nothing_loud(updated):
    import test_results

    _name, _before, log = updated
    # the dump has no files beside it: what the platform says of those is no word of ours
    loud = [line for line in test_results.loud_lines(log) if "_read_file" not in line]
    assert not loud


@pytest.mark.parametrize("what", FACTS)
def test_dates_letters_and_policies_stay_as_they_were(ready, updated, what):
    name, before, _log = updated
    assert before[what].strip()
    assert facts(ready, name)[what] == before[what]


def test_everybody_sees_what_they_saw(ready, updated):
    name, _before, _log = updated
    before = json.loads(RIGHTS.read_text())
    models = list(next(iter(before.values())))
    printed = ready.script(name, SEEN % (list(before), models))
    [line] = [line for line in printed.splitlines() if line.startswith("SEEN")]
    assert json.loads(line.removeprefix("SEEN")) == before


def test_templates_ask_by_the_name_of_now(ready, updated):
    """A text of a letter that calls a method by its old name could not be made any more."""
    name, _before, _log = updated
    asked = "SELECT count(*) FROM mail_template WHERE strpos(body_html::text, '{}') > 0"
    assert ready.database.sql(asked.format("object._has("), name).strip() == "0"
    assert ready.database.sql(asked.format("object._has_text("), name).strip() != "0"
