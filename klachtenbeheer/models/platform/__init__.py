"""What the platform lacks for everybody: the organisation's today, the PDF engine, the log of our
pages, the groups, work that takes long.
Uses Odoo and `tools/` only; every other room may use it.
"""

from . import (
    arguments,
    company,
    defaults,
    delivery,
    groups,
    http,
    languages,
    listening,
    long_work,
    long_worker,
    memory,
    refusal,
    refusing_thread,
    remembered,
    report,
    typed,
)
