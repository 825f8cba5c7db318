"""Reports: what they consist of, their figures, their life until they were received.
Uses policies, complaints and measures; no other room uses it.
"""
