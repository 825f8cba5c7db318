import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, hmac

from ...tools import uploads
from ...tools.uploads import Upload

# How long a page can be sent: after that it gets a new token, and nothing typed is lost.
FORM_DAYS = 14
KEEP_FILES = timedelta(days=1)
# How long the answer of a form is given again: afterwards somebody else may sit at the computer.
LOST_ANSWER = timedelta(minutes=15)
# How long the same text, on a page that was fetched anew, is asked about.
SAME_TEXT = timedelta(hours=1)


def get_nonce_hash(env, nonce):
    """What is kept of the secret of a form."""
    return hmac(env(su=True), "klachtenbeheer.form.nonce", nonce)


class FormSubmission(models.Model):
    """Which form led to which complaint: a form that is sent twice gives one complaint.

    Also for answers on the follow-up page; then it leads to the complaint answered.
    """

    _name = "klachtenbeheer.form.submission"
    _description = "Sent Public Form"

    nonce_hash = fields.Char(required=True)
    form_hash = fields.Char(index=True, help="The same for all that one form was sent with.")
    content_hash = fields.Char(index=True, help="The same for the same text from near by.")
    salt = fields.Char(help="Makes the code of a complaint another one each time.")
    sent_at = fields.Datetime()
    is_change = fields.Boolean(help="Put on a complaint that was there, which has its own code.")
    complaint_id = fields.Many2one("klachtenbeheer.complaint", ondelete="cascade", index=True)
    expires_on = fields.Date(required=True, index=True)
    result = fields.Char(help="What to tell whoever sends the same form again.")

    _nonce_uniq = models.Constraint("UNIQUE(nonce_hash)", "This form has been sent already.")

    @api.model
    def _claim(self, nonce, form_hash=None, content_hash=None):
        """Take a form, once.

        Of two that arrive at the same moment the second waits, and is run again by the
        platform: it then finds the complaint of the first.

        :return: (submission, whether it was taken now)
        """
        nonce_hash = get_nonce_hash(self.env, nonce)
        rows = self.env.execute_query(
            SQL(
                "INSERT INTO klachtenbeheer_form_submission"
                " (nonce_hash, form_hash, content_hash, salt, sent_at, expires_on)"
                " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id",
                nonce_hash,
                form_hash,
                content_hash,
                secrets.token_hex(8),
                fields.Datetime.now(),
                fields.Date.today() + timedelta(days=FORM_DAYS + 1),
            )
        )
        submission = self.browse(rows[0]) if rows else self._find(nonce)
        return submission, bool(rows)

    @api.model
    def _find(self, nonce):
        return self.search([("nonce_hash", "=", get_nonce_hash(self.env, nonce))], limit=1)

    @api.model
    def _find_form(self, form_hash):
        """What a form was sent with first."""
        return self.search([("form_hash", "=", form_hash)], order="id", limit=1)

    @api.model
    def _find_content(self, content_hash):
        """Whether the same came in from near by, a short time ago."""
        since = fields.Datetime.now() - SAME_TEXT
        domain = [("content_hash", "=", content_hash), ("sent_at", ">=", since)]
        return self.search(domain, order="id desc", limit=1)

    def _is_fresh(self):
        """Whether this was sent so short ago that whoever sends it again lost the answer."""
        return bool(self.sent_at) and self.sent_at >= fields.Datetime.now() - LOST_ANSWER

    def _draw_code(self, key):
        """The code of the complaint that a form gave: the same when the form is sent again, so
        that who lost the answer of the first time gets it after all."""
        codes = self.env["klachtenbeheer.access.code"]
        code = codes._derive(f"{key}:{self.salt}")
        while not self.complaint_id and codes._is_taken(code):
            self.salt = secrets.token_hex(8)
            code = codes._derive(f"{key}:{self.salt}")
        return code

    @api.model
    def _forget_expired(self):
        """Such a form is not accepted any more, so nobody can send it twice."""
        self.search([("expires_on", "<", fields.Date.today())]).unlink()


class FormUpload(models.Model):
    """Files that came with a form that was not complete, kept while the sender mends it."""

    _name = "klachtenbeheer.form.upload"
    _description = "File of an Unfinished Public Form"
    _order = "id"

    nonce_hash = fields.Char(required=True, index=True)
    attachment_id = fields.Many2one("ir.attachment", required=True, ondelete="cascade", index=True)

    @api.model
    def _store_files(self, nonce, files):
        """Keep accepted files.

        :param files: list of `Upload`
        """
        self.env["klachtenbeheer.throttle"].sudo()._count_stored(  # of everybody, counted
            sum(len(file.content) for file in files)
        )
        for file in files:
            attachment = self.env["ir.attachment"].create(self._prepare_attachment(file))
            upload = self.create(
                {
                    "nonce_hash": get_nonce_hash(self.env, nonce),
                    "attachment_id": attachment.id,
                }
            )
            attachment.write({"res_model": self._name, "res_id": upload.id})

    @api.model
    def _prepare_attachment(self, file: Upload):
        name = uploads.clean_name(file.name)
        return {"name": name, "raw": file.content, "mimetype": uploads.mimetype(name)}

    @api.model
    def _get_kept(self, nonce):
        return self.search([("nonce_hash", "=", get_nonce_hash(self.env, nonce))])

    def _drop(self):
        """The sender does not want to send these after all."""
        self.attachment_id.unlink()
        self.exists().unlink()

    def _move_to(self, complaint):
        """Make these files part of a complaint; returns them."""
        attachments = self.attachment_id
        attachments.write({"res_model": complaint._name, "res_id": complaint.id})
        self.unlink()
        return attachments

    @api.model
    def _forget_abandoned(self):
        """Nobody came back for them."""
        self.search([("create_date", "<", fields.Datetime.now() - KEEP_FILES)])._drop()
