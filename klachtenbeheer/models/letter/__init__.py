"""Letters from draft to proof of sending: to whom, about what, which text, who signs, what is
missing.
Uses `dossier` and what is below it.
"""

# what makes a model comes before what extends it
from . import letter
from . import (
    addressee,
    attachment,
    complaint,
    completeness,
    content,
    hidden_identity,
    offer,
    sending,
    subject,
    subject_text,
    text,
)
