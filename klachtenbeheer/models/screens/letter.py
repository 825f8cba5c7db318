import re

from odoo import api, fields, models

from ..letter.letter import DRAFT, FAILED, POST, READY
from ..letter.subject import ABOUT_FIELDS

# What a kind of letter can ask to be filled in on the letter itself.
ASKABLE = (
    *sorted(ABOUT_FIELDS),
    "spoken_on",
    "answer_text",
    "position",
    "next_step",
    "promised_on",
    "reason",
    "expected_manner",
    "requested_items",
    "reply_by",
    "route_text",
)

PRINT_ONLY = re.compile(r"@font-face\s*{[^}]*}")
PAPER = """
html { background: #fff; }
body { margin: 0; padding: 8mm 10mm; max-width: 180mm; }
.article { position: relative; padding-bottom: 16mm; }
.kb-footer { position: absolute; bottom: 0; }
"""


class LetterScreen(models.Model):
    """What the screens of a letter need to know, and how the dossier leads to its letters."""

    _inherit = "klachtenbeheer.letter"

    primary_action = fields.Selection(
        [
            ("submit", "Ask for approval"),
            ("send", "Send"),
            ("print", "Print"),
            ("posted", "Mark as posted"),
            ("decide", "Say whether it was delivered"),
        ],
        compute="_compute_primary_action",
    )
    can_write = fields.Boolean(compute="_compute_can_write")
    is_address_editable = fields.Boolean(compute="_compute_can_write")
    asked_fields = fields.Json(
        compute="_compute_asked_fields",
        help="For each field of the letter itself whether its kind asks for it.",
    )
    asks_anything = fields.Boolean(compute="_compute_asked_fields")
    engine_warning = fields.Char(compute="_compute_engine_warning")
    preview_html = fields.Char(
        "The letter as it looks", compute="_compute_preview_html", help="While it is written."
    )

    @api.depends("state", "delivery", "needs_approval", "attachment_id", "is_unsure")
    def _compute_primary_action(self):
        for letter in self:
            letter.primary_action = letter._get_primary_action()

    def _get_primary_action(self):
        """What to do next with this letter."""
        if self.is_unsure:
            return "decide"
        if self.state == DRAFT and self.needs_approval:
            return "submit"
        if self.state not in (DRAFT, READY, FAILED):
            return False
        if self.delivery != POST:
            return "send"
        return "posted" if self.state == READY and self.attachment_id else "print"

    @api.depends("state", "is_unsure")
    @api.depends_context("uid")
    def _compute_can_write(self):
        for letter in self:
            letter.can_write = letter.has_access("write")
            is_open = letter.is_unsure or letter.state in (DRAFT, READY, FAILED)
            letter.is_address_editable = letter.can_write and is_open

    @api.depends("type_id")
    def _compute_asked_fields(self):
        for letter in self:
            asked = set(letter._get_asked_fields())
            letter.asked_fields = {fname: fname in asked for fname in ASKABLE}
            letter.asks_anything = bool(asked)

    def _compute_engine_warning(self):
        self.engine_warning = self.env["ir.actions.report"]._get_engine_warning()

    @api.depends(
        "body",
        "subject",
        "salutation",
        "lang",
        "delivery",
        "addressee_name",
        "addressee_address",
        "signatory_id",
        "signatory_title",
        "promised_on",
    )
    def _compute_preview_html(self):
        for letter in self:
            letter.preview_html = letter.type_id and letter._render_preview()

    def _render_preview(self):
        """The letter as HTML for beside its text: the page of the PDF, without the fonts that
        only the printing engine finds."""
        # a form reads sizes instead of pictures, a letter shows its logo
        page = self.with_context(bin_size=False)._get_print_values()
        body = (
            self.env["ir.qweb"]
            .with_context(lang=page["lang"])
            ._render("klachtenbeheer.letter_page", {"page": page})
        )
        text = PRINT_ONLY.sub("", str(body))
        return f"<!DOCTYPE html><html><head><style>{PAPER}</style></head><body>{text}</body></html>"

    # ---------------------------------------------------------------- done, and back

    def action_send_and_return(self):
        """Send, say so, and return to the dossier."""
        self.action_send()
        unsent = self.filtered(lambda letter: letter.state == FAILED)
        if unsent:
            return False  # the letter itself says what went wrong
        return self._get_done_action(self.env._("“%s” is on its way."))

    def action_post_and_return(self):
        """Put on record that it is in the post, and return to the dossier."""
        self.action_mark_posted()
        return self._get_done_action(self.env._("“%s” is on record as posted."))

    def action_submit_and_return(self):
        """Offer for approval, say so, and return to the dossier."""
        self.action_submit()
        return self._get_done_action(self.env._("“%s” waits for approval."))

    def action_approve_and_return(self):
        """Approve, say so, and return to where the letter was opened."""
        self.action_approve()
        return self._get_done_action(self.env._("“%s” is approved."))

    def _get_done_action(self, sentence):
        """A message that it is done, and the way back.

        :param sentence: with %s for the name of the letter
        """
        return {
            "type": "ir.actions.client",
            "tag": "klachtenbeheer.done",
            "params": {
                "message": sentence % ", ".join(self.mapped("name")),
                "model": "klachtenbeheer.complaint",
                "res_id": self.complaint_id[:1].id,
            },
        }

    def action_open(self):
        """Open the letter in full, from the list on the dossier."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
