"""The terms that complainants read, out of klachtenbeheer.pot: what the languages of the public
pages have to have, completely. Run by itself it adds to each file of a language what is new, empty,
drops what is gone, and says what is still to be translated.
"""

import sys
from pathlib import Path

import polib

FOLDER = Path(__file__).resolve().parent.parent / "klachtenbeheer/i18n"
SLAVIC = "n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
# Name and plural forms of each.
LANGUAGES = {
    "uk": ("Ukrainian", f"nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : {SLAVIC}"),
    "ar": (
        "Arabic",
        "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 :"
        " n%100>=11 ? 4 : 5);",
    ),
    "pl": ("Polish", f"nplurals=3; plural=(n==1 ? 0 : {SLAVIC}"),
    "tr": ("Turkish", "nplurals=2; plural=(n > 1);"),
    "de": ("German", "nplurals=2; plural=(n != 1);"),
    "fr": ("French", "nplurals=2; plural=(n > 1);"),
}
REVIEW = (
    "Texts for people who complain, in {language}. Complete, but not yet read by"
    " a native speaker:\nplease do, above all the sentences about rights and dates. The source is"
    " plain English on\n"
    "purpose (level B1); keep it as plain. What is in the back-office only is not here."
)
VIEWS = "model_terms:ir.ui.view,arch_db:klachtenbeheer."
# Templates that complainants see; the rest of a regulation is shown in the language of the policy.
TEMPLATES = ("public_", "portal_", "proof_mail", "time_picture")
# Pages of the portal for who gives advice, not for who complains.
OF_A_COMMITTEE = "portal_committee"
# What stands around the text of a letter.
LETTER = {"letter_document", "letter_letterhead", "letter_page", "letter_signatures"}
LETTER |= {"letter_what_you_can_do"}
CODE = "code:addons/klachtenbeheer/"
FILES = (
    "controllers/portal",
    "controllers/public_",
    "models/intake/form",
    "models/intake/portal_filing",
    "models/intake/reader",
    "models/letter/text.py",
    "models/platform/typed.py",
    "models/policy/public_offer.py",
    "models/portal/",
)
RECORDS = (
    "model:klachtenbeheer.event.type,public_text:",
    "model:klachtenbeheer.event.type,promise_text:",
    "model:ir.model.fields.selection,name:klachtenbeheer.selection__klachtenbeheer_hearing__form__",
    "model:ir.model.fields.selection,name:klachtenbeheer.selection__klachtenbeheer_hearing__purpose__",
)
MAILS = ("mail_template_form_proof", "mail_template_code_notice", "mail_template_message_notice")
MAILS += ("mail_template_proof",)
OF_A_MAIL = ("model:mail.template,subject:klachtenbeheer.",)
OF_A_MAIL += ("model:mail.template,body_html:klachtenbeheer.",)
# In the same files, but for colleagues or the log.
INSIDE = {
    "A moment was chosen: make the appointment",
    "A moment was chosen: the appointment is made",
    "Disagreement after the last day: accept it, or not",
    "More than %s MB of files came in within a day, which may be abuse. Complaints still come in,"
    " without files. An administrator can set another limit.",
    "New complaint from the form",
    "No proposed moment suits: propose others",
    "Only whoever handles this complaint writes to the complainant.",
    "The complainant could not be told of a message: call or write",
    "The complainant does not agree",
    "The complainant does not want the conversation",
    "The complainant has no account, so nobody would read this. Write a letter or call.",
    "The complainant was told of a message",
    "The complainant wrote something",
    "The complaint form takes no more files today",
    "The complaint was withdrawn",
    "Through the portal",
    "the complainant, through the portal",
}


def is_outside(source):
    """Whether complainants read what stands in a source."""
    if source.startswith(VIEWS):
        name = source.removeprefix(VIEWS)
        return name in LETTER or (
            name.startswith(TEMPLATES) and not name.startswith(OF_A_COMMITTEE)
        )
    if source.startswith(CODE):
        path = source.removeprefix(CODE)
        return path.startswith(FILES) and "committee" not in path
    if source.startswith(OF_A_MAIL):
        return source.endswith(MAILS)
    return source.startswith(RECORDS)


def pick(terms):
    """Return the entries that complainants read."""
    return [
        entry
        for entry in terms
        if entry.msgid not in INSIDE
        and any(is_outside(where) for where, _line in entry.occurrences)
    ]


def merge(language, terms, known):
    """Return a catalogue of a language with these terms, and the translations that are known.

    :param known: {term: translation}
    """
    name, plural = LANGUAGES[language]
    result = polib.POFile()
    result.header = REVIEW.format(language=name)
    result.metadata = {
        "Project-Id-Version": "klachtenbeheer",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
        "Language-Team": name,
        "Plural-Forms": plural,
    }
    for entry in terms:
        where = [(source, line) for source, line in entry.occurrences if is_outside(source)]
        result.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgstr=known.get(entry.msgid, ""),
                comment=entry.comment,
                occurrences=where,
            )
        )
    return result


def read(language):
    """Return what a language has: {term: translation}."""
    path = FOLDER / f"{language}.po"
    if not path.is_file():
        return {}
    return {entry.msgid: entry.msgstr for entry in polib.pofile(str(path)) if not entry.obsolete}


def main():
    """Bring each language up to date; return 1 if one is not complete."""
    terms = pick(polib.pofile(str(FOLDER / "klachtenbeheer.pot")))
    left = 0
    for language in LANGUAGES:
        merged = merge(language, terms, read(language))
        merged.save(str(FOLDER / f"{language}.po"))
        missing = [entry for entry in merged if not entry.msgstr]
        left += len(missing)
        for entry in missing:
            print(f"{language}: {entry.msgid!r}")
    print(f"{len(terms)} terms in {len(LANGUAGES)} languages, {left} to be translated")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
