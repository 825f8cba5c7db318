from odoo import models
from odoo.tools import format_date

from ..policy.policy import DRAFT
from .report_section import COUNT, TEXT, TREND
from .report_type import LEAST_THRESHOLD, READS_DOSSIERS, STRICTER

ORDERED = ("severity", "kind", "source", "verdict", "escalation_level")  # as the field has them
WEEK = 7  # days


class ReportFigures(models.Model):
    """What each kind of section says, as plain values that are kept.

    A section becomes a dictionary with its `kind`, `title` and what its template prints. Numbers
    stay numbers; words are in the language of the report.
    """

    _inherit = "klachtenbeheer.report"

    def _freeze(self):
        """Take the figures of all sections, and how they were counted."""
        self.ensure_one()
        report = self._as_procedure().with_context(lang=self.lang)
        report._take_turn()
        report.breakdowns = []
        versions = report.policy_id._get_all_versions()
        take = report._get_figures_by_kind()
        with report._counting_at_once(versions):
            sections = [
                {
                    "kind": section.kind,
                    "title": section.name,
                    "show_as": section.show_as,
                    "section_id": section.id,
                    **take[section.kind](section, versions),
                }
                for section in report.type_id.section_ids
            ]
            about = report._describe(versions)
        report.figures = {"sections": sections, "about": about}
        report._make_texts()

    def _counting_at_once(self, versions):
        """What the sections of this report ask, in as few questions as there can be."""
        before = self.type_id._get_period_before(self.date_from)[0]
        sections = self.type_id.section_ids
        dimensions = set(sections.filtered(lambda line: line.kind == COUNT).mapped("dimension"))
        return self.env["klachtenbeheer.report.counter"]._asking_once(
            versions,
            min(before, self._get_start_of_trends(), self._get_start_of_formal()),
            before,
            self.date_from,
            self.date_to,
            sorted(dimensions),
        )

    def _get_start_of_trends(self):
        trends = self.type_id.section_ids.filtered(lambda line: line.kind == TREND)
        first = self.date_from
        for _number in range(max(trends.mapped("periods"), default=1) - 1):
            first = self.type_id._get_period_before(first)[0]
        return first

    def _get_start_of_formal(self):
        """Of the calendar year (KK48)."""
        return min(self.date_from, self.date_to.replace(month=1, day=1))

    def _get_figures_by_kind(self):
        """{kind of section: what takes its figures}."""
        return {
            "key_figures": self._take_key_figures,
            "count": self._take_count,
            "terms": self._take_terms,
            "misses": self._take_misses,
            "trend": self._take_trend,
            "measures": self._take_measures,
            "recommendations": self._take_recommendations,
            "text": self._take_text,
            "exceptional": self._take_exceptional,
        }

    def _describe(self, versions):
        """How was counted, and from what: part of the report as it is kept."""
        counter = self.env["klachtenbeheer.report.counter"]
        in_force = versions.filtered(lambda line: line.state != DRAFT and line.effective_from)
        return {
            "organisation": self.company_id.name,
            "policy": self.policy_id.name,
            "versions": sorted(set(in_force.mapped("version")) or {self.policy_id.version}),
            "frozen_on": str(self.frozen_on),
            "counting_rule": self._get_counting_rule(
                counter._count_apart(versions, self.date_from, self.date_to)
            ),
            "hiding_rule": self._get_hiding_rule(),
        }

    def _get_counting_rule(self, apart):
        names = {
            "suggestions": self.env._("suggestions"),
            "out_of_scope": self.env._("out of scope"),
            "unregistered": self.env._("outside the register"),
        }
        left_out = ", ".join(
            f"{names[name]} ({number})" if self._may_show(number) else names[name]
            for name, number in apart.items()
            if number
        )
        rule = self.env._(
            "Counted by date of receipt; what was opened again counts once. Duties as they stood"
            " when the figures were taken."
        )
        if left_out:
            return " ".join((rule, self.env._("Not counted: %s.", left_out)))
        return rule

    def _get_hiding_rule(self):
        return self.env._(
            "Numbers below %s in a breakdown were taken together with others, so that nobody can be"
            " recognised.",
            self.threshold,
        )

    def _is_strict(self):
        return self.audience in STRICTER

    def _may_show(self, number):
        """Whether so many complaints may be told of: a total, which says of nobody what they
        complained about, to all but the many readers."""
        return not self._is_strict() or not 0 < number < self.threshold

    def _may_describe(self, number):
        """Whether it may be told how so many complaints went: how long the answer took, what was
        late. The middle of one is that one."""
        least = LEAST_THRESHOLD if self.audience in READS_DOSSIERS else self.threshold
        return number >= least

    # ---------------------------------------------------------------- key figures

    def _take_key_figures(self, section, versions):
        before = self.type_id._get_period_before(self.date_from)
        items = [
            self._take_received(versions, before),
            self._take_in_time(section, versions, before),
            self._take_lead_time(versions, before),
            self._take_open(versions),
        ]
        if self.policy_id.formal_phase == "external" and not self._is_strict():
            items.append(self._take_formal(versions))
        return {"items": [item for item in items if item]}

    def _take_received(self, versions, before):
        counter = self.env["klachtenbeheer.report.counter"]
        number = counter._count(versions, self.date_from, self.date_to)
        was = counter._count(versions, *before)
        return {
            "value": str(number),
            "label": self.env._("complaints received"),
            "note": self.env._("%s in the period before", was) if self._may_show(was) else "",
        }

    def _take_lead_time(self, versions, before):
        counter = self.env["klachtenbeheer.report.counter"]
        days, number = counter._measure_lead_time(versions, self.date_from, self.date_to)
        if not self._may_describe(number):
            return None
        was, compared = counter._measure_lead_time(versions, *before)
        shown = self._may_describe(compared)
        return {
            "value": self._get_days(days),
            "label": self.env._("from receipt to answer (middle)"),
            "note": self.env._("was %s", self._get_days(was)) if shown else "",
        }

    def _get_days(self, days):
        return self.env._("1 day") if days == 1 else self.env._("%s days", days)

    def _take_open(self, versions):
        counter = self.env["klachtenbeheer.report.counter"]
        number, late = counter._count_open(versions, self.date_to, self.frozen_on)
        if self._is_strict():
            return None
        return {
            "value": str(number),
            "label": self.env._("still open"),
            "note": self.env._("%s of them late", late) if number else "",
        }

    def _take_formal(self, versions):
        """KK48: the aim is none in a calendar year; of a shorter period the year until then."""
        counter = self.env["klachtenbeheer.report.counter"]
        first = self._get_start_of_formal()
        number = counter._count(versions, first, self.date_to, "formal")
        years = sorted({first.year, self.date_to.year})
        return {
            "value": str(number),
            "label": self.env._("formal complaints in %s", "–".join(map(str, years))),
            "note": self.env._("aim: none; not reached") if number else self.env._("aim: none"),
            "missed": bool(number),
        }

    # ---------------------------------------------------------------- counts

    def _take_count(self, section, versions):
        rows, together = self._break_down(section.dimension, versions, self.date_from, self.date_to)
        total = sum(number for _key, number in rows) + (together or 0)
        compared = section.compare and self._get_rows_before(section.dimension, versions)
        unrecorded = bool(rows) and not together and not any(key for key, _number in rows)
        return {
            "unrecorded": unrecorded,
            "rows": [
                {
                    "label": self._get_label(section.dimension, key),
                    "count": number,
                    "before": compared.get(key) if compared else None,
                }
                for key, number in self._sort_rows(section.dimension, rows)
            ],
            "by": self._get_dimension_name(section),
            "together": together,
            "total": total,
            "compare": bool(compared),
        }

    def _get_dimension_name(self, section):
        return dict(section._fields["dimension"]._description_selection(self.env))[
            section.dimension
        ]

    def _get_rows_before(self, dimension, versions):
        before = self.type_id._get_period_before(self.date_from)
        rows, _together = self._break_down(dimension, versions, *before)
        return dict(rows)

    def _sort_rows(self, dimension, rows):
        if dimension in ORDERED:
            order = list(self._get_labels(dimension))
            return sorted(rows, key=lambda row: order.index(row[0]) if row[0] in order else -1)
        return sorted(rows, key=lambda row: (-row[1], row[0]))

    def _get_label(self, dimension, key):
        return self._get_labels(dimension).get(key) or key or self.env._("Not filled in")

    def _get_labels(self, dimension):
        field = self.env["klachtenbeheer.complaint"]._fields[dimension]
        return dict(field._description_selection(self.env)) if field.type == "selection" else {}

    def _take_trend(self, section, versions):
        periods = [(self.date_from, self.date_to)]
        while len(periods) < section.periods:
            periods.insert(0, self.type_id._get_period_before(periods[0][0]))
        numbers = self.env["klachtenbeheer.report.counter"]._count_by_period(versions, periods)
        while len(numbers) > 2 and not numbers[0]:  # before there was a register
            numbers.pop(0)
            periods.pop(0)
        return {
            "rows": [
                {
                    "label": self.type_id._get_short_period_name(*period),
                    "count": number if self._may_show(number) else None,
                }
                for period, number in zip(periods, numbers, strict=True)
            ]
        }

    # ---------------------------------------------------------------- lists

    def _take_measures(self, section, versions):
        counter = self.env["klachtenbeheer.report.counter"]
        found = counter._find_measures(versions, self.date_from, self.date_to)
        clean = self._get_clean_texts(found.mapped("name"))
        return {
            "rows": [self._describe_measure(measure, clean) for measure in found],
            "led": self._say_what_led(versions),
        }

    def _say_what_led(self, versions):
        """Of how many complaints something was learned (SB5)."""
        counter = self.env["klachtenbeheer.report.counter"]
        period = (versions, self.date_from, self.date_to)
        number = counter._count(*period)
        led = counter._count(*period, "led")
        if not self._may_describe(number) or not self._may_show(led):
            return ""
        return self.env._(
            "%(led)s of the %(number)s complaints of this period led to a measure or a"
            " recommendation.",
            led=led,
            number=number,
        )

    def _describe_measure(self, measure, clean):
        return {
            "name": clean[measure.name],
            "kind": dict(measure._fields["kind"]._description_selection(self.env))[measure.kind],
            "owner": self._get_owner_title(measure.owner_id),
            "due": self._format_day(measure.due_on),
            "state": self._get_measure_state(measure),
        }

    def _get_measure_state(self, measure):
        if measure.state == "done":
            feedback = measure.feedback_on and self.env._("result reported back")
            done = self.env._("done on %s", self._format_day(measure.realised_on))
            return f"{done}; {feedback}" if feedback else done
        if measure.due_on and measure.due_on < self.frozen_on:
            days = (self.frozen_on - measure.due_on).days
            if days < 2 * WEEK:
                return self.env._("late: %s", self._get_days(days))
            return self.env._("late: %s weeks", days // WEEK)
        return dict(measure._fields["state"]._description_selection(self.env))[measure.state]

    def _get_owner_title(self, owner):
        """A report names nobody: what somebody is, as the policy or the address book has it."""
        roles = self.policy_id.role_ids.filtered(lambda role: owner and owner in role.user_ids)
        if not owner:
            return ""
        return roles[:1].name or owner.partner_id.function or self.env._("a colleague")

    def _take_recommendations(self, section, versions):
        counter = self.env["klachtenbeheer.report.counter"]
        found = counter._find_recommendations(versions, self.date_from, self.date_to)
        states = dict(found._fields["state"]._description_selection(self.env))
        clean = self._get_clean_texts([*found.mapped("name"), *found.mapped("decision")])
        return {
            "rows": [
                {
                    "name": clean[measure.name],
                    "structural": measure.structural,
                    "state": (
                        self.env._("Not decided yet")
                        if measure.state == "proposed"
                        else states[measure.state]
                    ),
                    "decision": clean[measure.decision],
                }
                for measure in found
            ]
        }

    # ---------------------------------------------------------------- texts

    def _take_text(self, section, versions):
        return {"kind": TEXT, "help": section.help_text or "", "required": section.required}

    def _take_exceptional(self, section, versions):
        """The board hears of exceptional complaints in words of the coordinator (SJ33)."""
        counter = self.env["klachtenbeheer.report.counter"]
        number = counter._count(versions, self.date_from, self.date_to, "exceptional")
        return {
            "kind": TEXT,
            "help": section.help_text or "",
            "required": bool(number),
            "none": not number,
        }

    # ---------------------------------------------------------------- helpers

    def _format_day(self, day):
        return format_date(self.env, day, date_format="d MMMM y") if day else ""
