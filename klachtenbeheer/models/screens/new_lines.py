from odoo import api, fields, models
from odoo.exceptions import UserError

from ..dossier.hearing import ORAL_EXPLANATION
from ..dossier.objection import EVENTS

# Lists of the dossier that grow while it is open, and those that may grow afterwards too.
OPEN_LINES = (
    "grievance_ids",
    "fact_ids",
    "hearing_ids",
    "agreement_ids",
    "consultation_ids",
    "ruling_ids",
    "advice_ids",
)
LATER_LINES = ("measure_link_ids", "objection_ids", "referral_ids", "assistance_ids")


class ComplaintLines(models.Model):
    """Lines of the dossier as its screens start them: what can be added under the policy,
    and what a new line starts with."""

    _inherit = "klachtenbeheer.complaint"

    can_object = fields.Boolean(
        compute="_compute_can_object", help="The policy knows a disagreement with the answer."
    )

    @api.depends("policy_id")
    def _compute_can_object(self):
        for complaint in self:
            complaint.can_object = bool(complaint._get_disagreement_kinds())

    # ---------------------------------------------------------------- adding

    def _get_line_actions(self):
        fnames = LATER_LINES if self.is_closed else (*OPEN_LINES, *LATER_LINES)
        labels = self._get_line_labels()
        actions = [
            self._prepare_action(labels[fname], "action_open_line", fname, group="dossier")
            for fname in fnames
            if fname in labels and self._may_open(self._fields[fname].comodel_name)
        ]
        if not self.is_closed and self._may_open("klachtenbeheer.hearing"):
            label = self.env._("Note a conversation that was held…")
            actions.append(self._prepare_action(label, "action_open_held", group="dossier"))
        return actions

    def _get_line_labels(self):
        """What can be added to the dossier under its policy.

        :return: {name of a list: label}
        """
        labels = {
            "fact_ids": self.env._("Add a fact…"),
            "hearing_ids": self.env._("Plan a conversation…"),
            "agreement_ids": self.env._("Note a contact or agreement…"),
            "measure_link_ids": self.env._("Add a measure…"),
            "grievance_ids": self.env._("Add a grievance…"),
            "objection_ids": self.env._("Register a disagreement…"),
            "referral_ids": self.env._("Refer the complainant…"),
            "consultation_ids": self.env._("Note a consultation…"),
            "ruling_ids": self.env._("Ask to decide: the policy does not provide…"),
            "advice_ids": self.env._("Put before the committee…"),
            "assistance_ids": self.env._("Add a representative or expert…"),
        }
        policy_su = self.sudo().policy_id  # what a policy knows is no secret
        roles = set(policy_su.role_ids.mapped("role"))
        rights = policy_su.term_ids.filtered(lambda term: term.duty_of == "complainant")
        is_hidden = self.hide_identity and not self._has_power("identity")
        known = {
            "grievance_ids": policy_su.verdict_required,
            "objection_ids": "objection" in rights.stop_event_ids.mapped("about"),
            "referral_ids": roles & {"external_body", "confidant"},
            "consultation_ids": policy_su.consult_board,
            "ruling_ids": self.sudo()._get_role_people(self.sudo()._get_deciding_role()),
            "advice_ids": policy_su._get_committees(),
            "assistance_ids": not (self.is_anonymous or is_hidden),
        }
        return {fname: label for fname, label in labels.items() if known.get(fname, True)}

    def action_open_line(self, fname, line_id=False):
        """Open a line of the dossier in a dialog, or a new one.

        :param fname: name of one of the lists
        """
        if fname not in (*OPEN_LINES, *LATER_LINES):
            raise UserError(self.env._("There is no such list on a dossier."))
        action = self._get_dialog(self._get_line_title(fname), self._fields[fname].comodel_name)
        if line_id:
            return {**action, "res_id": line_id}
        return {**action, "context": {**action["context"], **self._get_line_defaults(fname)}}

    def action_open_held(self):
        """Note in one go a conversation that was held, today where nobody says otherwise: it
        opens on what was said."""
        self.ensure_one()
        action = self.action_open_line("hearing_ids")
        context = {"default_held_on": fields.Date.to_string(self._today()), "was_held": True}
        return action | {"context": {**action["context"], **context}}

    def action_open_unheard(self):
        """Note in one go why somebody was not heard."""
        self.ensure_one()
        action = self.action_open_line("hearing_ids")
        return action | {
            "name": self.env._("Why not heard"),
            "context": {**action["context"], "not_held": True},
        }

    def _get_line_title(self, fname):
        """What the dialog of a line is called."""
        return {
            "fact_ids": self.env._("Fact"),
            "hearing_ids": self.env._("Conversation"),
            "agreement_ids": self.env._("Contact or agreement"),
            "measure_link_ids": self.env._("Measure"),
            "grievance_ids": self.env._("Grievance"),
            "objection_ids": self.env._("Disagreement"),
            "referral_ids": self.env._("Referred to"),
            "consultation_ids": self.env._("Consultation"),
            "ruling_ids": self.env._("Decision where the policy does not provide"),
            "advice_ids": self.env._("Advice of a committee"),
            "assistance_ids": self.env._("Representative or expert"),
        }[fname]

    def _get_line_defaults(self, fname):
        """What a new line starts with, for the form to change."""
        if fname == "hearing_ids":
            return self._get_hearing_defaults()
        if fname == "advice_ids":
            policy_su = self.sudo().policy_id  # what a policy knows is no secret
            return {"default_role_id": policy_su._get_committees()[:1].id}
        if fname == "objection_ids":
            return {"default_kind": self._get_disagreement_kinds()[0]}
        return {}

    # ---------------------------------------------------------------- conversations

    def _get_hearing_purposes(self):
        """The purposes of a conversation, without an oral explanation where the policy has
        none."""
        purposes = self.env["klachtenbeheer.hearing"]._fields["purpose"].get_values(self.env)
        if "hearing" in self._get_known_events().mapped("about"):
            return purposes
        return [value for value in purposes if value != ORAL_EXPLANATION]

    def _get_known_events(self):
        """The kinds of events with which a term of the policy starts or ends."""
        terms = self.sudo().policy_id.term_ids  # what a policy knows is no secret
        return terms.start_event_id | terms.stop_event_ids

    def _get_hearing_defaults(self):
        """Purpose and participants of a new conversation, for the form to change."""
        is_explanation = self._is_explanation_due()
        purpose = ORAL_EXPLANATION if is_explanation else "hearing"
        people = [] if self.hide_identity else [self._prepare_complainant()]
        if not is_explanation:
            people += [
                {"role": "respondent", "partner_id": partner.id} for partner in self.respondent_ids
            ]
        return {
            "default_purpose": purpose,
            "default_participant_ids": [fields.Command.create(person) for person in people],
        }

    def _is_explanation_due(self):
        # what the policy wants next is shown to who may handle it
        return "hearing" in self.sudo()._get_running_events("organisation").mapped("about")

    def _prepare_complainant(self):
        name = self.complainant_name or self.env._("the complainant")
        return {"role": "complainant", "partner_id": self.partner_id.id, "name": name}

    # ---------------------------------------------------------------- disagreements

    def _get_disagreement_kinds(self):
        """The ways to disagree for which the policy has a term."""
        known = self._get_known_events().mapped("code")
        return [kind for kind, code in EVENTS.items() if code in known]
