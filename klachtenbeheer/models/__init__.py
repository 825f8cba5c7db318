"""The models, in rooms. A room comes after those that it may use (docs/architecture.md, “The
rooms”); beyond that no behaviour depends on the order."""

from . import platform
from . import policy
from . import complaint
from . import access
from . import dossier
from . import letter
from . import mail
from . import portal
from . import intake
from . import reports
from . import privacy
from . import screens
from . import daily
from . import demo
