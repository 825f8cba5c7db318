"""What comes in without an account: public form, JSON API, codes, limits.
Uses `complaint` and what is below it.
"""
