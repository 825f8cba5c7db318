"""What a screen of the back-office needs to know: pages, menu, next step, start page.
Uses every room; no room uses it, and nothing is decided here.
"""
