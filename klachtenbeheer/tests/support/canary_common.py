"""Dossiers filled with unmistakable words in everything that holds text, and a search for
those words in what somebody gets to see.

A word is `zqx` + letter of the dossier + letter of the part + number + `q`. What is filled
is found in the registry: a new field, or a new model that belongs to a complaint, is filled
without a word here; what can't be filled fails the test, unless it is explained below.
"""

import base64
import re

from psycopg2.extras import Json

from odoo import fields
from odoo.fields import Command
from odoo.tools import SQL

from odoo.addons.mail.tests.common import MockEmail

from ...models.platform.groups import HANDLERS
from .access_common import AccessCase
from .made_once import make_once

ADDON = "klachtenbeheer."
COMPLAINT = "klachtenbeheer.complaint"
MARK = "zqx"
WORD = re.compile(r"zqx([a-z])([a-z])(\d{4})q", re.IGNORECASE)
TEXTS = ("char", "text", "html")

# Parts of a dossier.
REGISTRATION, CONTENT, LETTERS, IDENTITY, PARTNER = "r", "c", "l", "i", "x"
APPOINTMENT = "k"
MEASURES = "m"  # what is done about it names nobody, and is followed by the board

# What the platform keeps beside a dossier, and how its lines are found.
BESIDE = {
    "mail.message": ("model", "res_id"),
    "mail.activity": ("res_model", "res_id"),
    "mail.scheduled.message": ("model", "res_id"),
    "rating.rating": ("res_model", "res_id"),
    "ir.attachment": ("res_model", "res_id"),
}
OF_MESSAGES = {
    "mail.notification": "mail_message_id",
    "mail.mail": "mail_message_id",
    "mail.tracking.value": "mail_message_id",
    "mail.message.schedule": "mail_message_id",
}
# Text that is no text but a key, by which the platform finds something.
KEYS = {
    "mail.message": {"model", "message_id", "message_type"},
    "mail.mail": {"state", "message_id", "model"},
    "mail.activity": {"res_model", "complaint_alert"},
    "mail.scheduled.message": {"model", "notification_parameters"},
    "mail.message.schedule": {"notification_parameters"},
    "mail.notification": {"failure_type"},
    "rating.rating": {"res_model", "parent_res_model", "access_token"},
    "ir.attachment": {
        *("res_model", "res_field", "store_fname", "checksum", "mimetype", "url"),
        *("access_token", "key", "type", "index_content", "original_id"),
    },
    "calendar.event": {
        "access_token",
        "videocall_location",
        "res_model",
        "rrule",
        "ms_universal_event_id",
    },
    "res.partner": {"signup_type", "lang", "tz", "vat", "barcode", "ref", "company_registry"},
    # no link opens a dossier, see access/respondent.py
    COMPLAINT: {"access_token"},
    # texts of a policy that are keys, checked for their form
    "klachtenbeheer.policy": {"code"},
    "klachtenbeheer.term": {"code"},
    "klachtenbeheer.letter.type": {"code"},
}
# Fields without which one can't be made, though none of them is required by itself.
NEEDED = {
    "klachtenbeheer.referral": {"role_id"},
    "klachtenbeheer.assistance": {"partner_id"},
    "klachtenbeheer.pattern": {"complaint_ids"},
}


