from contextlib import contextmanager, suppress
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user

from .common import ComplaintCase
from .made_once import make_once

NOTHING = "-"
# Access errors are what these tests are about; they need not fill the log.
ACCESS_LOGGERS = (
    "odoo.addons.base.models.ir_model",
    "odoo.addons.base.models.ir_rule",
    "odoo.models",
)


def parse(table):
    """A table as text to {(row, column): cell}."""
    header, *rows = (line.split() for line in table.strip().splitlines())
    return {
        (row, column): cell
        for row, *cells in rows
        for column, cell in zip(header[1:], cells, strict=True)
    }


def refuse_briefly():
    """A model that is closed to somebody is closed without a list of who may open it, which takes
    the platform longer than the refusal itself. What is said is no matter of who counts refusals;
    `TestCanaryCrawl` reads it."""
    model = "odoo.addons.base.models.ir_model.IrModelAccess"
    return patch(f"{model}._make_access_error", lambda *_args: AccessError("closed"))


class _UndoneError(Exception):
    """Raised to undo what was tried."""


class AccessCase(ComplaintCase):
    """A world with somebody in each position to a dossier, and what they can really do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make_once(cls, AccessCase, "make_positions")

    @classmethod
    def make_positions(cls):
        cls.env["klachtenbeheer.policy"].search([("code", "=", "proef")]).action_retire()
        cls.policy = cls.make_full_policy(code="volledig")
        cls.make_people()

    @classmethod
    def make_full_policy(cls, **vals):
        """A published policy that has a line of each kind."""
        template = cls.env.ref("klachtenbeheer.mail_template_answer")
        return cls.make_policy(
            category_ids=[Command.create({"name": "Vervoer"})],
            complainant_kind_ids=[Command.create({"name": "Reiziger"})],
            letter_type_ids=[
                Command.create({"code": "answer", "name": "Antwoord", "template_id": template.id})
            ],
            translation_ids=[Command.create({"lang": "en_US", "source": "Reiziger"})],
            passage_ids=[Command.create({"part": "procedure", "body": "<p>Zo gaat het.</p>"})],
            **vals,
        )

    @classmethod
    def make_people(cls):
        roles = ",".join(
            f"klachtenbeheer.group_{role}"
            for role in ("registrar", "handler", "coordinator", "director", "board")
        )
        cls.other_company = cls.env["res.company"].create({"name": "Stichting Elders"})
        cls.users |= {
            "colleague": cls.make_user("colleague", "klachtenbeheer.group_handler"),
            "all_roles": cls.make_user("all_roles", roles),
            "director_board": cls.make_user(
                "director_board", "klachtenbeheer.group_director,klachtenbeheer.group_board"
            ),
            "stand_in": cls.make_user("stand_in", "klachtenbeheer.group_handler"),
            "protector": cls.make_user("protector", "klachtenbeheer.group_data_protector"),
            "portal": cls.make_user("portal.klager", "base.group_portal"),
            "other_portal": cls.make_user("portal.ander", "base.group_portal"),
            "public": cls.env.ref("base.public_user"),
            "foreign": cls.make_user("foreign", roles, cls.other_company),
            "foreign_manager": cls.make_user(
                "foreign.manager", "klachtenbeheer.group_manager", cls.other_company
            ),
        }
        cls.outsider = new_test_user(cls.env, login="outsider", groups="base.group_user")

    @classmethod
    def let_stand_in(cls):
        """`stand_in` does the coordinator's work under the policy, the others theirs as ever."""
        user = cls.users["stand_in"]
        user.group_ids += cls.env.ref("klachtenbeheer.group_stand_in")
        user.standing_in_policy_ids = cls.policy
        cls.env.registry.clear_cache()

    @classmethod
    def file_full_complaint(cls, **vals):
        """A complaint with something in each table around it, of nobody in particular."""
        complaint = cls.file_complaint(partner_id=cls.users["portal"].partner_id.id, **vals)
        witness = cls.env["res.partner"].create({"name": "Getuige"})
        complaint.message_subscribe(witness.ids)
        message = complaint.message_post(
            body="Vertrouwelijk",
            message_type="comment",
            author_id=cls.users["coordinator"].partner_id.id,
        )
        of_complaint = {"res_model": complaint._name, "res_id": complaint.id}
        return {
            "complaint": complaint,
            "event": complaint.event_ids[:1],
            "deadline": complaint.deadline_ids[:1],
            "letter": complaint.prepare_letter("answer"),
            "message": message,
            "activity": complaint.activity_schedule(
                "mail.mail_activity_data_todo", user_id=cls.outsider.id, summary="Bel terug"
            ),
            "follower": complaint.message_follower_ids.filtered(
                lambda follower: follower.partner_id == witness
            ),
            "notification": cls.env["mail.notification"].create(
                {
                    "mail_message_id": message.id,
                    "res_partner_id": witness.id,
                    "notification_type": "email",
                }
            ),
            "attachment": cls.env["ir.attachment"].create(
                {"name": "bewijs.txt", "raw": b"Vertrouwelijk", **of_complaint}
            ),
            "rating": cls.env["rating.rating"].create(
                {
                    "res_model_id": cls.env["ir.model"]._get_id(complaint._name),
                    "res_id": complaint.id,
                    "feedback": "Vertrouwelijk",
                }
            ),
            "scheduled": cls.env["mail.scheduled.message"].create(
                {
                    "model": complaint._name,
                    "res_id": complaint.id,
                    "author_id": witness.id,
                    "body": "Vertrouwelijk",
                    "scheduled_date": fields.Datetime.add(fields.Datetime.now(), days=9),
                }
            ),
        }

    # ---------------------------------------------------------------- what somebody can do

    def by(self, actor, records):
        """The records as somebody sees them in their own session."""
        user = self.users[actor]
        return records.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)

    @contextmanager
    def undone(self):
        """Undo in the database and in memory what happens inside."""
        try:
            with suppress(_UndoneError), self.env.cr.savepoint():
                yield
                self.env.flush_all()
                raise _UndoneError
        finally:
            self.env.invalidate_all(flush=False)

    def succeeds(self, function, *args):
        """Whether something is allowed; what it did is undone."""
        self.env.flush_all()
        self.env.invalidate_all()
        try:
            with self.undone():
                function(*args)
        except AccessError:
            return False
        return True

    def may_read(self, actor, record):
        """Whether somebody reads a record: by its id, in a list, and in a group alike."""
        records = self.by(actor, record)
        domain, grouped = [("id", "=", record.id)], (["id"], ["__count"])
        ways = {
            "read": (records.read, [self._get_stored_field(record)]),
            "search": (records.search, domain),
            "search_read": (records.search_read, domain, ["id"]),
            "group": (records._read_group, domain, *grouped),
            "formatted": (records.formatted_read_group, domain, *grouped),
        }
        self.env.flush_all()
        with self.undone():
            ways = {name: self._finds(*call) for name, call in ways.items()}
        seen = set(ways.values())
        self.assertEqual(len(seen), 1, f"{actor} sees {record} in some ways only: {ways}")
        return seen.pop()

    def _get_stored_field(self, record):
        return next(
            fname
            for fname, field in record._fields.items()
            if fname != "id" and field.store and field.column_type and not field.groups
        )

    def _finds(self, function, *args):
        self.env.invalidate_all()
        try:
            return bool(function(*args))
        except AccessError:
            return False

    def get_rights(self, actor, record, change=None, create=None):
        """What somebody can really do with a record and its like.

        :param change: values to write; None: reading is all that matters
        :param create: values for another one
        :return: letters of read, write, create, unlink, or a dash
        """
        records = self.by(actor, record)
        operations = "r" if change is None else "rwcu"
        tries = {
            "r": lambda: self.may_read(actor, record),
            "w": lambda: self.succeeds(records.write, change),
            "c": lambda: self.succeeds(records.browse().create, create),
            "u": lambda: self.succeeds(records.unlink),
        }
        return "".join(key for key in operations if tries[key]()) or NOTHING
