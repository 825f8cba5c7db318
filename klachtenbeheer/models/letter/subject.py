from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .letter import DRAFT
from .offer import SUBJECTS

ABOUT_FIELDS = {f"{key}_id" for key in SUBJECTS}
OWN_DOSSIER = "[('complaint_id', '=', complaint_id)]"


class LetterAbout(models.Model):
    """What a letter is about beside the complaint: found by itself where one fits, and to be
    changed until the letter is sent; and what sending it does to that."""

    _inherit = "klachtenbeheer.letter"

    about = fields.Selection(related="type_id.about")
    hearing_id = fields.Many2one(
        "klachtenbeheer.hearing",
        "Conversation",
        compute="_compute_about",
        store=True,
        readonly=False,
        domain=OWN_DOSSIER,
        index="btree_not_null",
    )
    objection_id = fields.Many2one(
        "klachtenbeheer.objection",
        "Disagreement",
        compute="_compute_about",
        store=True,
        readonly=False,
        domain=OWN_DOSSIER,
        index="btree_not_null",
    )
    referral_id = fields.Many2one(
        "klachtenbeheer.referral",
        "External route",
        compute="_compute_about",
        store=True,
        readonly=False,
        domain=OWN_DOSSIER,
        index="btree_not_null",
    )
    ruling_id = fields.Many2one(
        "klachtenbeheer.ruling",
        compute="_compute_about",
        store=True,
        readonly=False,
        domain=OWN_DOSSIER,
        index="btree_not_null",
    )
    told_measure_ids = fields.Many2many(
        "klachtenbeheer.measure.link",
        "klachtenbeheer_letter_measure_link_rel",
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help="The measures that the complainant was told of by this letter.",
    )

    @api.depends(
        "type_id",
        "complaint_id.hearing_ids.state",
        "complaint_id.objection_ids.state",
        "complaint_id.referral_ids.state",
        "complaint_id.ruling_ids.decided_on",
    )
    def _compute_about(self):
        for letter in self:
            if letter.state != DRAFT:
                letter._freeze_values(ABOUT_FIELDS)
                continue
            letter_su = letter.sudo()  # what fits is no secret to who writes the letter
            about = letter_su.type_id.about
            for key in SUBJECTS:
                fname = f"{key}_id"
                found = letter_su[fname] if key == about else letter_su[fname].browse()
                if key == about and not found:
                    found = letter_su.type_id._get_open_subjects(letter_su.complaint_id)[:1]
                letter[fname] = found.id

    @api.constrains("complaint_id", *ABOUT_FIELDS)
    def _check_about(self):
        for letter in self:
            subject_su = letter.sudo()._get_subject()  # whose it is, is all that is looked at
            if subject_su and subject_su.complaint_id != letter.complaint_id:
                raise ValidationError(self.env._("That belongs to another complaint."))

    def _get_subject(self):
        """The record that the letter is about; empty where its kind is about none."""
        about = self.type_id.about
        return self[f"{about}_id"] if about else self.env["klachtenbeheer.hearing"]

    def _get_subjects(self):
        """The records beside complaint, policy and letter whose fields can be required."""
        role = self._get_contact_role()
        return [record for record in (self._get_subject(), role) if record]

    def _get_contact_role(self):
        """The role whose contact details the letter gives."""
        if self.referral_id.role_id:
            return self.referral_id.role_id
        return self.policy_id._get_roles(self.type_id._get_contact_code())[:1]

    # ---------------------------------------------------------------- sending

    def _offer_hearing(self):
        """Sending an invitation offers its moments, in the conversation's own way (BA28)."""
        hearing = self.hearing_id
        if self.type_id.offers_hearing and hearing.state in ("draft", "cancelled"):
            hearing._do_offer(self.reply_by)

    def _tell_measures(self):
        """The complainant is told of the measures that this letter names (SJ22)."""
        if self.type_id.tells_measures:
            links = self._get_measure_links().filtered(lambda link: not link.communicated_on)
            links.communicated_on = self.sent_on
            self._as_procedure().told_measure_ids = links

    def _untell_measures(self):
        """The letter did not arrive."""
        self.told_measure_ids.communicated_on = False
        self._as_procedure().told_measure_ids = False

    def _get_measure_links(self):
        """Measures for the complainant to know: what directie did not adopt, or still has to
        decide on, is none."""
        return self.complaint_id.measure_link_ids.filtered(
            lambda link: link.measure_id._concerns_complainant()
        )
