from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date

from ...tools import Bar, Event, Mark, draw, explain, project
from .term import COMPLAINANT


class PolicyTimeline(models.Model):
    """What the settings of a policy mean for a complaint that arrives on a day of choice."""

    _inherit = "klachtenbeheer.policy"

    timeline_on = fields.Date(
        "A complaint arrives on", compute="_compute_timeline_on", readonly=False
    )
    timeline = fields.Html(compute="_compute_timeline", sanitize=False)
    time_picture = fields.Json(
        "Course of a made-up complaint",
        compute="_compute_timeline",
        help="Drawn anew while a term is changed: each step is taken on its last day.",
    )

    def _compute_timeline_on(self):
        for policy in self:
            policy.timeline_on = policy._today()

    @api.depends("timeline_on", "term_ids", "formal_phase", "count_decree_days")
    @api.depends_context("lang")
    def _compute_timeline(self):
        for policy in self:
            policy.timeline = policy._render_timeline(policy.timeline_on)
            policy.time_picture = policy._get_time_picture(policy.timeline_on)

    @api.model
    def _without_timeline(self, vals):
        """Looking at another day is no change, so it is possible on a published policy too."""
        return {fname: vals[fname] for fname in vals if fname != "timeline_on"}

    def _render_timeline(self, received_on):
        """The timeline of a day as HTML: dates known on receipt, then what may follow."""
        if not self or not received_on:
            return False
        lines = self._get_timeline(received_on)
        first = [line for line in lines if line["direct"]]
        later = [line for line in lines if not line["direct"]]
        html = self._render_timeline_lines(first)
        if later:
            html += Markup("<p>%s</p>") % self.env._("If each step is taken on its last day:")
            html += self._render_timeline_lines(later)
        return html

    def _render_timeline_lines(self, lines):
        items = Markup().join(
            Markup("<li><strong>%s</strong> %s<br/><span class='text-muted'>%s</span></li>")
            % (
                format_date(self.env, line["due_on"], date_format="EEE d MMM y"),
                line["name"],
                line["explanation"],
            )
            for line in lines
        )
        return Markup("<ul>%s</ul>") % items

    def _get_timeline(self, received_on):
        """The longest course of a complaint that arrives in writing on a local date.

        :return: list of dict(code, name, due_on, explanation, direct), in order of date;
            `direct` tells whether the term starts on receipt
        """
        names = {term.code: term.name for term in self.term_ids}
        direct = self.preview(received_on)
        return [
            {
                "code": deadline.term,
                "name": names[deadline.term],
                "due_on": deadline.due_on,
                "explanation": explain(deadline.explanation, self.env.lang or "en_US"),
                "direct": deadline.term in direct,
            }
            for deadline in self._project_longest_course(fields.Date.to_date(received_on))
        ]

    def _get_time_picture(self, received_on):
        """A made-up complaint of a day, as `complaint._get_time_picture` draws a real one."""
        if not self or not received_on:
            return False
        received_on = fields.Date.to_date(received_on)
        terms = {term.code: term for term in self.term_ids}
        bars = [
            Bar(
                label=terms[deadline.term].name or "",
                start=deadline.started_on,
                first_due=deadline.first_due_on,
                due=deadline.due_on,
                state="running",
                kind="right" if terms[deadline.term].duty_of == COMPLAINANT else "duty",
                text=explain(deadline.explanation, self.env.lang or "en_US"),
            )
            for deadline in self._project_longest_course(received_on)
        ]
        received = self.env["klachtenbeheer.event.type"]._get("received").name
        return draw(
            [Mark(received_on, received)],
            bars,
            received_on,
            format_day=lambda day: format_date(self.env, day, date_format="EEE d MMM y"),
            show_today=False,
        )

    def _project_longest_course(self, received_on):
        """Deadlines when everything that starts another term happens on its last day."""
        terms = [term._to_tool() for term in self.term_ids._get_written_ones()]
        starts = {term.start for term in terms}
        stops = {term.code: term.stops for term in terms}
        events = [Event("received", received_on)]
        if self.formal_phase == "internal":
            events.append(Event("formalised", received_on))
        while True:
            deadlines = project(terms, events, self.get_calendar())
            happened = {event.code for event in events}
            following = [
                Event(code, deadline.due_on)
                for deadline in deadlines
                for code in sorted(stops[deadline.term] & starts - happened)
            ]
            if not following:
                return deadlines
            events.append(following[0])
