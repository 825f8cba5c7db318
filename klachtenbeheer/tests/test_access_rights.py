from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.policy_role import ROLES
from .access_common import ACCESS_LOGGERS, AccessCase, parse

# r read, search and group; w write; c create; u unlink; - nothing.

# A dossier that is assigned to `handler`, made by the partner of `portal`.
ASSIGNED = """
actor            complaint  event  deadline  letter
employee         c          -      -         -
registrar        rwc        -      -         -
handler          rwc        r      r         rwcu
colleague        c          -      -         -
coordinator      rwc        r      r         rwcu
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
director         c          -      -         -
board            c          -      -         -
manager          c          -      -         -
all_roles        c          -      -         -
portal           -          -      -         -
"""

# What the platform keeps beside a dossier; reading only.
BESIDE_ASSIGNED = """
actor        message activity follower notification attachment rating scheduled
employee     -       -        -        -            -          -      -
registrar    -       -        -        -            -          -      -
handler      r       r        r        r            r          r      r
colleague    -       -        -        -            -          -      -
coordinator  r       r        r        r            r          r      r
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
director     -       -        -        -            -          -      -
board        -       -        -        -            -          -      -
manager      -       -        -        -            -          -      -
all_roles    -       -        -        -            -          -      -
portal       -       -        -        -            -          -      -
"""

# A draft; nobody but the manager changes a policy.
DRAFT_POLICY = """
actor            policy  policy_role  term  stage  category  complainant_kind  letter_type
employee         -       -            -     -      -         -                 -
registrar        r       r            r     r      r         r                 r
handler          r       r            r     r      r         r                 r
coordinator      r       r            r     r      r         r                 r
director         r       r            r     r      r         r                 r
board            r       r            r     r      r         r                 r
manager          rwcu    rwcu         rwcu  rwcu   rwcu      rwcu              rwcu
portal           -       -            -     -      -         -                 -
public           -       -            -     -      -         -                 -
foreign          -       -            -     -      -         -                 -
foreign_manager  -       -            -     -      -         -                 -
"""
PUBLISHED_POLICY = """
actor            policy  policy_role  term  stage  category  complainant_kind  letter_type
employee         r       r            r     r      r         r                 r
registrar        r       r            r     r      r         r                 r
manager          r       r            r     r      r         r                 r
portal           -       -            -     -      -         -                 -
public           -       -            -     -      -         -                 -
foreign          -       -            -     -      -         -                 -
foreign_manager  -       -            -     -      -         -                 -
"""
# A model to copy from, shipped with the addon: of all companies to read, of one to change.
MODEL_POLICY = """
actor            policy  policy_role  term  stage  category  complainant_kind  letter_type
employee         -       -            -     -      -         -                 -
manager          r       r            r     r      r         r                 r
foreign_manager  r       r            r     r      r         r                 r
"""

# What a requirement can ask for is a field of the platform.
CATALOGUE = """
actor            event_type  channel  requirement  closed_day  model_field
employee         r           r        r            r           -
coordinator      r           r        r            rwcu        -
manager          rwcu        rwcu     rwcu         rwcu        r
portal           -           -        -            -           -
public           -           -        -            -           -
foreign          r           r        r            -           -
foreign_manager  rwcu        rwcu     rwcu         -           r
"""

# Dialogs: who may open one, and see what somebody else is typing: nobody.
DIALOGS = """
actor        intake event_record event_void receipt_correction duty_waive delay letter_reason
employee     c      -            -          -                  -          -     -
registrar    c      -            -          c                  -          -     -
handler      c      c            c          -                  c          c     c
coordinator  c      c            c          c                  c          c     c
director     c      -            -          -                  -          -     c
board        c      -            -          -                  -          -     c
manager      c      -            -          -                  -          -     -
portal       -      -            -          -                  -          -     -
public       -      -            -          -                  -          -     -
"""
SETUP_DIALOG = """
actor        policy_setup  policy_setup_role  policy_setup_placeholder
employee     -             -                  -
coordinator  -             -                  -
manager      c             c                  c
portal       -             -                  -
"""

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


def get_model_name(column):
    return PLATFORM.get(column) or f"klachtenbeheer.{column.replace('_', '.')}"


