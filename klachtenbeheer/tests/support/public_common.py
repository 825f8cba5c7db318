import io
import re
from unittest.mock import patch
from urllib.parse import urljoin

import lxml.html

from odoo.tests import HttpCase

from .common import ComplaintCase

INTAKE = "odoo.addons.klachtenbeheer.models.intake.form"
READER = "odoo.addons.klachtenbeheer.models.intake.reader"
DRIVER = "De chauffeur reed door."


class Page:
    """A public page as a visitor without scripts reads and fills it in."""

    def __init__(self, response):
        self.response = response
        self.status = response.status_code
        self.root = lxml.html.document_fromstring(response.content)
        self.text = " ".join(self.root.text_content().split())

    def form(self, index=-1):
        """One of the forms in the column of our own, by default the last."""
        return self.root.xpath("//div[@class='kb-page']//form")[index]

    def data(self, index=-1):
        """What a browser would send of a form, as it stands."""
        form = self.form(index)
        texts = set(form.xpath(".//textarea/@name"))  # browsers leave out their first line end
        return [
            (name, (value or "").removeprefix("\n") if name in texts else value or "")
            for name, value in form.form_values()
        ]

    def has(self, name):
        return bool(self.form().xpath(f".//*[@name='{name}']"))

    def value(self, name):
        return dict(self.data()).get(name)

    def error_links(self):
        return self.root.xpath("//*[@id='kb-message']//a/@href")

    @property
    def reference(self):
        return re.search(r"K\d{4}-\d+", self.text)[0]

    @property
    def code(self):
        return self.root.xpath("//p[@class='kb-code']")[0].text


class PublicCase(ComplaintCase, HttpCase):
    """Visitors without an account, and without scripts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(patch(f"{INTAKE}.LEAST_SECONDS", 0))

    def visit(self, path="/klacht/proef", **options):
        return Page(self.url_open(path, **options))

    def send(self, page, files=(), index=-1, path=None, **typed):
        """Fill in a form and press its button.

        :param files: tuples of name and content
        """
        form = page.form(index)
        data = [(name, value) for name, value in page.data(index) if name not in typed]
        for name, value in typed.items():
            values = value if isinstance(value, list) else [value]
            data += [(name, part) for part in values if part is not None]
        names = [name for name, _value in data]
        response = self.opener.post(
            urljoin(self.base_url(), path or form.get("action").partition("#")[0]),
            data={name: [value for key, value in data if key == name] for name in names},
            files=[("files", (name, io.BytesIO(content))) for name, content in files],
            timeout=60,
        )
        return Page(response)

    def file_in_public(self, code="proef", description=DRIVER, **typed):
        """A complaint filed through the form: (page shown, complaint).

        The same text as that of an earlier one is sent as a new complaint.
        """
        page = self.send(self.visit(f"/klacht/{code}"), description=description, **typed)
        if page.status == 409:
            page = self.send(page, again="new")
        self.assertEqual(page.status, 200, page.text)
        return page, self.find(page.reference)

    def find(self, reference):
        return self.env["klachtenbeheer.complaint"].search([("name", "=", reference)])

    def open_with(self, code):
        return self.send(self.visit("/klacht/volgen"), code=code)
