from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

LETTER, CONVERSATION, UPLOAD, QUEUE, LOG, REGISTER, COMPLAINT = (
    "letter",
    "conversation",
    "upload",
    "queue",
    "log",
    "register",
    "complaint",
)
# What a rule may be about; the dossier as a whole is `retention_months` of the policy.
KINDS = [
    (LETTER, "Letters"),
    (CONVERSATION, "Reports of conversations"),
    (UPLOAD, "Files on the dossier"),
    (QUEUE, "Mail that was sent"),
    (LOG, "Who read the dossier"),
    (REGISTER, "Line of the register (neutral summary)"),
]
# What is gone with the dossier at the latest, and what may outlive it.
WITHIN = (LETTER, CONVERSATION, UPLOAD, QUEUE, LOG)
# Months after closing of rules that nobody made; those that are missing follow the dossier.
STANDARD = {QUEUE: 3, LOG: 24}


class RetentionRule(models.Model):
    """How long a kind of data is kept after closing, where that differs from the dossier as a
    whole (AVG art. 5(1)(e)); part of the policy, and so frozen with it."""

    _name = "klachtenbeheer.retention.rule"
    _description = "Retention Rule of a Policy"
    _inherit = ["klachtenbeheer.policy.line"]
    _rec_name = "kind"

    kind = fields.Selection(KINDS, "What", required=True)
    months = fields.Integer(
        "Months after closing", required=True, help="Counted from the day of closing."
    )
    ground = fields.Char("Why this long", help="Told in the register of processing activities.")

    _kind_uniq = models.Constraint(
        "UNIQUE(policy_id, kind)", "There is a rule about this in the policy already."
    )

    @api.constrains("months", "kind")
    def _check_months(self):
        for rule in self:
            if rule.months < 0:
                raise ValidationError(self.env._("A number of days or months can't be negative."))
            whole = rule.policy_id.retention_months
            if rule.kind in WITHIN and whole and rule.months > whole:
                raise ValidationError(
                    self.env._("Nothing of a dossier is kept longer than the dossier itself.")
                )


class PolicyRetention(models.Model):
    _inherit = "klachtenbeheer.policy"

    retention_rule_ids = fields.One2many(
        "klachtenbeheer.retention.rule",
        "policy_id",
        "Retention of parts",
        copy=True,
        default=lambda self: self._default_retention_rules(),
    )
    retention_notice_days = fields.Integer(
        "Announce (days before)",
        default=30,
        help="So long before it is anonymised, the coordinator is told of a dossier.",
    )

    @api.model
    def _default_retention_rules(self):
        """A copy brings its own along."""
        return [Command.create({"kind": kind, "months": STANDARD[kind]}) for kind in STANDARD]

    def _get_retention(self):
        """How long what is kept under this policy: {kind: months after closing}."""
        rules = {rule.kind: rule.months for rule in self.retention_rule_ids}
        return {**rules, COMPLAINT: self.retention_months}

    def _describe_retention(self, kind):
        """The rule by which something goes, in words, for a certificate."""
        return self.env._(
            "%(months)s months after closing (%(policy)s, version %(version)s)",
            months=self._get_retention().get(kind, self.retention_months),
            policy=self.name,
            version=self.version,
        )
