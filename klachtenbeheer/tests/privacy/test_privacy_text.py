from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import html2plaintext

from ...tools import find_missing_privacy
from ..support.common import PRIVACY, ComplaintCase

WITHOUT = {
    "what personal data are used for": ("om uw klacht te behandelen", "voor van alles"),
    "on which ground of the law": ("De grondslag is ons gerechtvaardigd belang.", ""),
    "how long they are kept": ("Wij bewaren ze {retention}.", ""),
    "the right to see, correct and delete": ("U mag ze inzien en laten verbeteren.", ""),
    "complaining to the Autoriteit": ("bij de Autoriteit Persoonsgegevens", "bij ons"),
}
FOR_RESPONDENTS = PRIVACY.replace(
    "De grondslag", "Het gaat om uw naam; die is afkomstig van wie de klacht indiende. De grondslag"
)


@tagged("post_install", "-at_install")
class TestPrivacyOnPublishing(ComplaintCase):
    """No policy is published that keeps data for ever, or that does not tell what happens to
    them: on no road (art. 13 and 14 AVG)."""

    def publish(self, road, **vals):
        """Try to put a policy in force by one of the roads there are."""
        default = {"code": f"weg-{road}", **vals}
        if road == "created as published":
            return self.policy.copy({**default, "code": "weg-create", "state": "published"})
        draft = self.policy.copy({**default, "code": f"weg-{len(road)}"})
        match road:
            case "button":
                draft.action_publish()
            case "submitted first":
                draft.action_submit()
                draft.action_publish()
            case "written":
                draft.write({"state": "published"})
            case "written with the text":
                draft.write({"state": "published", "introduction": "<p>Nieuw</p>"})
            case "imported":
                self.load(draft)
            case "next version":
                draft.write(dict.fromkeys(vals, False) | {"privacy_text": PRIVACY})
                draft.retention_months = 24
                draft.action_publish()
                later = draft.make_next_version("2999-01-01")
                later.write(vals)
                later.action_publish()
                return later
        return draft

    def load(self, draft):
        label = dict(draft._fields["state"]._description_selection(self.env))["published"]
        result = draft.load([".id", "state"], [[str(draft.id), label]])
        if result["ids"] is False:
            raise UserError("\n".join(line["message"] for line in result["messages"]))

    ROADS = (
        *("button", "submitted first", "written", "written with the text", "imported"),
        *("created as published", "next version"),
    )

    def assertRefused(self, sentence, **vals):
        for road in self.ROADS:
            with self.subTest(road, missing=sentence), self.env.cr.savepoint() as savepoint:
                with self.assertRaisesRegex(UserError, sentence):
                    self.publish(road, **vals)
                savepoint.rollback()
                self.env.invalidate_all(flush=False)

    def test_every_road_publishes_what_is_complete(self):
        """Silence means something."""
        for road in self.ROADS:
            with self.subTest(road), self.env.cr.savepoint() as savepoint:
                self.assertEqual(self.publish(road).state, "published")
                savepoint.rollback()
                self.env.invalidate_all(flush=False)

    def test_without_a_period_it_is_not_published(self):
        self.assertRefused("nothing says how long", retention_months=0)

    def test_without_what_the_sender_must_know_it_is_not_published(self):
        for sentence, (said, instead) in WITHOUT.items():
            self.assertIn(said, PRIVACY)
            text = PRIVACY.replace(said, instead)
            self.assertRefused(f"privacy text does not say: {sentence}", privacy_text=text)

    def test_without_what_the_respondent_must_know_it_is_not_published(self):
        left_out = {
            **WITHOUT,
            "which data they are": ("uw naam", "iets"),
            "where the data come from": ("is afkomstig van wie de klacht indiende", "is er"),
        }
        for sentence, (said, instead) in left_out.items():
            self.assertIn(said, FOR_RESPONDENTS)
            text = FOR_RESPONDENTS.replace(said, instead)
            with self.subTest(sentence):
                draft = self.policy.copy({"code": "over", "respondent_privacy_text": text})
                with self.assertRaisesRegex(
                    UserError, f"complained about does not say: {sentence}"
                ):
                    draft.action_publish()
                draft.code = f"over-{draft.id}"
        self.policy.copy(
            {"code": "goed", "respondent_privacy_text": FOR_RESPONDENTS}
        ).action_publish()


