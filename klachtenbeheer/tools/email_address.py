"""Whether an e-mail address can be one, and which one was probably meant. No Odoo here.

No server is asked: what is typed stays here.
"""

import re
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

# Where most people in the Netherlands have their mail.
DOMAINS = (
    "gmail.com",
    "hotmail.com",
    "hotmail.nl",
    "outlook.com",
    "outlook.nl",
    "live.nl",
    "live.com",
    "msn.com",
    "icloud.com",
    "me.com",
    "yahoo.com",
    "yahoo.nl",
    "ziggo.nl",
    "kpnmail.nl",
    "kpnplanet.nl",
    "planet.nl",
    "hetnet.nl",
    "home.nl",
    "xs4all.nl",
    "upcmail.nl",
    "casema.nl",
    "quicknet.nl",
    "chello.nl",
    "telfort.nl",
    "tele2.nl",
    "solcon.nl",
    "zeelandnet.nl",
    "caiway.nl",
    "protonmail.com",
    "proton.me",
)
LONGEST = 254  # characters, RFC 5321
NEAR = 2  # letters that may be wrong in a domain of at least FAR letters; one in a shorter one
FAR = 8
ANGLES = re.compile(r"<([^<>]+)>\s*$")


@dataclass(frozen=True)
class Judgement:
    """What is to be said of a typed address.

    `address` is the address as it is stored, or "" if it can't be one; `suggestion` is what was
    probably meant, or "".
    """

    address: str = ""
    suggestion: str = ""


def judge(typed: str) -> Judgement:
    """Judge a typed address.

    >>> judge("Jan@Gmail.com")
    Judgement(address='jan@gmail.com', suggestion='')
    >>> judge("jan@gmail,com")
    Judgement(address='', suggestion='jan@gmail.com')
    >>> judge("jan@gmial.com")
    Judgement(address='jan@gmial.com', suggestion='jan@gmail.com')
    """
    address = normalise(typed.strip())
    return Judgement(address, _suggest(typed.strip(), address))


def normalise(typed: str) -> str:
    """An address in small letters, or "" for what is none. Cheaper than to judge it."""
    if len(typed) > LONGEST:
        return ""
    try:
        # special domains are for the administrator of a network; a dot we want ourselves
        found = validate_email(typed, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return ""
    has_dot = "." in found.domain and not found.domain.startswith("[")
    return found.normalized.lower() if has_dot else ""


def _suggest(typed, address):
    local, domain = _split(typed)
    if not local or not domain or (domain in DOMAINS and address):
        return ""
    likely = _find_likely(domain)
    suggestion = normalise(f"{local}@{likely or domain}")
    return suggestion if suggestion != address else ""


def _split(typed):
    """The parts around the first @, without what slips in while typing."""
    angles = ANGLES.search(typed)
    plain = re.sub(r"\s+", "", angles[1] if angles else typed).strip(".,;:<>\"'")
    local, _at, domain = re.sub(r"@+", "@", plain).partition("@")
    domain = re.sub(r"[,;]", ".", domain).replace("..", ".").lower()
    return local.strip("."), domain


def _find_likely(domain):
    """The one common domain that a typed one resembles most."""
    near = NEAR if len(domain) >= FAR else 1
    found = sorted((distance(domain, known), known) for known in DOMAINS)
    (least, known), (second, _other) = found[:2]
    return known if 0 < least <= near and least < second else ""


def distance(one: str, other: str) -> int:
    """How many letters to add, leave out, change or swap with a neighbour, to make one the other.

    >>> distance("gmial.com", "gmail.com"), distance("gmailcom", "gmail.com")
    (1, 1)
    """
    before, row = [], list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        before, last, row = row, before, [place]
        for index, wanted in enumerate(other, 1):
            cost = min(before[index] + 1, row[-1] + 1, before[index - 1] + (letter != wanted))
            swapped = (
                place > 1 and index > 1 and letter == other[index - 2] and one[place - 2] == wanted
            )
            row.append(min(cost, last[index - 2] + 1) if swapped else cost)
    return row[-1]
