"""The lines of a dossier: grievances, facts, hearings, objections, referrals, rulings, measures.
Uses `complaint` and what is below it; a line moves the procedure by recording events.
"""

# what makes a model comes before what extends it
from . import judged
from . import (
    advice,
    agreement,
    assistance,
    consultation,
    fact,
    grievance,
    hearing,
    hearing_participant,
    hearing_slot,
    measure,
    objection,
    referral,
    ruling,
)
from . import afterwards, calendar_event, investigation, own_values
