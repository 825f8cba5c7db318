"""What comes in by forms: the public one, that of the portal, the JSON API; and their limits.
Uses `portal` and what is below it.
"""

# what makes a model comes before what extends it
from . import reader
from . import api, contact, form, form_filing, portal_filing
