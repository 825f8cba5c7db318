from odoo.tests import tagged

from ..support.common import ComplaintCase

# Who has which role, reference, the time of the transaction, complaint, events, deadlines,
# followers, activity, what follows from these, telling screens that are open (twice).
IN_A_TRANSACTION = 11


@tagged("post_install", "-at_install")
class TestRegistrationCost(ComplaintCase):
    """What registering costs once a process is warm: what is published is not read again."""

    def count_queries(self, make):
        """The queries of something in a transaction of its own, done once before to warm up."""
        for _ in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            make()
            self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_a_registration_asks_eleven_queries_at_most(self):
        self.assertLessEqual(self.count_queries(self.file_complaint), IN_A_TRANSACTION)

    def test_of_a_source_policy_too(self):
        """With closing days, a register rule and everything else that a policy may have."""
        self.policy = self.make_policy(
            code="vol",
            count_decree_days=True,
            count_organisation_days=True,
            handover_on_intake=True,
            register_rule="unless_solved",
            alert_serious=True,
            board_replaces=True,
        )
        self.assertLessEqual(
            self.count_queries(lambda: self.file_complaint(policy_id=self.policy.id)),
            IN_A_TRANSACTION,
        )

    def test_more_at_once_ask_no_more(self):
        def file_some(number):
            vals = {
                "policy_id": self.policy.id,
                "description": "De bus kwam drie keer niet.",
                "complainant_name": "Kees Klager",
            }
            return self.env["klachtenbeheer.complaint"].create([vals] * number)

        self.assertLessEqual(self.count_queries(lambda: file_some(50)), IN_A_TRANSACTION + 2)

    def test_whoever_is_responsible_follows_once(self):
        """They are added in one statement, past the platform."""
        partner = self.users["coordinator"].partner_id
        complaint = self.file_complaint()
        self.assertEqual(complaint.message_partner_ids, partner)
        subtypes = self.env["mail.message.subtype"].default_subtypes(complaint._name)[0]
        self.assertEqual(complaint.message_follower_ids.subtype_ids, subtypes)
        complaint._let_follow(self.users["coordinator"])
        self.assertEqual(len(complaint.message_follower_ids), 1)

    def test_who_is_complained_about_does_not_follow(self):
        about = self.users["coordinator"].partner_id
        complaint = self.file_complaint(respondent_ids=about.ids)
        self.assertFalse(complaint.message_partner_ids & about)
        complaint._let_follow(self.users["coordinator"])
        self.assertFalse(complaint.message_partner_ids & about)

    def test_a_follower_that_was_given_stays_one(self):
        partner = self.users["coordinator"].partner_id
        vals = {"res_model": "klachtenbeheer.complaint", "partner_id": partner.id}
        complaint = self.file_complaint(message_follower_ids=[(0, 0, vals)])
        self.assertEqual(len(complaint.message_follower_ids), 1)
