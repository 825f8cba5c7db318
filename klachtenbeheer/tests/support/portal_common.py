from datetime import timedelta
from secrets import token_urlsafe

from odoo.http import Request
from odoo.tests import HttpCase

from .handling_common import HandlingCase
from .made_once import make_once

PDF = b"%PDF-1.4 klein"


class PortalCase(HandlingCase, HttpCase):
    """A complainant with an account, the people around them, and their browser.

    ============  ==============================================================
    client        complained; works at the same organisation as `colleague`
    stranger      has complaints of their own
    accused       is complained about
    lawyer        represents the client, authorised, with consent
    expert        stands by, with consent to follow
    bystander     stands by, without consent
    ============  ==============================================================
    """

    SOURCES = ("ba",)
    PEOPLE = ("client", "workmate", "stranger", "accused", "lawyer", "expert", "bystander")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make_once(cls, PortalCase, "make_visitors")

    @classmethod
    def make_visitors(cls):
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})
        cls.people = {name: cls.make_user(f"p.{name}", "base.group_portal") for name in cls.PEOPLE}
        cls.employer = cls.env["res.partner"].create({"name": "Bedrijf BV", "is_company": True})
        for name in ("client", "workmate"):
            cls.people[name].partner_id.parent_id = cls.employer
        for name, user in cls.people.items():
            user.write({"email": f"{name}@example.com", "lang": "en_US"})
        for user in cls.users.values():
            user.lang = "en_US"  # what they are told is read in the language of the source
        cls.today = cls.company._complaint_today()

    @classmethod
    def partner(cls, name):
        return cls.people[name].partner_id

    @classmethod
    def file_of_client(cls, source="ba", days_ago=3, **vals):
        """A complaint of the client, with everybody in their place."""
        complaint = cls.file_under(
            source,
            str(cls.today - timedelta(days=days_ago)),
            handler_id=cls.users["handler"].id,
            partner_id=cls.partner("client").id,
            **vals,
        )
        complaint.respondent_ids = cls.partner("accused")
        for name, kind, authorised, sees in (
            ("lawyer", "representative", True, True),
            ("expert", "expert", False, True),
            ("bystander", "expert", False, False),
        ):
            cls.env["klachtenbeheer.assistance"].create(
                {
                    "complaint_id": complaint.id,
                    "partner_id": cls.partner(name).id,
                    "kind": kind,
                    "is_authorised": authorised,
                    "sees_portal": sees,
                }
            )
        return complaint

    @classmethod
    def answer(cls, complaint, days_ago=1):
        day = cls.today - timedelta(days=days_ago)
        complaint.record_event("answered", day)
        return complaint

    def invite(self, complaint, role="handler", **vals):
        """An invitation to explain orally, with two moments."""
        hearing = self.talk(
            complaint,
            role,
            purpose="oral_explanation",
            slot_ids=[
                (0, 0, {"start_at": f"{self.today + timedelta(days=days)} 09:00:00"})
                for days in (6, 7)
            ],
            **vals,
        )
        self.offer_moments(hearing)
        return hearing.sudo()

    # ---------------------------------------------------------------- the browser

    def log_in(self, name):
        self.authenticate(f"p.{name}", f"p.{name}".ljust(8, "x"))

    def url(self, complaint, *parts):
        return "/".join(map(str, ("/my/klachten", complaint.id, *parts)))

    def get(self, complaint, *parts):
        self.env.flush_all()
        return self.url_open(self.url(complaint, *parts))

    def send(self, complaint, *parts, files=(), **form):
        """Send a form; `form_key` is new for each unless given."""
        return self.send_to(self.url(complaint, *parts), files, **form)

    def send_to(self, url, files=(), **form):
        self.env.flush_all()
        form.setdefault("form_key", token_urlsafe(8))
        response = self.url_open(
            url,
            data={"csrf_token": Request.csrf_token(self), **form},
            files=[("files", file) for file in files] or None,
        )
        self.env.invalidate_all()
        return response

    def count_everything(self, complaint):
        """What a refused action must not have changed."""
        complaint.invalidate_recordset()
        return {
            "events": len(complaint.event_ids),
            "messages": len(complaint.message_ids),
            "objections": len(complaint.objection_ids),
            "slots": complaint.hearing_ids.slot_ids.mapped("state"),
            "hearings": complaint.hearing_ids.mapped("state"),
            "stage": complaint.stage_id.id,
            "rating": len(complaint._get_rating()),
            "files": self.env["ir.attachment"].search_count(
                [("res_model", "=", complaint._name), ("res_id", "=", complaint.id)]
            ),
        }
