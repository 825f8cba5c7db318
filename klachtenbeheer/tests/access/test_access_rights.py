from base64 import b64encode
from datetime import timedelta
from unittest.mock import patch

from odoo.fields import Command, Domain
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.policy.role import ROLES
from ..support.access_common import ACCESS_LOGGERS, NOTHING, AccessCase, parse, refuse_briefly

# r read, search and group; w write; c create; u unlink; - nothing.

# A dossier that is assigned to `handler`, made by the partner of `portal`.
ASSIGNED = """
actor            complaint  event  deadline  letter
employee         c          -      -         -
registrar        rwc        -      -         -
handler          rwc        r      r         rwcu
colleague        c          -      -         -
coordinator      rwc        r      r         rwcu
stand_in         rwc        r      r         rwcu
director         rc         r      r         rw
director_board   rc         r      r         rw
board            c          -      -         -
manager          c          -      -         -
all_roles        rwc        r      r         rwcu
portal           -          -      -         -
other_portal     -          -      -         -
public           -          -      -         -
foreign          -          -      -         -
"""

# A dossier that was escalated to the board and is assigned to nobody.
ESCALATED = """
actor            complaint  event  deadline  letter
employee         c          -      -         -
registrar        rwc        -      -         -
handler          c          -      -         -
coordinator      rwc        r      r         rwcu
stand_in         rwc        r      r         rwcu
director         rc         r      r         rw
board            rc         r      r         r
manager          c          -      -         -
foreign          -          -      -         -
"""

# A dossier about everybody below; `handler` had it, and the board is involved. They see
# nothing of it. Registering a complaint about oneself is possible, and is no seeing.
ABOUT_THEM = """
actor            complaint  event  deadline  letter
employee         c          -      -         -
registrar        c          -      -         -
handler          c          -      -         -
coordinator      c          -      -         -
stand_in         c          -      -         -
director         c          -      -         -
board            c          -      -         -
manager          c          -      -         -
all_roles        c          -      -         -
portal           -          -      -         -
"""

# What belongs to a dossier: `line` stands for each of the models in LINES.
LINES = (
    "grievance",
    "fact",
    "agreement",
    "consultation",
    "ruling",
    "advice",
    "hearing",
    "hearing_participant",
    "hearing_slot",
    "objection",
    "referral",
    "assistance",
    "measure_link",
)
LINES_ASSIGNED = """
actor            line  measure
employee         -     -
registrar        -     -
handler          rwcu  rwc
colleague        -     c
coordinator      rwcu  rwcu
stand_in         rwcu  rwc
director         r     rwc
director_board   r     rwc
board            -     r
manager          -     -
all_roles        rwcu  rwcu
portal           -     -
public           -     -
foreign          -     -
"""
LINES_ESCALATED = """
actor            line  measure
employee         -     -
handler          -     c
coordinator      rwcu  rwcu
director         r     rwc
board            r     rw
foreign          -     -
"""
LINES_ABOUT_THEM = """
actor            line  measure
registrar        -     -
handler          -     c
coordinator      -     c
stand_in         -     c
director         -     c
board            -     -
all_roles        -     c
portal           -     -
"""
# A dossier that is assigned to `handler`, of somebody who wants to stay unknown.
HIDDEN = """
actor            identity  assistance  hearing_participant  letter
employee         -         -           -                    -
registrar        -         -           -                    -
handler          -         -           -                    -
coordinator      rwc       rwcu        rwcu                 rwcu
stand_in         rwc       rwcu        rwcu                 rwcu
director         -         -           -                    -
director_board   -         -           -                    -
foreign          -         -           -                    -
"""
# The same about everybody below; `c` is for another dossier.
HIDDEN_ABOUT_THEM = """
actor            identity
coordinator      c
stand_in         c
all_roles        c
"""
# A dossier on which `colleague` is the independent officer; nobody handles it.
INDEPENDENT = """
actor            complaint  event  deadline  letter
handler          c          -      -         -
colleague        rwc        r      r         rwcu
"""
LINES_INDEPENDENT = """
actor            line  measure
handler          -     c
colleague        rwcu  rwc
"""

# A dossier of somebody who stays unknown, under a policy for which `stand_in` does not stand in.
ELSEWHERE = """
actor            complaint  event  deadline  letter
coordinator      rwc        r      r         rwcu
stand_in         c          -      -         -
"""

# A mail to sort that seems to be about the first dossier, one about everybody below, and one
# of another organisation. The director is who stands in under this policy.
INCOMING = """
actor            incoming
employee         -
registrar        -
handler          -
coordinator      r
stand_in         r
director         r
director_board   -
board            -
manager          -
all_roles        r
portal           -
public           -
foreign          -
"""
INCOMING_ABOUT_THEM = """
actor            incoming
coordinator      -
stand_in         -
director         -
all_roles        -
"""
INCOMING_ELSEWHERE = """
actor            incoming
coordinator      -
stand_in         -
director         -
foreign          r
"""
# One that came in under another policy.
INCOMING_NEXT_DOOR = """
actor            incoming
coordinator      r
stand_in         -
"""
INCOMING_DIALOG = """
actor            incoming_sort
employee         -
registrar        -
handler          -
coordinator      c
stand_in         c
director         c
board            -
manager          -
portal           -
public           -
"""

# What the platform keeps beside a dossier; reading only.
BESIDE_ASSIGNED = """
actor        message activity follower notification attachment rating scheduled
employee     -       -        -        -            -          -      -
registrar    -       -        -        -            -          -      -
handler      r       r        r        r            r          -      r
colleague    -       -        -        -            -          -      -
coordinator  r       r        r        r            r          r      r
stand_in     r       r        r        r            r          -      r
director     r       r        r        r            r          r      r
board        -       -        -        -            -          -      -
manager      -       -        -        -            -          -      -
all_roles    r       r        r        r            r          r      r
portal       -       -        -        -            -          -      -
other_portal -       -        -        -            -          -      -
public       -       -        -        -            -          -      -
foreign      -       -        -        -            -          -      -
"""
BESIDE_ABOUT_THEM = """
actor        message activity follower notification attachment rating scheduled
employee     -       -        -        -            -          -      -
registrar    -       -        -        -            -          -      -
handler      -       -        -        -            -          -      -
coordinator  -       -        -        -            -          -      -
stand_in     -       -        -        -            -          -      -
director     -       -        -        -            -          -      -
board        -       -        -        -            -          -      -
manager      -       -        -        -            -          -      -
all_roles    -       -        -        -            -          -      -
portal       -       -        -        -            -          -      -
"""