class CanaryCase(AccessCase, MockEmail):
    """One dossier for each position in which somebody may not see it.

    =====  ================================================================================
    about  about everybody who has a role, and about two with a portal account; the handler
           had it first
    other  of a client with a portal account, assigned to `colleague`
    taken  registered by `employee`, assigned to nobody
    hidden of somebody who stays unknown, assigned to `handler`, before the board, about
           `colleague`
    far    of another organisation
    typed  what somebody is typing in a dialog
    draft  a policy that is being written; `draft far`: elsewhere
    =====  ================================================================================
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make_once(cls, CanaryCase, "make_world")

    @classmethod
    def make_world(cls):
        cls._init_mail_gateway()
        cls.words = {0: "a record without text"}  # number: what was filled
        cls.make_more_people()
        cls.make_canaries()
        cls.let_stand_in()
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def make_more_people(cls):
        group = "klachtenbeheer.group_"
        cls.users |= {
            # who may see everything of the organisation: finds what others do not
            "witness": cls.make_user("witness", f"{group}coordinator"),
            "deputy": cls.make_user("deputy", f"{group}coordinator"),
            "clerk": cls.make_user("clerk", f"{group}registrar,{group}handler"),
            "administrator": cls.make_user("administrator", "base.group_system"),
            "portal_accused": cls.make_user("portal.accused", "base.group_portal"),
        }
        cls.make_neighbour()
        export = cls.env.ref("base.group_allow_export")
        for actor, user in cls.users.items():
            if user._is_internal():
                user.group_ids += export
            if actor != "public":
                # what changes in the address book is no part of a dossier
                partner = user.partner_id.with_context(tracking_disable=True)
                partner.email = f"{actor}@proef.example"

    @classmethod
    def make_neighbour(cls):
        """Coordinates under another policy of the same organisation, and sees nothing here."""
        user = cls.users["neighbour"] = cls.make_user(
            "neighbour", "klachtenbeheer.group_coordinator"
        )
        for role in cls.policy.role_ids:
            role.user_ids -= user
        roles = [cls.line(role="coordinator", name="coördinator", users="neighbour")]
        policy = cls.make_full_policy(code="ernaast", name="Andere regeling", role_ids=roles)
        policy.role_ids.filtered(lambda role: role.code.startswith("extra-")).user_ids = False

    @classmethod
    def get_allowed(cls):
        """Who may see what: {(dossier, part): actors}; everybody else may not."""
        coordinators = {"coordinator", "deputy", "all_roles", "witness", "stand_in"}
        above = coordinators | {"director", "director_board"}
        registering = {"registrar", "clerk"}
        in_the_policy = {*above, *registering, "handler", "colleague", "board", "manager"}
        in_the_policy |= {"neighbour"}  # reads drafts, as everybody with a role does
        hidden = (above | {"handler", "board"}) - {"deputy"}
        knowing = coordinators - {"deputy"}
        allowed = {
            "ar": {"witness"},
            "ac": {"witness"},
            "al": {"witness"},
            "br": above | registering | {"colleague"},
            "bc": above | {"colleague"},
            "bl": above | {"colleague"},
            "er": above | registering,
            "ec": above,
            "el": above,
            "hr": hidden | registering,
            "hc": hidden,
            "hl": knowing,
            "hi": knowing,
            "fr": {"foreign"},
            "fc": {"foreign"},
            "fl": {"foreign"},
            "bk": {"colleague", "portal"},
            "ek": {"witness"},
            "hk": {"handler"},
            "fk": {"foreign"},
            "sc": {*in_the_policy, "employee", "protector", "administrator", "portal_accused"}
            - {"portal_accused"},
            "wc": set(),
            "pc": in_the_policy | {"protector"},  # reads for how long what is kept, and why
            "qc": {"foreign", "foreign_manager"},
        }
        # who complains is part of the registration, unless it is hidden
        for letter in "abef":
            allowed[letter + PARTNER] = allowed[letter + REGISTRATION]
        for letter in "abefh":
            allowed[letter + MEASURES] = allowed[letter + CONTENT] | {"board", "director_board"}
        allowed["am"] = allowed["ac"]
        allowed["fm"] = allowed["fc"]
        allowed["bx"] = allowed["bx"] | {"portal"}  # is the client
        return allowed | {"hx": knowing}

    @classmethod
    def get_forbidden(cls, actor):
        """Beginnings of the words that somebody may not see."""
        return {f"{MARK}{key}" for key, actors in cls.get_allowed().items() if actor not in actors}

    # ---------------------------------------------------------------- dossiers

    @classmethod
    def make_canaries(cls):
        cls.dossiers = {}
        cls.records = {}  # letter of the dossier: [records]
        cls.make_dossier("b", handler_id=cls.users["colleague"].id)
        cls.make_dossier("a", handler_id=cls.users["handler"].id, board_involved=True)
        cls.take_in()
        cls.make_dossier(
            "h",
            handler_id=cls.users["handler"].id,
            board_involved=True,
            hide_identity=True,
            respondent_ids=[Command.set(cls.get_accused_of_hidden().ids)],
        )
        cls.make_far()
        cls.name_everybody()
        cls.make_dialogs()
        cls.make_drafts()
        cls.env.flush_all()
        cls.make_closed_day()
        for letter in (*"abehf", *"wpqs"):
            cls.fill(letter)

    @classmethod
    def get_accused_of_hidden(cls):
        return cls.users["colleague"].partner_id | cls.users["deputy"].partner_id

    @classmethod
    def make_dossier(cls, letter, **vals):
        portal = cls.users["portal"].partner_id
        client = portal if letter == "b" else cls.env["res.partner"].create({"name": letter})
        client = client.with_context(tracking_disable=True)
        client.write(
            {
                "name": cls.word(letter, PARTNER, "name"),
                "street": cls.word(letter, PARTNER, "street"),
                "phone": cls.word(letter, PARTNER, "phone"),
            }
        )
        if letter != "b":
            client.email = cls.word(letter, PARTNER, "email") + "@proef.example"
        complaint = cls.file_complaint(
            partner_id=client.id,
            title=cls.word(letter, REGISTRATION, "title"),
            description=cls.word(letter, REGISTRATION, "description"),
            **vals,
        )
        cls.complete(letter, complaint, client)

    @classmethod
    def complete(cls, letter, complaint, client):
        """All that people and the platform add to a dossier."""
        cls.dossiers[letter] = complaint
        lines = cls.make_lines(letter, complaint)
        cls.make_beside(letter, complaint, client)
        cls.plan_conversation(letter, complaint, client)
        cls.records[letter] = [complaint, *lines, *cls.records.get(letter, [])]

    @classmethod
    def take_in(cls):
        """What an employee outside the roles hands in."""
        dialog = cls.by(cls, "employee", cls.env["klachtenbeheer.intake"]).create(
            {"policy_id": cls.policy.id, "description": "Klacht", "kind": "formal"}
        )
        dialog.action_register()
        complaint = cls.env[COMPLAINT].search(
            [("name", "=", dialog.reference), ("company_id", "=", cls.company.id)]
        )
        client = cls.env["res.partner"].create({"name": cls.word("e", PARTNER, "name")})
        complaint.partner_id = client
        cls.complete("e", complaint, client)

    @classmethod
    def make_far(cls):
        env, company = cls.env, cls.company
        cls.env = env(context={**env.context, "allowed_company_ids": cls.other_company.ids})
        cls.company = cls.other_company
        roles = [cls.line(role="coordinator", name="coördinator", users="foreign")]
        policy = cls.make_full_policy(code="elders", role_ids=roles)
        cls.make_dossier("f", policy_id=policy.id)
        cls.far_policy, cls.env, cls.company = policy, env, company

    @classmethod
    def name_everybody(cls):
        """Whoever has a role is complained about, after they have had to do with it."""
        accused = [
            *("employee", "registrar", "handler", "coordinator", "deputy", "director", "board"),
            *(
                "manager",
                "all_roles",
                "director_board",
                "clerk",
                "stand_in",
                "administrator",
                "colleague",
            ),
            *("portal_accused", "other_portal", "portal"),
        ]
        partners = cls.env["res.partner"].union(*(cls.users[name].partner_id for name in accused))
        complaint = cls.dossiers["a"]
        complaint.message_subscribe(partners.ids)
        complaint.message_post(
            body=cls.word("a", CONTENT, "body"),
            partner_ids=partners.ids,
            subtype_xmlid="mail.mt_comment",
        )
        complaint.respondent_ids = partners
        complaint.message_post(
            body=cls.word("a", CONTENT, "body"),
            partner_ids=partners.ids,
            subtype_xmlid="mail.mt_comment",
        )

    # ---------------------------------------------------------------- lines of a dossier

    @classmethod
    def get_dossier_models(cls, *, transient=False):
        """Models of the addon whose records belong to a complaint: they point at one, or at
        something that does, or are pointed at by its lines."""
        own = {
            name: model
            for name, model in cls.env.registry.items()
            if name.startswith(ADDON)
            and not model._abstract
            and model._auto  # a view shows what is filled elsewhere
            and model._transient == transient
        }
        found = {COMPLAINT} & set(own)
        grows = True
        while grows:
            new = {
                name
                for name, model in own.items()
                if name not in found
                and any(
                    field.comodel_name in found | {COMPLAINT}
                    for field in model._fields.values()
                    if field.relational and field.type != "one2many"
                )
            }
            found |= new
            grows = bool(new)
        return found

    @classmethod
    def make_lines(cls, letter, complaint):
        """A record of each model of a dossier."""
        made = {COMPLAINT: complaint}
        for name in sorted(cls.get_dossier_models()):
            cls.make_record(name, letter, made)
        return [record for name, record in made.items() if name != COMPLAINT]

    @classmethod
    def make_record(cls, name, letter, made):
        """A record with its required fields, of a dossier as far as it goes."""
        if name in made:
            return made[name]
        model = cls.env[name]
        if name == "klachtenbeheer.letter":
            record = made[COMPLAINT].prepare_letter("answer")
        elif name in ("klachtenbeheer.event", "klachtenbeheer.deadline"):
            inverse = {
                "klachtenbeheer.event": "event_ids",
                "klachtenbeheer.deadline": "deadline_ids",
            }
            record = made[COMPLAINT][inverse[name]][:1]
        elif name == "klachtenbeheer.identity" and made[COMPLAINT].hide_identity:
            record = made[COMPLAINT].identity_ids
        elif name == "klachtenbeheer.identity":
            record = model  # nothing is hidden here
        else:
            record = model.create(cls.get_vals(model, letter, made))
        made[name] = record
        return record

    @classmethod
    def get_vals(cls, model, letter, made):
        vals = dict(model.default_get([*model._fields]))
        for fname, field in model._fields.items():
            of_dossier = (
                field.comodel_name in made or field.comodel_name == "klachtenbeheer.hearing"
            )
            wanted = field.required or (of_dossier and field.type == "many2one")
            wanted = wanted or fname in NEEDED.get(model._name, ())
            if not field.store or field.related or not wanted or vals.get(fname):
                continue
            value = cls.get_value(field, model, letter, made)
            if value:
                vals[fname] = value
        return vals

    @classmethod
    def get_value(cls, field, model, letter, made):
        match field.type:
            case "char" | "text" | "html":
                return cls.word(letter, CONTENT, field.name)
            case "binary":
                return base64.b64encode(cls.word(letter, CONTENT, field.name).encode())
            case "date":
                return made[COMPLAINT].received_on
            case "datetime":
                return fields.Datetime.add(fields.Datetime.now(), days=3)
            case "selection":
                return field.get_values(cls.env)[0]
            case "many2one" if field.comodel_name != model._name:
                return cls.get_target(field.comodel_name, letter, made).id
            case "many2many":
                return [Command.set(cls.get_target(field.comodel_name, letter, made).ids)]
            case _:
                return False

    @classmethod
    def get_target(cls, comodel_name, letter, made):
        """What a record that is made points at."""
        if comodel_name == "res.partner":
            return cls.env["res.partner"].create({"name": cls.word(letter, PARTNER, "name")})
        if comodel_name == "res.users":
            return cls.outsider
        if comodel_name == "res.company":
            return made[COMPLAINT].company_id
        if comodel_name == "klachtenbeheer.policy":
            return made[COMPLAINT].policy_id
        if comodel_name == "klachtenbeheer.policy.role":
            return made[COMPLAINT].policy_id.role_ids[:1]
        if comodel_name in cls.get_dossier_models():
            return cls.make_record(comodel_name, letter, made)
        return cls.env[comodel_name].search([], limit=1)

    # ---------------------------------------------------------------- beside it

    @classmethod
    def make_beside(cls, letter, complaint, client):
        word = lambda name: cls.word(letter, CONTENT, name)  # noqa: E731
        colleague = cls.users["foreign" if letter == "f" else "witness"]
        message = complaint.message_post(
            body=word("body"),
            subject=word("subject"),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=colleague.partner_id.id,
            attachments=[(word("name") + ".txt", word("raw").encode())],
        )
        cls.env["mail.notification"].create(
            {
                "mail_message_id": message.id,
                "res_partner_id": colleague.partner_id.id,
                "notification_type": "email",
                "notification_status": "exception",
                "failure_type": "unknown",
            }
        )
        tracked = cls.env["ir.model.fields"]._get(COMPLAINT, "title")
        cls.env["mail.tracking.value"].create(
            {"mail_message_id": message.id, "field_id": tracked.id, "new_value_char": word("new")}
        )
        cls.env["mail.mail"].create(
            {
                "mail_message_id": message.id,
                "body_html": word("html"),
                "email_to": "x@proef.example",
            }
        )
        cls.env["mail.message.schedule"].create(
            {"mail_message_id": message.id, "scheduled_datetime": "2099-01-01 00:00:00"}
        )
        writer = complaint.handler_id or colleague  # who may be complained about later
        cls.env["mail.scheduled.message"].with_user(writer).sudo().create(
            {
                "model": COMPLAINT,
                "res_id": complaint.id,
                "author_id": colleague.partner_id.id,
                "body": word("body"),
                "scheduled_date": "2099-01-01 00:00:00",
            }
        )
        complaint.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=colleague.id,
            summary=word("summary"),
            note=word("note"),
        )
        cls.env["rating.rating"].create(
            {
                "res_model_id": cls.env["ir.model"]._get_id(COMPLAINT),
                "res_id": complaint.id,
                "feedback": word("feedback"),
                "rating": 3,
            }
        )
        complaint.title = cls.word(letter, REGISTRATION, "title")  # tracked
        if not complaint.hide_identity:
            complaint.message_subscribe(client.ids)
        cls.file_pdf(letter, complaint)

    @classmethod
    def file_pdf(cls, letter, complaint):
        """What stands in for the PDF of a letter: a file on it, with words in it."""
        draft = complaint.letter_ids[:1]
        pdf = cls.env["ir.attachment"].create(
            {
                "name": cls.word(letter, LETTERS, "name") + ".pdf",
                "raw": cls.word(letter, LETTERS, "pdf").encode(),
                "mimetype": "text/plain",
                "res_model": draft._name,
                "res_id": draft.id,
            }
        )
        cls.env.cr.execute(
            SQL(
                "UPDATE klachtenbeheer_letter SET attachment_id = %s WHERE id = %s",
                pdf.id,
                draft.id,
            )
        )
        cls.env.invalidate_all()

    @classmethod
    def plan_conversation(cls, letter, complaint, client):
        leader = complaint.handler_id or cls.users["foreign" if letter == "f" else "witness"]
        hearing = cls.env["klachtenbeheer.hearing"].create(
            {
                "complaint_id": complaint.id,
                "leader_id": leader.id,
                "participant_ids": [
                    Command.create({"role": "complainant", "partner_id": client.id})
                ],
                "slot_ids": [
                    Command.create({"start_at": fields.Datetime.add(fields.Datetime.now(), days=2)})
                ],
            }
        )
        hearing.action_plan(hearing.slot_ids)
        cls.records.setdefault(letter, []).extend(
            [hearing, hearing.participant_ids, hearing.slot_ids, hearing.calendar_event_id]
        )

    # ---------------------------------------------------------------- beyond dossiers

    @classmethod
    def make_dialogs(cls):
        """What somebody else is typing, in each dialog of the addon."""
        made = {COMPLAINT: cls.dossiers["b"]}
        own = [
            name
            for name, model in cls.env.registry.items()
            if name.startswith(ADDON) and model._transient and not model._abstract
        ]
        cls.records["w"] = [cls.make_dialog(name, made) for name in sorted(own)]

    @classmethod
    def make_dialog(cls, name, made):
        if name not in made:
            vals = {}
            for fname, field in cls.env[name]._fields.items():
                if field.store and field.required and not field.related:
                    if field.comodel_name and cls.env[field.comodel_name]._transient:
                        value = cls.make_dialog(field.comodel_name, made).id
                    elif field.comodel_name == "klachtenbeheer.policy":
                        template = cls.env.ref("klachtenbeheer.policy_sb")
                        value = template.id if "template" in fname else cls.policy.id
                    elif field.comodel_name in made:
                        target = made[field.comodel_name]
                        value = target.id if field.type == "many2one" else [Command.set(target.ids)]
                    elif field.comodel_name in cls.get_dossier_models():
                        target = cls.env[field.comodel_name].search(
                            [("complaint_id", "=", cls.dossiers["b"].id)], limit=1
                        )
                        value = target.id if field.type == "many2one" else [Command.set(target.ids)]
                    else:
                        value = cls.get_value(field, cls.env[name], "w", made)
                    vals[fname] = value
            made[name] = cls.env[name].create(vals)
        return made[name]

    @classmethod
    def make_closed_day(cls):
        """What every employee of the organisation may see, and nobody else."""
        vals = {"date": "2030-01-02", "name": "Dicht", "company_id": cls.company.id}
        cls.records["s"] = [cls.env["klachtenbeheer.closed.day"].create(vals)]

    @classmethod
    def make_drafts(cls):
        for letter, policy, code in (("p", cls.policy, "concept"), ("q", cls.far_policy, "verre")):
            draft = policy.with_context(allowed_company_ids=policy.company_id.ids).copy(
                {"code": code}
            )
            lines = [
                draft[fname][:1]
                for fname, field in draft._fields.items()
                if field.type == "one2many"
                and field.comodel_name.startswith(ADDON)
                and field.comodel_name not in cls.get_dossier_models()
            ]
            cls.records[letter] = [draft, *(line for line in lines if line)]

    # ---------------------------------------------------------------- filling

    @classmethod
    def word(cls, letter, part, what):
        number = len(cls.words)
        cls.words[number] = what
        return f"{MARK}{letter}{part}{number:04d}q"

    @classmethod
    def fill(cls, letter):
        """Put a word in every text field that is stored, past all that computes or guards."""
        for record in cls.get_all_records(letter):
            if record:
                cls.fill_record(letter, record)

    @classmethod
    def get_all_records(cls, letter):
        """The records of a dossier with what the platform keeps beside them."""
        records = [record.exists() for record in cls.records[letter]]
        yield from records
        of_messages = cls.env["mail.message"]
        for model, (model_field, id_field) in BESIDE.items():
            for record in records:
                # what is logged on an appointment is for those invited, and tells nothing
                if record._transient or letter in "pqs" or record._name == "calendar.event":
                    continue
                domain = [(model_field, "=", record._name), (id_field, "in", record.ids)]
                found = cls.env[model].with_context(active_test=False).search(domain)
                yield from found
                if model == "mail.message":
                    of_messages |= found
        for model, fname in OF_MESSAGES.items():
            yield from cls.env[model].search([(fname, "in", of_messages.ids)])

    @classmethod
    def fill_record(cls, letter, record):
        names = [
            fname
            for fname, field in record._fields.items()
            if field.type in TEXTS
            and field.store
            and field.column_type
            and not field.inherited
            and fname not in KEYS.get(record._name, ())
        ]
        if not names:
            return
        values = [cls.get_filling(letter, record, fname) for fname in names]
        assignments = SQL(", ").join(
            SQL("%s = %s", SQL.identifier(fname), value)
            for fname, value in zip(names, values, strict=True)
        )
        for one in record:
            cls.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s WHERE id = %s",
                    SQL.identifier(record._table),
                    assignments,
                    one.id,
                )
            )

    @classmethod
    def get_filling(cls, letter, record, fname):
        field = record._fields[fname]
        word = cls.word(letter, cls.get_part(letter, record, fname), f"{record._name}.{fname}")
        if "email" in fname:
            word = f"{word}@proef.example"
        if field.type == "html":
            word = f"<p>{word}</p>"
        if field.translate:
            return Json({"en_US": word})
        return word

    @classmethod
    def get_part(cls, letter, record, fname):
        """To which part of a dossier a field belongs."""
        name = record._name
        if name == COMPLAINT and record._fields[fname].groups != HANDLERS:
            return REGISTRATION
        if name == "klachtenbeheer.identity":
            return IDENTITY
        if name == "calendar.event":
            return APPOINTMENT
        if name == "klachtenbeheer.measure" or cls.is_of_measure(record):
            return MEASURES
        hidden = letter == "h"
        if (
            name == "klachtenbeheer.hearing.participant"
            and hidden
            and record[:1].role == "complainant"
        ):
            return IDENTITY
        of_letter = name == "ir.attachment" and record[:1].res_model == "klachtenbeheer.letter"
        # a dossier as one file tells who complained, as letters do
        tells = name in ("klachtenbeheer.letter", "klachtenbeheer.dossier.file")
        if tells or of_letter:
            return LETTERS
        return CONTENT

    @classmethod
    def is_of_measure(cls, record):
        model_field = BESIDE.get(record._name, ("",))[0]
        if record._name in OF_MESSAGES:
            record, model_field = record[:1][OF_MESSAGES[record._name]], "model"
        return bool(model_field) and record[:1][model_field] == "klachtenbeheer.measure"

    # ---------------------------------------------------------------- finding

    def find_words(self, answer):
        """The words in whatever somebody got.

        :return: {beginning of the word: {what it was filled in}}
        """
        text = answer if isinstance(answer, str) else _to_text(answer)
        found = {}
        for letter, part, number in WORD.findall(text):
            key = f"{MARK}{letter}{part}".lower()
            found.setdefault(key, set()).add(self.words[int(number)])
        return found


def _to_text(answer):
    """All texts in an answer with a word in them, as one; files included."""
    return "\n".join(text for text in _get_texts(answer) if MARK in text.lower())


_without_words = set()  # files, of which everybody is given the same ones


def _get_texts(answer):
    if isinstance(answer, bytes):
        key = (len(answer), hash(answer))
        if key in _without_words:
            return
        texts = (answer.decode(errors="replace"), _decode(answer))
        if any(MARK in text.lower() for text in texts):
            yield from texts
        else:
            _without_words.add(key)
    elif isinstance(answer, dict):
        for key, value in answer.items():
            yield from _get_texts(key)
            yield from _get_texts(value)
    elif isinstance(answer, (list, tuple, set)):
        for part in answer:
            yield from _get_texts(part)
    elif answer:  # nothing is told by False and None
        yield str(answer)


def _decode(value):
    try:
        return base64.b64decode(value).decode(errors="replace")
    except ValueError:
        return ""
