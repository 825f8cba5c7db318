from .policy import (
    line,
    role,
    policy,
    timeline,
    handling,
    channel,
    category,
    complainant_kind,
    event_type,
    requirement,
    stage,
    term,
    closed_day,
)
from .complaint import complaint, registration, procedure, formal, task
from . import daily_job
from .access import respondent, content
from .complaint import closed
from .access import attached_records
from .dossier import calendar_event
from .screens import complaint, pages, more_menu
from .dossier import (
    line,
    grievance,
    fact,
    agreement,
    consultation,
    ruling,
    measure,
    hearing,
    hearing_participant,
    hearing_slot,
)
from .policy import hearing_result
from .dossier import objection, referral, assistance
from .access import identity
from .dossier import investigation
from .complaint import register, assignment, escalation, closing, triage, progress
from .policy import absence
from .screens import new_lines, dossier_lines
from .complaint import takeover
from .screens import paper_form
from .complaint import event, deadline
from .screens import deadline
from .policy import letter_type
from .letter import (
    letter,
    offer,
    addressee,
    subject,
    content,
    completeness,
    hidden_identity,
    sending,
)
from .complaint import extension
from .screens import letter
from .letter import text, subject_text, complaint
from .portal import status, conversation, appointment
from .intake import form_submission
from .portal import action, filing
from .access import rating
from .policy import public_page, regulation
from .intake import throttle, access_code, form, form_filing, api
from .portal import follow_up
from .platform import http, report
from .letter import attachment
from .mail import alias, incoming, sorting, complaint, becoming, menu_count, outgoing, gateway
from .platform import company
from .screens import start_page
from .reports import (
    report_type,
    report_section,
    report_plan,
    counting,
    report_record,
    report_hiding,
    report_text,
    report_figures,
    report_mail,
    report_printing,
    report_schedule,
    report_discussion,
)
from . import demo_history
