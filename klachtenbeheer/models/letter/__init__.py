"""Letters from draft to proof of sending: to whom, about what, which text, who signs, what is missing.
Uses `dossier` and what is below it.
"""