# A draft; nobody but the manager changes a policy.
# Who is proposed for a role, and who was confirmed in one.
APPOINTMENT_DRAFT = """
actor            appointment
employee         -
coordinator      -
manager          rw
portal           -
foreign          -
foreign_manager  -
"""
APPOINTMENT = """
actor            appointment
employee         r
coordinator      r
manager          rw
portal           -
public           -
foreign          -
foreign_manager  -
"""
DRAFT_POLICY = """
actor            policy  policy_role  term  stage  category  complainant_kind  letter_type  passage
employee         -       -            -     -      -         -                 -            -
registrar        r       r            r     r      r         r                 r            r
handler          r       r            r     r      r         r                 r            r
coordinator      r       r            r     r      r         r                 r            r
director         r       r            r     r      r         r                 r            r
board            r       r            r     r      r         r                 r            r
manager          rwcu    rwcu         rwcu  rwcu   rwcu      rwcu              rwcu         rwcu
portal           -       -            -     -      -         -                 -            -
public           -       -            -     -      -         -                 -            -
foreign          -       -            -     -      -         -                 -            -
foreign_manager  -       -            -     -      -         -                 -            -
"""
PUBLISHED_POLICY = """
actor            policy  policy_role  term  stage  category  complainant_kind  letter_type  passage
employee         r       r            r     r      r         r                 r            r
registrar        r       r            r     r      r         r                 r            r
manager          r       r            r     r      r         r                 r            r
portal           -       -            -     -      -         -                 -            -
public           -       -            -     -      -         -                 -            -
foreign          -       -            -     -      -         -                 -            -
foreign_manager  -       -            -     -      -         -                 -            -
"""
# A model to copy from, shipped with the addon: of all companies to read, of one to change.
MODEL_POLICY = """
actor            policy  policy_role  term  stage  category  complainant_kind  letter_type  passage
employee         -       -            -     -      -         -                 -            -
manager          r       r            r     r      r         r                 r            r
foreign_manager  r       r            r     r      r         r                 r            r
"""
# Texts of a policy in another language: as the policy that they belong to.
TRANSLATION_DRAFT = """
actor            policy_translation
employee         -
registrar        r
handler          r
coordinator      r
director         r
board            r
manager          rwcu
portal           -
public           -
foreign          -
foreign_manager  -
"""
TRANSLATION = """
actor            policy_translation
employee         r
registrar        r
manager          rwcu
portal           -
public           -
foreign          -
foreign_manager  -
"""
TRANSLATION_MODEL = """
actor            policy_translation
employee         -
manager          r
foreign_manager  r
"""

# What a requirement can ask for is a field of the platform.
CATALOGUE = """
actor            event_type  channel  requirement  hearing_result  verdict  closed_day  model_field
employee         r           r        r            r               r        r           -
coordinator      r           r        r            r               r        rwcu        -
manager          rwcu        rwcu     rwcu         rwcu            rwcu     rwcu        r
portal           -           -        -            -               -        -           -
public           -           -        -            -               -        -           -
foreign          r           r        r            r               r        -           -
foreign_manager  rwcu        rwcu     rwcu         rwcu            rwcu     -           r
"""

