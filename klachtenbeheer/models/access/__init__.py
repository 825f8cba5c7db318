"""Who may see and do what: permissions, respondents, hidden complainants, content, and what the
platform keeps beside a dossier.
Uses `complaint` and what is below it; whether a user may do something is decided here.
"""

# what makes a model comes before what extends it
from . import attached_records, identity
from . import (
    content,
    coordination,
    naming,
    permission,
    power,
    rating,
    recording,
    respondent,
    roles_in_force,
)
