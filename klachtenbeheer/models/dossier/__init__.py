"""The lines of a dossier: grievances, facts, hearings, objections, referrals, rulings, measures.
Uses `complaint` and `access`; a line moves the procedure by recording events.
"""
