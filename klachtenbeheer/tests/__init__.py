from . import test_events
from . import test_daily_job
from . import test_policy
