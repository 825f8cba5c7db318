"""The complaint itself: registration, events, deadlines, stage, whose turn it is, closing, and the
sequences in which that goes.
Uses `policy` and what is below it; what it asks of rooms above is declared in
`extension_points.py`, which they fill in.
"""

# what makes a model comes before what extends it
from . import extension_points, part, complaint, deadline, event, line
from . import (
    assignment,
    barred,
    closed,
    closing,
    committee,
    conflict,
    daily_problem,
    escalation,
    extension,
    formal,
    neutral_mail,
    procedure,
    progress,
    promise,
    register,
    registration,
    search,
    stand_in,
    storing,
    takeover,
    task,
    time_picture,
    translation,
    triage,
)
