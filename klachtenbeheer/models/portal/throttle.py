import time
from ipaddress import ip_address, ip_network

from odoo import api, fields, models
from odoo.tools import SQL, hmac

from ...tools.uploads import MEGABYTE

HOUR = 3600  # seconds
# An address is kept as one of about a million groups, so that no address can be found back.
BUCKET_DIGITS = 5
# How often something may be done from one address in this hour and the one before; each can be
# set to another number with a system parameter of this name.
LIMITS = {
    "post": 60,
    "form": 20,
    "mail": 3,
    "code": 5,
    "message": 30,
    "stored": 1000,
}
STORED = "stored"  # megabytes of files of all strangers together, in a day
NO_ROOM = "no_room"  # that the limit was reached today, and told
DAILY = (STORED, NO_ROOM)
DAY = 24  # hours
PARAMETER = "klachtenbeheer.limit_%s"
# So many wrong codes of everybody together: from then on each address has one try an hour.
CODES_OF_EVERYBODY = 500
ONE_TRY = 1


class Throttle(models.Model):
    """How often strangers do something, to slow down abuse without knowing who they are.

    No address is stored: its keyed hash, with a key of the day, is cut off so far that
    thousands of addresses share it, and kept by the hour. Lines of hours past are
    removed every hour.
    """

    _name = "klachtenbeheer.throttle"
    _description = "Count of Public Requests"
    _log_access = False

    purpose = fields.Char(required=True)
    bucket = fields.Char(required=True)
    hour = fields.Integer(required=True)
    amount = fields.Integer(help="Bytes, where those are counted.")

    _bucket_idx = models.Index("(purpose, bucket, hour)")

    @api.model
    def _is_exceeded(self, purpose, address):
        """Whether somebody at an address did something too often to do it again."""
        return self._count(purpose, self._get_bucket(address)) >= self._get_limit(purpose)

    @api.model
    def _count_one(self, purpose, address):
        """Count one more. Lines are only added, so that nobody waits for another."""
        self.create(
            {
                "purpose": purpose,
                "bucket": self._get_bucket(address),
                "hour": self._get_hour(),
            }
        )

    # ---------------------------------------------------------------- a day of everybody

    @api.model
    def _has_room(self, size):
        """Whether so many bytes more of strangers' files stay within the limit of a day."""
        [(stored,)] = self._read_group(self._get_day(STORED), aggregates=["amount:sum"])
        return (stored or 0) + size <= self._get_limit(STORED) * MEGABYTE

    @api.model
    def _count_stored(self, size):
        """Count bytes of strangers' files; that they are removed later makes no room today."""
        if size:
            self._note_of_everybody(STORED, size)

    @api.model
    def _is_first_today(self, purpose):
        """Whether something has not happened before today; from now on it has."""
        is_first = not self.search_count(self._get_day(purpose), limit=1)
        if is_first:
            self._note_of_everybody(purpose)
        return is_first

    @api.model
    def _note_of_everybody(self, purpose, amount=0):
        hour = self._get_hour()
        self.create({"purpose": purpose, "bucket": "", "hour": hour, "amount": amount})

    @api.model
    def _get_day(self, purpose):
        return [("purpose", "=", purpose), ("hour", ">", self._get_hour() - DAY)]

    # ---------------------------------------------------------------- limits

    @api.model
    def _get_limit(self, purpose):
        limit = self.env["ir.config_parameter"].get_param(PARAMETER % purpose, LIMITS[purpose])
        if purpose == "code" and self._count(purpose) >= CODES_OF_EVERYBODY:
            return ONE_TRY
        return int(limit)

    @api.model
    def _count(self, purpose, bucket=None):
        domain = [("purpose", "=", purpose), ("hour", ">=", self._get_hour() - 1)]
        if bucket:
            domain.append(("bucket", "=", bucket))
        return self.search_count(domain)

    @api.model
    def _get_hour(self):
        return int(time.time()) // HOUR

    @api.model
    def _get_bucket(self, address):
        """The group of an address: the same all day, another one the next day."""
        day = self._get_hour() // 24
        network = self._get_network(address)
        digest = hmac(self.env(su=True), "klachtenbeheer.throttle", (day, network))
        return digest[:BUCKET_DIGITS]

    @api.model
    def _get_network(self, address):
        """One household has many IPv6 addresses; e-mail addresses stay as they are."""
        try:
            found = ip_address(address)
        except ValueError:
            return (address or "").strip().lower()
        return str(ip_network((found, 64), strict=False)) if found.version == 6 else str(found)

    @api.model
    def _cron_forget(self):
        """Remove what is not needed any more."""
        self.env.execute_query(
            SQL(
                "DELETE FROM klachtenbeheer_throttle"
                " WHERE hour < %s AND (hour <= %s OR purpose NOT IN %s) RETURNING id",
                self._get_hour() - 1,
                self._get_hour() - DAY,
                DAILY,
            )
        )
        self.env["klachtenbeheer.form.upload"]._forget_abandoned()
        self.env["klachtenbeheer.form.submission"]._forget_expired()
