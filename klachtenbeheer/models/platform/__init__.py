"""What the platform lacks for everybody: the organisation's today, the PDF engine, the log of our pages.
Knows Odoo and `tools/` only; every other room may use it.
"""
