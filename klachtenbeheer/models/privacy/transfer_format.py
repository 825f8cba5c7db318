from odoo import api, fields, models
from odoo.exceptions import ValidationError

# What a format can ask of a dossier: {name: part of the file that must have been chosen for it}.
SOURCES = {
    **dict.fromkeys(
        [
            *("reference", "organisation", "policy", "received_on", "closed_on", "kind"),
            *("subject", "stage", "outcome", "verdict"),
        ],
        "",
    ),
    **dict.fromkeys(
        [
            *("complainant_name", "complainant_organisation", "complainant_email"),
            *("complainant_phone", "complainant_address", "title", "description"),
            *("desired_solution", "respondents"),
        ],
        "complaint",
    ),
    **dict.fromkeys(("findings", "verdict_motivation", "solution", "measures"), "content"),
    "events": "events",
    "conversations": "hearings",
    "letters": "letters",
    "facts": "facts",
    "messages": "messages",
    "attachments": "files",
}


class TransferFormat(models.Model):
    """What an external body gets of a dossier in a file for machines: its own names for what we
    hold. A record, as each body asks something else and changes it when it likes."""

    _name = "klachtenbeheer.transfer.format"
    _description = "Format for Transfer to an External Body"
    _order = "name, id"

    name = fields.Char("Format", required=True, translate=True)
    code = fields.Char(
        required=True,
        help="Stands in the file with the version: by it a program knows a format.",
    )
    version = fields.Char(required=True, default="1.0")
    active = fields.Boolean(default=True)
    partner_ids = fields.Many2many(
        "res.partner",
        "klachtenbeheer_transfer_format_partner_rel",
        string="External bodies",
        help="A file for one of these is made in this format.",
    )
    content = fields.Text(
        required=True,
        help="A line for each: the name that the body wants, =, and what it is of ours. A dot puts"
        " a name inside another.",
    )
    source_list = fields.Char("What a line can ask for", compute="_compute_source_list")

    _code_uniq = models.Constraint(
        "UNIQUE(code, version)", "There is a format with this code and version already."
    )

    def _compute_source_list(self):
        self.source_list = ", ".join(SOURCES)

    @api.constrains("content")
    def _check_content(self):
        for line in self:
            if not line._read_content():
                raise ValidationError(self.env._("A format holds something."))

    def _read_content(self):
        """[(names from outside to inside, source)], in the order of the lines.

        :raise ValidationError: a line can't be read, or names something twice
        """
        found, places = [], {}
        for text in filter(None, map(str.strip, (self.content or "").splitlines())):
            name, equals, source = (part.strip() for part in text.partition("="))
            names = tuple(name.split("."))
            if not equals or source not in SOURCES or not all(names):
                raise ValidationError(
                    self.env._("This line can't be read, or asks for what is not there: %s", text)
                )
            self._check_place(places, names, text)
            found.append((names, source))
        return found

    def _check_place(self, places, names, text):
        """A name stands once, and holds either a value or other names."""
        inside = {names[:length]: "names" for length in range(1, len(names))}
        wanted = {**inside, names: "value"}
        clashes = any(
            place in places and "value" in (places[place], kind) for place, kind in wanted.items()
        )
        if clashes:
            raise ValidationError(self.env._("A name stands twice: %s", text))
        places.update(wanted)

    def _fill_in(self, values):
        """The content of a file for machines.

        :param values: {source: value}, without what is not told
        """
        self.ensure_one()
        content = {}
        for names, source in self._read_content():
            if source in values:
                inside = content
                for name in names[:-1]:
                    inside = inside.setdefault(name, {})
                inside[names[-1]] = values[source]
        return {"format": self.code, "version": self.version, **content}
