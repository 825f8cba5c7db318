import logging
import re

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..support.access_common import ACCESS_LOGGERS
from ..support.canary_common import (
    ADDON,
    BESIDE,
    COMPLAINT,
    CONTENT,
    MARK,
    PARTNER,
    TEXTS,
    CanaryCase,
)
from ..support.sampling import EVERYTHING

_table = logging.getLogger(f"{__name__}.table")

# Who is crawled for; `witness` and `foreign` show that there is something to be found.
ACTORS = (
    *("employee", "registrar", "handler", "clerk", "coordinator", "deputy", "director"),
    *("board", "director_board", "all_roles", "manager", "administrator", "colleague"),
    *("stand_in", "neighbour", "protector"),
    *("foreign", "foreign_manager", "portal", "other_portal", "portal_accused", "public"),
)
# Who has the rights of several others, or of another organisation once more, crawls in `make soak`.
ONCE_MORE = {
    *("clerk", "director_board", "all_roles", "foreign_manager", "other_portal"),
    *("colleague", "deputy", "stand_in"),
}
CRAWLING = [actor for actor in ACTORS if EVERYTHING or actor not in ONCE_MORE]
# The address book of the platform is open to every employee; that somebody is in it tells
# nothing of complaints. Nothing leads from there to a dossier, nor from a dossier to there.
ADDRESS_BOOK = {"res.partner", "res.users"}
# Who protects data is told by the log which dossiers were read, and nothing of what is in them
REFERENCE_OF_READING = ("klachtenbeheer.reading", {f"{COMPLAINT}.name"})
# Dialogs of the platform that start from a record.
DIALOGS_ON_RECORDS = {
    *("mail.compose.message", "mail.followers.edit", "mail.activity.schedule"),
    *("mail.scheduled.message", "mail.activity", "calendar.event"),
}
# Pictures of people and products hold no text.
PICTURES = ("image", "avatar")
# Of another model than those with words in them: its own messages and files.
BESIDE_OTHERS = {"message_main_attachment_id", "message_ids", "website_message_ids"}
MAKERS = {"create_uid", "write_uid"}
# What the platform consists of; only administrators read it.
TECHNICAL = re.compile(
    r"ir\.(module|model|ui|actions|cron|sequence)\b|res\.(lang|country|currency)"
)
MOST = 200  # records of one model; the newest first


