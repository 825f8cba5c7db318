from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from ..support.common import local_noon
from ..support.portal_common import PortalCase

REASON = "Klager lag in het ziekenhuis."
LATE = "2026-07-06"  # the last day was Friday 3 July


@tagged("post_install", "-at_install")
class TestLateObjection(PortalCase):
    """Who disagrees after the last day is heard for a reason only (BA27), on every road."""

    SOURCES = ("ba", "sb")

    def answered(self, **vals):
        complaint = self.file_under("ba", handler_id=self.users["handler"].id, **vals)
        with local_noon("2026-06-03"):
            complaint.record_event("acknowledged")
            complaint.record_event("answered")
        return complaint

    def register(self, complaint, role, received_on=LATE, kind="objection", **vals):
        """As a client of the RPC interface does: a line of the dossier, put on record."""
        vals |= {"complaint_id": complaint.id, "kind": kind, "received_on": received_on}
        lines = self.env["klachtenbeheer.objection"].with_user(self.users[role])
        [number] = call_kw(lines, "create", [[vals]], {})
        return call_kw(lines, "action_register", [[number]], {})

    # ---------------------------------------------------------------- over RPC

    def test_nobody_records_it_over_rpc_without_a_reason(self):
        complaint = self.answered()
        for role in self.users:
            for vals in ({}, {"acceptance_reason": "  "}, {"is_late": False}, {"due_on": LATE}):
                with (
                    self.subTest(role, **vals),
                    local_noon(LATE),
                    self.assertRaises(UserError) as refused,
                    self.cr.savepoint(),
                ):
                    self.register(complaint, role, **vals)
                if role in ("handler", "coordinator"):
                    self.assertIn("after the last day", str(refused.exception))
        self.assertNotIn("objected", self.codes(complaint))

    def test_nor_past_the_line(self):
        complaint = self.answered()
        for role in self.users:
            record = self.as_role(complaint, role)
            with self.subTest(role), local_noon(LATE), self.assertRaises(UserError):
                call_kw(record.browse(), "record_event", [complaint.ids, "objected"], {})
        self.assertNotIn("objected", self.codes(complaint))

    def test_with_a_reason_it_is_recorded_over_rpc(self):
        for role in ("handler", "coordinator"):
            complaint = self.answered()
            with self.subTest(role), local_noon(LATE):
                self.register(complaint, role, acceptance_reason=REASON)
                self.assertIn("objected", self.codes(complaint))

    def test_in_time_it_needs_no_reason_however_late_it_is_entered(self):
        complaint = self.answered()
        with local_noon(LATE):
            self.register(complaint, "handler", "2026-07-03")
        self.assertIn("objected", self.codes(complaint))

    def test_one_that_is_late_among_several_stops_all(self):
        late, other = self.answered(), self.file_under("ba", handler_id=self.users["handler"].id)
        with local_noon(LATE), self.assertRaisesRegex(UserError, late.name):
            (late | other).record_event("objected")
        self.assertNotIn("objected", self.codes(other))

    def test_the_system_is_no_exception(self):
        complaint = self.answered()
        with local_noon(LATE), self.assertRaisesRegex(UserError, "after the last day"):
            complaint.sudo().record_event("objected")

    def test_the_right_to_a_follow_up_is_kept_alike(self):
        """SB40."""
        complaint = self.file_under("sb", handler_id=self.users["handler"].id, kind="formal")
        with local_noon("2026-06-03"):
            complaint.record_event("decided")
        due_on = self.deadline(complaint, "refer").due_on
        with local_noon("2026-09-01"):
            with self.assertRaisesRegex(UserError, "after the last day"), self.cr.savepoint():
                self.register(complaint, "handler", "2026-09-01", "follow_up")
            self.register(complaint, "handler", str(due_on), "follow_up")
        self.assertIn("referral_requested", self.codes(complaint))

    # ---------------------------------------------------------------- the portal

    def test_on_the_portal_it_waits_for_somebody_to_accept_it(self):
        complaint = self.file_of_client(days_ago=90)
        self.answer(complaint, days_ago=80)
        for reason in ("", REASON):
            with self.subTest(reason):
                try:
                    complaint._disagree("objection", "Niet mee eens.", late_reason=reason)
                except UserError:
                    self.assertFalse(reason)
                self.assertNotIn("objected", self.codes(complaint))
        self.assertEqual(complaint.objection_ids.state, "draft")
        line = self.as_role(complaint.objection_ids, "handler")
        with self.assertRaisesRegex(UserError, "after the last day"):
            line.action_register()
