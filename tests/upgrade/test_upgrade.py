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
          FROM klachtenbeheer_term WHERE policy_id IN
               (SELECT id FROM klachtenbeheer_policy WHERE is_template IS NOT TRUE) ORDER BY id""",
    "published policies": """
        SELECT id, name, version, state, effective_from
          FROM klachtenbeheer_policy WHERE is_template IS NOT TRUE ORDER BY id""",
    "verdicts": """
        SELECT id, verdict FROM klachtenbeheer_complaint WHERE verdict IS NOT NULL ORDER BY id""",
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


# Under which policies of the demo somebody has a role that reads or registers; a handler sees
# what is assigned to them.
ALL = ("welzijnswerk", "begeleiding", "relaties", "thuiszorg", "diensten")
ROLES_IN = {
    "coordinator": ALL,
    "deputy": ("welzijnswerk", "begeleiding", "thuiszorg", "diensten"),
    "director": ("welzijnswerk", "begeleiding", "relaties", "thuiszorg"),
    "registrar": ("relaties",),
    "board": ("welzijnswerk", "relaties"),
}
# Whose servicedesk sees what nobody handles yet, and nothing else, since this version.
QUEUES = {"registrar": "thuiszorg"}
# Models of the kept file, with the column that says of which dossier a line is.
OF_DOSSIER = {
    "complaint": "id",
    **dict.fromkeys(
        ("letter", "event", "deadline", "identity", "hearing", "objection", "grievance"),
        "complaint_id",
    ),
}


def get_policies(ready, name):
    """{(model, id): codes of the policies of its dossiers, and whose they are}."""
    found = {}
    tables = {model: (f"klachtenbeheer_{model}", column) for model, column in OF_DOSSIER.items()}
    sources = {model: ("id", table, column) for model, (table, column) in tables.items()}
    sources["measure"] = ("measure_id", "klachtenbeheer_measure_link", "complaint_id")
    for model, (key, table, column) in sources.items():
        rows = ready.database.sql(
            f"SELECT line.{key}, policy.code, handler.login FROM {table} line"
            f" JOIN klachtenbeheer_complaint complaint ON complaint.id = line.{column}"
            " JOIN klachtenbeheer_policy policy ON policy.id = complaint.policy_id"
            " LEFT JOIN res_users handler ON handler.id = complaint.handler_id",
            name,
        )
        for row in rows.splitlines():
            number, code, handler = row.split("\t")
            found.setdefault((model, int(number)), set()).update((code, f"of {handler}"))
    return found


def narrow(seen, codes_of):
    """What somebody saw, as far as they have a role in its policy."""
    return {
        login: {
            model: [
                number
                for number in ids
                if login not in ROLES_IN
                or not codes_of.get((model, number))
                or codes_of[model, number] & {*ROLES_IN[login], f"of {login}"}
            ]
            for model, ids in models.items()
        }
        for login, models in seen.items()
    }


def without_queues(seen, codes_of):
    """What somebody saw, but for dossiers of which they have the queue."""
    return {
        login: {
            model: [
                number
                for number in ids
                if QUEUES.get(login) not in codes_of.get((model, number), ())
            ]
            for model, ids in models.items()
        }
        for login, models in seen.items()
    }


def test_a_servicedesk_sees_what_nobody_handles_and_no_register(ready, updated):
    """KK7, KK15: for policies that were made from that model, too."""
    name, _before, _log = updated
    [role] = ready.database.sql(
        """
        SELECT role.read_scope, role.may_register, role.may_handle, role.may_assign
          FROM klachtenbeheer_policy_role role
          JOIN klachtenbeheer_policy policy ON policy.id = role.policy_id
         WHERE policy.code = 'thuiszorg' AND role.role = 'registrar'""",
        name,
    ).splitlines()
    assert role.split("\t") == ["queue", "f", "t", "t"]
    printed = ready.script(name, SEEN % (["registrar"], ["complaint"]))
    [line] = [line for line in printed.splitlines() if line.startswith("SEEN")]
    seen = json.loads(line.removeprefix("SEEN"))["registrar"]["complaint"]
    waiting = ready.database.sql(
        """
        SELECT complaint.id FROM klachtenbeheer_complaint complaint
          JOIN klachtenbeheer_policy policy ON policy.id = complaint.policy_id
         WHERE policy.code = 'thuiszorg' AND handler_id IS NULL AND is_closed IS NOT TRUE""",
        name,
    )
    codes_of = get_policies(ready, name)
    queue = {number for number in seen if "thuiszorg" in codes_of.get(("complaint", number), ())}
    assert queue <= {int(number) for number in waiting.split()}


def test_what_was_judged_stays_judged(ready, updated):
    """A verdict is a record now, and counts as what it was."""
    name, _before, _log = updated
    for table in ("complaint", "grievance"):
        lost = ready.database.sql(
            f"""
            SELECT count(*) FROM klachtenbeheer_{table} line
         LEFT JOIN klachtenbeheer_verdict verdict ON verdict.id = line.verdict_id
             WHERE line.verdict IS DISTINCT FROM verdict.counts_as""",
            name,
        )
        assert lost.strip() == "0", table
    policies = ready.database.sql(
        """
        SELECT count(*) FROM klachtenbeheer_policy policy
         WHERE NOT EXISTS (SELECT 1 FROM klachtenbeheer_policy_verdict_rel link
                            WHERE link.klachtenbeheer_policy_id = policy.id)""",
        name,
    )
    assert policies.strip() == "0"


def test_who_protected_data_has_a_role_for_it(ready, updated):
    name, _before, _log = updated
    roles = ready.database.sql(
        """
        SELECT count(*), count(*) FILTER (WHERE role.may_protect AND NOT role.required)
          FROM klachtenbeheer_policy_role role WHERE role.role = 'data_protector'""",
        name,
    )
    total, protecting = roles.split()
    assert total == protecting != "0"


def test_rights_follow_the_policies_and_nobody_loses_or_keeps_another(ready, updated):
    name, _before, _log = updated
    before = narrow(json.loads(RIGHTS.read_text()), get_policies(ready, name))
    models = list(next(iter(before.values())))
    printed = ready.script(name, SEEN % (list(before), models))
    [line] = [line for line in printed.splitlines() if line.startswith("SEEN")]
    codes_of = get_policies(ready, name)
    after = without_queues(json.loads(line.removeprefix("SEEN")), codes_of)
    before = without_queues(before, codes_of)
    wrong = {
        (login, model): (set(ids) - set(after[login][model]), set(after[login][model]) - set(ids))
        for login, models in before.items()
        for model, ids in models.items()
        if ids != after[login][model]
    }
    assert not wrong, "lost, kept"


def test_who_is_in_a_role_was_appointed(ready, updated):
    name, _before, _log = updated
    waiting = ready.database.sql(
        "SELECT count(*) FROM klachtenbeheer_appointment WHERE state <> 'confirmed'", name
    )
    assert waiting.strip() == "0"
    assert int(ready.database.sql("SELECT count(*) FROM klachtenbeheer_appointment", name)) > 0


def test_texts_follow_the_data(ready, updated):
    """What letters say is renewed where nobody changed it; what was published stays."""
    name, _before, _log = updated
    asked = "SELECT count(*) FROM mail_template WHERE strpos(body_html::text, %s) > 0"
    for words, found in (("object.policy_id.procedure_text", False), ("{role:board}", True)):
        count = ready.database.sql(asked.replace("%s", f"'{words}'"), name)
        assert (int(count.strip()) > 0) == found, words
    sending = ready.database.sql(
        """
        SELECT DISTINCT policy.source FROM klachtenbeheer_letter_type line
          JOIN klachtenbeheer_policy policy ON policy.id = line.policy_id
         WHERE line.sends_itself AND policy.is_template IS NOT TRUE""",
        name,
    )
    assert sending.strip() == "Stichting Klimkoord"


def test_policies_in_use_report_from_the_update_on(ready, updated):
    """Each copy of a model policy gets the reports of its model; none over the years before."""
    name, _before, _log = updated
    plans = """
        SELECT policy.source, string_agg(type.code, ',' ORDER BY type.code),
               max(plan.start_on) = CURRENT_DATE
          FROM klachtenbeheer_report_plan plan
          JOIN klachtenbeheer_policy policy ON policy.id = plan.policy_id
          JOIN klachtenbeheer_report_type type ON type.id = plan.type_id
         WHERE policy.is_template IS %s
      GROUP BY policy.id ORDER BY policy.source"""
    models = [line.split("\t") for line in ready.database.sql(plans % "TRUE", name).splitlines()]
    copies = [
        line.split("\t") for line in ready.database.sql(plans % "NOT TRUE", name).splitlines()
    ]
    copied = {line[0] for line in copies}  # one model has reports, and no copy in the dump
    assert [line[:2] for line in models if line[0] in copied] == [line[:2] for line in copies]
    assert len(copied) == 5
    assert all(line[2] == "t" for line in copies)


def test_guards_know_what_was_there(ready, updated):
    """What was recorded by a letter is so still, and what ended the handling still ends it."""
    name, _before, _log = updated
    by = ready.database.sql(
        "SELECT code, recorded_by, manual FROM klachtenbeheer_event_type"
        " WHERE code IN ('contacted', 'decided', 'hearing_held', 'objected') ORDER BY code",
        name,
    )
    assert [line.split("\t") for line in by.strip().splitlines()] == [
        ["contacted", "hand", "t"],
        ["decided", "letter", "f"],
        ["hearing_held", "hearing", "f"],
        ["objected", "line", "f"],
    ]
    ends = ready.database.sql(
        """
        SELECT count(*), count(*) FILTER (WHERE stage.is_end) FROM klachtenbeheer_stage stage
          JOIN klachtenbeheer_stage_event_rel link ON link.klachtenbeheer_stage_id = stage.id
          JOIN klachtenbeheer_event_type type ON type.id = link.klachtenbeheer_event_type_id
         WHERE type.code = 'withdrawn'""",
        name,
    )
    total, ending = ends.split()
    assert total == ending != "0"


def test_templates_ask_by_the_name_of_now(ready, updated):
    """A text of a letter that calls a method by its old name could not be made any more."""
    name, _before, _log = updated
    asked = "SELECT count(*) FROM mail_template WHERE strpos(body_html::text, '{}') > 0"
    assert ready.database.sql(asked.format("object._has("), name).strip() == "0"
    assert ready.database.sql(asked.format("object._has_text("), name).strip() != "0"


@pytest.mark.parametrize("table", ["event", "deadline"])
def test_one_index_finds_the_lines_of_a_dossier(ready, updated, table):
    """Indexes took each other's place: one that begins with the dossier and holds all lines."""
    name, _before, _log = updated
    definitions = ready.database.sql(
        f"SELECT indexdef FROM pg_indexes WHERE tablename = 'klachtenbeheer_{table}'", name
    )
    whole = [
        line
        for line in definitions.splitlines()
        if "(complaint_id" in line and "WHERE" not in line and "UNIQUE" not in line
    ]
    assert len(whole) == 1, whole
