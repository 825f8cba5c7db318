from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..policy.policy import PUBLISHED
from .counting import COMPLAINT

THEME, PLACE, PERSON = "theme", "place", "person"
FOUND, MEASURE, DISMISSED = "found", "measure", "dismissed"
RISE = 1.5  # times as many as in the months before: what is always much is no pattern
PERSONS, PERSON_MONTHS = 3, 12  # where the policy says nothing of repetition


class Pattern(models.Model):
    """Complaints that belong together: a subject or a place with more of them than before, or a
    person about whom several came in. Asks for a measure, and says why.

    ==========  ========================  ===================================================
    Action      Who                       Condition
    ==========  ========================  ===================================================
    found       daily job                 number from the policy's own least
    measure     coordinator, directie     once
    dismiss     coordinator, directie     with a reason
    read        coordinator, directie     under its policy; none of its complaints is about them
    ==========  ========================  ===================================================
    """

    _name = "klachtenbeheer.pattern"
    _description = "Pattern in Complaints"
    _inherit = ["klachtenbeheer.refusing.thread"]
    _order = "found_on desc, id desc"
    _rec_name = "label"

    policy_id = fields.Many2one(
        "klachtenbeheer.policy", required=True, readonly=True, ondelete="cascade", index=True
    )
    policy_code = fields.Char(related="policy_id.code", store=True, string="Policy, any version")
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    kind = fields.Selection(
        [(THEME, "Subject"), (PLACE, "Place"), (PERSON, "Person")], required=True, readonly=True
    )
    key = fields.Char("Subject or place", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", "Person", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    label = fields.Char("About", compute="_compute_label")
    complaint_ids = fields.Many2many(COMPLAINT, string="Complaints", readonly=True)
    number = fields.Integer(readonly=True)
    number_before = fields.Integer("Period before", readonly=True)
    least = fields.Integer("From", readonly=True, help="From this number on it is a pattern.")
    since = fields.Date(readonly=True)
    found_on = fields.Date("Found on", readonly=True)
    explanation = fields.Char("Why", compute="_compute_explanation")
    state = fields.Selection(
        [(FOUND, "To look at"), (MEASURE, "Measure made"), (DISMISSED, "No measure needed")],
        default=FOUND,
        required=True,
        readonly=True,
        tracking=True,
    )
    reason = fields.Text("Why no measure is needed")
    decided_on = fields.Date(readonly=True)
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True)
    measure_id = fields.Many2one("klachtenbeheer.measure", readonly=True, index="btree_not_null")

    @api.model
    def _get_dossier_domain(self, _operation):
        """A pattern names people and places: it is for who receives the reports of its policy,
        and for nobody who coordinates under another one."""
        receiving = self.env[COMPLAINT]._get_policies_giving("reports")
        here = Domain("company_id", "in", self.env.companies.ids)
        return here & Domain("policy_id", "in", sorted(receiving))

    @api.depends("kind", "key", "partner_id.name")
    def _compute_label(self):
        for pattern in self:
            pattern.label = pattern.partner_id.name if pattern.kind == PERSON else pattern.key

    @api.depends("number", "number_before", "least", "since", "kind")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for pattern in self:
            values = {
                "number": pattern.number,
                "day": format_date(pattern.env, pattern.since, date_format="d MMMM y"),
                "before": pattern.number_before,
                "least": pattern.least,
            }
            if pattern.kind == PERSON:
                text = self.env._(
                    "%(number)s complaints about one person since %(day)s; it is looked at from"
                    " %(least)s.",
                    **values,
                )
            else:
                text = self.env._(
                    "%(number)s complaints since %(day)s, after %(before)s in as long a time"
                    " before; it is looked at from %(least)s.",
                    **values,
                )
            pattern.explanation = text

    # ---------------------------------------------------------------- decisions

    def action_make_measure(self):
        """What is done about it, beside all complaints that show it."""
        self.ensure_one()
        self._check_open()
        measure = self.env["klachtenbeheer.measure"].create(
            {
                "name": self.env._("Look into: %s", self._get_neutral_label()),
                "company_id": self.company_id.id,
                "structural": True,
                "complaint_ids": [fields.Command.set(self.complaint_ids.ids)],
            }
        )
        self._decide(MEASURE, measure_id=measure.id)
        return measure._get_records_action()

    def _get_neutral_label(self):
        """Measures are read by more people than patterns are: they name nobody."""
        if self.kind == PERSON:
            return self.env._("several complaints about one person")
        return self.key

    def action_dismiss(self):
        for pattern in self:
            pattern._check_open()
            if not (pattern.reason or "").strip():
                raise UserError(self.env._("Say why no measure is needed."))
        self._decide(DISMISSED)

    def _check_open(self):
        self.check_access("write")
        if self.state != FOUND:
            raise UserError(self.env._("About this pattern has been decided already."))

    def _decide(self, state, **vals):
        self.sudo().write(  # what was decided is written here only
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_on": self.company_id[:1]._complaint_today(),
                **vals,
            }
        )
        self.sudo().activity_ids.unlink()

    def write(self, vals):
        if not self.env.su and not set(vals) <= {
            *("reason", "activity_ids", "message_ids", "message_follower_ids"),
        }:
            raise UserError(self.env._("What was found does not change; only the reason is yours."))
        return super().write(vals)

    def _ask_coordinator(self):
        """The coordinator is asked, unless one of the complaints is about them."""
        user = self.policy_id.coordinator_id
        if user.partner_id in self.complaint_ids.respondent_ids:
            user = self.policy_id._get_role_users("director")[:1]
        if user and user.partner_id not in self.complaint_ids.respondent_ids:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("A pattern in complaints: is a measure needed?"),
                user_id=user.id,
            )


