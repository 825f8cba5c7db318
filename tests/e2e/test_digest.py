"""Figures of complaints in the platform's digest by e-mail, where its module is installed."""

import json

import pytest
import template

MARK = "FIGURES "
RUN_JOB = """
env["klachtenbeheer.daily.job"]._cron_run()
env.cr.commit()
"""
READ = f"""
import json

def read(login):
    user = env["res.users"].search([("login", "=", login)])
    return {{
        kpi["kpi_name"].removeprefix("x_kpi_complaints_"): kpi["kpi_col2"]["value"]
        for kpi in digest._compute_kpis(env.company, user)
    }}

digest = env["digest.digest"].search([("x_kpi_complaints_received", "=", True)])
policy = env["klachtenbeheer.policy"].search([("code", "=", "regeling-ba")])
complaints = env["klachtenbeheer.complaint"].create([
    {{
        "policy_id": policy.id,
        "description": "De bus kwam niet.",
        "complainant_name": "Kees Klager",
        "channel": "email",
        "received_on": env.company._complaint_today(),
    }}
    for _place in range(3)
])
director = env["res.users"].search([("login", "=", "director")])
complaints[0].respondent_ids = director.partner_id
found = {{login: read(login) for login in ("coordinator", "director", "employee")}}
found["readers"] = sorted(digest.user_ids.mapped("login"))
digest._action_send_to_user(director, consume_tips=False)
found["mail"] = env["mail.mail"].search([], order="id desc", limit=1).body_html
print("{MARK}" + json.dumps(found))
"""
FIELDS = "SELECT count(*) FROM ir_model_fields WHERE name LIKE 'x_kpi_complaints%'"
DIGESTS = "SELECT count(*) FROM digest_digest WHERE x_kpi_complaints_received"
REMOVE = """
env["ir.module.module"].search([("name", "=", "klachtenbeheer")]).button_immediate_uninstall()
"""
SEND_ALL = """
env["digest.digest"].search([]).action_send()
"""


@pytest.fixture(scope="module")
def database(ready, world_name):
    """Give a database in which the module of digests came after ours."""
    with template.temporary_copy(ready, world_name, "digest") as name:
        ready.script(name, RUN_JOB)  # without that module there is nothing to do
        template.install(ready, name, "digest", None, ("digest",))
        ready.script(name, RUN_JOB)
        ready.script(name, RUN_JOB)
        yield name


def test_who_coordinates_and_who_leads_get_a_digest(ready, database):
    assert ready.database.sql(DIGESTS, database) == "1"
    lines = ready.script(database, READ).splitlines()
    [line] = [line for line in lines if line.startswith(MARK)]
    found = json.loads(line.removeprefix(MARK))
    assert set(found["readers"]) >= {"coordinator", "director"}
    assert not {"employee", "handler", "manager"} & set(found["readers"])
    assert found["coordinator"] == {"received": 3, "closed": 0, "overdue": 0}
    assert found["director"]["received"] == 2, "one of them is about the director"
    assert found["employee"] == {}
    assert "Klachten" in found["mail"]
    assert "Kees" not in found["mail"]


def test_it_goes_with_the_addon(ready, database):
    """Nothing is left in the digests of others that could not be counted."""
    assert ready.database.sql(FIELDS, database) == "6"
    ready.script(database, REMOVE)
    assert ready.database.sql(FIELDS, database) == "0"
    ready.script(database, SEND_ALL)
