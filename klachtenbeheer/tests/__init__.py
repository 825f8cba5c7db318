from . import test_events
from . import test_daily_job
from . import test_policy
from . import test_policies
from . import test_policy_setup
from . import test_policy_terms
