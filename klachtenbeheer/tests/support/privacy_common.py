from datetime import timedelta

from dateutil.relativedelta import relativedelta

from .common import ComplaintCase, local_noon
from .made_once import make_once


class PrivacyCase(ComplaintCase):
    """Closed dossiers, and somebody who protects data."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make_once(cls, PrivacyCase, "make_protector")

    @classmethod
    def make_protector(cls):
        cls.users["protector"] = cls.make_user("protector", "klachtenbeheer.group_data_protector")
        cls.today = cls.company._complaint_today()

    @classmethod
    def file_closed(cls, months_ago=0, **vals):
        """A dossier that was closed so many months ago."""
        closed_on = cls.today - relativedelta(months=months_ago)
        complaint = cls.file_complaint(received_on=closed_on - timedelta(days=7), **vals)
        cls.close(complaint, closed_on)
        cls.env.flush_all()
        return complaint

    @classmethod
    def close(cls, complaint, day=None):
        """Past what closing asks for."""
        complaint.outcome = "answered"
        closed = cls.env["klachtenbeheer.event.type"]._get("closed")
        complaint._do_record_event(closed, day or cls.today, None, {})

    def run_job(self, days=0):
        """The daily job, so many days from now."""
        cron = self.env.ref("klachtenbeheer.cron_daily")
        day = (self.today + timedelta(days=days)).isoformat()
        with local_noon(day), self.enter_registry_test_mode():
            cron.with_user(self.env.ref("base.user_root")).method_direct_trigger()
        self.env.invalidate_all()

    def certificates(self, complaint):
        return self.env["klachtenbeheer.erasure"].search([("dossier_id", "=", complaint.id)])
