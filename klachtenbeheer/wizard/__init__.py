from .complaint import (
    assign,
    close,
    duty_waive,
    escalate,
    event_record,
    event_void,
    receipt_correction,
    triage,
)
from .dossier import ruling_decide
from .intake import quick_entry, register_import, register_import_problem, register_import_work
from .letter import delay, letter_reason, outside
from .mail import incoming_sort, mail_compose_message
from .policy import absence, next_version, policy_setup
from .portal import message_compose, message_compose_code
from .privacy import erasure_replay
from .reports import register_export, report_making
