from . import (
    delay,
    duty_waive,
    event_record,
    event_void,
    intake,
    letter_reason,
    policy_setup,
    receipt_correction,
)
