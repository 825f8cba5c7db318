from . import (
    committee,
    portal,
    portal_actions,
    portal_base,
    portal_filing,
    portal_profile,
    public_follow,
    public_form,
    public_list,
    public_page,
    public_regulation,
    register_template,
)
