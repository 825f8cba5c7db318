from . import (
    test_access_rights,
    test_daily_job,
    test_events,
    test_letter_access,
    test_letter_pdf,
    test_letters,
    test_policies,
    test_policy,
    test_policy_letters,
    test_policy_setup,
    test_policy_terms,
    test_views,
)
