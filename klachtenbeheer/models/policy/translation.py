from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import html2plaintext, plaintext2html

from ..platform.languages import get_base

HTML_TEXTS = ("privacy_text", "objection_text", "external_body_text")


class PolicyTranslation(models.Model):
    """A text of a policy in another language, for who complains. It belongs to the words that it
    translates: when those change in a next version, it is not shown any more.

    The regulation itself is what the policy says; a translation may come later, and does not
    change it.
    """

    _name = "klachtenbeheer.policy.translation"
    _description = "Text of a Policy in Another Language"
    _order = "lang, id"

    policy_id = fields.Many2one(
        "klachtenbeheer.policy", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="policy_id.company_id")
    lang = fields.Selection(selection="_get_languages", string="Language", required=True)
    source = fields.Text("In the policy", required=True)
    text = fields.Text("Translation")

    _source_uniq = models.UniqueIndex(
        "(policy_id, lang, md5(source))", "A text is translated only once into a language."
    )

    @api.model
    def _get_languages(self):
        return self.env["res.lang"].get_installed()


class PolicyTranslations(models.Model):
    _inherit = "klachtenbeheer.policy"

    translation_ids = fields.One2many(
        "klachtenbeheer.policy.translation", "policy_id", "Texts in other languages", copy=True
    )

    def action_list_texts(self):
        """Put every text that a complainant reads in the list, to be translated."""
        for policy in self:
            known = {(line.lang, line.source) for line in policy.translation_ids}
            policy.translation_ids.create(
                [
                    {"policy_id": policy.id, "lang": lang, "source": source}
                    for lang in policy._get_foreign_languages()
                    for source in policy._get_texts_to_translate()
                    if (lang, source) not in known
                ]
            )

    def _get_foreign_languages(self):
        """The languages of the public pages, without that of the policy itself."""
        own = self._get_html_lang().replace("-", "_")
        return [code for code in self.env["res.lang"]._get_offered() if code != own]

    def _get_texts_to_translate(self):
        """What the public pages show of a policy, as plain texts."""
        texts = [self.public_label or self.name]
        texts += self.role_ids.mapped("name") + self.complainant_kind_ids.mapped("name")
        texts += self._get_main_categories().mapped("name")
        texts += [html2plaintext(self._get_page_text(fname) or "").strip() for fname in HTML_TEXTS]
        return [text for text in dict.fromkeys(texts) if text]

    def _find_translation(self, source):
        """A text of the policy in the language of the reader; empty where there is none."""
        lines = self.translation_ids.filtered(
            lambda line: line.lang == self.env.lang and line.source == source
        )
        return lines[:1].text or ""

    def _translate(self, source):
        """A plain text of the policy for the reader: translated, or as the policy has it."""
        return (source and self._find_translation(source)) or source

    def _get_shown_html(self, html):
        """A longer text of the policy for the reader."""
        found = self._find_translation(html2plaintext(html or "").strip())
        return plaintext2html(found) if found else Markup(html or "")

    def _is_shown_translated(self, html):
        """Whether a text is shown in the language of the reader, which may be its own."""
        own = get_base(self._get_html_lang().replace("-", "_"))
        found = self._find_translation(html2plaintext(html or "").strip())
        return bool(found) or own == get_base(self.env.lang)

    def _get_shown_lang(self, html):
        """In which language that is, for a reader of the page aloud."""
        found = self._find_translation(html2plaintext(html or "").strip())
        return self.env.lang.replace("_", "-") if found else self._get_html_lang()