class Crawler:
    """Everything that one user can ask of the models that they can reach."""

    def __init__(self, case, actor, models=None):
        self.case, self.actor = case, actor
        self.forbidden = case.get_forbidden(actor)
        user = case.users[actor]
        self.env = case.env(
            user=user.id, su=False, context={"allowed_company_ids": user.company_ids.ids}
        )
        self.is_internal = user._is_internal()
        self.models = models
        self.hits = []  # (model, way, what)
        self.seen = set()  # beginnings of all words, also those that are for this user

    def crawl(self, ways=None, turn=None):
        """Ask all ways of all models; what is found and may not be is in `hits`.

        :param turn: a number: a third of the ways of each model is asked, by the next turn
            another third; in `make soak` all of them
        """
        self.case.env.invalidate_all()
        for place, name in enumerate(sorted(self.models or self.env.registry)):
            model = self.env[name]
            if model._abstract or TECHNICAL.match(name) or not model.has_access("read"):
                continue
            for number, way in enumerate(self.get_ways(model)):
                mine = EVERYTHING or turn is None or not (turn + place + number) % 3
                if mine and (ways is None or way.__name__ in ways):
                    self.ask(model, way)
        return self.hits

    def get_ways(self, model):
        if not self.case.leads_to_canaries(model):
            return (self.read_fields,)
        return (
            self.read_fields,
            self.read_nested,
            self.read_by_number,
            self.search_words,
            self.search_names,
            self.group,
            self.export,
            self.take_defaults,
        )

    def ask(self, model, way, *args):
        """Look for words in an answer; a refusal is a good answer."""
        try:
            with self.case.env.cr.savepoint():
                answer = way(model, *args)
        except (AccessError, MissingError, UserError, ValueError, NotImplementedError) as refusal:
            answer = str(refusal)
        self.look(model, way.__name__, answer)

    def look(self, model, way, answer):
        for key, what in self.case.find_words(answer).items():
            self.seen.add(key)
            if self.is_forbidden(key, model) and (model._name, what) != REFERENCE_OF_READING:
                self.hits.append((model._name, way, f"{key}: {', '.join(sorted(what))}"))

    def is_forbidden(self, key, model):
        return key in self.forbidden and not (key[4] == PARTNER and self.has_address_book(model))

    def has_address_book(self, model):
        return self.is_internal and model._name in ADDRESS_BOOK

    # ---------------------------------------------------------------- ways

    def get_fields(self, model, *attributes):
        """The fields that the user is told of."""
        return model.fields_get(attributes=["type", *attributes])

    def get_readable(self, model):
        return [
            fname
            for fname, info in self.get_fields(model).items()
            if not (info["type"] == "binary" and fname.startswith(PICTURES))
        ]

    def find(self, model, domain=()):
        records = model.with_context(active_test=False)
        return records.search(domain or [], limit=MOST, order="id desc")

    def read_fields(self, model):
        records, names = self.find(model), self.get_readable(model)
        if not records:
            return ""
        if not self.case.filled.get(model._name):
            self.look(model, "find", self.case.get_marks(records))
        return self.read_some(records, names)

    def read_some(self, records, names):
        """Some fields of the platform can't be read at all; the others are."""
        try:
            with self.case.env.cr.savepoint():
                return records.read(names)
        except Exception as refusal:  # noqa: BLE001
            if len(names) < 2:
                return str(refusal)
        half = len(names) // 2
        return [self.read_some(records, part) for part in (names[:half], names[half:])]

    def read_nested(self, model):
        """As a list of the client, with fields of what a record points at."""
        specification = {
            fname: self.get_specification(info["relation"])
            for fname, info in self.get_fields(model, "relation").items()
            if info.get("relation") in self.case.canary_models and fname not in MAKERS
        }
        return model.web_search_read([], specification, limit=MOST, order="id desc")

    def read_by_number(self, model):
        """What is in no list is not read by guessing its number either."""
        wanted = model.browse(self.case.get_canary_ids(model._name)) - self.find(model)
        return wanted._filtered_access("read").web_read({fname: {} for fname in model._fields})

    def get_specification(self, comodel_name):
        comodel = self.env[comodel_name]
        names = ["display_name"]
        if comodel.has_access("read"):
            fields = self.get_fields(comodel)
            names += [fname for fname in self.case.filled[comodel_name] if fname in fields]
        return {"fields": {fname: {} for fname in names}}

    def search_words(self, model):
        """Nobody finds out what is in a field by searching for it: nothing is found."""
        paths = self.get_paths(model)
        prefixes = list(self.get_prefixes())
        if self.has_address_book(model):
            prefixes = [prefix for prefix in self.forbidden if prefix[4] != PARTNER]
        if self.count(model, paths, prefixes):
            for path in paths:
                self.hits += [
                    (model._name, f"search {path}", prefix)
                    for prefix in prefixes
                    if self.is_told_by(model, path, [prefix])
                ]
        return ""

    def get_paths(self, model):
        """Fields, and fields of what a record points at, in which text can be looked for."""
        fields = self.get_fields(model, "relation", "searchable")
        paths = [
            fname
            for fname, info in fields.items()
            if info["type"] in TEXTS
            and info["searchable"]
            # without names of its own, a model finds everything by any name
            and (fname != "display_name" or model._rec_names_search or model._rec_name)
        ]
        own = model._name in self.case.canary_models
        for fname, info in fields.items():
            relation = info.get("relation")
            leads = relation in self.case.canary_models - ADDRESS_BOOK and info["searchable"]
            if leads and (own or fname not in BESIDE_OTHERS):
                # whether or not the user may read the other model
                paths += [f"{fname}.{other}" for other in self.case.filled[relation]]
        return paths

    def is_told_by(self, model, path, prefixes):
        """Whether something is found by a word in a field, that is not found by any word."""
        if not self.count(model, [path], [f"{MARK}zz"]):
            return self.count(model, [path], prefixes)
        return False

    def get_prefixes(self):
        """As few beginnings of words as say the same."""
        letters = {}
        for prefix in self.forbidden:
            letters.setdefault(prefix[:4], set()).add(prefix)
        allowed = {
            key
            for key in (f"{MARK}{name}" for name in self.case.get_allowed())
            if key not in self.forbidden
        }
        for start, prefixes in letters.items():
            if any(key.startswith(start) for key in allowed):
                yield from prefixes
            else:
                yield start

    def count(self, model, paths, prefixes):
        """Whether anything is found; of many paths those that may be asked for at all."""
        domain = Domain.OR(Domain(path, "ilike", prefix) for path in paths for prefix in prefixes)
        try:
            with self.case.env.cr.savepoint():
                return bool(model.with_context(active_test=False).search(domain, limit=1))
        except Exception:  # noqa: BLE001 - whatever the reason, nothing was found
            half = len(paths) // 2
            return bool(half) and (
                self.count(model, paths[:half], prefixes)
                or self.count(model, paths[half:], prefixes)
            )

    def search_names(self, model):
        return [
            model.name_search(MARK, limit=MOST),
            model.web_name_search(MARK, {"display_name": {}}),
        ]

    def group(self, model):
        fields = self.get_fields(model, "groupable", "relation")
        filled = self.case.filled.get(model._name, ())
        names = [
            fname
            for fname, info in fields.items()
            if info.get("groupable")
            and (fname in filled or info.get("relation") in self.case.canary_models)
            and fname not in MAKERS
        ]
        return [self.group_by(model, fname) for fname in names]

    def group_by(self, model, fname):
        try:
            with self.case.env.cr.savepoint():
                return model.formatted_read_group([], [fname], ["__count"])
        except (AccessError, UserError, ValueError) as refusal:
            return str(refusal)

    def export(self, model):
        names = [
            fname if info["type"] in TEXTS else f"{fname}/display_name"
            for fname, info in self.get_fields(model, "relation", "exportable").items()
            if fname in self.case.filled.get(model._name, ())
            or (info.get("relation") in self.case.canary_models and fname not in MAKERS)
        ]
        return self.find(model).export_data(["display_name", *names])

    def get_closed_dossiers(self):
        return [
            complaint
            for letter, complaint in self.case.dossiers.items()
            if {f"{MARK}{letter}r", f"{MARK}{letter}i"} & self.forbidden
        ]

    def take_defaults(self, model):
        """What a new record, or a dialog, would show of a dossier."""
        is_ours = model._name.startswith(ADDON) or model._name in DIALOGS_ON_RECORDS
        if not is_ours or not model.has_access("create"):
            return ""
        answers = []
        names = self.get_readable(model)
        for complaint in self.get_closed_dossiers():
            context = {
                "active_model": COMPLAINT,
                "active_id": complaint.id,
                "active_ids": complaint.ids,
                "default_complaint_id": complaint.id,
                "default_complaint_ids": complaint.ids,
            }
            new = model.with_context(**context)
            for ask in (
                lambda: new.default_get(names),  # noqa: B023
                lambda: new.onchange({}, [], {fname: {} for fname in names}),  # noqa: B023
            ):
                try:
                    with self.case.env.cr.savepoint():
                        answers.append(ask())
                except Exception as refusal:  # noqa: BLE001 - any answer is looked at
                    answers.append(str(refusal))
        return answers


