from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from ..support.access_common import AccessCase
from ..support.common import local_noon
from ..support.handling_common import HandlingCase
from ..support.rpc_common import RpcMixin

# For every kind of event: what puts it on record, and by hand which power that asks.
RECORDED_BY = {
    "received": "procedure",
    "forwarded": "handle",
    "acknowledged": "letter",
    "formalised": "handle",
    "taken_up": "handle",
    "contacted": "handle",
    "delay_notified": "letter",
    "answered": "letter",
    "decided": "letter",
    "objected": "line",
    "hearing_offered": "hearing",
    "hearing_waived": "hearing",
    "hearing_held": "hearing",
    "settled": "hearing",
    "final_decided": "letter",
    "referral_requested": "line",
    "referred": "handle",
    "external_admitted": "line",
    "measures_communicated": "handle",
    "resolved_informally": "handle",
    "remedied": "handle",
    "withdrawn": "handle",
    "out_of_scope": "letter",
    "lapsed": "procedure",
    "waived": "procedure",
    "advice_asked": "line",
    "advised": "line",
    "closed": "handle",
    "reopened": "handle",
}
# Who has a power on the dossier of these tests.
POWERS = {"handle": {"handler", "coordinator", "all_roles"}}
# What refuses an event for who may record it: closing asks for more, reopening for a closed one.
STATE = ("still missing", "is not closed")


@tagged("post_install", "-at_install")
class TestRecording(RpcMixin, AccessCase):
    """Every event tried over RPC by every role (SB28, SB38): by hand only what belongs to
    nothing else, and only by who has the power."""

    def setUp(self):
        super().setUp()
        self.complaint = self.file_complaint(handler_id=self.users["handler"].id)

    def test_the_table_names_every_kind_of_event(self):
        catalogue = self.env["klachtenbeheer.event.type"].search([])
        found = {
            line.code: line.power if line.recorded_by == "hand" else line.recorded_by
            for line in catalogue
        }
        self.assertEqual(found, RECORDED_BY)
        self.assertEqual(set(catalogue.filtered("manual").mapped("code")), self.get_by_hand())

    def get_by_hand(self):
        return {code for code, by in RECORDED_BY.items() if by in POWERS}

    def test_every_event_by_every_role(self):
        wrong = []
        for code, by in RECORDED_BY.items():
            for role in self.users:
                told = self.answer(
                    role, "klachtenbeheer.complaint", "record_event", self.complaint.ids, code
                )
                message = told.get("error", {}).get("message", "")
                allowed = not message or any(words in message for words in STATE)
                if allowed != (role in POWERS.get(by, ())):
                    wrong.append((code, role, message))
        self.assertEqual(wrong, [])

    def test_the_dialog_asks_the_same(self):
        """The types that it offers are a domain on a screen; what it records is not."""
        event_type = self.env.ref("klachtenbeheer.event_type_decided")
        vals = {"complaint_ids": self.complaint.ids, "type_id": event_type.id}
        dialog = self.as_role(self.env["klachtenbeheer.event.record"], "coordinator").create(vals)
        told = self.answer("coordinator", dialog._name, "action_record", dialog.ids)
        self.assertIn("by sending the letter", told["error"]["message"])

    def test_what_comes_along_is_not_chosen_by_hand(self):
        """A promise extends terms: that takes a letter."""
        self.call(
            "coordinator",
            "klachtenbeheer.complaint",
            "record_event",
            self.complaint.ids,
            "contacted",
            promised_on="2030-01-01",
        )
        event = self.complaint.event_ids.filtered(lambda line: line.code == "contacted")
        self.assertTrue(event)
        self.assertFalse(event.promised_on)

    def test_voiding_and_waiving_ask_the_same_power(self):
        self.complaint.record_event("answered")
        event = self.complaint.event_ids.filtered(lambda line: line.code == "answered")
        duty = self.complaint.deadline_ids.filtered(lambda line: line.code == "acknowledge")
        for role in self.users:
            told = self.answer(
                role, "klachtenbeheer.event", "action_void", event.ids, reason="vergissing"
            )
            may = role in POWERS["handle"]
            self.assertEqual("error" not in told, may, (role, told))
        for role in ("registrar", "colleague", "director"):
            told = self.answer(
                role,
                "klachtenbeheer.duty.waive",
                "create",
                {
                    "complaint_id": self.complaint.id,
                    "deadline_ids": duty.ids,
                    "reason": "hoeft niet",
                },
            )
            self.assertIn("error", told, role)


@tagged("post_install", "-at_install")
class TestWhatAStageAsks(HandlingCase):
    """What the policy wants filled in before a stage is asked on every road, not by the dialog
    alone (SB29)."""

    SOURCES = ("kk",)

    def forward(self, complaint):
        record = self.as_role(complaint, "coordinator")
        return call_kw(record.browse(), "record_event", [complaint.ids, "forwarded"], {})

    def test_over_rpc_it_is_refused_until_it_is_there(self):
        complaint = self.file_under("kk")
        with local_noon("2026-06-02"):
            with self.assertRaisesRegex(UserError, "(?s)still missing.*Handler"):
                self.forward(complaint)
            self.assertNotIn("forwarded", self.codes(complaint))
            complaint.handler_id = self.users["handler"]
            self.forward(complaint)
        self.assertIn("forwarded", self.codes(complaint))
