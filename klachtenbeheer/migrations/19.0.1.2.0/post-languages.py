"""The public pages speak eight languages."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Switch on those that an organisation does not have yet."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["res.lang"]._activate_for_complainants()
