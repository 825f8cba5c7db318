"""What a screen of the back-office needs to know: pages, menu, next step, start page.
Uses every room; no room uses it, and nothing is decided here.
"""

# what makes a model comes before what extends it
from . import start_page
from . import (
    complaint,
    dashboard,
    deadline,
    dossier_lines,
    letter,
    letter_work,
    more_menu,
    new_lines,
    next_step,
    pages,
    paper_form,
    setup_list,
)
