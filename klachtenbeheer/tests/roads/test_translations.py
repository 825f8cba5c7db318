import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools import file_open
from odoo.tools.translate import TranslationModuleReader


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    def test_every_term_is_in_the_dutch_catalogue(self):
        """A new text in the addon needs its Dutch: run `make translations`."""
        with file_open("klachtenbeheer/i18n/nl.po") as source:
            catalogue = polib.pofile(source.read())
        dutch = {entry.msgid for entry in catalogue.translated_entries()}
        rows = TranslationModuleReader(self.env.cr, modules=["klachtenbeheer"])
        missing = {
            f"{source!r} ({kind} {name})"
            for _module, kind, name, _record, source, _value, _comments in rows
            if source not in dutch
        }
        self.assertEqual(sorted(missing), [])

    def test_a_dutch_user_reads_dutch(self):
        """The catalogue is loaded: labels, selections, menus and views."""
        self.env["res.lang"]._activate_lang("nl_NL")
        self.env["ir.module.module"]._load_module_terms(["klachtenbeheer"], ["nl_NL"])
        env = self.env(context={"lang": "nl_NL"})
        fields = env["klachtenbeheer.complaint"].fields_get(["handler_id", "verdict"])
        self.assertEqual(fields["handler_id"]["string"], "Behandelaar")
        self.assertIn(("not_upheld", "Ongegrond"), fields["verdict"]["selection"])
        self.assertEqual(env.ref("klachtenbeheer.complaint_menu_todo").name, "Te doen")
        view = env["klachtenbeheer.complaint"].get_view(
            env.ref("klachtenbeheer.complaint_view_form").id
        )
        self.assertIn("Afsluiting", view["arch"])
