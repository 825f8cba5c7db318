"""What comes in by forms: the public one, that of the portal, the JSON API; and their limits.
Uses `portal` and what is below it.
"""

# what makes a model comes before what extends it
from . import api, form, throttle
from . import form_filing, portal_filing
