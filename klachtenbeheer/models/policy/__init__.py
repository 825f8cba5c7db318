"""What a policy consists of: terms, stages, roles, kinds of letters, requirements, and the
regulation made of them.
Uses `platform`; knows neither complaints nor letters.
"""

# what makes a model comes before what extends it
from . import (
    line,
    category,
    channel,
    closed_day,
    complainant_kind,
    event_type,
    hearing_result,
    letter_type,
    policy,
    requirement,
    role,
    stage,
    term,
    translation,
    verdict,
)
from . import (
    absence,
    appointing,
    appointment,
    copying,
    handling,
    own_fields,
    practice,
    privacy_text,
    public_offer,
    public_page,
    published,
    publishing,
    regime,
    regulation,
    text_check,
    text_fields,
    timeline,
    versions,
)
