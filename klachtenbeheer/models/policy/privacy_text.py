from markupsafe import Markup

from odoo import models


class PolicyPrivacyText(models.Model):
    """What somebody who is complained about is told of their data: they did not give these
    themselves (art. 14 AVG). Policies without words of their own say the standard ones."""

    _inherit = "klachtenbeheer.policy"

    def _get_respondent_privacy_html(self):
        """The text with its fields not filled in yet, in the language of policies."""
        if self._has_text(self.respondent_privacy_text):
            return self.respondent_privacy_text
        env = self.with_context(lang=self._get_text_lang()).env
        paragraphs = (
            env._(
                "There is a complaint about you. {organisation} uses your name, your work, how you"
                " can be reached, and what the complaint and its handling say of you, in order to"
                " handle the complaint. These data come from who complained, from colleagues and"
                " from what was found. The ground is our legitimate interest, or our legal"
                " obligation, to handle complaints with care."
            ),
            env._(
                "Only those who handle the complaint or decide on it see them; who complained hears"
                " what came of it. We keep them until {retention} after the complaint was closed."
                " You have the right of access, of having them corrected or deleted, of having"
                " their use restricted and of objecting: ask for it through {contact:email}. You"
                " can complain about how we use your data to the Autoriteit Persoonsgegevens"
                " (autoriteitpersoonsgegevens.nl)."
            ),
        )
        return Markup().join(Markup("<p>%s</p>") % text for text in paragraphs)

    def _get_respondent_privacy_page(self):
        """The same as the published regulation shows it."""
        policy_su = self.sudo()  # the text of a policy is for every reader
        return policy_su._fill_html(policy_su._get_respondent_privacy_html())
