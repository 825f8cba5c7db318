from odoo.tests import tagged

from ..support.common import ComplaintCase

COUNTS = "mail.activity/updated"


@tagged("post_install", "-at_install")
class TestListening(ComplaintCase):
    """A browser is told that there is something to do; where none is open, nobody is told."""

    def register_and_get_messages(self):
        """What a new complaint, which asks something of the coordinator, tells browsers."""
        self.env.cr.flush()
        messages = self.env["bus.bus"].sudo()  # nobody reads them but the platform
        before = messages.search([])
        complaint = self.file_complaint()
        self.assertEqual(complaint.activity_ids.user_id, self.users["coordinator"])
        self.env.cr.flush()
        return (messages.search([]) - before).filtered(lambda line: COUNTS in line.message)

    def set_presence(self, status):
        self.env["mail.presence"].create(
            {"user_id": self.users["coordinator"].id, "status": status}
        )
        self.env.flush_all()

    def test_whoever_has_a_screen_open_is_told_at_once(self):
        self.set_presence("online")
        self.assertEqual(len(self.register_and_get_messages()), 1)

    def test_whoever_looks_elsewhere_for_a_while_is_told_too(self):
        self.set_presence("away")
        self.assertEqual(len(self.register_and_get_messages()), 1)

    def test_without_a_screen_there_is_nobody_to_tell(self):
        self.assertFalse(self.register_and_get_messages())
        self.set_presence("offline")
        self.assertFalse(self.register_and_get_messages())
