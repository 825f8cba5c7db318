"""Working days, terms, deadlines and their explanation: pure Python, no Odoo import.

Everything works on local calendar dates. A term that ends on a date ends that day at 24.00 hours.
"""

from .contradictions import Contradiction, find_contradictions
from .dutch import describe_length
from .explain import EVENT_NAMES, explain
from .missing import Missing
from .picture import Bar, Mark, draw
from .privacy import find_missing_privacy
from .projection import Deadline, Event, project
from .regimes import REGIMES, find_breaches
from .salutation import Salutation, find_salutation
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
from .text_fields import fill_fields, find_fields, with_article
from .workdays import (
    DECREE_DAYS,
    FIRST_DECREE_YEAR,
    FIRST_YEAR,
    LAST_DECREE_YEAR,
    LAST_YEAR,
    STATUTORY_DAYS,
    CalendarError,
    ClosedDay,
    WorkCalendar,
    statutory_days,
)

__all__ = [
    "COUNT_FROM",
    "DECREE_DAYS",
    "DUTY_OF",
    "END_RULES",
    "EVENT_NAMES",
    "FIRST_DECREE_YEAR",
    "FIRST_YEAR",
    "LAST_DECREE_YEAR",
    "LAST_YEAR",
    "MET_WHEN",
    "REGIMES",
    "STATUTORY_DAYS",
    "UNITS",
    "Bar",
    "CalendarError",
    "ClosedDay",
    "Contradiction",
    "Deadline",
    "Due",
    "Event",
    "Mark",
    "Missing",
    "Salutation",
    "Term",
    "WorkCalendar",
    "compute_due",
    "describe_length",
    "draw",
    "explain",
    "fill_fields",
    "find_breaches",
    "find_contradictions",
    "find_fields",
    "find_missing_privacy",
    "find_salutation",
    "project",
    "reminder_day",
    "statutory_days",
    "target_day",
    "with_article",
]