# Dialogs: who may open one, and see what somebody else is typing: nobody.
DIALOGS = """
actor        intake event_record event_void receipt_correction duty_waive delay letter_reason
employee     c      -            -          -                  -          -     -
registrar    c      -            -          c                  -          -     -
handler      c      c            c          c                  c          c     c
coordinator  c      c            c          c                  c          c     c
director     c      -            -          -                  -          -     c
board        c      -            -          -                  -          -     c
manager      c      -            -          -                  -          -     -
portal       -      -            -          -                  -          -     -
public       -      -            -          -                  -          -     -
"""
HANDLING_DIALOGS = """
actor        assign triage escalate ruling_decide absence message_compose
employee     -      -      -        -     -     -
registrar    -      -      -        -     -     -
handler      c      -      c        -     -     c
coordinator  c      c      c        -     c     c
stand_in     c      c      c        -     -     c
director     c      -      -        c     c     -
board        -      -      -        c     -     -
manager      -      -      -        -     -     -
portal       -      -      -        -     -     -
public       -      -      -        -     -     -
"""
LAST_DIALOGS = """
actor        letter_outside  close
employee     -               -
registrar    -               -
handler      c               c
coordinator  c               c
director     c               -
board        c               -
manager      -               -
portal       -               -
public       -               -
"""
# What keeps a dossier, and what was made of it as a whole.
KEPT_ASSIGNED = """
actor            legal_hold  dossier_file
employee         -           -
registrar        -           -
handler          r           r
colleague        -           -
coordinator      rwc         rwc
stand_in         rwc         rwc
director         r           r
director_board   r           r
board            -           -
manager          -           -
protector        -           -
all_roles        rwc         rwc
portal           -           -
public           -           -
foreign          -           -
"""
KEPT_ESCALATED = """
actor            legal_hold  dossier_file
handler          -           -
coordinator      rwc         rwc
board            r           r
"""
KEPT_ABOUT_THEM = """
actor            legal_hold  dossier_file
registrar        -           -
handler          -           -
coordinator      -           -
stand_in         -           -
director         -           -
board            -           -
all_roles        -           -
"""
# Who protects data reads these, and no dossier.
PRIVACY = """
actor            erasure  reading  subject_request  subject_item  breach
employee         -        -        -                -             -
registrar        -        -        -                -             -
handler          -        -        -                -             -
coordinator      -        -        -                -             -
director         -        -        -                -             -
board            -        -        -                -             -
manager          -        -        -                -             -
protector        r        r        rwc              rwcu          rwc
all_roles        -        -        -                -             -
portal           -        -        -                -             -
public           -        -        -                -             -
foreign          -        -        -                -             -
"""
# What was noted of who reads the log themself.
PRIVACY_OWN = """
actor            reading
protector        -
"""
PRIVACY_ELSEWHERE = """
actor            erasure  reading  subject_request  subject_item  breach
protector        -        -        -                -             -
"""
RETENTION_DRAFT = """
actor            retention_rule
employee         -
registrar        -
handler          -
coordinator      r
director         -
board            -
manager          rwcu
protector        r
portal           -
public           -
foreign          -
foreign_manager  -
"""
RETENTION_MODEL = """
actor            retention_rule
manager          r
foreign_manager  r
"""
TRANSFER_FORMATS = """
actor            transfer_format
employee         -
registrar        -
handler          r
coordinator      r
stand_in         r
director         r
board            r
manager          rwcu
protector        -
portal           -
public           -
foreign          r
foreign_manager  rwcu
"""
REPLAY_DIALOG = """
actor            erasure_replay
employee         -
coordinator      -
manager          -
protector        c
portal           -
"""
# What the public pages need, for nobody's eyes.
UNSEEN = """
actor            throttle  access_code  form_submission  form_upload
employee         -         -            -                -
registrar        -         -            -                -
handler          -         -            -                -
coordinator      -         -            -                -
director         -         -            -                -
board            -         -            -                -
manager          -         -            -                -
all_roles        -         -            -                -
portal           -         -            -                -
public           -         -            -                -
foreign          -         -            -                -
"""
IMPORT_DIALOG = """
actor        register_import  register_import_problem
employee     -                -
registrar    -                -
handler      -                -
coordinator  c                c
director     -                -
manager      -                -
portal       -                -
"""
SETUP_DIALOG = """
actor        policy_setup  policy_setup_role  policy_setup_placeholder  next_version
employee     -             -                  -                         -
coordinator  -             -                  -                         -
manager      c             c                  c                         c
portal       -             -                  -                         -
"""

# Figures of the dossiers above, as views.
FIGURES_ASSIGNED = """
actor            complaint_figures  duty_figures
employee         -                  -
registrar        -                  -
handler          -                  -
coordinator      r                  r
stand_in         r                  r
director         r                  r
board            -                  -
manager          -                  -
portal           -                  -
foreign          -                  -
"""
FIGURES_ESCALATED = """
actor            complaint_figures  duty_figures
board            r                  r
"""
FIGURES_ABOUT_THEM = """
actor            complaint_figures  duty_figures
coordinator      -                  -
stand_in         -                  -
director         -                  -
board            -                  -
"""
# A report that waits for its texts, and one that was sent to director and board.
REPORT_DRAFT = """
actor            report  report_text  report_recipient  report_discussion
employee         -       -            -                 -
registrar        -       -            -                 -
handler          -       -            -                 -
stand_in         -       -            -                 -
coordinator      rwc     rw           r                 rwcu
all_roles        rwc     rw           r                 rwcu
director         -       -            -                 -
board            -       -            -                 -
manager          -       -            -                 -
portal           -       -            -                 -
foreign          -       -            -                 -
"""
REPORT_SENT = """
actor            report  report_text  report_recipient  report_discussion
coordinator      rwc     r            r                 rwcu
director         r       r            r                 r
board            r       r            r                 r
director_board   -       -            -                 -
foreign          -       -            -                 -
"""
REPORT_KINDS = """
actor            report_type  report_type_recipient  report_section  report_plan
employee         -            -                      -               -
registrar        -            -                      -               -
coordinator      r            r                      r               r
director         r            r                      r               r
board            r            r                      r               r
manager          rwcu         rwcu                   rwcu            rwcu
portal           -            -                      -               -
foreign          -            -                      -               -
foreign_manager  -            -                      -               -
"""
LEARNING = """
actor            pattern  evaluation
employee         -        -
registrar        -        -
handler          -        -
stand_in         -        -
coordinator      rw       rwcu
director         rw       r
board            -        r
manager          -        rwcu
portal           -        -
foreign          -        -
foreign_manager  -        -
"""
PATTERN_ABOUT_THEM = """
actor            pattern
coordinator      -
director         -
"""
# A measure that `employee` carries out.
OWN_MEASURE = """
actor            measure
employee         rw
registrar        -
board            r
manager          -
"""
EXPORT_DIALOG = """
actor        register_export
employee     -
registrar    c
handler      -
coordinator  c
director     -
board        -
manager      -
portal       -
"""
MAKING_DIALOG = """
actor        report_making
employee     -
registrar    -
handler      -
coordinator  c
director     -
board        -
manager      -
portal       -
"""
# Long work that `handler` asked for.
LONG_WORK = """
actor            long_work
employee         -
registrar        -
handler          r
stand_in         -
coordinator      -
director         -
board            -
manager          -
portal           -
foreign          -
foreign_manager  -
"""

# What only administrators could read, or those invited: test_canary_rules.py.
SHOWN_BY_CANARIES = {
    *("mail.mail", "mail.tracking.value", "mail.message.schedule"),
    *("calendar.event", "calendar.attendee"),
}
PLATFORM = {
    "model_field": "ir.model.fields",
    "message": "mail.message",
    "activity": "mail.activity",
    "follower": "mail.followers",
    "notification": "mail.notification",
    "attachment": "ir.attachment",
    "rating": "rating.rating",
    "scheduled": "mail.scheduled.message",
}


def spread(table):
    """A table in which `line` stands for every model in LINES, written out."""
    return {
        (actor, column): cell
        for (actor, name), cell in parse(table).items()
        for column in (LINES if name == "line" else (name,))
    }


