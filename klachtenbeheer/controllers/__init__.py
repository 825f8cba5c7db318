from . import portal, portal_actions, portal_base, portal_filing
