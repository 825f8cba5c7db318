"""What the platform lacks for everybody: the organisation's today, the PDF engine, the log of our
pages, the groups.
Uses Odoo and `tools/` only; every other room may use it.
"""

from . import (
    arguments,
    company,
    delivery,
    groups,
    http,
    languages,
    memory,
    refusal,
    refusing_thread,
    remembered,
    report,
    typed,
)
