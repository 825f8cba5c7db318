"""Whose reports and whose privacy something is follows from roles: who protected data by a group
does so by a role of each policy of their organisation."""

from odoo import SUPERUSER_ID, api
from odoo.fields import Command

MODULE = "klachtenbeheer"
PARTS = ("report_rule", "report_text_rule", "report_recipient_rule", "report_discussion_rule")
GONE_RULES = [
    *(f"{part}_{whose}" for part in PARTS for whose in ("coordinator", "addressed")),
    *("report_rule_company", "report_text_rule", "report_recipient_rule"),
    *("report_discussion_rule", "erasure_rule_company", "reading_rule_company"),
    *("subject_request_rule_company", "subject_item_rule_company", "breach_rule_company"),
]
TITLE = "functionaris gegevensbescherming"


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in GONE_RULES:
        rule = env.ref(f"{MODULE}.{name}", raise_if_not_found=False)
        if rule:
            rule.unlink()
    add_roles(cr)
    env.invalidate_all()
    appoint(env)


def add_roles(cr):
    """In SQL: policies that are published do not change, and this is nothing that they say."""
    cr.execute(
        """
        INSERT INTO klachtenbeheer_policy_role
               (policy_id, sequence, role, code, name, required, read_scope, chain_place,
                may_protect, is_in_force, create_uid, write_uid, create_date, write_date)
        SELECT policy.id, 90, 'data_protector', 'data_protector', %s, FALSE, 'none', 0,
               TRUE, policy.state IN ('published', 'retired'), 1, 1,
               now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
          FROM klachtenbeheer_policy policy
         WHERE NOT EXISTS (SELECT 1 FROM klachtenbeheer_policy_role role
                            WHERE role.policy_id = policy.id
                              AND (role.may_protect OR role.code = 'data_protector'))
        """,
        [TITLE],
    )


def appoint(env):
    """Who had the group goes on; their appointments are put on record with those of all roles
    (`post-roles.py`)."""
    group = env.ref(f"{MODULE}.group_data_protector")
    roles = env["klachtenbeheer.policy.role"].search(
        [("role", "=", "data_protector"), ("is_in_force", "=", True), ("user_ids", "=", False)]
    )
    for role in roles:
        company = role.policy_id.company_id
        users = group.all_user_ids.filtered(
            lambda user: user.active and company in user.company_ids  # noqa: B023
        )
        if users:
            role.user_ids = [Command.set(users.ids)]
