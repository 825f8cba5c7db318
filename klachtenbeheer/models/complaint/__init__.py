"""The complaint itself: registration, events, deadlines, stage, whose turn it is, closing.
Uses `policy` and `platform`; what is asked of the rooms above is asked through methods that they fill in.
"""
