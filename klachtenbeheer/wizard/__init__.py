from . import (
    assign,
    delay,
    duty_waive,
    escalate,
    event_record,
    event_void,
    intake,
    letter_reason,
    policy_setup,
    receipt_correction,
    ruling_decide,
    triage,
)