class PolicyPatterns(models.Model):
    _inherit = "klachtenbeheer.policy"

    pattern_months = fields.Integer(
        "Patterns within (months)",
        default=3,
        help="Subjects and places with more complaints than in as many months before.",
    )
    pattern_least = fields.Integer(
        "Patterns from", default=5, help="This many complaints. 0: patterns are not looked for."
    )

    @api.model
    def _get_pattern_domain(self, today):
        return (
            Domain("company_id", "=", self.env.company.id)
            & Domain("state", "=", PUBLISHED)
            & Domain("is_template", "=", False)
            & Domain("is_practice", "=", False)
            & Domain("pattern_least", ">", 0)
        )

    def _find_patterns(self, today):
        """Step of the daily job: what there is more of than before, and who is often named."""
        for policy in self:
            since = today - relativedelta(months=policy.pattern_months or 3)
            before = since - relativedelta(months=policy.pattern_months or 3)
            for kind, fname in ((THEME, "category_id"), (PLACE, "incident_place")):
                policy._find_risen(kind, fname, before, since, today)
            policy._find_named(today)

    def _find_complaints(self, fname, first, last):
        """{name of a subject or place, or person: ids of its complaints}."""
        counter = self.env["klachtenbeheer.report.counter"]
        domain = counter._get_counted_domain(self._get_all_versions(), first, last)
        found = counter._get_complaints_sudo()._read_group(
            domain & Domain(fname, "!=", False), [fname], ["id:array_agg"]
        )
        together = {}
        for value, ids in found:
            key = value if fname == "respondent_ids" else counter._get_key(value)
            together.setdefault(key, []).extend(ids)
        return together

    def _find_risen(self, kind, fname, before, since, today):
        earlier = self._find_complaints(fname, before, since - relativedelta(days=1))
        for key, ids in self._find_complaints(fname, since, today).items():
            was = len(earlier.get(key, ()))
            if len(ids) >= max(self.pattern_least, RISE * was):
                vals = {"number_before": was, "least": self.pattern_least, "since": since}
                self._keep_pattern({"kind": kind, "key": key}, ids, today, vals)

    def _find_named(self, today):
        since = today - relativedelta(months=self.repeat_months or PERSON_MONTHS)
        least = self.repeat_threshold or PERSONS
        for partner, ids in self._find_complaints("respondent_ids", since, today).items():
            if len(ids) >= least:
                vals = {"least": least, "since": since}
                self._keep_pattern({"kind": PERSON, "partner_id": partner.id}, ids, today, vals)

    def _keep_pattern(self, about, ids, today, vals):
        """Tell it once; what was decided about comes back when as much came in since."""
        patterns_su = self.env["klachtenbeheer.pattern"].sudo()  # nobody else writes them
        same = [("policy_code", "=", self.code), ("company_id", "=", self.company_id.id)]
        same += [(name, "=", value) for name, value in about.items()]
        known = patterns_su.search(same, limit=1)
        vals = vals | {"number": len(ids), "complaint_ids": [fields.Command.set(ids)]}
        if known.state == FOUND:
            known.write({**vals, "policy_id": self.id})  # read by the roles of this version
            return
        fresh = set(ids) - set(known.complaint_ids.ids)
        if known and len(fresh) < vals["least"]:
            return
        pattern = patterns_su.create({**vals, **about, "policy_id": self.id, "found_on": today})
        pattern._ask_coordinator()
