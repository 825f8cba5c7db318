"""Work that several processes share: each piece is done by whoever claims it first.

So no core waits for another: nobody has to know beforehand how long anything takes.
"""

import os
from pathlib import Path

FOLDER = "TEST_CLAIMS"  # the variable with the folder in which a claim is an empty file


def claim(name):
    """Say whether a piece of work is ours: always, where nobody shares it."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return True
    try:
        Path(folder, name.replace(os.sep, "-")).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True
