from odoo import models
from odoo.fields import Domain

from .policy import LINE_FIELDS


class PolicyCopying(models.Model):
    """A copy of a policy is its next version, or a policy of its own: a whole, whose lines refer
    to each other and not to those of the original."""

    _inherit = "klachtenbeheer.policy"

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        for policy, vals in zip(self, vals_list, strict=True):
            vals.setdefault(
                "version", policy._get_next_version(vals.get("code"), vals.get("company_id"))
            )
        return vals_list

    def _get_next_version(self, code=None, company_id=None):
        domain = Domain("code", "=", code or self.code) & Domain(
            "company_id", "=", company_id or self.company_id.id
        )
        [(latest,)] = self.with_context(active_test=False)._read_group(domain, [], ["version:max"])
        return (latest or 0) + 1

    def copy(self, default=None):
        copies = super().copy(default)
        for policy, new in zip(self, copies, strict=True):
            new._relink_lines(policy)
        return copies

    def _relink_lines(self, original):
        """Let references between lines of the copy point at lines of the copy."""
        self._relink(original, "category_ids", "parent_id")
        self._relink(original, "letter_type_ids", "term_ids")
        for fname in ("signatory_role_id", "approval_role_id", "contact_role_id"):
            self._relink(original, "letter_type_ids", fname)
        self._relink(original, "letter_type_ids", "internal_role_id")
        self._relink(original, "term_ids", "duty_role_id")

    def _relink(self, original, lines, reference):
        if reference not in self[lines]._fields:
            return
        comodel = self[lines]._fields[reference].comodel_name
        line_field = next(
            fname for fname in LINE_FIELDS if self._fields[fname].comodel_name == comodel
        )
        twins = self._get_twins(original[line_field], self[line_field])
        for line in self[lines].filtered(reference):
            line[reference] = line[reference].browse(
                twin.id for target in line[reference] if (twin := twins.get(target, target))
            )

    def _get_twins(self, originals, copies):
        """{line: the line of the copy that stands for it}; other lines than those of the
        original, given with the copy, stand for those of the same code."""
        if len(originals) == len(copies):
            return dict(zip(originals, copies, strict=True))
        by_code = {line.code: line for line in copies}
        return {line: by_code.get(line.code, line.browse()) for line in originals}
