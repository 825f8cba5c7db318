from odoo import models
from odoo.fields import Domain
from odoo.tools import email_normalize, html2plaintext

from ...tools.redaction import black_out
from ..dossier.hearing import COMPLAINANT_SIDE

COMPLAINT = "klachtenbeheer.complaint"
COMPLAINANT, RESPONDENT, REPRESENTATIVE, WITNESS = (
    "complainant",
    "respondent",
    "representative",
    "witness",
)
OWN_FIELDS = (
    "complainant_name",
    "complainant_organisation",
    "complainant_email",
    "complainant_phone",
    "complainant_address",
)
OWN_TEXTS = ("title", "description", "desired_solution")
INTERNAL_TEXTS = ("findings", "verdict_motivation", "solution", "measures", "outcome_note")


class SubjectData(models.AbstractModel):
    """What the dossiers hold of somebody who asks.

    What they gave and what was sent to them is proposed to be given, what others wrote to be
    withheld: their freedoms weigh as well (AVG art. 15(4)). Who protects data decides on each
    item; names of others are blacked out of all of them.
    """

    _name = "klachtenbeheer.subject.data"
    _description = "What Dossiers Hold of Somebody"

    def _gather_items(self):
        """Values of the items, of all dossiers of the company."""
        values = []
        for capacity, dossiers in self._find_dossiers().items():
            for dossier in dossiers:
                # who stays unknown is told to who protects data only where they ask themself
                unknown = set() if capacity == COMPLAINANT else dossier._get_names_of_hidden()
                values += [
                    {
                        **self._without_names(vals, unknown),
                        **self._get_head(dossier, capacity, unknown),
                        "sequence": place,
                    }
                    for place, vals in enumerate(self._get_items(dossier, capacity))
                    if vals["found_text"]
                ]
        return values

    def _get_head(self, dossier, capacity, unknown):
        names = dossier._get_names_of_others(self._get_person()) - unknown
        return {
            "dossier_id": dossier.id,
            "reference": dossier.name,
            "capacity": capacity,
            "names": "\n".join(sorted(names)),
        }

    def _without_names(self, vals, names):
        """Values of an item in which somebody can't be read any more (KK22)."""
        if not names:
            return vals
        texts = {key: vals[key] for key in ("found_text", "marked_text") if vals.get(key)}
        own = [self.person_name or ""]
        return vals | {key: black_out(text, names, kept=own) for key, text in texts.items()}

    # ---------------------------------------------------------------- where somebody is

    def _get_person(self):
        """By what somebody is known: (contacts, normalised address, name)."""
        email = email_normalize(self.email or "") or email_normalize(self.partner_id.email or "")
        partners = self.partner_id
        if email:
            partners |= partners.search([("email_normalized", "=", email)])
        return partners, email, (self.person_name or "").strip()

    def _find_dossiers(self):
        """{capacity: dossiers}; somebody may be in a dossier in more than one."""
        partners, email, name = self._get_person()
        by_partner = Domain("partner_id", "in", partners.ids)
        by_email = Domain("complainant_email", "=ilike", email) if email else Domain.FALSE
        complains = by_partner | by_email
        helper = by_partner | (Domain("email", "=ilike", email) if email else Domain.FALSE)
        took_part = by_partner | Domain("name", "=ilike", name)
        domains = {
            COMPLAINANT: complains | Domain("identity_ids", "any", complains),
            RESPONDENT: Domain("respondent_ids", "in", partners.ids)
            | Domain("respondent_text", "=ilike", name),
            REPRESENTATIVE: Domain("representative_ids", "in", partners.ids)
            | Domain("assistance_ids", "any", helper),
            WITNESS: Domain("hearing_ids.participant_ids", "any", took_part),
        }
        complaints = self.env[COMPLAINT].with_context(active_test=False)
        here = Domain("company_id", "=", self.company_id.id) & Domain("anonymised_on", "=", False)
        found = {key: complaints.search(here & domain) for key, domain in domains.items()}
        # who complained, or is complained about, takes part in conversations as that
        found[WITNESS] -= found[COMPLAINANT] | found[RESPONDENT] | found[REPRESENTATIVE]
        return found

    # ---------------------------------------------------------------- what it holds

    def _get_items(self, dossier, capacity):
        yield from self._get_facts(dossier)
        if capacity in (COMPLAINANT, REPRESENTATIVE):
            yield from self._get_complainant_items(dossier, capacity)
        elif capacity == RESPONDENT:
            yield from self._get_respondent_items(dossier)
        yield from self._get_letter_items(dossier, capacity)
        yield from self._get_message_items(dossier, capacity)
        yield from self._get_conversation_items(dossier)

    def _get_facts(self, dossier):
        """Dates and where it stands."""
        for fname in ("received_on", "closed_on", "stage_id", "outcome", "verdict"):
            field = dossier._fields[fname]
            value = field.convert_to_export(dossier[fname], dossier)
            yield self._disclose(dossier, fname, str(value or ""))

    def _get_complainant_items(self, dossier, capacity):
        own = dossier._get_complainant()
        if capacity == COMPLAINANT:
            for fname in OWN_FIELDS:
                yield self._disclose(dossier, fname, own[fname] or "")
        for fname in OWN_TEXTS:
            yield self._disclose(dossier, fname, dossier[fname] or "")
        for objection in dossier.objection_ids:
            yield self._disclose(objection, "description", objection.description or "")
        for fname in INTERNAL_TEXTS:
            yield self._withhold(dossier, fname, dossier[fname])
        own = [f"{line['string']}: {line.get('value') or '–'}" for line in self._get_own(dossier)]
        yield self._disclose(dossier, "own_values", "\n".join(own))

    def _get_own(self, dossier):
        """The fields that the policy adds, each with what was filled in."""
        return dossier.read(["own_values"])[0]["own_values"] or []

    def _get_respondent_items(self, dossier):
        yield self._disclose(dossier, "respondent_ids", self.person_name)
        for fname in (*OWN_TEXTS, *INTERNAL_TEXTS):
            yield self._withhold(dossier, fname, dossier[fname])

    def _get_letter_items(self, dossier, capacity):
        """Letters that were sent to them; they have had those."""
        partners, email, _name = self._get_person()
        for letter in dossier.letter_ids.filtered(lambda letter: letter.state == "sent"):
            to_them = (letter.partner_id and letter.partner_id in partners) or (
                email and email_normalize(letter.addressee_email or "") == email
            )
            to_them = to_them or (capacity == COMPLAINANT and letter.audience == "complainant")
            text = f"{letter.subject or ''}\n{html2plaintext(letter.body or '')}"
            make = self._give if to_them else self._withhold
            yield make(letter, "body", text, label=f"{letter.name} ({letter.sent_on})")

    def _get_message_items(self, dossier, capacity):
        """What they wrote; and what was written for the complainant."""
        partners, email, _name = self._get_person()
        for message in dossier.message_ids.filtered(
            lambda line: line.message_type != "notification"
        ):
            theirs = (message.author_id and message.author_id in partners) or (
                email and email_normalize(message.email_from or "") == email
            )
            label = (
                f"{message._fields['body']._description_string(self.env)} ({message.date.date()})"
            )
            text = html2plaintext(message.body or "")
            if theirs:
                yield self._disclose(message, "body", text, label=label)
            else:
                yield self._withhold(message, "body", text, label=label)

    def _get_conversation_items(self, dossier):
        partners, _email, name = self._get_person()
        for hearing in dossier.hearing_ids:
            took_part = hearing.participant_ids.filtered(
                lambda line: line.partner_id in partners or (line.name or "").strip() == name
            )
            if took_part:
                yield self._disclose(hearing, "held_on", str(hearing.held_on or ""))
                yield self._withhold(hearing, "report", hearing.report)

    # ---------------------------------------------------------------- values

    def _disclose(self, record, fname, text, label=None):
        return self._prepare_item(record, fname, text, label) | {
            "give": True,
            "marked_text": html2plaintext(text) if "<" in text else text,
        }

    def _withhold(self, record, fname, text, label=None):
        return self._prepare_item(record, fname, text, label) | {
            "give": False,
            "withheld_reason": self.env._("Written by or about others (art. 15(4) AVG)"),
        }

    def _prepare_item(self, record, fname, text, label):
        plain = html2plaintext(text) if text and "<" in text else text
        return {
            "field_name": fname,
            "label": label or record._fields[fname]._description_string(self.env),
            "found_text": plain or False,
        }


