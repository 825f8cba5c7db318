from lxml import html as lxml_html

from odoo import models
from odoo.tools import html2plaintext

from ...tools import find_contradictions, find_missing_privacy
from .text_fields import PAGE_TEXTS

BLOCKS = ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "div", "td", "th", "dt", "dd")


def read_blocks(html):
    """The paragraphs of an HTML text as plain text, without what is filled in by code: an
    element with `t-out` only shows an example of it."""
    if not (html or "").strip():
        return []
    root = lxml_html.fragment_fromstring(str(html), create_parent="div")
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        if element.get("t-out") or element.get("t-esc"):
            for child in list(element):
                element.remove(child)
            element.text = "…"
    for element in root.iter("br", *BLOCKS):
        element.text = (element.text or "") if element.tag == "br" else f"\n\n{element.text or ''}"
        element.tail = f"\n\n{element.tail or ''}"
    parts = root.text_content().split("\n\n")
    return [block for part in parts if (block := " ".join(part.split()))]


class PolicyTextCheck(models.Model):
    """Publication is refused while a text says something else than the policy: a length of time
    that no term has, a role or body that it does not know, a field that nobody can fill, or a
    privacy text that leaves out what the law asks (art. 13 and 14 AVG)."""

    _inherit = "klachtenbeheer.policy"

    def _get_text_problems(self):
        """What in the texts stands in the way of publication, as a list of sentences."""
        return [
            *self._get_field_problems(),
            *self._get_contradictions(),
            *self._get_privacy_problems(),
        ]

    # ---------------------------------------------------------------- what is read

    def _get_checked_texts(self):
        """The texts that a reader gets to see: list of (what it is called, HTML or plain text,
        whether it is about a dossier)."""
        labels = {fname: self._fields[fname]._description_string(self.env) for fname in PAGE_TEXTS}
        texts = [(label, self[fname], False) for fname, label in labels.items()]
        label = self._fields["contact_name"]._description_string(self.env)
        texts.append((label, self.contact_name, False))
        texts += [(role.name, role.mention, False) for role in self.role_ids]
        return [line for line in texts if line[1]]

    def _get_lengths(self):
        """What the policy counts in, as (amount, unit)."""
        terms = self.term_ids.filtered(lambda term: term.in_use and term.amount)
        months = {self.retention_months, self.evaluation_months} - {0}
        return [
            *((term.amount, term.unit) for term in terms),
            *((term.extension_amount, term.unit) for term in terms if term.extension_amount),
            *((amount, "month") for amount in months),
        ]

    def _get_known_titles(self):
        """The names of roles and bodies that a text may use."""
        return [
            name for role in self.role_ids for name in (role.name, role.partner_id.name) if name
        ]

    # ---------------------------------------------------------------- what is wrong

    def _get_field_problems(self):
        return [
            self.env._(
                "“%(text)s” has the field %(field)s, which this policy can't fill",
                text=label,
                field=field,
            )
            for label, text, of_dossier in self._get_checked_texts()
            for field in self._get_unknown_fields(text, of_dossier)
        ]

    def _get_contradictions(self):
        lengths, titles = self._get_lengths(), self._get_known_titles()
        return [
            self._describe_contradiction(label, line)
            for label, text, _of_dossier in self._get_checked_texts()
            for line in find_contradictions(read_blocks(text), lengths, titles)
        ]

    def _describe_contradiction(self, label, line):
        values = {"text": label, "words": line.words, "sentence": line.sentence}
        if line.kind == "term":
            return self.env._(
                "“%(text)s” says “%(words)s”, and no term of this policy is that long:"
                " “%(sentence)s”",
                **values,
            )
        return self.env._(
            "“%(text)s” names “%(words)s”, and this policy has no such role: “%(sentence)s”",
            **values,
        )

    def _get_privacy_problems(self):
        words = self._get_privacy_words()
        own = find_missing_privacy(html2plaintext(self.privacy_text or ""))
        told = html2plaintext(self._get_respondent_privacy_html() or "")
        others = find_missing_privacy(told, from_others=True)
        return [
            *(self.env._("the privacy text does not say: %s", words[part]) for part in own),
            *(
                self.env._(
                    "the privacy text for who is complained about does not say: %s", words[part]
                )
                for part in others
            ),
        ]

    def _get_privacy_words(self):
        return {
            "purpose": self.env._("what personal data are used for"),
            "ground": self.env._("on which ground of the law they are used"),
            "retention": self.env._("how long they are kept: {retention}"),
            "rights": self.env._("the right to see, correct and delete them"),
            "supervisor": self.env._("complaining to the Autoriteit Persoonsgegevens"),
            "data": self.env._("which data they are, such as the name"),
            "origin": self.env._("where the data come from"),
        }
