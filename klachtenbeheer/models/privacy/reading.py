from datetime import timedelta

from psycopg2.errors import ReadOnlySqlTransaction

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..access.permission import LoggedDossier

COMPLAINT = "klachtenbeheer.complaint"
DOSSIER, LIST, CONTENT, FILE, IDENTITY, EXPORT, PRINT, GROUP, OWN_PAGE = (
    "dossier",
    "list",
    "content",
    "file",
    "identity",
    "export",
    "print",
    "group",
    "own_page",
)
HOUR = timedelta(hours=1)
# From so many dossiers on a day somebody reads more than their work usually asks.
MANY = 60
# What a process remembers of having noted in this hour: (database, user, dossier, what).
_noted = {}
MOST_NOTED = 50_000
# What follows is read past the platform's cache.
STORED = (
    *("name", "company_id", "policy_id", "handler_id", "independent_id"),
    *("is_closed", "board_involved", "called_in_role_ids"),
)
DOSSIERS = """
    SELECT id, company_id, name, policy_id, handler_id, independent_id, is_closed, board_involved,
        ARRAY(SELECT klachtenbeheer_policy_role_id FROM klachtenbeheer_complaint_called_in_rel link
              WHERE link.klachtenbeheer_complaint_id = complaint.id)
      FROM klachtenbeheer_complaint complaint WHERE id = ANY(%s)
"""


