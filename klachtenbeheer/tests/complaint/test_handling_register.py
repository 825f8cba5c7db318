from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..support.common import local_noon
from ..support.handling_common import HandlingCase


@tagged("post_install", "-at_install")
class TestHandlingRegister(HandlingCase):
    """What is registered: SB45, BB4, BB13, BB17, SJ26, SJ31, KK32-35, KK44-45, T36-37."""

    SOURCES = ("sb", "sj", "kk", "bb")

    def solve(self, complaint):
        with local_noon("2026-06-05"):
            complaint.record_event("resolved_informally")
        return complaint

    def test_everything_is_registered_unless_the_policy_exempts_it(self):
        """SB45, BB4; KK32: what was solved in consultation need not be."""
        for source, registered in (("sb", True), ("sj", True), ("bb", True), ("kk", False)):
            complaint = self.solve(self.file_under(source))
            self.assertEqual(complaint.in_register, registered, source)
        self.assertTrue(self.file_under("kk").in_register, "as long as it is not solved")

    def test_what_must_be_registered_cannot_be_taken_out(self):
        """SB45, BB13, KK33."""
        for complaint in (
            self.file_under("sb"),
            self.file_under("bb"),
            self.file_under("kk", unwanted_behaviour=True),
        ):
            with self.assertRaisesRegex(UserError, "stays in the register"):
                complaint.in_register = False

    def test_unwanted_behaviour_is_registered_and_reported(self):
        """KK33, KK35."""
        complaint = self.solve(self.file_under("kk"))
        self.assertFalse(complaint.in_register)
        self.as_role(complaint, "coordinator").unwanted_behaviour = True
        self.assertTrue(complaint.in_register)
        self.assertEqual(complaint.register_forced, "unwanted behaviour")
        self.assertIn(
            "Belongs in the register: unwanted behaviour", self.alerts(complaint, "coordinator")
        )

    def test_repetition_on_a_subject_or_person_is_found_and_linked(self):
        """KK34, T37: twice in twelve months."""
        category = self.policies["kk"].category_ids.filtered(
            lambda line: line.name == "Wachttijden"
        )
        for vals in ({"category_id": category.id}, {"respondent_ids": self.accused.ids}):
            old = self.solve(self.file_under("kk", "2025-02-27", **vals))
            first = self.solve(self.file_under("kk", "2026-03-02", **vals))
            self.assertFalse(first.is_repeated, "the window has passed")
            second = self.solve(self.file_under("kk", **vals))
            self.assertTrue(second.is_repeated)
            self.assertTrue(second.in_register)
            self.assertEqual(second.related_ids, first)
            self.assertNotIn(old, second.related_ids)
            self.assertIn(
                "Belongs in the register: repeated: same subject or same person",
                self.alerts(second, "coordinator"),
            )

    def test_elsewhere_repetition_is_shown_and_has_no_consequences(self):
        self.file_under("sb", respondent_ids=self.accused.ids)
        second = self.file_under("sb", respondent_ids=self.accused.ids)
        self.assertTrue(second.related_ids)
        self.assertFalse(second.is_repeated)

    def test_an_exception_is_checked_and_followed_up_before_closing(self):
        """KK35."""
        complaint = self.solve(self.file_under("kk", unwanted_behaviour=True))
        complaint._waive(complaint.deadline_ids.filtered("is_open").term_id, "gesproken")
        complaint.outcome_note = "Gesproken."
        coordinator = self.as_role(complaint, "coordinator")
        with self.assertRaises(UserError) as refusal:
            coordinator.action_close()
        for part in ("Registration checked", "Improvement measure"):
            self.assertIn(part, str(refusal.exception))
        coordinator.action_check_registration()
        self.new(
            "measure",
            "coordinator",
            name="Gedragscode bespreken",
            link_ids=[(0, 0, {"complaint_id": complaint.id})],
        )
        coordinator.action_close()
        self.assertTrue(complaint.is_closed)
        ordinary = self.solve(self.file_under("kk"))
        ordinary._waive(ordinary.deadline_ids.filtered("is_open").term_id, "gesproken")
        ordinary.outcome_note = "Gesproken."
        ordinary.action_close()
        self.assertTrue(ordinary.is_closed, "no exception: no check is asked")

    def test_the_registrar_completes_and_the_coordinator_checks(self):
        """SJ26, SJ31."""
        complaint = self.file_under("sj")
        registrar = self.as_role(complaint, "registrar")
        registrar.write({"established_by": "Balie", "incident_place": "Halte Oost"})
        with self.assertRaises(AccessError):
            registrar.outcome = "answered"
        with self.assertRaises(AccessError):
            registrar.action_check_registration()
        with local_noon("2026-06-04"):
            self.as_role(complaint, "coordinator").action_check_registration()
        self.assertRecordValues(
            complaint, [{"registration_checked_by_id": self.users["coordinator"].id}]
        )

    def test_what_the_external_body_takes_up_is_registered_as_formal(self):
        """KK42, KK44-45: also when we hear of it for the first time."""
        complaint = self.file_under("kk", channel="external")
        self.assertRecordValues(
            complaint,
            [{"kind": "formal", "source": "external", "in_register": True, "outcome": "external"}],
        )
        self.assertFalse(complaint.deadline_ids.filtered("is_open"))
        with self.assertRaisesRegex(UserError, "formal complaint"):
            complaint.in_register = False
