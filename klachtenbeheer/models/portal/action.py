from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..dossier.objection import EVENTS
from ..platform.groups import HANDLERS
from .conversation import MAX_TEXT


class ComplaintPortalAction(models.Model):
    """What the complainant does: write, disagree, withdraw, rate. Each method refuses in a
    sentence what can't be done (any more); who may call it is for the page to check
    (`_may_act`)."""

    _inherit = "klachtenbeheer.complaint"

    rating_label = fields.Char("Rating of the handling", compute="_compute_rating", groups=HANDLERS)
    rating_feedback = fields.Text(
        "What the complainant says about it", compute="_compute_rating", groups=HANDLERS
    )

    @api.model
    def _get_rating_labels(self):
        """The choices, from best to worst."""
        return {
            5: self.env._("Very good"),
            4: self.env._("Good"),
            3: self.env._("Not good, not bad"),
            2: self.env._("Bad"),
            1: self.env._("Very bad"),
        }

    @api.depends_context("lang", "uid")
    def _compute_rating(self):
        labels = self._get_rating_labels()
        told = self._filter_rating_told()
        for complaint in self:
            # who may hear it was asked above
            rating = (complaint & told).sudo()._get_rating()
            complaint.rating_label = labels.get(int(rating.rating)) if rating else False
            complaint.rating_feedback = rating.feedback

    def _get_rating(self):
        if not self:
            return self.env["rating.rating"]
        return self.env["rating.rating"].search(
            self._get_attached_domain("res_model") & Domain("consumed", "=", True), limit=1
        )

    # ---------------------------------------------------------------- checks

    @api.model
    def _check_text(self, text, question):
        """A text that somebody typed, without white space around it.

        :raise UserError: there is none, or too much of it
        """
        text = self._clean_text(text)
        if not text:
            raise UserError(question)
        if len(text) > MAX_TEXT:
            raise UserError(self.env._("This text is too long. Send the rest as a file."))
        return text

    @api.model
    def _clean_text(self, text):
        """Text as typed, without characters that no database or page can hold."""
        return (text or "").replace("\r\n", "\n").replace("\0", "").strip()

    # ---------------------------------------------------------------- files

    def _attach_uploads(self, uploads, kept=None):
        """Make what was sent in part of the dossier.

        :param uploads: list of accepted `tools.uploads.Upload`
        :param kept: files that were kept while the sender mended the form
        """
        complaint = self._as_outside()
        files = complaint.env["klachtenbeheer.form.upload"]
        of_complaint = {"res_model": self._name, "res_id": self.id}
        attachments = complaint.env["ir.attachment"].create(
            [files._prepare_attachment(upload) | of_complaint for upload in uploads]
        )
        if kept:
            attachments |= kept.with_env(complaint.env)._move_to(complaint)
        return attachments

    # ---------------------------------------------------------------- writing

    def _write_from_portal(self, text, attachments, author):
        """A message, files, or both.

        :raise UserError: there is neither
        """
        if text or not attachments:
            text = self._check_text(text, self.env._("Write a message or choose a file."))
        return self._post_from_complainant(text, attachments, author)

    # ---------------------------------------------------------------- not agreeing

    def _disagree(self, kind, text, attachments=None, late_reason=None, author=None):
        """The complainant does not agree, in writing, today (BA27, SB40). In time it is
        registered at once; afterwards somebody judges the reason why it is late.

        :param kind: `objection` or `follow_up`
        :return: True where it was registered, False where somebody judges first
        :raise UserError: this can't be done (any more), or a text is missing
        """
        complaint = self._as_outside()
        right = next((line for line in self._get_portal_rights() if line["kind"] == kind), None)
        if kind not in EVENTS or not right:
            raise UserError(
                self.env._("We have this already, or it is not possible now. Please contact us.")
            )
        text = self._check_text(text, self.env._("Write what you do not agree with."))
        if right["late"]:
            reason = self._check_text(
                late_reason, self.env._("Write why you could not send this earlier.")
            )
            text = self.env._("%(text)s\n\nWhy it is late: %(reason)s", text=text, reason=reason)
        objection = complaint._create_objection(kind, text, attachments)
        self._add_from_complainant(text, attachments, author)
        if right["late"]:
            complaint._alert_coordinator(
                self.env._("Disagreement after the last day: accept it, or not")
            )
            return False
        objection.action_register()
        complaint._tell_responsible("disagrees")
        return True

    def _create_objection(self, kind, text, attachments):
        return self.env["klachtenbeheer.objection"].create(
            {
                "complaint_id": self.id,
                "kind": kind,
                "received_on": self._today(),
                "in_writing": True,
                "description": text,
                "attachment_ids": [Command.set(attachments.ids if attachments else [])],
            }
        )

    # ---------------------------------------------------------------- withdrawing

    def _may_withdraw(self):
        return not (self.is_closed or self._has_told("withdrawn"))

    def _withdraw(self, reason=None):
        """The complainant withdraws the complaint; the reason is theirs to give or not.

        :raise UserError: it is closed, or was withdrawn already
        """
        if not self._may_withdraw():
            raise UserError(
                self.env._("This is withdrawn already, or we have finished handling it.")
            )
        complaint = self._as_outside()
        note = self.env._("Through the portal")
        if reason := self._clean_text(reason)[:MAX_TEXT]:
            note = f"{note}: {reason}"
        complaint._record_event("withdrawn", note=note)
        complaint._tell_responsible("withdrawn")

    # ---------------------------------------------------------------- rating

    def _may_be_rated(self):
        return self.is_closed and not self._get_rating()

    def _rate(self, value, feedback=None):
        """What the complainant thinks of the handling, once, after closing.

        :param value: 1 (very bad) to 5 (very good)
        :raise UserError: not one of those, or not now
        """
        if not self._may_be_rated():
            raise UserError(self.env._("You have told us already, or we are not ready yet."))
        if value not in self._get_rating_labels():
            raise UserError(self.env._("Choose what you think of it."))
        complaint = self._as_outside()
        complaint.env["rating.rating"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id(self._name),
                "res_id": self.id,
                "rating": value,
                "feedback": self._clean_text(feedback)[:MAX_TEXT],
                "consumed": True,
                "rated_on": fields.Datetime.now(),
                "access_token": False,  # nobody can change it through a link
            }
        )

    # ---------------------------------------------------------------- confirming

    def _get_portal_confirmation(self, code):
        """What the page says after something was done: text, or False for another code."""
        texts = {
            "filed": self.env._(
                "We have received this. Your reference is %s. Keep it, or print this page.",
                self.name,
            ),
            "message": self.env._("Your message was sent. You find our answer on this page."),
            "fixed": self.env._("Thank you. The appointment is made."),
            "noted": self.env._("Thank you. We have noted your choice and confirm it to you."),
            "other_moment": self.env._("We have your message and propose other moments."),
            "declined": self.env._("We have noted that you do not want this conversation."),
            "disagreed": self.env._("We have received that you do not agree, in time."),
            "disagreed_late": self.env._(
                "We have received that you do not agree. It came after the last day. We look at"
                " your reason and tell you whether we can still handle it."
            ),
            "withdrawn": self.env._("You have withdrawn this. We will close it."),
            "rated": self.env._("Thank you. We learn from what you told us."),
        }
        text = texts.get(code)
        if not text or code not in ("filed", "disagreed", "declined"):
            return text or False
        return " ".join(filter(None, (text, self._get_portal_next_text())))

    def _get_portal_next_text(self):
        """What comes next from us and by when."""
        promises = [line for line in self._get_portal_promises() if not line["late"]]
        if not promises:
            return ""
        return self.env._(
            "What comes next: %(what)s, no later than %(day)s.",
            what=promises[0]["what"],
            day=promises[0]["day"],
        )
