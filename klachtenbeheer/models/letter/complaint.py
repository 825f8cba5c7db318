from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ...tools import Mark
from ..platform.groups import HANDLERS
from .letter import DRAFT, EMAIL, NOT_APPLICABLE, PORTAL, POST


class ComplaintLetter(models.Model):
    """Letters of a complaint: to whom, and making the next one."""

    _inherit = "klachtenbeheer.complaint"

    addressee_id = fields.Many2one(
        "res.partner",
        "Letters go to",
        domain="[('id', 'in', representative_ids)]",
        index="btree_not_null",
        help="A representative to whom letters are sent; empty is the complainant.",
    )

    letter_ids = fields.One2many(
        "klachtenbeheer.letter", "complaint_id", "Letters", groups=HANDLERS
    )
    respondents_told = fields.Boolean(
        compute="_compute_respondents_told",
        groups=HANDLERS,
        help="Everybody complained about was told of our position (BA9).",
    )

    @api.depends(
        "respondent_ids", "letter_ids.state", "event_ids.type_id.takes_position", "event_ids.voided"
    )
    def _compute_respondents_told(self):
        for complaint in self:
            if not complaint._has_taken_position():
                complaint.respondents_told = True
                continue
            sent = complaint.letter_ids.filtered(
                lambda letter: letter.type_id.audience == "respondent" and letter.state == "sent"
            )
            complaint.respondents_told = not (complaint.respondent_ids - sent.partner_id)

    # ---------------------------------------------------------------- letters

    def _get_offered_letter_types(self):
        """The kinds of letters that make sense now, for the menu “More”."""
        self.ensure_one()
        complaint_su = self.sudo()  # which letters make sense is no secret to who handles it
        offered = complaint_su.policy_id.letter_type_ids.filtered(
            lambda letter_type: letter_type.active and letter_type._is_offered(complaint_su)
        )
        return offered.with_env(self.env)

    def action_open_letter(self, code):
        """Open the letter of a type that is under way, or a new draft."""
        self.ensure_one()
        letter_type = self.policy_id.letter_type_ids.filtered(lambda line: line.code == code)
        letter = self._get_unsent_letter(letter_type) or self.prepare_letter(code)
        return {
            "type": "ir.actions.act_window",
            "res_model": "klachtenbeheer.letter",
            "res_id": letter.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _get_unsent_letter(self, letter_type):
        return self.letter_ids.filtered(
            lambda letter: (
                letter.type_id == letter_type
                and letter.state in ("draft", "approval", "ready", "sending", "failed")
            )
        )[:1]

    def prepare_letter(self, code):
        """The draft of a letter, made when there is none yet.

        Without anybody to write to (an anonymous complainant) the letter is not applicable,
        and so is the duty that it would meet (T52).

        :param code: code of a letter type of the policy
        :return: one letter for each complaint
        :raise UserError: the policy knows no such letter, or it makes no sense now
        """
        self.check_access("read")  # before anything tells whether it exists
        letters = self.env["klachtenbeheer.letter"]
        for complaint in self:
            letters |= complaint._get_draft_letter(code) or complaint._do_prepare_letter(code)
        return letters

    def action_delay(self):
        """Ask for the reason and the new date of a delay notice."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("More time needed"),
            "res_model": "klachtenbeheer.delay",
            "view_mode": "form",
            "target": "new",
            "context": {"default_complaint_id": self.id},
        }

    def _get_draft_letter(self, code):
        """The letter that is being written, or was found not applicable and still is."""
        letter_type = self._get_letter_type(code)
        waived = self._is_unreachable(letter_type)
        states = (DRAFT, NOT_APPLICABLE) if waived else (DRAFT,)
        return self.letter_ids.filtered(
            lambda letter: letter.state in states and letter.type_id.code == code
        )[:1]

    def _do_prepare_letter(self, code):
        letter_type = self._get_letter_type(code)
        self._check_may_know_addressee()
        self._check_letter_fits(letter_type)
        letter = self.env["klachtenbeheer.letter"].create(
            {"complaint_id": self.id, "type_id": letter_type.id}
        )
        if self._is_unreachable(letter_type):
            letter._do_mark_not_applicable(
                self.env._("The complainant is anonymous and left no address.")
            )
        else:
            letter._check_refusals()
        return letter

    def _check_letter_fits(self, letter_type):
        # whether a letter makes sense is no secret to who asks for it
        refusal = letter_type.sudo()._get_refusal(self.sudo())
        if refusal:
            raise UserError(refusal)

    def _is_unreachable(self, letter_type):
        """Whether this is a letter to a complainant who left no name and no address."""
        is_theirs = letter_type.audience == "complainant"
        return self.is_anonymous and is_theirs and not self._get_addressee()["delivery"]

    def _check_may_know_addressee(self):
        """A letter names its addressee, so where that is secret the coordinator writes it
        (KK22)."""
        may_know = self.env.su or self._has_power("identity")
        if self.hide_identity and not may_know:
            raise UserError(
                self.env._(
                    "The complainant wants to stay unknown: the coordinator writes the letters"
                    " of this complaint."
                )
            )

    def _get_letter_type(self, code):
        letter_types = self.sudo().policy_id.letter_type_ids  # a letter type is no secret
        letter_type = letter_types.filtered(lambda line: line.code == code and line.active)
        if not letter_type:
            raise UserError(
                self.env._(
                    "“%(policy)s” knows no letter “%(code)s”.",
                    policy=self.sudo().policy_id.name,
                    code=code,
                )
            )
        return letter_type.with_env(self.env)

    # ---------------------------------------------------------------- addressee

    def _get_addressee(self):
        """To whom letters go and how, as values of a letter."""
        self.ensure_one()
        representative = self.addressee_id
        if representative:
            values = {
                "partner_id": representative.id,
                "addressee_name": representative.name,
                "addressee_email": representative.email,
                "addressee_address": self._get_postal_address(representative),
            }
        elif speaker := self._get_speaker():
            values = {
                "partner_id": speaker.partner_id.id,
                "addressee_name": speaker.name,
                "addressee_email": speaker.email,
                "addressee_address": False,
            }
        else:
            complainant = self._get_complainant()
            values = {
                "partner_id": complainant["partner_id"],
                "addressee_name": complainant["complainant_name"],
                "addressee_email": complainant["complainant_email"],
                "addressee_address": complainant["complainant_address"],
            }
        return {
            **values,
            "delivery": self._get_delivery(values),
            "lang": self.complainant_lang or representative.lang or self._get_default_lang(),
        }

    def _get_delivery(self, addressee):
        """The preferred way where it is possible, or else portal, e-mail, post."""
        possible = []
        if self._is_portal_user(addressee["partner_id"]):
            possible.append(PORTAL)
        if email_normalize(addressee["addressee_email"]):
            possible.append(EMAIL)
        if (addressee["addressee_address"] or "").strip():
            possible.append(POST)
        if self.preferred_delivery in possible:
            return self.preferred_delivery
        return possible[0] if possible else False

    def _is_portal_user(self, partner_id):
        # whether somebody has an account decides how to write; accounts are no dossier data
        users_su = self.partner_id.sudo().user_ids
        is_complainant = bool(partner_id) and partner_id == self.partner_id.id
        return is_complainant and any(user.share and user.active for user in users_su)

    def _get_default_lang(self):
        installed = dict(self.env["res.lang"].get_installed())
        lang = self.company_id.partner_id.lang
        return lang if lang in installed else next(iter(installed), False)

    # ---------------------------------------------------------------- picture of time

    def _get_letter_marks(self):
        """Letters that were sent without being an event, for the picture of time."""
        sent = self.letter_ids._filtered_access("read").filtered(
            lambda letter: letter.sent_on and not letter.event_id
        )
        return [
            Mark(letter.sent_on, letter.name, "letter", opens=(letter._name, letter.id))
            for letter in sent
        ]
