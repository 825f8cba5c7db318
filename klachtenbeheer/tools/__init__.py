"""Working days, terms, deadlines and their explanation: pure Python, no Odoo import.

Everything works on local calendar dates. A term that ends on a date ends that day at 24.00 hours.
"""

from .explain import EVENT_NAMES, explain
from .missing import Missing
from .picture import Bar, Mark, draw
from .projection import Deadline, Event, project
from .terms import (
    COUNT_FROM,
    DUTY_OF,
    END_RULES,
    MET_WHEN,
    UNITS,
    Due,
    Term,
    compute_due,
    reminder_day,
    target_day,
)
from .workdays import (
    FIRST_YEAR,
    LAST_YEAR,
    STATUTORY_DAYS,
    CalendarError,
    ClosedDay,
    WorkCalendar,
    statutory_days,
)

__all__ = [
    "COUNT_FROM",
    "DUTY_OF",
    "END_RULES",
    "EVENT_NAMES",
    "FIRST_YEAR",
    "LAST_YEAR",
    "MET_WHEN",
    "STATUTORY_DAYS",
    "UNITS",
    "Bar",
    "CalendarError",
    "ClosedDay",
    "Deadline",
    "Due",
    "Event",
    "Mark",
    "Missing",
    "Term",
    "WorkCalendar",
    "compute_due",
    "draw",
    "explain",
    "project",
    "reminder_day",
    "statutory_days",
    "target_day",
]
