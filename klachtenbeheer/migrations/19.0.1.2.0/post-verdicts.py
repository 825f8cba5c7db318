"""Verdicts are records: policies that exist know the three that there were, and what was judged
stays judged."""

from odoo import SUPERUSER_ID, api

MODULE = "klachtenbeheer"
TABLES = ("klachtenbeheer_complaint", "klachtenbeheer_grievance")


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    env.flush_all()
    # in SQL: policies that are published do not change
    cr.execute(
        """
        INSERT INTO klachtenbeheer_policy_verdict_rel
                    (klachtenbeheer_policy_id, klachtenbeheer_verdict_id)
             SELECT policy.id, verdict.id
               FROM klachtenbeheer_policy policy, klachtenbeheer_verdict verdict
              WHERE verdict.usual
        ON CONFLICT DO NOTHING
        """
    )
    for table in TABLES:
        cr.execute(  # names of tables, no values
            f"""
            UPDATE {table} line
               SET verdict = judged.verdict, verdict_id = verdict.id
              FROM {table}_judged judged, klachtenbeheer_verdict verdict
             WHERE judged.id = line.id AND verdict.code = judged.verdict;
            DROP TABLE {table}_judged
            """  # pylint: disable=sql-injection
        )
    env.invalidate_all()
    judged = env["klachtenbeheer.complaint"].with_context(active_test=False)
    # nobody judged anything now: the chatter tells of no change
    judged.search([("verdict", "!=", False)])._track_discard()
