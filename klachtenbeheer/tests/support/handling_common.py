from ..policy.test_policies import SourcePolicyCase
from .common import local_noon
from .made_once import make_once


class HandlingCase(SourcePolicyCase):
    """The company's own copies of some source policies, and complaints handled under them.

    `SOURCES` names them; `self.policies["sb"]` is the copy of SB.
    """

    SOURCES = ()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make_once(cls, HandlingCase, "publish_sources")

    @classmethod
    def publish_sources(cls):
        cls.policies = {source: cls.publish_source(source) for source in cls.SOURCES}
        cls.colleague = cls.make_user("collega", "klachtenbeheer.group_handler")
        cls.accused = cls.env["res.partner"].create({"name": "Bert Beklaagde"})

    @classmethod
    def file_under(cls, source, day="2026-06-01", **vals):
        with local_noon(day):
            return cls.file_complaint(
                policy_id=cls.policies[source].id, channel=vals.pop("channel", "email"), **vals
            )

    @classmethod
    def register_fully(cls, complaint):
        """Complete the registration, as closing may ask for."""
        policy = complaint.policy_id
        complaint.write(
            {
                "category_id": policy.category_ids[:1].id,
                "complainant_kind_id": policy.complainant_kind_ids[:1].id,
                "severity": "low",
                "outcome_note": "Uitgelegd en goedgemaakt.",
            }
        )

    def new(self, model, by="handler", /, **vals):
        """A line of a dossier, made by somebody in a role."""
        return self.as_role(self.env[f"klachtenbeheer.{model}"], by).create(vals)

    def talk(self, complaint, role="handler", **vals):
        """A conversation that somebody in a role prepares."""
        people = vals.pop("people", [{"role": "complainant", "name": "Kees Klager"}])
        return self.new(
            "hearing",
            role,
            complaint_id=complaint.id,
            participant_ids=[(0, 0, person) for person in people],
            **vals,
        )

    def offer_moments(self, hearing):
        """What sending its invitation does with a conversation."""
        hearing._do_offer()
        if hearing.purpose == "oral_explanation":
            hearing.complaint_id._record_event("hearing_offered")

    def alerts(self, complaint, role=None, user=None):
        """Summaries of what is asked of somebody."""
        user = user or self.users[role]
        return complaint.activity_ids.filtered(lambda line: line.user_id == user).mapped("summary")

    def codes(self, complaint):
        """Codes of the events that stand."""
        return complaint.event_ids.filtered(lambda event: not event.voided).mapped("code")

    def run_job(self, day):
        cron = self.env.ref("klachtenbeheer.cron_daily")
        with local_noon(day), self.enter_registry_test_mode():
            cron.with_user(self.env.ref("base.user_root")).method_direct_trigger()
        self.env.invalidate_all()