@tagged("post_install", "-at_install")
class TestRespondentPrivacy(ComplaintCase, HttpCase):
    """Somebody who is complained about is told of their data (art. 14 AVG)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env.ref("klachtenbeheer.mail_template_delay_notice_respondent")
        cls.told_policy = cls.make_policy(
            code="gehoord",
            letter_type_ids=[
                Command.create(
                    {
                        "code": code,
                        "name": code,
                        "template_id": cls.template.id,
                        "audience": audience,
                    }
                )
                for code, audience in (("told", "respondent"), ("answer", "complainant"))
            ],
        )
        cls.accused = cls.env["res.partner"].create(
            {"name": "Bart Beklaagd", "email": "bart@proef.example"}
        )
        cls.complaint = cls.file_complaint(
            policy_id=cls.told_policy.id, respondent_ids=[Command.set(cls.accused.ids)]
        )

    def get_told(self, letter):
        return html2plaintext(letter._get_print_values()["privacy"] or "")

    def test_the_standard_text_says_all_that_the_law_asks(self):
        told = html2plaintext(self.told_policy._get_respondent_privacy_html())
        self.assertEqual(find_missing_privacy(told, from_others=True), [])
        page = self.told_policy._get_respondent_privacy_page()
        self.assertNotIn("{", page)
        self.assertIn("Stichting De Proef", page)

    def test_the_first_letter_tells_it_and_no_other_does(self):
        letter = self.complaint.prepare_letter("told")
        self.assertIn("Stichting De Proef", self.get_told(letter))
        self.assertIn("Autoriteit Persoonsgegevens", self.get_told(letter))
        self.assertNotIn("Kees", self.get_told(letter))
        self.assertFalse(self.get_told(self.complaint.prepare_letter("answer")))
        letter._as_procedure().state = "sent"
        again = self.complaint.prepare_letter("told")
        self.assertFalse(self.get_told(again))
        self.assertTrue(self.get_told(letter), "the first one goes on saying it")

    def test_it_is_on_the_printed_page(self):
        letter = self.complaint.prepare_letter("told")
        html = self.env["ir.actions.report"]._render_qweb_html(
            "klachtenbeheer.letter_document", letter.ids
        )[0]
        self.assertIn("Uw privacy", html.decode())

    def test_it_is_in_the_published_regulation(self):
        page = self.url_open("/klachtenregeling/gehoord").text
        self.assertIn("Als een klacht over u gaat", page)
        self.assertIn("Er is een klacht over u", page)

    def test_words_of_the_policy_itself_come_first(self):
        draft = self.policy.copy({"code": "eigen"})
        draft.respondent_privacy_text = FOR_RESPONDENTS
        self.assertIn("afkomstig van", draft._get_respondent_privacy_page())
        self.assertNotIn("{retention}", draft._get_respondent_privacy_page())


@tagged("post_install", "-at_install")
class TestPrivacyShown(ComplaintCase):
    """Of which version the sender saw the privacy text is kept, whichever way they came."""

    def test_on_the_portal(self):
        user = self.make_user("p.klager", "base.group_portal")
        complaint = self.env["klachtenbeheer.complaint"]._file_from_portal(
            self.policy, {"description": "De bus kwam niet."}, user
        )
        self.assertEqual(complaint.privacy_policy_id, self.policy)

    def test_by_mail_the_proof_tells_it(self):
        complaint = self.file_complaint(complainant_email="kees@proef.example")
        mail = self.env["mail.mail"].create(
            {"body_html": "<p>Ontvangen</p>", "proof_complaint_id": complaint.id}
        )
        body = mail._personalize_outgoing_body("<p>Ontvangen</p>")
        self.assertIn("Autoriteit Persoonsgegevens", body)
        mail.proof_quotes = True  # the form showed it
        self.assertNotIn(
            "Autoriteit Persoonsgegevens", mail._personalize_outgoing_body("<p>Ontvangen</p>")
        )