def get_model_name(column):
    return PLATFORM.get(column) or f"klachtenbeheer.{column.replace('_', '.')}"


@tagged("post_install", "-at_install")
class TestAccessRights(AccessCase):
    """Role × model × operation (design.md 8): what people can really do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(refuse_briefly())
        cls.subjects = {}
        cls.make_dossiers()
        cls.make_policies()
        cls.make_catalogue()
        cls.make_privacy()
        cls.make_unseen()
        cls.make_dialogs()
        cls.make_reports()
        cls.make_report_kinds()
        cls.let_stand_in()
        cls.env.flush_all()

    def test_nothing_in_the_tables_is_missing(self):
        for subjects in self.subjects.values():
            for column, (record, *_values) in subjects.items():
                self.assertTrue(record.exists(), column)

    # ---------------------------------------------------------------- subjects

    @classmethod
    def make_dossiers(cls):
        handler = cls.users["handler"]
        accused = cls.env["res.users"].union(
            *(cls.users[actor] for actor, _column in spread(ABOUT_THEM))
        )
        assigned = cls.file_full_complaint(handler_id=handler.id)
        escalated = cls.file_full_complaint(board_involved=True)
        about_them = cls.file_full_complaint(board_involved=True, handler_id=handler.id)
        independent = cls.file_full_complaint(independent_id=cls.users["colleague"].id)
        about_them["complaint"].respondent_ids = accused.partner_id
        cls.next_door = cls.make_full_policy(code="ernaast")
        elsewhere = cls.file_full_complaint(policy_id=cls.next_door.id)
        for table, records in (
            (ASSIGNED, assigned),
            (ESCALATED, escalated),
            (ABOUT_THEM, about_them),
            (INDEPENDENT, independent),
            (ELSEWHERE, elsewhere),
            (BESIDE_ASSIGNED, assigned),
            (BESIDE_ABOUT_THEM, about_them),
        ):
            complaint = records["complaint"]
            new = {
                "policy_id": complaint.policy_id.id,
                "description": "Nog een klacht",
                "respondent_ids": [Command.set(complaint.respondent_ids.ids)],
            }
            event = {
                "complaint_id": complaint.id,
                "type_id": cls.env.ref("klachtenbeheer.event_type_contacted").id,
                "occurred_on": complaint.received_on,
            }
            deadline = records["deadline"].copy_data({"round": 2})[0]
            letter_type = complaint.policy_id.letter_type_ids
            letter = {"complaint_id": complaint.id, "type_id": letter_type.id}
            changes = {
                "complaint": ({"incident_place": "Halte"}, new),
                "event": ({"note": "Anders"}, event),
                "deadline": ({"due_on": complaint.received_on}, deadline),
                "letter": ({"reason": "Anders"}, letter),
            }
            cls.subjects[table] = {
                column: (records[column], *changes.get(column, (None, None)))
                for _actor, column in spread(table)
            }
        for table, records in (
            (LINES_ASSIGNED, assigned),
            (LINES_ESCALATED, escalated),
            (LINES_ABOUT_THEM, about_them),
            (LINES_INDEPENDENT, independent),
        ):
            cls.subjects[table] = cls.make_lines(records["complaint"])
        cls.make_figures(FIGURES_ASSIGNED, assigned["complaint"])
        cls.make_figures(FIGURES_ESCALATED, escalated["complaint"])
        cls.make_figures(FIGURES_ABOUT_THEM, about_them["complaint"])
        for table, records in (
            (KEPT_ASSIGNED, assigned),
            (KEPT_ESCALATED, escalated),
            (KEPT_ABOUT_THEM, about_them),
        ):
            cls.subjects[table] = cls.make_kept(records["complaint"])
        cls.make_hidden(accused)
        cls.make_incoming(assigned["complaint"], about_them["complaint"])

    @classmethod
    def make_incoming(cls, complaint, about_them):
        """Mails that somebody has to sort."""
        company, cls.company = cls.company, cls.other_company
        far = cls.make_full_policy(
            code="ver", role_ids=[cls.line(role="coordinator", name="coördinator", users="foreign")]
        )
        cls.company = company
        vals = {
            "reason": "stranger",
            "company_id": cls.company.id,
            "policy_id": cls.policy.id,
            "arrived_on": "2026-06-01 09:00:00",
        }
        for table, changes in (
            (INCOMING, {"complaint_id": complaint.id}),
            (INCOMING_ABOUT_THEM, {"complaint_id": about_them.id}),
            (INCOMING_ELSEWHERE, {"company_id": cls.other_company.id, "policy_id": far.id}),
            (INCOMING_NEXT_DOOR, {"policy_id": cls.next_door.id}),
        ):
            mail = cls.env["klachtenbeheer.incoming"].create(vals | changes)
            cls.subjects[table] = {"incoming": (mail, {"note": "Anders"}, vals | changes)}
        new = {"purpose": "discard", "reason": "Reclame"}
        dialog = cls.env["klachtenbeheer.incoming.sort"].create(new)
        cls.subjects[INCOMING_DIALOG] = {"incoming_sort": (dialog, {"reason": "Anders"}, new)}

    @classmethod
    def make_hidden(cls, accused):
        """Dossiers of somebody who stays unknown, one of them about everybody."""
        other = cls.file_full_complaint()["complaint"]
        for table, respondents in ((HIDDEN, accused.browse()), (HIDDEN_ABOUT_THEM, accused)):
            records = cls.file_full_complaint(
                hide_identity=True, handler_id=cls.users["handler"].id
            )
            complaint = records["complaint"]
            complaint.respondent_ids = respondents.partner_id
            lines = cls.make_lines(complaint)
            cls.subjects[table] = {
                "identity": (
                    complaint.identity_ids,
                    {"complainant_phone": "06"},
                    {"complaint_id": other.id, "complainant_name": "Iemand"},
                ),
                "assistance": lines["assistance"],
                "hearing_participant": lines["hearing_participant"],
                "letter": (
                    records["letter"],
                    {"reason": "Anders"},
                    {"complaint_id": complaint.id, "type_id": cls.policy.letter_type_ids.id},
                ),
            }

    @classmethod
    def make_lines(cls, complaint):
        """A line of each kind in a dossier, with a change and values for another."""
        env, of_complaint = cls.env, {"complaint_id": complaint.id}
        hearing = env["klachtenbeheer.hearing"].create(
            of_complaint | {"leader_id": cls.outsider.id}
        )
        of_hearing = {"hearing_id": hearing.id}
        text = {"name": "Iets"}
        partners = env["res.partner"].create([{"name": "Een"}, {"name": "Twee"}])
        measures = env["klachtenbeheer.measure"].create(
            [text | {"company_id": cls.company.id} for _number in range(2)]
        )
        # whoever links a measure knows it from a dossier of their own
        env["klachtenbeheer.complaint"].create(
            [
                {
                    "policy_id": cls.policy.id,
                    "description": "Elders",
                    "handler_id": cls.users[actor].id,
                    "measure_link_ids": [Command.create({"measure_id": measures[1].id})],
                }
                for actor in ("handler", "stand_in", "colleague")
            ]
        )
        role = complaint.policy_id.role_ids[:1]
        vals = {
            "grievance": (text, text),
            "fact": (text, text),
            "agreement": (text, text),
            "consultation": (
                {"question": "En nu?"},
                {"with_whom": "Iemand", "question": "Wat?", "advice": "Dit."},
            ),
            "ruling": ({"question": "En nu?"}, {"question": "Wat?"}),
            "advice": ({"question": "En nu?"}, {"question": "Wat?", "role_id": role.id}),
            "hearing": ({"aim": "Iets"}, {"leader_id": cls.outsider.id}),
            "objection": ({"description": "Iets"}, {}),
            "referral": ({"content": "Iets"}, {"role_id": role.id}),
            "assistance": ({"gets_copies": True}, {"partner_id": partners[0].id}),
            "measure_link": (
                {"communicated_on": complaint.received_on},
                {"measure_id": measures[0].id},
            ),
        }
        second = {
            "assistance": {"partner_id": partners[1].id},
            "measure_link": {"measure_id": measures[1].id},
        }
        lines = {
            column: (
                env[get_model_name(column)].create(of_complaint | new),
                change,
                of_complaint | second.get(column, new),
            )
            for column, (change, new) in vals.items()
        }
        for column, new in (
            ("hearing_participant", text | {"role": "complainant"}),
            ("hearing_slot", {"start_at": "2026-06-01 09:00:00"}),
        ):
            line = env[get_model_name(column)].create(of_hearing | new)
            lines[column] = (line, new, of_hearing | new)
        measure = text | {"company_id": cls.company.id}
        return lines | {"measure": (measures[0], {"name": "Anders"}, measure)}

    @classmethod
    def make_policies(cls):
        draft = cls.policy.copy({"code": "concept"})
        model = cls.env.ref("klachtenbeheer.policy_sb")
        model.complainant_kind_ids = model.complainant_kind_ids or [
            Command.create({"name": "Cliënt"})
        ]
        for table, policy in (
            (DRAFT_POLICY, draft),
            (PUBLISHED_POLICY, cls.policy),
            (MODEL_POLICY, model),
        ):
            lines = {
                "policy": policy,
                "policy_role": policy.role_ids[:1],
                "term": policy.term_ids[-1:],
                "stage": policy.stage_ids[:1],
                "category": policy.category_ids[-1:],
                "complainant_kind": policy.complainant_kind_ids[:1],
                "letter_type": policy.letter_type_ids[:1],
                "passage": policy.passage_ids[:1],
            }
            # what was published changes for nobody, which is no question of rights
            changes = {"passage": {"body": "<p>Anders</p>"}}
            cls.subjects[table] = {
                column: (
                    line,
                    None if policy == cls.policy else changes.get(column, {"name": "Anders"}),
                    cls.prepare_line(column, line),
                )
                for column, line in lines.items()
            }

        for table, policy in ((APPOINTMENT_DRAFT, draft), (APPOINTMENT, cls.policy)):
            new = {"role_id": policy.role_ids[:1].id, "user_id": cls.users["colleague"].id}
            appointment = cls.env["klachtenbeheer.appointment"].create(new)
            another = new | {"user_id": cls.users["employee"].id}
            cls.subjects[table] = {
                "appointment": (appointment, {"date_until": "2030-01-01"}, another)
            }

        cls.make_translations(draft, model)

    @classmethod
    def make_translations(cls, draft, model):
        for table, policy in (
            (TRANSLATION_DRAFT, draft),
            (TRANSLATION, cls.policy),
            (TRANSLATION_MODEL, model),
        ):
            new = {"policy_id": policy.id, "lang": "en_US", "source": "Regel"}
            line = cls.env["klachtenbeheer.policy.translation"].create(new)
            another = new | {"source": "Nog een regel"}
            cls.subjects[table] = {"policy_translation": (line, {"text": "Rule"}, another)}

    @classmethod
    def prepare_line(cls, column, line):
        """Values for another line like this one."""
        vals = line.with_context(active_test=False).copy_data()[0]
        if column == "policy_role":
            taken = line.policy_id.role_ids.mapped("role")
            vals["role"] = next(role for role, _title in ROLES if role not in taken)
            vals["code"] = "nieuw"
        elif "code" in line:
            vals["code"] = "nieuw"
        own_lines = [fname for fname, field in line._fields.items() if field.type == "one2many"]
        return {fname: value for fname, value in vals.items() if fname not in own_lines}

    @classmethod
    def make_catalogue(cls):
        env, today = cls.env, cls.company._complaint_today()
        field = env["ir.model.fields"]._get("klachtenbeheer.complaint", "summary")
        prepare = {
            "event_type": lambda code: {"code": code, "name": "Iets"},
            "channel": lambda code: {"code": code, "name": "Duif"},
            "requirement": lambda code: {
                "code": code,
                "name": "Iets",
                "field_ids": [Command.set(field.ids)],
            },
            "hearing_result": lambda code: {"name": code},
            "verdict": lambda code: {
                **dict.fromkeys(("name", "phrase", "code"), code),
                "counts_as": "upheld",
            },
            "closed_day": lambda code: {
                "date": today + timedelta(len(code)),
                "name": "Dicht",
                "company_id": cls.company.id,
            },
        }
        cls.subjects[CATALOGUE] = {
            column: (
                env[get_model_name(column)].create(vals("own")),
                {"name": "Anders"},
                vals("another"),
            )
            for column, vals in prepare.items()
        } | {"model_field": (field, None, None)}

    @classmethod
    def make_figures(cls, table, complaint):
        names = ("complaint_figures", "duty_figures")
        found = {
            name: cls.env[get_model_name(name)].search([("complaint_id", "=", complaint.id)])[:1]
            for name in names
        }
        cls.subjects[table] = {name: (record, None, None) for name, record in found.items()}

    @classmethod
    def make_reports(cls):
        """What is told of dossiers, and learned from them."""
        env, policy = cls.env, cls.policy
        kind = env.ref("klachtenbeheer.report_type_board_half_year")
        vals = {"type_id": kind.id, "policy_id": policy.id}
        readers = cls.users["director"] | cls.users["board"]
        for table, first, state in (
            (REPORT_DRAFT, "2024-01-01", "writing"),
            (REPORT_SENT, "2024-07-01", "sent"),
        ):
            report = env["klachtenbeheer.report"].create({**vals, "date_from": first})
            said = {"report_id": report.id, "body": "team"}
            discussion = env["klachtenbeheer.report.discussion"].create(said)
            recipients = env["klachtenbeheer.report.recipient"]
            line = recipients.create({"report_id": report.id, "name": "Iemand"})
            people = {"reader_ids": [Command.set(readers.ids)], "approver_ids": [Command.clear()]}
            report._as_procedure().write({**people, "state": state})
            text = report.text_ids[:1]
            of_text = ({"body": "<p>Iets</p>"}, {"report_id": report.id})
            cls.subjects[table] = {
                "report": (report, {"activity_ids": []}, {**vals, "date_from": "2023-01-01"}),
                "report_text": (text, *(of_text if state == "writing" else (None, None))),
                "report_recipient": (
                    line,
                    {"name": "Anders"},
                    {"report_id": report.id, "name": "Nog iemand"},
                ),
                "report_discussion": (discussion, {"note": "Iets"}, said),
            }
        cls.make_learning()

    @classmethod
    def make_learning(cls):
        env, policy = cls.env, cls.policy
        accused = (cls.users["coordinator"] | cls.users["director"]).partner_id
        vals = {"policy_id": policy.id, "kind": "theme", "key": "Vervoer"}
        patterns = env["klachtenbeheer.pattern"].create([vals, vals])
        patterns[1].complaint_ids = cls.file_complaint(respondent_ids=[Command.set(accused.ids)])
        evaluation = env["klachtenbeheer.evaluation"].create({"policy_id": policy.id})
        of_pattern = ({"reason": "Daarom"}, vals)
        cls.subjects[LEARNING] = {
            "pattern": (patterns[0], *of_pattern),
            "evaluation": (evaluation, {"present": "MT"}, {"policy_id": policy.id}),
        }
        cls.subjects[PATTERN_ABOUT_THEM] = {"pattern": (patterns[1], *of_pattern)}
        measures = env["klachtenbeheer.measure"]
        new = {"name": "Iets", "company_id": cls.company.id}
        own = measures.create({**new, "owner_id": cls.users["employee"].id})
        cls.subjects[OWN_MEASURE] = {"measure": (own, {"feedback_to": "het team"}, new)}
        dialog = env["klachtenbeheer.register.export"].create({})
        cls.subjects[EXPORT_DIALOG] = {"register_export": (dialog, {"date_from": "2024-01-01"}, {})}
        cls.make_long_work()

    @classmethod
    def make_long_work(cls):
        dialog = cls.env["klachtenbeheer.report.making"].create({})
        change = {"date_from": "2024-01-01"}
        cls.subjects[MAKING_DIALOG] = {"report_making": (dialog, change, {})}
        new = {
            "name": "Brieven",
            "worker": "klachtenbeheer.letter.printing",
            "user_id": cls.users["handler"].id,
        }
        work = cls.env["klachtenbeheer.long.work"].create(new)
        cls.subjects[LONG_WORK] = {"long_work": (work, {"name": "Anders"}, new)}

    @classmethod
    def make_report_kinds(cls):
        env = cls.env
        vals = {"name": "Eigen", "title": "Klachten in {period}", "company_id": cls.company.id}
        kind = env["klachtenbeheer.report.type"].create({**vals, "code": "eigen"})
        of_kind = {"type_id": kind.id}
        role, other_role = [role for role, _name in ROLES][:2]
        section = {**of_kind, "name": "Woorden", "kind": "text"}
        plan = {"policy_id": cls.policy.id, **of_kind}
        other = env.ref("klachtenbeheer.report_type_kpi")
        create = {
            "report_type": (vals, {"code": "eigen2"}, {"name": "Anders"}),
            "report_type_recipient": (of_kind, {"role": other_role}, {"role": "board"}),
            "report_section": (section, {}, {"name": "Anders"}),
            "report_plan": (plan, {"type_id": other.id}, {"clause": "Anders"}),
        }
        records = {
            "report_type": kind,
            "report_type_recipient": env["klachtenbeheer.report.type.recipient"].create(
                {**of_kind, "role": role}
            ),
            "report_section": env["klachtenbeheer.report.section"].create(section),
            "report_plan": env["klachtenbeheer.report.plan"].create(plan),
        }
        # a kind that nobody asks for can be removed
        free = env["klachtenbeheer.report.type"].create({**vals, "code": "vrij"})
        records["report_type"] = free
        cls.subjects[REPORT_KINDS] = {
            name: (records[name], change, first | then)
            for name, (first, then, change) in create.items()
        }

    @classmethod
    def make_kept(cls, complaint):
        of_complaint = {"complaint_id": complaint.id}
        vals = {
            "legal_hold": ({"reason": "Anders"}, of_complaint | {"reason": "Claim"}),
            "dossier_file": ({"recipient": "Anders"}, of_complaint),
        }
        return {
            column: (cls.env[get_model_name(column)].create(new), change, new)
            for column, (change, new) in vals.items()
        }

    @classmethod
    def make_privacy(cls):
        draft = cls.policy.copy({"code": "bewaren"})
        model = cls.env.ref("klachtenbeheer.policy_sb")
        for table, policy in ((RETENTION_DRAFT, draft), (RETENTION_MODEL, model)):
            line = policy.retention_rule_ids[:1]
            new = {"policy_id": policy.id, "kind": "letter", "months": 1}
            cls.subjects[table] = {"retention_rule": (line, {"ground": "Anders"}, new)}
        cls.subjects[PRIVACY] = cls.make_private(cls.company, cls.users["handler"])
        own = cls.make_private(cls.company, cls.users["protector"])
        cls.subjects[PRIVACY_OWN] = {"reading": own["reading"]}
        cls.subjects[PRIVACY_ELSEWHERE] = cls.make_private(cls.other_company, cls.users["foreign"])
        new = {"name": "Eigen", "code": "eigen", "content": "nummer = reference"}
        line = cls.env["klachtenbeheer.transfer.format"].create({**new, "code": "proef"})
        cls.subjects[TRANSFER_FORMATS] = {"transfer_format": (line, {"name": "Anders"}, new)}
        journal = {"journal": "erased {}"}
        dialog = cls.env["klachtenbeheer.erasure.replay"].create(journal)
        cls.subjects[REPLAY_DIALOG] = {"erasure_replay": (dialog, journal, journal)}

    @classmethod
    def make_private(cls, company, reader):
        of_company = {"company_id": company.id}
        request = of_company | {"person_name": "Kees", "kind": "access"}
        requests = cls.env["klachtenbeheer.subject.request"]
        item = {"request_id": requests.create(request).id, "give": True}
        vals = {
            "erasure": ({"rule": "Anders"}, of_company | {"kind": "complaint"}),
            "reading": (
                {"reference": "Anders"},
                of_company
                | {
                    "user_id": reader.id,
                    "what": "dossier",
                    "ground": "handler",
                    "hour": "2026-01-01 10:00:00",
                },
            ),
            "subject_request": ({"person_name": "Anders"}, request),
            "subject_item": ({"marked_text": "Anders"}, item),
            "breach": ({"name": "Anders"}, of_company | {"name": "Brief kwijt"}),
        }
        return {
            column: (cls.env[get_model_name(column)].create(new), change, new)
            for column, (change, new) in vals.items()
        }

    @classmethod
    def make_unseen(cls):
        complaint = cls.file_complaint()
        attachment = cls.env["ir.attachment"].create({"name": "bewijs.txt", "raw": b"tekst"})
        vals = {
            "throttle": {"purpose": "form", "bucket": "00000", "hour": 1},
            "access_code": {
                "complaint_id": complaint.id,
                "selector": "AAAAAA",
                "salt": "00",
                "secret_hash": "00",
            },
            "form_submission": {"nonce_hash": "00", "expires_on": complaint.received_on},
            "form_upload": {"nonce_hash": "00", "attachment_id": attachment.id},
        }
        others = {
            "throttle": {},
            "access_code": {"complaint_id": cls.file_complaint().id, "selector": "BBBBBB"},
            "form_submission": {"nonce_hash": "01"},
            "form_upload": {},
        }
        cls.subjects[UNSEEN] = {
            column: (
                cls.env[get_model_name(column)].create(new),
                {key: value for key, value in new.items() if isinstance(value, str)},
                new | others[column],
            )
            for column, new in vals.items()
        }

    @classmethod
    def make_dialogs(cls):
        dossier = cls.file_full_complaint(board_involved=True, handler_id=cls.users["handler"].id)
        complaint, event, letter = (dossier[name] for name in ("complaint", "event", "letter"))
        template = cls.env.ref("klachtenbeheer.policy_sb")
        of_complaint = {"complaint_id": complaint.id, "reason": "Daarom"}
        vals = {
            "intake": {
                "policy_id": cls.policy.id,
                "description": "Klacht",
                "kind": "formal",
            },
            "event_record": {
                "complaint_ids": [Command.set(complaint.ids)],
                "type_id": event.type_id.id,
            },
            "event_void": {"event_id": event.id, "reason": "Vergissing"},
            "receipt_correction": of_complaint | {"received_on": complaint.received_on},
            "duty_waive": of_complaint,
            "delay": of_complaint | {"promised_on": complaint.received_on},
            "letter_reason": {
                "letter_ids": [Command.set(letter.ids)],
                "purpose": "send_back",
                "reason": "Daarom",
            },
        }
        handling_vals = {
            "assign": {
                "complaint_ids": [Command.set(complaint.ids)],
                "handler_id": cls.users["handler"].id,
            },
            "triage": {"complaint_id": complaint.id},
            "escalate": of_complaint,
            "ruling_decide": {
                "ruling_id": cls.env["klachtenbeheer.ruling"]
                .create({"complaint_id": complaint.id, "question": "Wat?"})
                .id,
                "decision": "Dit.",
            },
            "absence": {"until": complaint.received_on},
            "message_compose": {"complaint_id": complaint.id, "body": "Een vraag"},
        }
        last_vals = {
            "letter_outside": {"letter_id": letter.id, "scan": b64encode(b"%PDF-1.7")},
            "close": {"complaint_id": complaint.id},
        }
        setup = {"template_id": template.id, "name": "Regeling", "code": "regeling"}
        line = {"name": "[naam]"}
        setup_vals = {
            "policy_setup": setup,
            "policy_setup_role": line | {"role": "handler"},
            "policy_setup_placeholder": line,
            "next_version": {"policy_id": cls.policy.id, "effective_from": "2999-01-01"},
        }
        import_dialog = {"policy_id": cls.policy.id}
        imports = cls.env["klachtenbeheer.register.import"]
        import_vals = {
            "register_import": import_dialog,
            "register_import_problem": {"import_id": imports.create(import_dialog).id},
        }
        dialogs = {
            column: cls.env[get_model_name(column)]
            for column in (vals | handling_vals | last_vals | import_vals | setup_vals)
        }
        for table, values in (
            (DIALOGS, vals),
            (HANDLING_DIALOGS, handling_vals),
            (LAST_DIALOGS, last_vals),
            (IMPORT_DIALOG, import_vals),
            (SETUP_DIALOG, setup_vals),
        ):
            of_setup = {}
            cls.subjects[table] = {}
            for column, new in values.items():
                is_part = column not in ("policy_setup", "next_version")
                new = new | (of_setup if is_part else {})
                dialog = dialogs[column].create(new)
                if column == "policy_setup":
                    of_setup = {"setup_id": dialog.id}
                    cls.env.flush_all()
                texts = ("complainant_name", "note", "reason", "decision", "name", "body")
                texts += ("file_name", "problem", "scan_name")
                changed = next((fname for fname in texts if fname in dialog), None)
                days = {"effective_from": "2999-02-01"} if "effective_from" in dialog else None
                emptied = "outcome" if column == "close" else "until"
                change = {changed: "Anders"} if changed else days or {emptied: False}
                cls.subjects[table][column] = (dialog, change, new)

    # ---------------------------------------------------------------- the tables

    def get_differences(self):
        """Where reality differs from the tables."""
        for table, subjects in self.subjects.items():
            for (actor, column), expected in spread(table).items():
                found = self.get_rights(actor, *subjects[column])
                if found != expected:
                    yield f"{actor}, {column}: {found} instead of {expected}"

    @mute_logger(*ACCESS_LOGGERS)
    def test_everybody_can_do_what_the_tables_say_and_no_more(self):
        self.assertFalse("\n".join(self.get_differences()))

    def test_every_model_of_the_addon_is_in_a_table(self):
        columns = {column for table in self.subjects for _actor, column in spread(table)}
        own = {
            name
            for name, model in self.env.registry.items()
            if name.startswith("klachtenbeheer.") and not model._abstract
        }
        self.assertLessEqual(own, {get_model_name(column) for column in columns})

    def get_own_records(self, model):
        names = self.env["ir.model.data"].search(
            [("module", "=", "klachtenbeheer"), ("model", "=", model)]
        )
        return self.env[model].browse(names.mapped("res_id"))

    @mute_logger(*ACCESS_LOGGERS)
    def test_no_record_rule_can_be_missed(self):
        """Without any one rule the tables do not hold: each is needed, and each is tested."""
        rules = self.get_own_records("ir.rule")
        shown_elsewhere = rules.filtered(lambda rule: rule.model_id.model in SHOWN_BY_CANARIES)
        self.check_none_can_be_missed(rules - shown_elsewhere)

    @mute_logger(*ACCESS_LOGGERS)
    def test_that_parts_follow_their_dossier_can_be_missed_nowhere(self):
        """Without it the tables do not hold, for any model that does."""
        for name, model in self.env.registry.items():
            if name == "klachtenbeheer.evaluation":  # test_roles_beside_dossiers: another policy
                continue
            if hasattr(model, "_get_dossier_domain") and not model._abstract:
                free = patch.object(model, "_get_dossier_domain", lambda *_args: Domain.TRUE)
                cells = self.get_cells(name)
                with self.subTest(model=name), free:
                    self.env.registry.clear_cache()
                    self.assertTrue(any(self.differs(*cell) for cell in cells))

    @mute_logger(*ACCESS_LOGGERS)
    def test_no_line_of_access_rights_can_be_missed(self):
        lines = self.get_own_records("ir.model.access")
        # a line that gives nothing tells the platform that this is meant so
        giving = lines.filtered(
            lambda line: line.perm_read or line.perm_write or line.perm_create or line.perm_unlink
        )
        self.check_none_can_be_missed(giving)

    def check_none_can_be_missed(self, records):
        self.assertTrue(records)
        idle = []
        for record in records:
            name, cells = record.display_name, self.get_cells_of(record)
            with self.undone():
                record.unlink()
                self.env.registry.clear_cache()
                if not any(self.differs(*cell) for cell in cells):
                    idle.append(name)
            self.env.registry.clear_cache()
        self.assertFalse(idle, "these make no difference")

    def get_cells_of(self, record):
        """Where the tables may differ without a rule, or a line of access rights."""
        if record._name == "ir.model.access":
            cells = self.get_cells(record.model_id.model, record.group_id)
            return [cell for cell in cells if cell[2] != NOTHING]  # a line only gives
        return self.get_cells(record.model_id.model, record.groups)

    def get_cells(self, model, groups=()):
        """[(actor, column, expected, its subject)] of a model, where a difference is likely first:
        one is enough.

        :param groups: look only at what their members may do
        """
        found = [
            (actor, column, expected, subjects[column])
            for table, subjects in self.subjects.items()
            for (actor, column), expected in spread(table).items()
            if get_model_name(column) == model
            and (not groups or groups & self.users[actor].all_group_ids)
        ]
        rights = {actor: len(self.users[actor].all_group_ids) for actor, *_cell in found}
        if groups:  # whoever has little else
            return sorted(found, key=lambda cell: rights[cell[0]])
        # who may otherwise do much, and not here
        return sorted(found, key=lambda cell: (len(cell[2].strip(NOTHING)), -rights[cell[0]]))

    def differs(self, actor, _column, expected, subject):
        """Whether somebody can do other things with something than a table says."""
        return self.get_rights(actor, *subject) != expected
