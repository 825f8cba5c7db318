from lxml import etree

from odoo.tests import TransactionCase, tagged

VIEWS = [
    ("model", "=like", "klachtenbeheer.%"),
    ("type", "in", ("form", "list", "kanban")),
    ("mode", "=", "primary"),
]
NEVER = ("1", "True")


@tagged("post_install", "-at_install")
class TestDates(TransactionCase):
    """A date of a procedure is read with its weekday and its year, on every screen."""

    def find_bare(self, node, model):
        """The date fields below a node of a view that are shown in another way."""
        for child in node:
            if child.tag != "field":
                yield from self.find_bare(child, model)
                continue
            field = self.env[model]._fields[child.get("name")]
            hidden = {child.get("invisible"), child.get("column_invisible")} & set(NEVER)
            if field.type == "date" and not hidden and child.get("widget") != "weekday_date":
                yield child.get("name")
            yield from self.find_bare(child, field.comodel_name or model)

    def test_every_date_has_its_weekday_and_year(self):
        views = self.env["ir.ui.view"].search(VIEWS)
        self.assertGreater(len(views), 60)
        bare = {
            (view.xml_id, name)
            for view in views
            for name in self.find_bare(etree.fromstring(view.get_combined_arch()), view.model)
        }
        self.assertFalse(bare)
