"""What still stands in the way of a step, as a value: words to show, and where it is filled in."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Missing:
    """Something to fill in or to do before a step.

    :param text: what, in the language of the user
    :param field: name of the field of the record where it is filled in, where there is one
    """

    text: str
    field: str | None = None
