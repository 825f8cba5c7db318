"""Letters from draft to proof of sending: to whom, about what, which text, who signs, what is
missing.
Uses `dossier` and what is below it.
"""

# what makes a model comes before what extends it
from . import letter, passage
from . import (
    addressee,
    attachment,
    by_itself,
    complaint,
    completeness,
    content,
    enclosure,
    hidden_identity,
    invitation,
    joint,
    offer,
    outside,
    policy_text,
    sending,
    subject,
    subject_text,
    text,
)
