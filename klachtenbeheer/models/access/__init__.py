"""Who may see and do what: respondents, hidden complainants, content, and what the platform keeps beside a dossier.
Uses `complaint` and `policy`; every permission is decided here.
"""
