import binascii
import logging
import secrets
import time

from odoo import SUPERUSER_ID, api, models
from odoo.tools import hash_sign, verify_hash_signed

from ..portal.form_submission import FORM_DAYS
from ..portal.throttle import NO_ROOM, STORED
from .reader import CHOICES, GENERAL, ORDER, SURE, TEXTS, TICKS, Form

_logger = logging.getLogger(__name__)

SCOPE = "klachtenbeheer.form"
LEAST_SECONDS = 3  # nobody reads the page and writes a complaint in less
# Programs fill in every field, people don't see this one.
HONEYPOT = "homepage"
# What the sender answers when a form comes once more.
NEW, CHANGE = "new", "change"


class PublicIntake(models.AbstractModel):
    """From what a stranger typed in the public form to a complaint (SB21, BA19, SJ49, KK15).

    Everything runs as the system, whoever is logged in: nothing tells whose account or
    machine a form came from (SB24).
    """

    _name = "klachtenbeheer.public.intake"
    _description = "Public Complaint Form"
    _inherit = ["klachtenbeheer.intake.reader"]

    # ---------------------------------------------------------------- the form

    @api.model
    def _as_system(self, policy):
        """This model, acting for the organisation of a policy and for nobody in particular."""
        context = {"lang": self.env.lang, "allowed_company_ids": policy.company_id.ids}
        return self.with_user(SUPERUSER_ID).with_context(**context)

    @api.model
    def _open(self, policy):
        """An empty form."""
        values = dict.fromkeys((*TEXTS, *TICKS, *SURE.values(), "complainant_kind"), "") | {
            name: options[0] for name, options in CHOICES.items()
        }
        return self._renew(policy, Form(values))

    @api.model
    def _renew(self, policy, form):
        """Give a form a new token, that tells when it was opened and what was on it."""
        form.nonce = secrets.token_urlsafe(18)
        form.issued, form.policy_id = time.time(), policy.id
        form.token = hash_sign(
            self.env(su=True),
            SCOPE,
            [policy.id, form.nonce, form.issued],
            expiration_hours=FORM_DAYS * 24,
        )
        return form

    @api.model
    def _read(self, policy, params, files):
        """What was sent, with the errors in it.

        :param params: dictionary of the request
        :param files: list of `Upload`
        """
        form = Form(self._pick(params), files, self._pick_numbers(params.get("keep")))
        form.again = params["again"] if params.get("again") in (NEW, CHANGE) else ""
        self._read_token(policy, form, params.get("token"))
        form.key = form.make_key()
        if not self._find_answer(form):
            if not form.errors and params.get(HONEYPOT):
                form.errors.append((GENERAL, self._explain_again()))
            self._check(policy, form)
        return form

    @api.model
    def _pick_numbers(self, values):
        values = values if isinstance(values, list) else [values]
        return [int(value) for value in values if str(value).isdecimal()]

    # ---------------------------------------------------------------- token

    @api.model
    def _read_token(self, policy, form, token):
        """When the page was opened and of which version the privacy text was on it; a page
        that is too old, or not ours, gets a new token and is sent once more."""
        found = self._verify(token)
        if not found:
            form.errors.append((GENERAL, self._explain_again()))
            form.may_keep = False
            self._renew(policy, form)
            return
        form.token = token
        form.policy_id, form.nonce, form.issued = found
        if time.time() - form.issued < LEAST_SECONDS:
            form.errors.append((GENERAL, self._explain_again()))

    @api.model
    def _verify(self, token):
        try:
            return verify_hash_signed(self.env(su=True), SCOPE, token or "")
        except (ValueError, binascii.Error, UnicodeError, IndexError):
            return None

    @api.model
    def _explain_again(self):
        return self.env._(
            "Your message has not been sent yet. Nothing is lost: please press the button at the"
            " bottom once more."
        )

    # ---------------------------------------------------------------- errors

    @api.model
    def _check(self, policy, form, needs_words=False):
        """Add what has to be mended, in the order of the page.

        :param needs_words: whether a file can't stand for what happened
        """
        form.errors += self._check_values(policy, form.values)
        form.errors += self._check_sender(form.values)
        form.errors += self._check_files(policy, form)
        if (form.files or form.keep) and not needs_words:
            # spoken, or a letter in a picture: what happened need not be written as well
            form.errors = [
                error
                for error in form.errors
                if error[0] != "description" or form.values["description"]
            ]
        form.errors.sort(key=lambda error: ORDER.index(error[0]))

    # ---------------------------------------------------------------- files

    @api.model
    def _check_files(self, policy, form):
        """Accept files, as far as there is room for what strangers send."""
        kept = self.env["klachtenbeheer.form.upload"]._get_kept(form.nonce)
        if set(form.keep) - set(kept.ids):
            yield (
                "files",
                self.env._("Files that you chose before are not here any more: choose them again."),
            )
        kept.filtered(lambda upload: upload.id not in form.keep)._drop()
        form.files, problems = self._judge_files(form.files, kept.exists())
        yield from (("files", problem) for problem in problems)
        if form.files and not self._has_room(policy, form.files):
            form.files = []
            yield "files", self._explain_no_room(policy)

    @api.model
    def _has_room(self, policy, files):
        """Whether the files of all strangers together stay within what is set; who looks after
        the form hears of it once a day when they do not."""
        throttle = self.env["klachtenbeheer.throttle"]
        if throttle._has_room(sum(len(file.content) for file in files)):
            return True
        if throttle._is_first_today(NO_ROOM):
            self._warn_no_room(policy)
        return False

    @api.model
    def _explain_no_room(self, policy):
        return self.env._(
            "We can't take any more files today. Send your complaint without them, and send them"
            " tomorrow with the code that you get, or reach us in another way: %s",
            policy._get_contact_line(),
        )

    @api.model
    def _warn_no_room(self, policy):
        """Tell the administrator in the log, and the coordinator on the policy."""
        limit = self.env["klachtenbeheer.throttle"]._get_limit(STORED)
        _logger.warning("Strangers sent more than %s MB of files in a day: no more today", limit)
        policy.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("The complaint form takes no more files today"),
            note=self.env._(
                "More than %s MB of files came in within a day, which may be abuse. Complaints"
                " still come in, without files. An administrator can set another limit.",
                limit,
            ),
            user_id=(policy.coordinator_id or self.env.ref("base.user_admin")).id,
        )

    @api.model
    def _store_files(self, form):
        """Keep the files of a form that has to be sent again, if that form is one of ours and
        came within the limits; nothing is stored for anybody else."""
        if form.files and not form.may_keep:
            problem = self.env._("Your files were not kept: choose them again.")
            form.errors.append(("files", problem))
        elif form.files:
            self.env["klachtenbeheer.form.upload"]._store_files(form.nonce, form.files)
        form.files = []
