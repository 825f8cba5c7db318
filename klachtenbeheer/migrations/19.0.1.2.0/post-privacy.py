"""Policies of before this version get the rules of retention that new ones start with."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Published ones too: in SQL, as their text does not change by it. A mail that was sent and the
    log of who looked are no part of what they say; the dossier itself keeps its own period."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    standard = {"queue": 3, "log": 24}
    for kind, months in standard.items():
        cr.execute(
            """
            INSERT INTO klachtenbeheer_retention_rule
                   (policy_id, kind, months, sequence,
                    create_uid, write_uid, create_date, write_date)
            SELECT policy.id, %(kind)s, LEAST(%(months)s, policy.retention_months), 10,
                   1, 1, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
              FROM klachtenbeheer_policy policy
             WHERE policy.retention_months > 0
               AND NOT EXISTS (SELECT 1 FROM klachtenbeheer_retention_rule rule
                                WHERE rule.policy_id = policy.id AND rule.kind = %(kind)s)
            """,
            {"kind": kind, "months": months},
        )
    env.invalidate_all()
    complaints = env["klachtenbeheer.complaint"].with_context(active_test=False)
    closed = complaints.search([("is_closed", "=", True)])
    for fname in ("retention_due_on", "retention_announce_on", "retention_erase_on"):
        env.add_to_compute(complaints._fields[fname], closed)
    env.flush_all()
