"""What the complainant sees and does: status, conversation, appointments, the way back by code; and
which form was sent, once.
Uses `letter` and what is below it.
"""

# what makes a model comes before what extends it
from . import access_code, form_submission, throttle
from . import action, appointment, committee, conversation, follow_up, receipt, status
