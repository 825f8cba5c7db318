from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..models.platform.typed import explain_email


class PortalProfile(CustomerPortal):
    """Name and address of the account, which a complaint on the portal takes over."""

    def _validate_address_values(self, address_values, *args, **kwargs):
        """A slip in the e-mail address is told, with what was probably meant."""
        invalid, missing, errors = super()._validate_address_values(address_values, *args, **kwargs)
        problem = explain_email(request.env, address_values.get("email"))
        if problem:
            invalid.add("email")
            errors.append(problem)
        return invalid, missing, errors
