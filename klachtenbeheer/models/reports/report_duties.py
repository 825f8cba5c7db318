from odoo import models

from .report_type import READS_DOSSIERS

ROUNDED_TO = 5  # percent, where many read along
NEVER = (0, 0, 0)  # in time, late, longest delay of a duty that nobody had


class ReportDuties(models.Model):
    """What a report says of the duties of the organisation: in time, or late (KK46, KK47)."""

    _inherit = "klachtenbeheer.report"

    def _take_in_time(self, section, versions, before):
        codes = section._get_term_codes()
        duties = self._measure_duties(versions, self.date_from, self.date_to, codes)
        if not self._may_describe(_get_most(duties)):
            return None
        in_time, late = _add_up(duties)
        before = self._measure_duties(versions, *before, codes)
        was = self._may_describe(_get_most(before)) and self._get_percentage(*_add_up(before))
        notes = [self.env._("was %s", was)] if was else []
        if not self._is_strict():
            notes.append(self.env._("%(late)s of %(all)s late", late=late, all=in_time + late))
        return {
            "value": self._get_percentage(in_time, late),
            "label": self.env._("in time"),
            "note": "; ".join(notes),
        }

    def _measure_duties(self, versions, first, last, codes):
        counter = self.env["klachtenbeheer.report.counter"]
        found = counter._measure_duties(versions, first, last, self.frozen_on)
        return {code: line for code, line in found.items() if not codes or code in codes}

    def _get_percentage(self, in_time, late):
        """As printed; never rounded up to all, and roughly where many read along."""
        total = in_time + late
        if not total:
            return ""
        percentage = in_time * 100 // total
        if self._is_strict():
            percentage = percentage // ROUNDED_TO * ROUNDED_TO
        return f"{percentage} %"

    def _take_terms(self, section, versions):
        codes = section._get_term_codes()
        now = self._measure_duties(versions, self.date_from, self.date_to, codes)
        before = self.type_id._get_period_before(self.date_from)
        was = self._measure_duties(versions, *before, codes)
        return {
            "rows": [
                {"label": name, **self._describe_duty(now[code], was.get(code, NEVER))}
                for code, name in self._get_duty_names().items()
                if code in now
            ]
        }

    def _describe_duty(self, now, was):
        in_time, late, _longest = now
        told = self._may_describe(in_time + late)
        counted = told and not self._is_strict()
        return {
            "in_time": in_time if counted else None,
            "total": in_time + late if counted else None,
            "share": self._get_percentage(in_time, late) if told else "",
            "before": self._get_percentage(*was[:2]) if self._may_describe(sum(was[:2])) else "",
        }

    def _take_misses(self, section, versions):
        """How often each duty was missed, and by how much (KK46, KK47)."""
        if self._is_strict():
            return {"rows": []}
        codes = section._get_term_codes()
        found = self._measure_duties(versions, self.date_from, self.date_to, codes)
        return {
            "rows": [
                {"label": name, **self._describe_misses(*found[code])}
                for code, name in self._get_duty_names().items()
                if code in found and found[code][1]
            ]
        }

    def _describe_misses(self, in_time, late, longest):
        """Of one that was late its delay is for who may look into it."""
        if self.audience in READS_DOSSIERS:
            return {"late": late, "longest": self._get_days(longest)}
        told = self._may_describe(in_time + late)
        enough = self._may_describe(late)
        return {
            "late": late if told else None,
            "longest": self._get_days(longest) if enough else "",
        }

    def _get_duty_names(self):
        """{code: name}, in the order of the policy."""
        terms = self.policy_id._get_all_versions().term_ids.sorted(
            lambda term: term.policy_id.version
        )
        names = {term.code: term.name for term in terms}
        order = self.policy_id.term_ids.mapped("code")
        return {code: names[code] for code in sorted(names, key=lambda code: _place(order, code))}


def _place(order, code):
    return order.index(code) if code in order else len(order)


def _get_most(duties):
    """About how many complaints these duties are: a duty comes once with each, seldom again."""
    return max((in_time + late for in_time, late, _longest in duties.values()), default=0)


def _add_up(duties):
    """In time and late, of all duties."""
    return tuple(sum(line[place] for line in duties.values()) for place in (0, 1))
