from odoo.tests import TransactionCase, tagged

from ...models.privacy import personal

MODULE = "klachtenbeheer."


@tagged("post_install", "-at_install")
class TestPersonalFields(TransactionCase):
    """Of every stored field that could tell of a person somebody has decided what becomes of it
    (design.md 4.7): a new field or model fails here until it stands in `personal.py`."""

    def get_own_models(self):
        return {
            name: self.env[name]
            for name, model in self.env.registry.items()
            if name.startswith(MODULE)
            and model._auto
            and not model._abstract
            # what somebody types in a dialog is gone within hours
            and not model._transient
        }

    def get_tables(self):
        return {**personal.FIELDS, **personal.SHARED}

    def test_every_model_is_classified_once(self):
        whole = [*personal.DELETED, *personal.SETTINGS, *personal.OWN_CLOCK]
        classified = [*self.get_tables(), *whole]
        own = self.get_own_models()
        self.assertFalse(sorted(set(own) - set(classified)), "new: classify it in personal.py")
        self.assertFalse(sorted(set(classified) - set(own)), "gone")
        self.assertEqual(len(classified), len(set(classified)))

    def test_every_telling_field_of_a_dossier_is_classified(self):
        for name, treatments in self.get_tables().items():
            model = self.env[name]
            telling = personal.get_telling_fields(model)
            classified = personal.get_classified(treatments)
            with self.subTest(model=name):
                self.assertFalse(sorted(telling - classified), "new: classify it in personal.py")
                self.assertFalse(sorted(classified - set(model._fields)), "gone")

    def test_every_part_of_a_dossier_is_found_by_its_dossier(self):
        for name in (*personal.FIELDS, *personal.DELETED):
            if name != f"{MODULE}complaint":
                field = self.env[name]._fields["complaint_id"]
                self.assertTrue(field.store and field.column_type, name)

    def test_what_leads_to_a_dossier_is_no_setting(self):
        """A model that points at a dossier is not excused as a whole."""
        for name in (*personal.SETTINGS, *personal.OWN_CLOCK):
            pointing = [
                field.name
                for field in self.env[name]._fields.values()
                if field.comodel_name == f"{MODULE}complaint" and field.store
            ]
            self.assertFalse(pointing, name)
