"""What the complainant sees and does: status, conversation, appointments, filing, the way back by code.
Uses `letter`, `dossier`, `intake` and what is below them.
"""