@tagged("post_install", "-at_install")
class TestAccessRights(AccessCase):
    """Role × model × operation (design.md 8): what people can really do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.subjects = {}
        cls.make_dossiers()
        cls.make_policies()
        cls.make_catalogue()
        cls.make_dialogs()
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
            *(cls.users[actor] for actor, _column in parse(ABOUT_THEM))
        )
        assigned = cls.file_full_complaint(handler_id=handler.id)
        escalated = cls.file_full_complaint(board_involved=True)
        about_them = cls.file_full_complaint(board_involved=True, handler_id=handler.id)
        about_them["complaint"].respondent_ids = accused.partner_id
        for table, records in (
            (ASSIGNED, assigned),
            (ESCALATED, escalated),
            (ABOUT_THEM, about_them),
            (BESIDE_ASSIGNED, assigned),
            (BESIDE_ABOUT_THEM, about_them),
        ):
            complaint = records["complaint"]
            new = {
                "policy_id": cls.policy.id,
                "description": "Nog een klacht",
                "respondent_ids": [Command.set(complaint.respondent_ids.ids)],
            }
            event = {
                "complaint_id": complaint.id,
                "type_id": cls.env.ref("klachtenbeheer.event_type_contacted").id,
                "occurred_on": complaint.received_on,
            }
            deadline = records["deadline"].copy_data({"round": 2})[0]
            letter = {"complaint_id": complaint.id, "type_id": cls.policy.letter_type_ids.id}
            changes = {
                "complaint": ({"incident_place": "Halte"}, new),
                "event": ({"note": "Anders"}, event),
                "deadline": ({"due_on": complaint.received_on}, deadline),
                "letter": ({"reason": "Anders"}, letter),
            }
            cls.subjects[table] = {
                column: (records[column], *changes.get(column, (None, None)))
                for _actor, column in parse(table)
            }

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
            }
            # what was published changes for nobody, which is no question of rights
            change = None if policy == cls.policy else {"name": "Anders"}
            cls.subjects[table] = {
                column: (line, change, cls.prepare_line(column, line))
                for column, line in lines.items()
            }

    @classmethod
    def prepare_line(cls, column, line):
        """Values for another line like this one."""
        vals = line.with_context(active_test=False).copy_data()[0]
        if column == "policy_role":
            taken = line.policy_id.role_ids.mapped("role")
            vals["role"] = next(role for role, _title in ROLES if role not in taken)
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
        setup = {"template_id": template.id, "name": "Regeling", "code": "regeling"}
        line = {"name": "[naam]"}
        setup_vals = {
            "policy_setup": setup,
            "policy_setup_role": line | {"role": "handler"},
            "policy_setup_placeholder": line,
        }
        dialogs = {column: cls.env[get_model_name(column)] for column in (vals | setup_vals)}
        for table, values in ((DIALOGS, vals), (SETUP_DIALOG, setup_vals)):
            of_setup = {}
            cls.subjects[table] = {}
            for column, new in values.items():
                new = new | (of_setup if column != "policy_setup" else {})
                dialog = dialogs[column].create(new)
                if column == "policy_setup":
                    of_setup = {"setup_id": dialog.id}
                    cls.env.flush_all()
                texts = ("complainant_name", "note", "reason", "name")
                change = {next(fname for fname in texts if fname in dialog): "Anders"}
                cls.subjects[table][column] = (dialog, change, new)

    # ---------------------------------------------------------------- the tables

    def get_differences(self, models=None):
        """Where reality differs from the tables.

        :param models: names of models to look at; all by default
        """
        for table, subjects in self.subjects.items():
            for (actor, column), expected in parse(table).items():
                if models is None or get_model_name(column) in models:
                    found = self.get_rights(actor, *subjects[column])
                    if found != expected:
                        yield f"{actor}, {column}: {found} instead of {expected}"

    @mute_logger(*ACCESS_LOGGERS)
    def test_everybody_can_do_what_the_tables_say_and_no_more(self):
        self.assertFalse("\n".join(self.get_differences()))

    def test_every_model_of_the_addon_is_in_a_table(self):
        columns = {column for table in self.subjects for _actor, column in parse(table)}
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
        self.check_none_can_be_missed(self.get_own_records("ir.rule"))

    @mute_logger(*ACCESS_LOGGERS)
    def test_no_line_of_access_rights_can_be_missed(self):
        self.check_none_can_be_missed(self.get_own_records("ir.model.access"))

    def check_none_can_be_missed(self, records):
        self.assertTrue(records)
        idle = []
        for record in records:
            name, models = record.display_name, {record.model_id.model}
            with self.undone():
                record.unlink()
                self.env.registry.clear_cache()
                if not next(self.get_differences(models), None):
                    idle.append(name)
            self.env.registry.clear_cache()
        self.assertFalse(idle, "these make no difference")
