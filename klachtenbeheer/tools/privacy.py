"""What a privacy text must tell (art. 13 AVG): what for, on which ground, how long, which rights,
and where to complain; and, where the data were not had from the reader, which data they are and
where they come from (art. 14). A text passes when it speaks of each; whether that is right is for
people.
"""

import re

PURPOSE, GROUND, RETENTION, RIGHTS, SUPERVISOR, DATA, ORIGIN = (
    "purpose",
    "ground",
    "retention",
    "rights",
    "supervisor",
    "data",
    "origin",
)
_SIGNS = {
    PURPOSE: r"\bom\b.{0,200}\bte\s+\w+|\bdoel\w*|\bin order to\b|\bpurpose",
    GROUND: r"grondslag|gerechtvaardigd belang|wettelijke (?:plicht|verplichting|taak)"
    r"|publieke taak|taak van algemeen belang|toestemming|uitvoering van (?:de|een|onze)"
    r" (?:\w+ )?overeenkomst|legitimate interest|legal (?:basis|ground|obligation)",
    RETENTION: r"\{retention\}|bewaar|bewaren|bewaard|\b(?:keep|kept|retain)",
    RIGHTS: r"inzage|inzien|verbeter\w*|corrig\w*|verwijder\w*|wissen|rights?\b.{0,80}\baccess",
    SUPERVISOR: r"autoriteit persoonsgegevens|dutch data protection authority",
}
# What art. 14 asks beside that.
_SIGNS_FROM_OTHERS = {
    DATA: r"\b(?:uw )?naam\b|soort(?:en)? gegevens|welke gegevens|your name|categor",
    ORIGIN: r"afkomstig|verkregen|komen van|(?:van|door) (?:de klager|wie (?:de klacht|klaagt))"
    r"|come from|obtained from",
}


def find_missing_privacy(text: str, *, from_others: bool = False) -> list[str]:
    """What art. 13 AVG asks and a text does not tell, in the order of the parts above.

    :param from_others: for who is complained about: also what art. 14 asks

    >>> find_missing_privacy("")
    ['purpose', 'ground', 'retention', 'rights', 'supervisor']
    >>> find_missing_privacy("", from_others=True)[-2:]
    ['data', 'origin']
    """
    flat = " ".join((text or "").split())
    signs = {**_SIGNS, **_SIGNS_FROM_OTHERS} if from_others else _SIGNS
    return [
        part
        for part, words in signs.items()
        if not re.search(words, flat, re.IGNORECASE | re.DOTALL)
    ]
