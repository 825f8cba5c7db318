import logging

from odoo import api, models

_logger = logging.getLogger(__name__)

# Languages of the public pages, by what comes before the underscore: each is complete for all
# that a complainant reads (tests/repo/test_languages.py). Another one that is switched on in the
# platform is not offered there.
OFFERED = ("nl", "en", "uk", "ar", "pl", "tr", "de", "fr")
# In which the back-office and the regulation are complete.
SOURCE_LANGUAGES = ("nl", "en")
FALLBACK = ("nl_NL", "en_US")
# Switched on when the addon is installed; an organisation may switch one off.
CODES = ("en_US", "nl_NL", "uk_UA", "ar_001", "pl_PL", "tr_TR", "de_DE", "fr_FR")
# Whose words stand around ours on a page: logging in, the account, what went wrong.
AROUND = ("web", "http_routing", "portal", "auth_signup")


def get_base(lang):
    """The language of a code, whatever the country: “nl” of “nl_BE”."""
    return (lang or "").partition("_")[0]


class Language(models.Model):
    _inherit = "res.lang"

    @api.model
    def _get_offered(self):
        """The languages of the public pages here: {code: data of the platform}."""
        found = self._get_frontend().items()
        offered = [(code, data) for code, data in found if get_base(code) in OFFERED]
        return dict(sorted(offered, key=lambda pair: OFFERED.index(get_base(pair[0]))))

    @api.model
    def _get_nearest_offered(self, code):
        """A language of the public pages for who asks for one: that one, or what we have."""
        offered = self._get_offered()
        near = [found for found in offered if get_base(found) == get_base(code)]
        mine = [code] if code in offered else []
        ours = [found for found in FALLBACK if found in offered]
        return next(iter((*mine, *near, *ours)), "en_US")

    @api.model
    def _activate_for_complainants(self):
        """Switch the languages of the public pages on, with the platform's own words around
        them.

        Who did not ask for a language keeps what was chosen for that, or gets the language of
        the organisation.
        """
        self._keep_default()
        missing = [code for code in CODES if not self._get_data(code=code)]
        for code in missing:
            self._activate_lang(code)
        if missing:
            modules = self.env["ir.module.module"].search([("name", "in", AROUND)])
            modules._update_translations(missing)
        _logger.info("Languages switched on for complainants: %s", ", ".join(missing) or "none")

    @api.model
    def _keep_default(self):
        """The language of the organisation for who did not ask for one: where none was chosen
        the platform shows strangers the first by name, and more are switched on here."""
        defaults = self.env["ir.default"]
        if not defaults._get_model_defaults("res.partner").get("lang"):
            first = next(iter(self._get_active_by("code")), "en_US")
            defaults.set("res.partner", "lang", self._get_own() or first)

    @api.model
    def _get_own(self):
        """The language of the organisation, or False where that is switched off."""
        # no secret, and asked for visitors
        own = self.env.ref("base.main_company").sudo().partner_id.lang
        return self._get_data(code=own).code
