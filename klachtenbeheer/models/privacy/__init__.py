"""Privacy: how long what is kept, anonymising, who looked, requests of data subjects, breaches."""

# what these share comes before them
from . import protected
from . import anonymise
from . import breach
from . import document
from . import dossier_file
from . import erase_beside
from . import erasure
from . import guard
from . import legal_hold
from . import measure
from . import own_contacts
from . import papers
from . import personal
from . import read_logged
from . import reading
from . import retention
from . import retention_rule
from . import subject_data
from . import subject_export
from . import subject_item
from . import subject_request
from . import transfer
from . import transfer_format
