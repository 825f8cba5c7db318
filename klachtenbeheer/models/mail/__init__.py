"""E-mail: what arrives, where it ends, what a person has to sort, and what became of what was sent.
Uses `letter` and what is below it, and `intake` for a mail that becomes a complaint.
"""
