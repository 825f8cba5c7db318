from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache

from ..platform.memory import get_kept_fields, recall, remember
from .policy import IN_FORCE_STATES

# What a kind of event means to the policies that are in force, and to our own methods.
FROZEN_FIELDS = {
    *("code", "recorded_by", "power", "outcome", "after_closing", "about"),
    *("counts_as_contact", "answers_orally", "takes_position"),
}
# Where a policy names kinds of events.
USED_IN = (
    *(("term", fname) for fname in ("start_event_id", "stop_event_ids", "void_event_ids")),
    ("stage", "event_ids"),
    ("letter.type", "event_type_id"),
)
# What puts a kind of event on record.
HAND, LETTER, HEARING, LINE, PROCEDURE = "hand", "letter", "hearing", "line", "procedure"


class EventType(models.Model):
    """Catalogue of what can happen to a complaint, with what is true of each kind: whether
    the complainant is told and how, and what it counts as.

    A code occurs in Python only where a method records that very event, or where its own
    consequences are programmed (`closed`, `reopened`, `formalised`, `received`, …).
    """

    _name = "klachtenbeheer.event.type"
    _description = "Complaint Event Type"
    _inherit = ["klachtenbeheer.remembered"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    description = fields.Text(translate=True)
    recorded_by = fields.Selection(
        [
            (HAND, "Somebody, by hand"),
            (LETTER, "Sending a letter"),
            (HEARING, "A conversation on the dossier"),
            (LINE, "Another line of the dossier"),
            (PROCEDURE, "A step of its own"),
        ],
        required=True,
        default=HAND,
        help="What belongs to a letter, a conversation or a line is put on record by that alone.",
    )
    power = fields.Selection(
        [
            ("complete", "Who handles the dossier, or keeps the register"),
            ("handle", "Who handles the dossier"),
            ("assign", "Who says who handles the dossier"),
        ],
        "May be recorded by",
        required=True,
        default="handle",
    )
    manual = fields.Boolean(
        "Recorded by hand",
        compute="_compute_manual",
        store=True,
        precompute=True,
        help="Can be recorded from the complaint, without a letter.",
    )
    outcome = fields.Selection(
        selection=lambda self: (
            self.env["klachtenbeheer.complaint"]._fields["outcome"]._description_selection(self.env)
        ),
        help="The outcome that is proposed when this happens.",
    )
    after_closing = fields.Boolean(help="Can still happen when the complaint has been closed.")

    # for the complainant
    told_outside = fields.Boolean(
        "Told to the complainant",
        help="Shown in what happened so far, on the portal and on the page with the code.",
    )
    public_text = fields.Char(
        "As it is told",
        translate=True,
        help="A sentence for the complainant, such as “We answered your complaint.”; empty: the"
        " name.",
    )
    promise_text = fields.Char(
        "As it is promised",
        translate=True,
        help="What a complainant is promised by a term that is met by this, such as “You get our"
        " answer”; empty: nothing is promised, unless a letter does this.",
    )

    # what it counts as
    counts_as_contact = fields.Boolean(
        "The complainant hears from us", help="The complainant is not kept waiting in silence."
    )
    answers_orally = fields.Boolean(
        "Can be an oral answer", help="The letter that confirms an oral answer gives its date."
    )
    takes_position = fields.Boolean(
        "Says where we stand", help="After this whoever is complained about is told, too."
    )
    about = fields.Selection(
        [("hearing", "A conversation"), ("objection", "A disagreement")],
        help="The part of the dossier where this is arranged.",
    )

    _code_uniq = models.Constraint("UNIQUE(code)", "An event code is used only once.")

    @api.depends("recorded_by")
    def _compute_manual(self):
        for event_type in self:
            event_type.manual = event_type.recorded_by == HAND

    def write(self, vals):
        if not self.env.su and any(
            line[fname] != vals[fname] for fname in FROZEN_FIELDS & set(vals) for line in self
        ):
            self._check_not_in_force()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_force(self):
        if not self.env.su:
            self._check_not_in_force()

    def _check_not_in_force(self):
        """By what an event is recorded, and who may, is as fixed as the policies that are in
        force; what came with the product its own methods count on."""
        if any(self.get_external_id().values()) or any(map(self._is_named_in, USED_IN)):
            raise UserError(
                self.env._("A published policy counts on this: make another kind of event for it.")
            )

    def _is_named_in(self, place):
        model, fname = place
        # whoever asks
        lines_su = self.env[f"klachtenbeheer.{model}"].sudo().with_context(active_test=False)
        in_force = Domain("policy_id.state", "in", IN_FORCE_STATES)
        return bool(lines_su.search_count(Domain(fname, "in", self.ids) & in_force, limit=1))

    def _explain_recorded_by(self):
        """What puts this kind of event on record, for who tries to do so by hand."""
        match self.recorded_by:
            case "letter":
                return self.env._(
                    "“%s” is put on record by sending the letter. Was it sent otherwise? Then put"
                    " that letter on the dossier.",
                    self.name,
                )
            case "hearing":
                return self.env._("“%s” is put on record with the conversation itself.", self.name)
            case "line":
                return self.env._(
                    "“%s” is put on record by registering it on the dossier.", self.name
                )
        return self.env._("“%s” is put on record by itself.", self.name)

    @ormcache("code")
    def _get_id(self, code):
        return self.sudo().search([("code", "=", code)], limit=1).id  # catalogue, not secret

    def _get(self, code):
        """The event type with a code.

        :raise ValidationError: there is no such type
        """
        type_id = self._get_id(code)
        if not type_id:
            raise ValidationError(self.env._("There is no kind of event “%s”.", code))
        return self.browse(type_id)

    def _get_public_text(self):
        """What the complainant is told happened."""
        self.ensure_one()
        return self.public_text or self.name

    @api.model
    def _recall_catalogue(self):
        """Know the catalogue, but for what is translated, before it is asked for."""
        recall(self.sudo().env, self._get_catalogue())  # not secret

    @api.model
    @ormcache()
    def _get_catalogue(self):
        event_types = self.sudo().search(Domain.TRUE)  # not secret
        return remember(event_types, get_kept_fields(event_types))
