import hashlib
import os
import re

from odoo import api, fields, models
from odoo.tools import consteq, hmac

# No letters that look like figures (Crockford): people copy a code by hand.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOK_ALIKES = str.maketrans("OIL", "011")
SELECTOR, SECRET, GROUP = 6, 10, 4  # characters
COST = {"n": 2**14, "r": 8, "p": 1}
NOT_IN_A_CODE = re.compile(r"[^0-9A-Z]")


class AccessCode(models.Model):
    """The code with which a sender follows a complaint without an account (SB24).

    Its first part finds the complaint, the rest proves that it is the right one and is kept
    only hashed: nobody here can read a code, nor give it out again.
    """

    _name = "klachtenbeheer.access.code"
    _description = "Follow-up Code of a Complaint"

    complaint_id = fields.Many2one(
        "klachtenbeheer.complaint", required=True, ondelete="cascade", index=True
    )
    selector = fields.Char(required=True)
    salt = fields.Char(required=True)
    secret_hash = fields.Char(required=True)

    _complaint_uniq = models.Constraint("UNIQUE(complaint_id)", "A complaint has one code.")
    _selector_uniq = models.Constraint("UNIQUE(selector)", "Another complaint has this code.")

    @api.model
    def _derive(self, nonce):
        """The code that belongs to a form: the same when the form is sent again, so that who
        lost the answer of the first time gets it after all."""
        number = int(hmac(self.env(su=True), "klachtenbeheer.code", nonce), 16)
        code = ""
        for _place in range(SELECTOR + SECRET):
            number, place = divmod(number, len(ALPHABET))
            code += ALPHABET[place]
        return code

    @api.model
    def _is_taken(self, code):
        """Whether the part of a code that finds a complaint already finds another one."""
        return bool(self.search_count([("selector", "=", code[:SELECTOR])], limit=1))

    @api.model
    def _format(self, code):
        """A code as people read it: in groups."""
        return "-".join(code[place : place + GROUP] for place in range(0, len(code), GROUP))

    @api.model
    def _issue(self, complaint, code):
        """Let a code open a complaint."""
        salt = os.urandom(16).hex()
        self.create(
            {
                "complaint_id": complaint.id,
                "selector": code[:SELECTOR],
                "salt": salt,
                "secret_hash": self._hash(code[SELECTOR:], salt),
            }
        )

    @api.model
    def _find_complaint(self, typed):
        """The complaint that a typed code opens, or none. Takes as long for a wrong code."""
        code = self._normalise(typed)
        found = self.search([("selector", "=", code[:SELECTOR])], limit=1)
        given = self._hash(code[SELECTOR:], found.salt or "00")
        right = consteq(given, found.secret_hash or "")
        return found.complaint_id if right else found.complaint_id.browse()

    @api.model
    def _normalise(self, typed):
        code = (typed or "")[:100].upper().translate(LOOK_ALIKES)
        return NOT_IN_A_CODE.sub("", code)

    @api.model
    def _hash(self, secret, salt):
        return hashlib.scrypt(secret.encode(), salt=bytes.fromhex(salt), **COST).hex()
