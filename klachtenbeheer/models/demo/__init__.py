"""The past of the demo data: what happened before the day on which they are loaded.
Uses every room; no room uses it.
"""

from . import accounts, history, learning
from . import years
