from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.redaction import black_out

# What is corrected in the dossier itself; of other texts the view of the person is added.
CORRECTABLE = (
    "complainant_name",
    "complainant_organisation",
    "complainant_email",
    "complainant_phone",
    "complainant_address",
)


class SubjectItem(models.Model):
    """One thing that a dossier holds about somebody who asks, whether it is given, and why not."""

    _name = "klachtenbeheer.subject.item"
    _description = "Data About Who Asks"
    _inherit = ["klachtenbeheer.protected"]
    _order = "dossier_id, sequence, id"
    _rec_name = "label"

    request_id = fields.Many2one(
        "klachtenbeheer.subject.request", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="request_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    # a number: who protects data reads no dossiers
    dossier_id = fields.Integer("Dossier (number)", readonly=True, index=True)
    reference = fields.Char("Dossier", readonly=True)
    capacity = fields.Selection(
        [
            ("complainant", "Complainant"),
            ("respondent", "Complained about"),
            ("representative", "Acts for the complainant"),
            ("witness", "Took part in a conversation"),
        ],
        "As",
        readonly=True,
    )
    field_name = fields.Char(readonly=True)
    label = fields.Char("What", readonly=True)
    found_text = fields.Text("In the dossier", readonly=True)
    names = fields.Text("Names of others", readonly=True, help="A line each; blacked out.")
    marked_text = fields.Text(
        "Given", help="Mark passages with [[ and ]] to black them out; names of others are."
    )
    given_text = fields.Text("As it is given", compute="_compute_given_text")
    give = fields.Boolean()
    withheld_reason = fields.Char("Why it is withheld")
    new_text = fields.Char("Corrected to")
    is_decided = fields.Boolean("Looked at")

    @api.depends("marked_text", "names", "request_id.person_name")
    def _compute_given_text(self):
        for item in self:
            item.given_text = black_out(
                item.marked_text or "",
                (item.names or "").splitlines(),
                kept=[item.request_id.person_name or ""],
            )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._without_found(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._without_found(vals))

    def _without_found(self, vals):
        """Of which dossier an item is, and what stands there, comes from the dossiers alone: what
        is erased, corrected or restricted follows from it."""
        if self.env.su:
            return vals
        found = {key for key, field in self._fields.items() if field.readonly}
        return {key: value for key, value in vals.items() if key not in found}

    @api.constrains("give", "withheld_reason")
    def _check_reason(self):
        for item in self:
            if not item.give and not (item.withheld_reason or "").strip():
                raise UserError(self.env._("Say why “%s” is withheld.", item.label))

    def _get_key(self):
        return (self.dossier_id, self.label, self.found_text)

    def action_correct(self):
        """Correct what is a fact about the person; of another text, add their view. Both stand
        on the dossier, with what it was before.

        :raise UserError: nothing to put in its place
        """
        for item in self:
            item.request_id._check_identity_known()
            if not (item.new_text or "").strip():
                raise UserError(self.env._("Say what it is to be."))
            # who protects data reads no dossiers
            dossier = self.env["klachtenbeheer.complaint"].sudo().browse(item.dossier_id)
            dossier._check_not_anonymised()
            dossier._correct(item.field_name, item.label, item.new_text, item.request_id.reference)
            item.is_decided = True


class ComplaintCorrection(models.Model):
    _inherit = "klachtenbeheer.complaint"

    def _correct(self, fname, label, text, reference):
        """Correct a field of the complainant, or add the view of somebody, with a trail."""
        if fname in CORRECTABLE:
            holder = self.identity_ids if self.hide_identity and self.identity_ids else self
            before = holder[fname] or "–"
            holder.write({fname: text})
            # where the complainant stays unknown, messages say no more than that it changed
            change = "" if self.hide_identity else f" {before} → {text}"
            body = self.env._(
                "Corrected at request %(request)s: %(label)s.%(change)s",
                request=reference,
                label=label,
                change=change,
            )
        else:
            body = self.env._(
                "Added at request %(request)s, about %(label)s: %(text)s",
                request=reference,
                label=label,
                text=text,
            )
        self._message_log(body=body)

    def _check_erasable(self):
        """Refuse what is still being handled or has to be kept (AVG art. 17(3)).

        :raise UserError: in words
        """
        self._check_not_anonymised()
        for complaint in self:
            holds_su = complaint.sudo().hold_ids  # whoever asks hears that it has to be kept
            standing = holds_su.filtered(lambda hold: not hold.lifted_on)
            if not complaint.is_closed:
                raise UserError(self.env._("%s is still being handled.", complaint.name))
            if complaint.is_in_court or standing:
                raise UserError(self.env._("%s has to be kept: there is a hold.", complaint.name))

    def _erase_given_copies(self, _counts):
        """Copies that were made for somebody."""
        items = self.env["klachtenbeheer.subject.item"].search([("dossier_id", "in", self.ids)])
        requests = items.request_id
        self.env["ir.attachment"].search(
            [("res_model", "=", requests._name), ("res_id", "in", requests.ids)]
        ).unlink()
        items.unlink()
        self.env.flush_all()
