"""What a privacy text must tell (art. 13 AVG): what for, on which ground, how long, which rights,
and where to complain. A text passes when it speaks of each; whether that is right is for people.
"""

import re

PURPOSE, GROUND, RETENTION, RIGHTS, SUPERVISOR = (
    "purpose",
    "ground",
    "retention",
    "rights",
    "supervisor",
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


def find_missing_privacy(text: str) -> list[str]:
    """What art. 13 AVG asks and a text does not tell, in the order of the parts above.

    >>> find_missing_privacy("")
    ['purpose', 'ground', 'retention', 'rights', 'supervisor']
    """
    flat = " ".join((text or "").split())
    return [
        part
        for part, words in _SIGNS.items()
        if not re.search(words, flat, re.IGNORECASE | re.DOTALL)
    ]
