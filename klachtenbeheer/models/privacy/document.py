import hashlib

from odoo import models

from ...tools import pdf
from ..platform.report import fetch_static


class PrivacyDocument(models.AbstractModel):
    """Accessible archival PDF (PDF/A-3) of what this room makes, laid out as letters are."""

    _name = "klachtenbeheer.privacy.document"
    _description = "Document About Privacy"

    def _print(self, template, values, title, files=()):
        """Lay a template out.

        :param values: for the template
        :param files: (name, content, description) of what is embedded
        :raise UserError: the engine does not work on this server
        """
        reports = self.env["ir.actions.report"].sudo()  # the style, not a document
        reports._check_engine()
        company = self.company_id or self.env.company
        html = self.env["ir.qweb"]._render(template, {"title": title, **values})
        return pdf.render_pdf(
            str(html),
            reports._get_letter_css(company) + EXTRA_CSS,
            title,
            (self.env.lang or "nl").replace("_", "-"),
            fetch_static,
            files,
        )

    def _keep_file(self, name, content, mimetype):
        """A file on this record; who may read the record may read it.

        :return: (attachment, SHA-256 of its content)
        """
        # whoever made it need not be allowed to add files otherwise
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": name,
                    "raw": content,
                    "mimetype": mimetype,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )
        return attachment, hashlib.sha256(content).hexdigest()

    def _download(self, attachment):
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "self",
        }


# Pages are numbered; a table of contents names the page of each part.
EXTRA_CSS = """
@page { @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt } }
.kb-contents a::after { content: leader('.') target-counter(attr(href), page) }
.kb-part { break-before: page }
.kb-label { font-weight: bold; margin-bottom: 0 }
.kb-text { white-space: pre-wrap; margin-top: 0 }
"""
