from odoo import models
from odoo.exceptions import AccessError

from . import personal
from .retention_rule import COMPLAINT, KINDS


class PolicyPapers(models.Model):
    """The papers that an organisation has to have: the entry for its register of processing
    activities (AVG art. 30) and a data-protection impact assessment (art. 35), from what the
    policy really asks, keeps and gives to whom."""

    _name = "klachtenbeheer.policy"
    _inherit = ["klachtenbeheer.policy", "klachtenbeheer.privacy.document"]

    def action_print_processing(self):
        """The entry of the register of processing activities, as PDF."""
        return self._print_papers("klachtenbeheer.processing_entry", self.env._("Processing entry"))

    def action_print_dpia(self):
        """The assessment, as PDF; somebody has to judge what it says of the risks."""
        return self._print_papers("klachtenbeheer.dpia", self.env._("DPIA"))

    def _print_papers(self, template, title):
        self.ensure_one()
        self.check_access("read")
        may = self.env["klachtenbeheer.complaint"]._may_protect_data()
        if not may and not self.has_access("write"):
            raise AccessError(self.env._("Only who protects data, or sets policies up, does this."))
        title = f"{title} – {self.name}"
        policy_su = self.sudo()  # what the policy says of itself
        content = policy_su._print(template, {"page": policy_su._get_papers()}, title)
        attachment, _hash = policy_su._keep_file(f"{title}.pdf", content, "application/pdf")
        return self._download(attachment)

    def _get_papers(self):
        """What both papers say, as plain values."""
        self.ensure_one()
        complaints = self.env["klachtenbeheer.complaint"]
        return {
            "organisation": self.company_id.name,
            "policy": f"{self.name} ({self.version})",
            "purposes": [
                self.env._("handling complaints and answering them"),
                self.env._("showing that this was done as the policy says"),
                self.env._("learning from complaints, in figures that name nobody"),
            ],
            "people": [
                self.env._("complainants, and who acts for them"),
                self.env._("people complained about"),
                self.env._("witnesses, and others who take part in conversations"),
                self.env._("colleagues who handle complaints"),
            ],
            "data": [
                field._description_string(self.env)
                for field in complaints._fields.values()
                if field.name
                in (
                    *personal.FIELDS[complaints._name][personal.CLEAR],
                    *personal.FIELDS[complaints._name][personal.FORGET],
                )
                and field.name != "access_token"
            ],
            "recipients": self._get_recipients(),
            "retention": self._get_retention_lines(),
            "security": self._get_security_lines(),
            "risks": self._get_risks(),
            "evaluated_on": self.last_evaluated_on and self.last_evaluated_on.isoformat(),
        }

    def _get_recipients(self):
        """The roles of the policy, as they are called."""
        return [role.name for role in self.role_ids.sorted("role") if role.name] + [
            self.env._("nobody outside the European Economic Area")
        ]

    def _get_retention_lines(self):
        """(what, months after closing, why)."""
        rules = {rule.kind: rule for rule in self.retention_rule_ids}
        lines = [(self.env._("The dossier"), self.retention_months, "")]
        titles = dict(
            self.env["klachtenbeheer.retention.rule"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
        return lines + [
            (titles[kind], months, rules[kind].ground or "")
            for kind, months in self._get_retention().items()
            if kind != COMPLAINT and kind in dict(KINDS)
        ]

    def _get_security_lines(self):
        return [
            self.env._("who is complained about sees nothing of the dossier"),
            self.env._("rights follow from the role somebody has in the policy"),
            self.env._("who looked at which dossier is on record"),
            self.env._("what has been kept long enough is anonymised, with a certificate"),
            self.env._("mails name neither the subject nor the content of a complaint"),
        ]

    def _get_risks(self):
        """(risk, what is done about it)."""
        return [
            (
                self.env._("a person complained about learns who complained"),
                self.env._("identity kept apart where asked; global rules; tested by canaries"),
            ),
            (
                self.env._("health or other special data in free text"),
                self.env._("the form does not ask for it; few read it; it goes in time"),
            ),
            (
                self.env._("somebody looks without need"),
                self.env._("reading log, with unusual reading shown to who protects data"),
            ),
            (
                self.env._("small numbers in reports lead to a person"),
                self.env._("cells with few are merged; lists carry neutral summaries"),
            ),
            (
                self.env._("a backup brings back what was erased"),
                self.env._("the journal of erasures is carried out again after a restore"),
            ),
        ]
