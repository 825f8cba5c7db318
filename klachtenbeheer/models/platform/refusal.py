import logging
from functools import partial

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)


class Refusal(models.AbstractModel):
    """A refusal tells nothing: what is not for the user's eyes and what does not exist are
    looked up by the same query and refused in the same words, in debug mode too.

    The platform names the record and the rule that hides it, and says of the rest that it
    does not exist; by that somebody would learn that a complaint is about them.
    """

    _name = "klachtenbeheer.refusal"
    _description = "Refuses in the Same Words"

    def _check_access(self, operation):
        records = self.browse(number for number in self._ids if number)
        if operation == "create" or not records:
            return super()._check_access(operation)
        # model rights are the same for every record
        if refused := super(Refusal, self.browse())._check_access(operation):
            return self, refused[1]
        refused = records - records._filter_allowed(operation)
        return (refused, partial(refused._make_refusal, operation)) if refused else None

    def _filter_allowed(self, operation):
        """Those that exist and that the record rules allow, by one query."""
        allowed = self.env["ir.rule"]._compute_domain(self._name, operation)
        # a rule may ask what its user may not read
        records_su = self.sudo().with_context(active_test=False)
        found = records_su.search(Domain("id", "in", self.ids) & allowed, order="id")
        return self.browse(found.ids)

    # What the platform looks up before it asks for rights takes time, too.

    def onchange(self, values, field_names, fields_spec):
        if self:
            self.check_access("read")
        return super().onchange(values, field_names, fields_spec)

    def unlink(self):
        self.check_access("unlink")
        return super().unlink()

    def fetch(self, field_names=None):
        """By this the platform fills in what is read of these records; a search reads others."""
        reading = self.with_context(refusal_fetches=not self.env.su)
        return super(Refusal, reading).fetch(field_names)

    def _fetch_query(self, query, fields):
        fetched = super()._fetch_query(query, fields)
        is_reading = self.env.context.get("refusal_fetches") and not self.env.su
        if is_reading and (missing := self - fetched):
            raise missing._make_refusal("read")
        return fetched

    def _make_refusal(self, operation):
        """The one answer to whoever asks for what they may not have.

        :return: AccessError, not raised; with the company to switch to, where that is all
        """
        _logger.info(
            "Refused: %s on %s %r, user %s", operation, self._name, self.ids[:6], self.env.uid
        )
        error = AccessError(
            self.env._("This can't be opened: it does not exist, or it is not meant for you.")
        )
        company = self._get_company_to_switch_to(operation)
        if company:
            error.context = {
                "suggested_company": {"id": company.id, "display_name": company.display_name}
            }
        return error

    @api.private
    def _get_company_to_switch_to(self, operation):
        """Where the user may open it with another of their companies switched on."""
        companies = self.env.user.company_ids
        if "company_id" not in self._fields or companies <= self.env.companies:
            return companies.browse()
        everywhere = self.with_context(allowed_company_ids=companies.ids)
        return everywhere._filter_allowed(operation).sudo().company_id[:1]
