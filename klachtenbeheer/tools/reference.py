"""References that tell nothing: from a running number to one that looks like any other.

A list of running numbers shows what is missing in it, so whoever may not see a dossier could
count out that it exists. `scramble` permutes the numbers of a year with a secret key: short,
digits only (said and typed on the phone), each running number exactly one, no order, no gaps.
The last digit is a check digit: one digit that is wrong, or two that changed places, is no
other dossier.
"""

import hmac

from stdnum import damm

DIGITS = 5  # up to 99,999 a year; beyond that the numbers get longer
ROUNDS = 8


def scramble(number, year, key):
    """The digits of a reference.

    :param number: running number in the year, from 1
    :param key: secret text, the same for all numbers of a year
    :return: at least six digits, as text
    """
    digits = max(DIGITS, len(str(number)))
    text = f"{_permute(number, digits, f'{key}:{year}'.encode()):0{digits}d}"
    # the year counts as well: the right digits with another year are a mistake
    return text + damm.calc_check_digit(f"{year}{text}")


def _permute(number, digits, key):
    """A keyed permutation of the numbers with so many digits (a Feistel network whose two
    halves are counted in tens instead of bits, so that nothing falls outside)."""
    low = 10 ** (digits // 2)
    high = 10 ** (digits - digits // 2)
    left, right = divmod(number, low)
    for turn in range(ROUNDS):
        left = (left + _mix(key, 2 * turn, right)) % high
        right = (right + _mix(key, 2 * turn + 1, left)) % low
    return left * low + right


def _mix(key, turn, value):
    digest = hmac.digest(key, f"{turn}:{value}".encode(), "sha256")
    return int.from_bytes(digest[:8], "big")
