from odoo import api, models
from odoo.exceptions import UserError

# What still happens to a closed dossier: messages and tasks, who may see it, and what keeps
# it from being destroyed. Reopening is an event, or a card that is dragged back.
OPEN_AFTER_CLOSING = {
    "activity_ids",
    "message_follower_ids",
    "message_ids",
    "message_main_attachment_id",
    "respondent_ids",
    "hide_identity",
    "accepts_limited_answer",
    "is_in_court",
    "hold_ids",
    "dossier_file_ids",
    "neutral_summary",
    "stage_id",
    # follow-up after closing has records of its own
    "letter_ids",
    "measure_ids",
    "measure_link_ids",
    "objection_ids",
    "referral_ids",
    "assistance_ids",
    "representative_ids",
    "identity_ids",
}


class ComplaintClosed(models.Model):
    """A closed dossier stays as it was decided on: it is read, and reopened to change it.
    Nor is a dossier put away in another manner than by closing it."""

    _inherit = "klachtenbeheer.complaint"

    def _check_not_archived(self, vals):
        """What is archived is in no list and in no reminder any more (design.md 4.1)."""
        if "active" in vals and any(line.active != bool(vals["active"]) for line in self):
            raise UserError(
                self.env._("A complaint is not archived. Close it with an outcome instead.")
            )

    def _check_open_for(self, vals):
        closed = self.filtered("is_closed")
        changed = [
            fname
            for fname in vals
            if fname in self._fields
            and fname not in OPEN_AFTER_CLOSING
            and any(line._is_changed(fname, vals[fname]) for line in closed)
        ]
        if changed:
            raise UserError(closed._explain_closed(changed))

    def _is_changed(self, fname, value):
        """Whether writing a value makes a difference: forms send what they show."""
        field = self._fields[fname]
        if field.type == "one2many":
            return bool(value)
        new = field.convert_to_cache(value, self, validate=False)
        return field.convert_to_cache(self[fname], self, validate=False) != new

    @api.model
    def _get_labels(self, fnames):
        return ", ".join(self._fields[fname]._description_string(self.env) for fname in fnames)

    def _explain_closed(self, fnames=()):
        references = ", ".join(self.mapped("name"))
        if not fnames:
            return self.env._("%s is closed; reopen it first.", references)
        return self.env._(
            "%(complaint)s is closed; reopen it first to change: %(fields)s.",
            complaint=references,
            fields=self._get_labels(fnames),
        )

    def _check_not_closed(self):
        """Refuse what belongs to the handling itself.

        :raise UserError: one of these dossiers is closed
        """
        closed_su = self.sudo().filtered("is_closed")  # whoever changes it is told so
        if closed_su and not self.env.su and not self._is_procedure_write():
            raise UserError(closed_su.with_env(self.env).sudo()._explain_closed())
