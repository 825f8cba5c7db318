from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..support.common import ComplaintCase

TEXT = "Vestiging (keuze: Noord, Zuid)\nDatum van de rit (datum)"


@tagged("post_install", "-at_install")
class TestOwnFields(ComplaintCase):
    """A policy adds fields to its complaints, and a stage asks for them: no code."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        requirements = cls.env["klachtenbeheer.requirement"].with_user(cls.users["manager"])
        form = Form(requirements)
        form.name, form.code, form.own_field = "De vestiging", "vestiging", "Vestiging"
        cls.requirement = form.save()
        cls.own = cls.make_policy(code="eigen", own_fields=TEXT)
        cls.complaint = cls.file_complaint(policy_id=cls.own.id, handler_id=cls.users["handler"].id)

    def draft(self):
        draft = self.own.copy({"code": "volgend"})
        draft.stage_ids[1].requirement_ids = [Command.link(self.requirement.id)]
        return draft

    def test_who_handles_fills_them_in_and_others_do_not_read_them(self):
        as_handler = self.as_role(self.complaint, "handler")
        as_handler.own_values = {"vestiging": "noord", "datum_van_de_rit": "2026-06-01"}
        [values] = as_handler.read(["own_values"])
        found = {line["string"]: line["value"] for line in values["own_values"]}
        self.assertEqual(found["Vestiging"], "noord")
        other = self.file_complaint()
        self.assertFalse(other.has_own_fields)
        self.assertFalse(dict(other.own_values or {}))
        self.assertNotIn(
            "own_values",
            self.env["klachtenbeheer.complaint"].with_user(self.users["registrar"]).fields_get(),
        )

    def test_a_stage_asks_for_one(self):
        policy = self.draft()
        policy.action_publish()
        complaint = self.file_complaint(policy_id=policy.id, handler_id=self.users["handler"].id)
        as_handler = self.as_role(complaint, "handler")
        with self.assertRaisesRegex(UserError, "De vestiging"):
            as_handler.record_event("taken_up")
        as_handler.own_values = {"vestiging": "zuid"}
        as_handler.record_event("taken_up")
        self.assertEqual(complaint.stage_id, policy.stage_ids[1])

    def test_no_policy_asks_for_what_it_does_not_have(self):
        draft = self.draft()
        draft.own_fields = "Kenteken"
        self.assertIn("De vestiging", draft.publish_blockers)
        with self.assertRaises(UserError):
            draft.action_publish()

    def test_what_can_not_be_read_is_refused_and_what_is_published_stays(self):
        with self.assertRaises(ValidationError):
            self.draft().own_fields = "Vestiging (keuze)"
        with self.assertRaises(UserError):
            self.own.with_user(self.users["manager"]).own_fields = "Iets anders"
        as_coordinator = self.as_role(self.complaint, "coordinator")
        changed = [
            {"name": "x", "string": "X", "type": "char", "value": "y", "definition_changed": True}
        ]
        with self.assertRaises(UserError):
            as_coordinator.own_values = changed
