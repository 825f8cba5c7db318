"""The world of the whole-system tests: an organisation that has set up all five model policies.

`build` runs inside Odoo's shell. It does what a functional manager does: fill the set-up dialog and
offer the policy to whoever approves it. The tests themselves only import the names.
"""

SOURCES = ("sb", "ba", "sj", "kk", "bb")
PASSWORD = "wachtwoord-{login}"
PEOPLE = {
    "coordinator": "Noor Hendriks",
    "deputy": "Lotte Schippers",
    "handler": "Youssef Amrani",
    "registrar": "Ingrid Kuipers",
    "director": "Willemijn Brouwer",
    "board": "Ahmet Yildirim",
    "manager": "Tim Schouten",
    "employee": "Sanne Terpstra",
}
GROUP_OF = {"deputy": "coordinator"}
COMPANY = {
    "name": "Stichting De Wilgenbrug",
    "street": "Brugplein 3",
    "zip": "0123 AB",
    "city": "Wilgerode",
    "email": "info@wilgenbrug.example",
    "phone": "000-1234500",
    "website": "https://www.wilgenbrug.example",
}
OUTSIDER = {"name": "Vertrouwenspersonen Wilgerode", "email": "vp@wilgerode.example"}


def build(env):
    """Fill a database in which the addon was installed."""
    settle(env)
    users = {login: make_user(env, login, name) for login, name in PEOPLE.items()}
    outsider = env["res.partner"].create(OUTSIDER)
    for source in SOURCES:
        publish(env, source, users, outsider)
    env.cr.commit()


def settle(env):
    """Make the company Dutch, and every user and contact too."""
    env["ir.default"].set("res.partner", "lang", "nl_NL")
    company = env.ref("base.main_company")
    company.write(COMPANY)
    company.partner_id.write({"lang": "nl_NL", "tz": "Europe/Amsterdam"})
    everybody = env["res.users"].with_context(active_test=False).search([])
    everybody.write({"lang": "nl_NL"})


def make_user(env, login, name):
    """Make an employee with a role; an employee without one registers only."""
    group = env.ref(f"klachtenbeheer.group_{GROUP_OF.get(login, login)}", False)
    groups = env.ref("base.group_user") | (group or env["res.groups"])
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "name": name,
                "login": login,
                "password": PASSWORD.format(login=login),
                "email": f"{login}@wilgenbrug.example",
                "lang": "nl_NL",
                "tz": "Europe/Amsterdam",
                "notification_type": "inbox",
                "group_ids": [(6, 0, groups.ids)],
            }
        )
    )


def publish(env, source, users, outsider):
    """Make the company's own copy of a model policy, in force since the start of last year."""
    template = env.ref(f"klachtenbeheer.policy_{source}")
    setup = (
        env["klachtenbeheer.policy.setup"]
        .with_user(users["manager"])
        .create(
            {
                "template_id": template.id,
                "name": f"{template.name} ({source.upper()})",
                "code": f"regeling-{source}",
                "effective_from": "2025-01-01",
            }
        )
    )
    for role in setup.role_ids:
        user = users.get(role.role)
        role.write({"user_ids": [(6, 0, user.ids)]} if user else {"partner_id": outsider.id})
    for blank in setup.placeholder_ids.filtered(lambda blank: not blank.value):
        blank.value = "vp@wilgerode.example"
    policy = env["klachtenbeheer.policy"].browse(setup.action_publish()["res_id"])
    if policy.state == "approval":
        # somebody else than who named its people puts it in force, and is confirmed by another
        releaser = users.get(policy.approval_role) or users["coordinator"]
        policy.with_user(releaser).action_publish()
        for appointment in policy.proposed_ids:
            appointment.with_user(appointment._get_confirmers()[0]).action_confirm()
    assert policy.state == "published", (source, policy._get_publish_blockers())
