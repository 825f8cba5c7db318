"""Reports: what they consist of, their figures, their life until they were received.
Uses policies, complaints and measures; figures hold nothing that says who it was.
"""

# what makes a model comes before what extends it
from . import report_part, report_plan, report_section, report_type
from . import report_record
from . import report_text
from . import counting
from . import statistics
from . import report_discussion, report_duties, report_figures, report_hiding
from . import report_mail, report_printing
from . import report_schedule
from . import digest, evaluation, pattern
from . import report_access
