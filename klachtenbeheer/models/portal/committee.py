from odoo import models
from odoo.exceptions import AccessError
from odoo.tools import html2plaintext, plaintext2html

from ..dossier.advice import ASKED


class CommitteePage(models.Model):
    """What a member of a committee from outside sees of a dossier put before it: plain values."""

    _inherit = "klachtenbeheer.complaint"

    def _get_committee_line(self):
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title,
            "received": self._format_date(self.received_on),
        }

    def _get_committee_page(self, user):
        """:param user: the member"""
        return self._get_committee_line() | {
            "description": self.description,
            "complainant": self.complainant_name,
            "findings": self.findings,
            "conversations": [
                {"date": self._format_date(hearing.held_on), "report": hearing.report}
                for hearing in self.hearing_ids.filtered("held_on")
            ],
            "files": [{"id": file.id, "name": file.name} for file in self._get_committee_files()],
            "advices": [
                advice._get_member_values(user)
                for advice in self.advice_ids.filtered(lambda line: line._is_member(user))
            ],
        }

    def _get_committee_files(self):
        """The documents of the dossier, and its letters where the complainant is no secret."""
        files = self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "=", self.id), ("res_field", "=", False)]
        )
        return files if self.hide_identity else files | self.letter_ids.attachment_id


class AdvicePage(models.Model):
    _inherit = "klachtenbeheer.advice"

    def _get_member_values(self, user):
        return {
            "id": self.id,
            "committee": self.role_id.name,
            "question": self.question,
            "text": self.text,
            "plain": html2plaintext(self.text or ""),
            "verdict": self.verdict_id.code,
            "verdicts": [(line.code, line.name) for line in self.verdict_choice_ids],
            "may_write": self.state == ASKED,
            "may_sign": user in self._get_signers(),
        }

    def _write_by_member(self, user, text, verdict, *, sign=False):
        """A member from outside, who has no rights on dossiers, writes the advice.

        :raise AccessError: somebody else, or after it was signed
        """
        if not self._is_member(user) or self.state != ASKED:
            raise AccessError(self.env._("The advice is written by: %s.", self.role_id.name))
        # somebody from outside has no rights on any model
        advice_su = self.sudo()
        chosen = advice_su.verdict_choice_ids.filtered(lambda line: line.code == verdict)
        advice_su.write({"text": plaintext2html(text), "verdict_id": chosen.id})
        if sign:
            self._do_sign(user)
