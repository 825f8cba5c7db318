from odoo import fields, models

from ..platform.groups import HANDLERS


class ComplaintCommittee(models.Model):
    """Whether a committee advises on a complaint, a fact on which terms can depend (art. 9:11
    Awb): from receipt, so the terms are counted anew when it is decided."""

    _inherit = "klachtenbeheer.complaint"

    committee_advises = fields.Boolean(
        "A committee advises", tracking=True, copy=False, groups=HANDLERS
    )
    policy_has_committee = fields.Boolean(related="policy_id.committee_advises")
