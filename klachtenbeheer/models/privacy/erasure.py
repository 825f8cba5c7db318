import json
import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from .retention_rule import COMPLAINT, KINDS

_logger = logging.getLogger(__name__)

DOSSIER = "klachtenbeheer.complaint"


class Erasure(models.Model):
    """Certificate: what was removed of which dossier, when and by which rule; without content.

    A line of each is written to the log of the server, outside the database: after a backup was
    put back, the erasures since then are carried out again from it (`_replay`).
    """

    _name = "klachtenbeheer.erasure"
    _description = "Certificate of Erasure"
    _inherit = ["klachtenbeheer.protected"]
    _order = "id desc"
    _rec_name = "reference"

    # a number and no reference: who reads certificates reads no dossiers
    dossier_id = fields.Integer("Dossier (number)", readonly=True, index=True)
    reference = fields.Char("Dossier", readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    kind = fields.Selection([(COMPLAINT, "Whole dossier"), *KINDS], "What", readonly=True)
    rule = fields.Char("By which rule", readonly=True)
    erased_on = fields.Date(readonly=True)
    erased_at = fields.Datetime(readonly=True)
    counts = fields.Json(readonly=True)
    counts_text = fields.Char("How much", compute="_compute_counts_text")

    @api.depends("counts")
    @api.depends_context("lang")
    def _compute_counts_text(self):
        titles = self._get_count_titles()
        for erasure in self:
            erasure.counts_text = ", ".join(
                f"{titles.get(name, name)}: {number}"
                for name, number in sorted((erasure.counts or {}).items())
                if number
            )

    @api.model
    def _get_count_titles(self):
        return {
            "records": self.env._("records emptied"),
            "messages": self.env._("messages"),
            "activities": self.env._("activities"),
            "files": self.env._("files"),
            "contacts": self.env._("contacts"),
            "appointments": self.env._("appointments"),
            "mails": self.env._("mails"),
            "readings": self.env._("lines of the reading log"),
        }

    # ---------------------------------------------------------------- making

    @api.model
    def _certify(self, complaints, kind, rule, counts):
        """A certificate for each dossier.

        :param counts: {dossier: {what: number}}
        """
        certificates = self.create(
            [
                {
                    "dossier_id": complaint.id,
                    "reference": complaint.name,
                    "company_id": complaint.company_id.id,
                    "kind": kind,
                    "rule": rule,
                    "erased_on": complaint._today(),
                    "erased_at": fields.Datetime.now(),
                    "counts": counts[complaint],
                }
                for complaint in complaints
            ]
        )
        lines = certificates._get_journal()
        # what was rolled back was not erased
        self.env.cr.postcommit.add(lambda: self._write_journal(lines))
        return certificates

    @api.model
    def _write_journal(self, lines):
        for line in lines:
            _logger.info("erased %s", line)

    def _get_journal(self):
        """These certificates as lines of JSON, to be kept outside the database."""
        return [
            json.dumps(
                {
                    "dossier": line.dossier_id,
                    "reference": line.reference,
                    "kind": line.kind,
                    "rule": line.rule,
                    "on": line.erased_on.isoformat(),
                },
                sort_keys=True,
            )
            for line in self
        ]

    # ---------------------------------------------------------------- after a restore

    @api.model
    def _replay(self, journal):
        """Erase again what had been erased when an older backup was put back.

        A line counts when number and reference are those of a dossier; what was erased already
        is left alone, so that a journal may be replayed as often as one likes.

        :param journal: lines of the journal; text before the JSON of a line is ignored
        :return: the certificates of what was erased now
        :raise UserError: a line can't be read
        """
        done = self.browse()
        for line in filter(None, (text.strip() for text in journal.splitlines())):
            entry = self._read_journal_line(line)
            complaint = self.env[DOSSIER].browse(entry["dossier"]).exists()
            if complaint.name == entry["reference"] and not complaint._is_erased(entry["kind"]):
                done |= complaint._erase(entry["kind"], entry["rule"])
        return done

    @api.model
    def _read_journal_line(self, line):
        try:
            entry = json.loads(line[line.index("{") :])
            known = entry["kind"] in dict(self._fields["kind"].selection)
            readable = known and isinstance(entry["dossier"], int) and entry["reference"]
        except (ValueError, KeyError, TypeError):
            readable = False
        if not readable:
            raise UserError(
                self.env._("This is not a line of a journal of erasures: %s", line[:80])
            )
        return entry
