"""E-mail: what arrives, where it ends, what a person has to sort, and what became of what was sent.
Uses `letter` and what is below it.
"""

# what makes a model comes before what extends it
from . import incoming
from . import (
    alias,
    becoming,
    complaint,
    gateway,
    letter_outcome,
    menu_count,
    outgoing,
    remote_pictures,
    sorting,
)
