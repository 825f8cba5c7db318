from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from odoo.modules.registry import Registry
from odoo.tests import TransactionCase
from odoo.tests.common import get_db_name

from .clock import freeze_time
from .kept_caches import KeptCaches
from .made_once import make_once

# Groups whose users have the powers of that name under every policy of their organisation, in a
# role of their own beside those that the policy names.
POWERFUL = ("registrar", "coordinator", "director", "board", "data_protector")
# What a privacy text has to tell before a policy is published (art. 13 AVG).
PRIVACY = (
    "<p>Wij gebruiken uw gegevens om uw klacht te behandelen. De grondslag is ons gerechtvaardigd"
    " belang. Wij bewaren ze {retention}. U mag ze inzien en laten verbeteren. U kunt een klacht"
    " indienen bij de Autoriteit Persoonsgegevens.</p>"
)
GROUPS = ("registrar", "handler", "coordinator", "director", "board", "manager")
MADE_WITH = {}  # {id of a user: the groups they had at first}


class ComplaintCase(TransactionCase):
    """The world of the tests: an organisation with a policy and a user in each role.

    `self.policy` is a published policy of the test itself, with one duty and one right,
    so that a test shows what it is about. The five source policies are at hand through
    `publish_source`.
    """

    @classmethod
    def setUpClass(cls):
        caches = KeptCaches(Registry(get_db_name()))
        cls.addClassCleanup(caches.put_back)  # comes last, when the platform has emptied them
        super().setUpClass()
        cls.addClassCleanup(caches.look)
        make_once(cls, ComplaintCase, "make_organisation")

    @classmethod
    def make_organisation(cls):
        cls.company = cls.env["res.company"].create({"name": "Stichting De Proef"})
        cls.company.partner_id.tz = "Europe/Amsterdam"
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        groups = {role: f"klachtenbeheer.group_{role}" for role in GROUPS}
        cls.users = cls.make_users({**groups, "employee": "base.group_user"})
        cls.policy = cls.make_policy()

    def setUp(self):
        caches = KeptCaches(self.registry)
        self.addCleanup(caches.put_back)
        super().setUp()
        self.addCleanup(caches.look)

    @classmethod
    def make_user(cls, login, groups="base.group_user", company=None):
        return cls.make_users({login: groups}, company)[login]

    @classmethod
    def make_users(cls, groups_of, company=None):
        """Make users at once, which takes less time than one by one.

        :param groups_of: {login: groups}; the password is the login, with x to eight characters
        :return: {login: user}
        """
        company = company or cls.company
        users = cls.env["res.users"].with_context(no_reset_password=True)  # no invitation is sent
        made = users.create(
            [cls.user_vals(login, groups, company) for login, groups in groups_of.items()]
        ).with_env(cls.env)
        MADE_WITH.update(zip(made.ids, groups_of.values(), strict=True))
        for user in made:
            cls.appoint(user)
        return dict(zip(groups_of, made, strict=True))

    @classmethod
    def user_vals(cls, login, groups, company):
        names = f"base.group_user,{groups}" if groups != "base.group_portal" else groups
        return {
            "name": f"{login} ({names})",
            "login": login,
            "password": login + "x" * (8 - len(login)),
            "email": f"{login[0]}.{login[0]}@example.com",
            "company_id": company.id,
            "company_ids": [(6, 0, company.ids)],
            "group_ids": [(6, 0, [cls.env.ref(name).id for name in names.split(",")])],
        }

    @classmethod
    def appoint(cls, users):
        """Give people the powers of their groups, under the policies that exist."""
        extra = cls.env["klachtenbeheer.policy.role"].search([("code", "=like", "extra-%")])
        for role in extra:
            found = cls.get_powerful(role.code.removeprefix("extra-"), role.company_id)
            if new := (found & users) - role.user_ids:
                role.user_ids |= new

    @classmethod
    def get_powerful(cls, kind, company=None):
        """Who was made with a group; not who got it with a role that a policy names."""
        name, company = f"klachtenbeheer.group_{kind}", company or cls.company
        return cls.env.ref(name).user_ids.filtered(
            lambda user: user.company_id == company and name in MADE_WITH.get(user.id, name)
        )

    @classmethod
    def extra_roles(cls, company=None):
        """Roles for who has a group, and is in none of the roles that the policy names."""
        roles = cls.env["klachtenbeheer.policy.role"]
        return [
            (
                0,
                0,
                {
                    **roles._get_usual_vals(kind),
                    "code": f"extra-{kind}",
                    "name": f"ook {kind}",
                    "chain_place": 0,
                    "required": False,
                    "user_ids": [(6, 0, cls.get_powerful(kind, company).ids)],
                },
            )
            for kind in POWERFUL
        ]

    @classmethod
    def make_policy(cls, **vals):
        """A small published policy: acknowledge in 5 werkdagen, answer in 14 days
        (extendable), object within a month."""
        event = cls.event_type
        named = vals.pop("role_ids", None) or [
            cls.line(role="coordinator", name="coördinator", users="coordinator"),
            cls.line(role="deputy", name="vervanger", users="director"),
            cls.line(role="director", name="directie", users="director"),
            cls.line(role="board", name="bestuur", users="board"),
        ]
        policy = cls.env["klachtenbeheer.policy"].create(
            {
                "name": "Klachtenregeling",
                "code": "proef",
                "company_id": cls.company.id,
                "effective_from": date(2020, 1, 1),
                "privacy_text": PRIVACY,
                "published_internal_on": date(2020, 1, 1),
                "published_external_on": date(2020, 1, 1),
                "role_ids": [*named, *cls.extra_roles()],
                "stage_ids": [
                    (0, 0, {"sequence": 10, "name": "Nieuw", "event_ids": event("received")}),
                    (0, 0, {"sequence": 20, "name": "Bezig", "event_ids": event("taken_up")}),
                    (0, 0, {"sequence": 30, "name": "Beantwoord", "event_ids": event("answered")}),
                    (
                        0,
                        0,
                        {
                            "sequence": 40,
                            "name": "Gesloten",
                            "event_ids": event("closed"),
                            "is_closed": True,
                            "requirement_ids": [
                                (6, 0, cls.env.ref("klachtenbeheer.requirement_outcome").ids)
                            ],
                        },
                    ),
                ],
                "term_ids": [
                    cls.term("acknowledge", "Ontvangstbevestiging", "acknowledged", 5, "workday"),
                    cls.term("answer", "Antwoord", "answered", 14, "day", extendable=True),
                    cls.term(
                        "object",
                        "Bezwaar",
                        "objected",
                        1,
                        "month",
                        start="answered",
                        duty_of="complainant",
                        end_rule="next_workday",
                    ),
                ],
                **vals,
            }
        )
        policy.action_publish()
        return policy

    @classmethod
    def line(cls, users=None, **vals):
        return (0, 0, {**vals, "user_ids": [(6, 0, cls.users[users].ids)] if users else []})

    @classmethod
    def event_type(cls, *codes):
        types = cls.env["klachtenbeheer.event.type"].search([("code", "in", codes)])
        return [(6, 0, types.ids)]

    @classmethod
    def term(cls, code, name, stop, amount, unit, start="received", **vals):
        start_event = cls.env.ref(f"klachtenbeheer.event_type_{start}")
        return (
            0,
            0,
            {
                "code": code,
                "name": name,
                "start_event_id": start_event.id,
                "stop_event_ids": cls.event_type(stop),
                "void_event_ids": cls.event_type("withdrawn", "out_of_scope"),
                "amount": amount,
                "unit": unit,
                **vals,
            },
        )

    @classmethod
    def file_complaint(cls, **vals):
        return cls.env["klachtenbeheer.complaint"].create(
            {
                "policy_id": cls.policy.id,
                "description": "De bus kwam drie keer niet.",
                "complainant_name": "Kees Klager",
                "complainant_email": "kees@example.com",
                "received_on": cls.company._complaint_today(),
                **vals,
            }
        )

    @classmethod
    def hear_both_sides(cls, complaint, **vals):
        """Complainant and everybody complained about were heard today."""
        sides = [{"role": "complainant", "name": "Kees Klager"}] + [
            {"role": "respondent", "partner_id": partner.id} for partner in complaint.respondent_ids
        ]
        hearing = complaint.env["klachtenbeheer.hearing"].create(
            {
                "complaint_id": complaint.id,
                "purpose": "hearing",
                "leader_id": (complaint.handler_id or cls.users["coordinator"]).id,
                "held_on": complaint._today(),
                "report": "<p>Beide kanten verteld.</p>",
                "participant_ids": [(0, 0, side) for side in sides],
                **vals,
            }
        )
        hearing.action_hold()
        return hearing

    def as_role(self, records, role):
        return records.with_user(self.users[role])

    def deadline(self, complaint, code, round_number=1):
        return complaint.deadline_ids.filtered(
            lambda line: line.code == code and line.round == round_number
        )

    def due(self, complaint):
        """{term code: due date} of all deadlines."""
        return {line.code: line.due_on for line in complaint.deadline_ids}


def local_noon(day):
    """Freeze time at noon of a local date in the Netherlands."""
    return local_time(day, "12:00")


def local_time(day, clock):
    """Freeze time at a local clock time, e.g. local_time("2026-07-09", "00:30")."""
    zone = ZoneInfo("Europe/Amsterdam")
    moment = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), zone)
    return freeze_time(moment.astimezone(ZoneInfo("UTC")).replace(tzinfo=None))
