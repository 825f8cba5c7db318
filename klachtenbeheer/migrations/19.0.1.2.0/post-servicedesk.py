"""Klimkoord, 4.1: the servicedesk picks up, hands out and acknowledges what nobody handles yet; the
register is kept by another (KK7)."""

from odoo import SUPERUSER_ID, api

MODULE = "klachtenbeheer"


def migrate(cr, version):
    """In SQL, as published policies do not change; the regulation itself always said so."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env.flush_all()
    cr.execute(
        """
        UPDATE klachtenbeheer_policy_role role
           SET read_scope = 'queue', may_register = FALSE, may_handle = TRUE, may_assign = TRUE,
               may_sign = TRUE
          FROM klachtenbeheer_policy policy
         WHERE policy.id = role.policy_id AND policy.source = 'Stichting Klimkoord'
           AND role.role = 'registrar'
     RETURNING role.id
        """
    )
    ids = [number for [number] in cr.fetchall()]
    env.invalidate_all()
    roles = env["klachtenbeheer.policy.role"].browse(ids)
    # what they do now asks rights on what is in a dossier
    confirmed = roles.appointment_ids.filtered(lambda line: line.state == "confirmed")
    for appointment in confirmed:
        appointment._give_group()