def get_text_columns(model):
    return [
        fname
        for fname, field in model._fields.items()
        if field.type in TEXTS and field.store and field.column_type and not field.inherited
    ]


class CrawlCase(CanaryCase):
    """Dossiers, and crawlers for who may not see them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.filled, cls.ids = {}, {}
        cls.canary_models = cls.find_canary_models()

    @classmethod
    def find_canary_models(cls):
        """Models in whose table there is a word."""
        return {
            name
            for name, model in cls.env.registry.items()
            if not model._abstract and model._auto and cls.has_words(cls.env[name])
        }

    @classmethod
    def has_words(cls, model):
        cls.filled[model._name] = [
            fname for fname in get_text_columns(model) if cls.is_filled(model, fname)
        ]
        return bool(cls.filled[model._name])

    @classmethod
    def is_filled(cls, model, fname):
        column = SQL.identifier(fname)
        rows = cls.env.execute_query(
            SQL(
                "SELECT 1 FROM %s WHERE %s::text ILIKE %s LIMIT 1",
                SQL.identifier(model._table),
                column,
                f"%{MARK}%",
            )
        )
        return bool(rows)

    @classmethod
    def leads_to_canaries(cls, model):
        """Whether there are words in a model, or it points at one in which there are. What the
        platform keeps beside other models is of those."""
        return model._name in cls.canary_models or any(
            field.comodel_name in cls.canary_models - ADDRESS_BOOK
            for field in model._fields.values()
            if field.type in ("many2one", "many2many") and field.name not in BESIDE_OTHERS
        )

    @classmethod
    def get_canary_ids(cls, name):
        return sorted(cls.get_letters(name))

    @classmethod
    def get_letters(cls, name):
        """Of which dossier the records of a model are: {id: letter}."""
        if not cls.ids:
            for letter in cls.records:
                for record in cls.get_all_records(letter):
                    letters = dict.fromkeys(record.ids, letter)
                    cls.ids.setdefault(record._name, {}).update(letters)
        return cls.ids.get(name, {})

    @classmethod
    def get_marks(cls, records):
        """What stands for records that hold no text, and so no word."""
        letters = cls.get_letters(records._name)
        return [
            f"{MARK}{letters[number]}{CONTENT}0000q" for number in records.ids if number in letters
        ]


@tagged("post_install", "-at_install")
class TestCanaryCrawl(CrawlCase):
    """Nobody finds a word that is not for them, in whatever way they ask the models."""

    def test_every_text_field_is_filled(self):
        """A field or a model that is new is filled, or this says which is not."""
        names = self.get_dossier_models() | self.get_dossier_models(transient=True)
        missing = [
            f"{name}.{fname}"
            for name in sorted(names)
            for fname in get_text_columns(self.env[name])
            if fname not in self.filled[name]
        ]
        self.assertEqual(
            missing, [f"{COMPLAINT}.access_token"], "explained: no link opens a dossier"
        )

    @mute_logger(*ACCESS_LOGGERS)
    def test_nobody_finds_a_word_that_is_not_for_them(self):
        rows, hits = [], []
        for turn, actor in enumerate(CRAWLING):
            crawler = Crawler(self, actor)
            found = crawler.crawl(turn=turn)
            rows.append((actor, len(found)))
            hits += [f"{actor}: {' '.join(hit)}" for hit in found]
        _table.info(
            "Canary table, models: hits of words that are not for them\n%s",
            "\n".join(f"   {actor:16} {count:5}" for actor, count in rows),
        )
        self.assertFalse("\n".join(sorted(set(hits))))

    @mute_logger(*ACCESS_LOGGERS)
    def test_who_may_see_does_find_the_words(self):
        """Silence means something: the same crawl finds what is there."""
        for actor, letters in (("witness", "abeh"), ("foreign", "f")):
            beside = {*BESIDE} - {"mail.scheduled.message"}
            crawler = Crawler(self, actor, self.get_dossier_models() | beside)
            crawler.forbidden = {f"{MARK}{key}" for key in self.get_allowed()}
            crawler.crawl(("read_fields", "group"))
            told = "\n".join(what for _model, _way, what in crawler.hits)
            for letter in letters:
                for part in "rcl":
                    with self.subTest(actor=actor, words=letter + part):
                        self.assertIn(f"{MARK}{letter}{part}", told)
