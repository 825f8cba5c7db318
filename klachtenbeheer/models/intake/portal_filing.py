from datetime import datetime

from odoo import SUPERUSER_ID, api, models

from ..portal.conversation import MAX_TEXT

MAX_LINE = 200  # characters
LINES = ("title", "incident_place", "respondent_text")
TEXTS = ("description", "desired_solution")
DATE_FORMATS = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y")


class ComplaintFiling(models.Model):
    """A complaint that somebody with an account files on the portal. Name and address are
    those of the account; nothing but the description has to be filled in."""

    _inherit = "klachtenbeheer.complaint"

    @api.model
    def _read_filing(self, policy, form):
        """What was typed into the form, and what has to be mended first.

        :param form: {name of a field: text}
        :return: (values for a complaint, {name of a field: sentence})
        """
        vals = {fname: self._clean_text(form.get(fname)) for fname in (*LINES, *TEXTS)}
        errors = {
            fname: self.env._("This text is too long. Send the rest as a file.")
            for fname, text in vals.items()
            if len(text) > (MAX_LINE if fname in LINES else MAX_TEXT)
        }
        if not vals["description"]:
            errors["description"] = self.env._("Write what happened.")
        vals["nature"] = "suggestion" if form.get("nature") == "suggestion" else "complaint"
        for part in (self._read_incident_day, self._read_kind, self._read_secrecy):
            found, wrong = part(policy, form)
            vals |= found
            errors |= wrong
        return {key: value for key, value in vals.items() if value}, errors

    @api.model
    def _read_incident_day(self, policy, form):
        typed = self._clean_text(form.get("incident_on"))
        if not typed:
            return {}, {}
        day = self._parse_day(typed)
        if not day:
            return {}, {"incident_on": self.env._("Write the date like this: 31-12-2026.")}
        if day > policy.company_id._complaint_today():
            return {}, {"incident_on": self.env._("This date is still to come. Is it right?")}
        return {"incident_on": day}, {}

    @api.model
    def _parse_day(self, typed):
        for pattern in DATE_FORMATS:
            try:
                return datetime.strptime(typed, pattern).date()  # noqa: DTZ007
            except ValueError:
                continue
        return None

    @api.model
    def _read_kind(self, policy, form):
        chosen = str(form.get("complainant_kind_id") or "")
        kind = policy.complainant_kind_ids.filtered(lambda line: str(line.id) == chosen)
        if chosen and not kind:
            return {}, {"complainant_kind_id": self.env._("Choose one of the list.")}
        return {"complainant_kind_id": kind.id}, {}

    @api.model
    def _read_secrecy(self, policy, form):
        """Whoever wants to stay unknown accepts what that means (KK22)."""
        if not (policy.hidden_accepts_limited and form.get("hide_identity")):
            return {}, {}
        if not form.get("accepts_limited_answer"):
            text = self.env._(
                "If your name may not be known, our answer can only be general. Tick that you"
                " know this, or that your name may be known."
            )
            return {"hide_identity": True}, {"accepts_limited_answer": text}
        return {"hide_identity": True, "accepts_limited_answer": True}, {}

    @api.model
    def _file_from_portal(self, policy, vals, user):
        """Register what a signed-in user files.

        :param vals: as `_read_filing` gave them
        :return: the complaint, with the rights of the system
        """
        # whoever files has no rights here, and may want to stay unknown (`_as_outside`)
        complaints = self.with_user(SUPERUSER_ID).with_company(policy.company_id)
        return complaints.create(
            {
                **vals,
                "policy_id": policy.id,
                "channel": "portal",
                "partner_id": user.partner_id.id,
                "complainant_lang": user.lang,
                "received_by_id": False,
            }
        )