class ComplaintNames(models.Model):
    _inherit = "klachtenbeheer.complaint"

    def _get_names_of_others(self, person):
        """By what people other than one are known in this dossier: names, addresses, numbers.

        :param person: (contacts, normalised address, name) of who asks
        """
        partners, email, name = person
        names = set()
        for contact in self._get_people() - partners:
            names.update((contact.name, contact.email, contact.phone, contact.street))
        for values in self._get_typed_people():
            typed = {value for value in values if value}
            own = name in typed or email in {email_normalize(value) for value in typed}
            if not own:
                names.update(typed)
        return {
            line.strip() for text in names if text for line in text.splitlines() if line.strip()
        }

    def _get_names_of_hidden(self):
        """By what who stays unknown is known, and who came along with them (KK22); nothing where
        who complained is known."""
        if not self.hide_identity:
            return set()
        helpers = self.assistance_ids
        side = self.hearing_ids.participant_ids.filtered(lambda line: line.role in COMPLAINANT_SIDE)
        people = self.identity_ids.partner_id | self.representative_ids
        people |= helpers.partner_id | side.partner_id
        names = {self._get_complainant()[fname] for fname in OWN_FIELDS}
        for contact in people:
            names.update((contact.name, contact.email, contact.phone, contact.street))
        for line in helpers:
            names.update((line.name, line.email, line.phone))
        names.update(side.mapped("name"))
        return {
            line.strip() for text in names if text for line in text.splitlines() if line.strip()
        }

    def _get_people(self):
        """Contacts with anything to do with the dossier, colleagues included."""
        users = (
            self.handler_id | self.independent_id | self.received_by_id | self.hearing_ids.leader_id
        )
        return (
            self.partner_id
            | self.identity_ids.partner_id
            | self.respondent_ids
            | self.representative_ids
            | self.assistance_ids.partner_id
            | self.hearing_ids.participant_ids.partner_id
            | self.letter_ids.partner_id
            | self.message_ids.author_id
            | users.partner_id
        )

    def _get_typed_people(self):
        """People who are no contact, as they were typed in."""
        own = self._get_complainant()
        yield [own[fname] for fname in OWN_FIELDS]
        yield [self.respondent_text]
        for line in self.assistance_ids:
            yield [line.name, line.email, line.phone]
        for line in self.hearing_ids.participant_ids:
            yield [line.name]