class Reading(models.Model):
    """Who looked at which dossier, when, at what of it, and why that was allowed.

    A line for each user, dossier, kind of look and hour; processes remember what they noted, so
    that a second look costs nothing. Lines are only added: nobody waits for another, and what two
    processes noted twice is one look. In the transaction that reads, so that nothing is given
    that is not noted; on a read-only database the platform starts the request again.

    Read by who protects data, without what is noted of themself and of dossiers about them.
    """

    _name = "klachtenbeheer.reading"
    _description = "Reading of a Complaint Dossier"
    _order = "hour desc, id desc"
    _rec_name = "reference"
    _log_access = False

    user_id = fields.Many2one("res.users", "Who", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    # a number: who protects data reads no dossiers
    dossier_id = fields.Integer("Dossier (number)", index=True)
    reference = fields.Char("Dossier")
    what = fields.Selection(
        [
            (DOSSIER, "The dossier"),
            (LIST, "In a list"),
            (CONTENT, "A part of it, or a message"),
            (FILE, "A file"),
            (IDENTITY, "A hidden identity"),
            (EXPORT, "An export"),
            (PRINT, "A letter or another print"),
            (GROUP, "Figures by a text"),
            (OWN_PAGE, "Own page of the complainant"),
        ],
        required=True,
    )
    hour = fields.Datetime("In the hour from", required=True, index=True)
    ground = fields.Selection(
        [
            ("handler", "Handles it"),
            ("independent", "Independent officer"),
            ("coordinator", "Coordinates"),
            ("stand_in", "Stands in for the coordinator"),
            ("registrar", "Keeps the register"),
            ("decider", "Decides on it"),
            ("adviser", "Advises on it"),
            ("own", "Own complaint"),
            ("protector", "Request of a data subject"),
            ("other", "Something else"),
        ],
        "Why it was allowed",
        required=True,
    )
    is_unusual = fields.Boolean(
        compute="_compute_is_unusual",
        search="_search_is_unusual",
        help="Many dossiers in a day, or for no reason that is known.",
    )

    @api.model
    def _get_dossier_domain(self, operation):
        if operation != "read" or not self.env[COMPLAINT]._may_protect_data():
            return Domain.FALSE
        # that a dossier is about somebody is told by no line either
        about = (
            self.env[COMPLAINT]
            .sudo()
            ._search(self.env[COMPLAINT]._get_excluded_domain(), active_test=False)
        )
        # of the dossiers of other policies, somebody else protects the data
        policies = self.env[COMPLAINT]._get_policies_giving("protect")
        under = Domain("policy_id", "in", sorted(policies))
        mine = self.env[COMPLAINT].sudo()._search(under, active_test=False)
        of_none = Domain("dossier_id", "in", (False, 0))
        companies = self.env[COMPLAINT]._get_protected_companies()
        own_company = Domain("company_id", "in", companies.ids)
        here = Domain("company_id", "in", self.env.companies.ids)
        return (
            here
            & Domain("user_id", "!=", self.env.uid)
            & Domain("dossier_id", "not in", about)
            & (Domain("dossier_id", "in", mine) | (of_none & own_company))
        )

    # ---------------------------------------------------------------- noting

    @api.model
    def _note_dossiers(self, dossier_ids, what):
        """Note, before anything is committed, that the user looked at dossiers."""
        data = self.env.cr.precommit.data
        wanted = data.get("klachtenbeheer.readings")
        if wanted is None:
            wanted = data["klachtenbeheer.readings"] = set()
            self.env.cr.precommit.add(self.sudo()._write_noted)
        hour = self._get_hour()
        wanted.update(
            (self.env.uid, number, what, hour)
            for number in dossier_ids
            if _noted.get((self.env.cr.dbname, self.env.uid, number, what)) != hour
        )

    @api.model
    def _get_hour(self):
        return fields.Datetime.now().replace(minute=0, second=0, microsecond=0)

    @api.model
    def _write_noted(self):
        noted = self.env.cr.precommit.data.pop("klachtenbeheer.readings", set())
        if noted and self.env.cr.readonly:
            # the platform starts the request again where something can be noted
            raise ReadOnlySqlTransaction("who looked at a dossier has to be noted")
        if noted:
            self._insert_readings(noted)
            self.env.cr.postcommit.add(lambda: self._remember(noted))

    @api.model
    def _remember(self, noted):
        if len(_noted) > MOST_NOTED:
            _noted.clear()
        for user_id, number, what, hour in noted:
            _noted[self.env.cr.dbname, user_id, number, what] = hour

    @api.model
    def _insert_readings(self, noted):
        rows = []
        for user_id in {line[0] for line in noted}:
            mine = [line for line in noted if line[0] == user_id]
            known = self._fetch_dossiers({line[1] for line in mine})
            user = self.env["res.users"].browse(user_id)
            grounds = self.env[COMPLAINT]._get_reading_grounds(user, known.values())
            rows += [
                self._prepare_row(line, known.get(line[1]), grounds)
                for line in sorted(mine, key=str)
            ]
        self.env.cr.execute_values(
            "INSERT INTO klachtenbeheer_reading"
            " (user_id, dossier_id, what, hour, company_id, reference, ground) VALUES %s",
            rows,
        )

    @api.model
    def _fetch_dossiers(self, numbers):
        """In one question all that the lines and their grounds need, and nothing beside it; the
        log is kept by the system.

        :return: {id: `LoggedDossier`}
        """
        self.env[COMPLAINT].flush_model(STORED)  # before a commit nothing is left to
        rows = self.env.execute_query(SQL(DOSSIERS, list(numbers)))
        return {row[0]: LoggedDossier(*row) for row in rows}

    @api.model
    def _prepare_row(self, line, dossier, grounds):
        user_id, number, what, hour = line
        company_id = dossier.company_id if dossier else self.env.company.id
        return (
            *(user_id, number, what, hour, company_id),
            *(dossier.name if dossier else None, grounds.get(number, "other")),
        )

    # ---------------------------------------------------------------- unusual

    @api.depends("ground", "user_id", "hour")
    def _compute_is_unusual(self):
        unusual = self.search([("id", "in", self.ids), ("is_unusual", "=", True)])
        for reading in self:
            reading.is_unusual = reading in unusual

    @api.model
    def _search_is_unusual(self, operator, value):
        if operator != "in":
            return NotImplemented
        busy = SQL(
            """
            SELECT reading.id FROM klachtenbeheer_reading reading
              JOIN (SELECT user_id, hour::date AS day FROM klachtenbeheer_reading
                     WHERE what NOT IN ('list', 'own_page') GROUP BY user_id, hour::date
                    HAVING count(DISTINCT dossier_id) >= %s) busy
                ON busy.user_id = reading.user_id AND busy.day = reading.hour::date
            """,
            MANY,
        )
        unusual = Domain("id", "in", busy) | (
            Domain("ground", "=", "other") & Domain("dossier_id", "!=", False)
        )
        return unusual if True in value else ~unusual

    # ---------------------------------------------------------------- retention

    @api.model
    def _get_old_domain(self, today):
        """Lines of open dossiers go too, after two years."""
        return Domain("company_id", "=", self.env.company.id) & Domain(
            "hour", "<", fields.Datetime.to_datetime(today) - timedelta(days=730)
        )

    def _forget_old(self, today):
        self.unlink()


class ComplaintErasedReadings(models.Model):
    _inherit = "klachtenbeheer.complaint"

    def _erase_readings(self, counts):
        """Who read an anonymised dossier names people as well."""
        rows = self.env.execute_query(
            SQL(
                "DELETE FROM klachtenbeheer_reading WHERE dossier_id IN %s RETURNING dossier_id",
                tuple(self.ids),
            )
        )
        self._count("readings", [number for [number] in rows], counts)
