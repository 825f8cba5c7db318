"""What `make test` takes a sample of, because all of it takes hours: `make soak` does it wholly."""

import os

EVERYTHING = bool(os.environ.get("SOAK"))


def sample(items, one_in):
    """All in `make soak`, else one in so many, the same ones each time.

    >>> list(sample("abcdefg", 3))  # without SOAK
    ['a', 'd', 'g']
    """
    for place, item in enumerate(items):
        if EVERYTHING or not place % one_in:
            yield item
