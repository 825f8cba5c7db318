"""What happens by itself every day: a list of steps, each a method of the room that owns it, and
how they are worked off.
Uses `complaint` and what is below it; steps of other rooms it knows by their names only.
"""

from . import job
