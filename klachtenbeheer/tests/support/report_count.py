"""What reports count, counted once more in plain SQL, as somebody would with a copy of the
database and the policies beside it. Uses nothing of what makes the reports."""

from statistics import median_low

COUNTED = """
    c.policy_id IN (SELECT id FROM klachtenbeheer_policy
                     WHERE code = %(policy)s AND company_id = %(company)s)
    AND c.received_on BETWEEN %(first)s AND %(last)s
    AND c.is_practice IS NOT TRUE
    AND c.nature = 'complaint'
    AND (c.outcome IS NULL OR c.outcome <> 'out_of_scope')
    AND (c.in_register OR c.kind = 'formal')
"""
ANSWERED = (
    *("answered", "decided", "final_decided"),
    *("settled", "resolved_informally", "remedied"),
)
# Names of lines of a policy, of the main one first.
NAMED = {
    "category_id": """SELECT k.id, concat_ws(' / ', main.name, k.name) AS name
                        FROM klachtenbeheer_category k
                   LEFT JOIN klachtenbeheer_category main ON main.id = k.parent_id""",
    "complainant_kind_id": "SELECT id, name FROM klachtenbeheer_complainant_kind",
}


class PlainCount:
    """The figures of a policy, as they stood on a day.

    :param policy: its code, company: the id of its organisation, day: an ISO date
    """

    def __init__(self, cr, policy, company, day):
        self.cr = cr
        self.values = {"policy": policy, "company": company, "day": day}

    def ask(self, query, first, last, **values):
        self.cr.execute(query, {**self.values, "first": first, "last": last, **values})
        return self.cr.fetchall()

    def number(self, first, last, condition="TRUE"):
        query = f"SELECT COUNT(*) FROM klachtenbeheer_complaint c WHERE {COUNTED} AND {condition}"
        return self.ask(query, first, last)[0][0]

    def by(self, dimension, first, last):
        """{name of a line, value of a choice, or "": number}."""
        names = NAMED.get(dimension)
        name = "COALESCE(named.name, '')" if names else f"COALESCE(c.{dimension}, '')"
        join = f"LEFT JOIN ({names}) named ON named.id = c.{dimension}" if names else ""
        query = f"""SELECT {name}, COUNT(*) FROM klachtenbeheer_complaint c {join}
                     WHERE {COUNTED} GROUP BY 1"""
        return dict(self.ask(query, first, last))

    def duties(self, first, last):
        """{code of a term: (in time, late, days that the latest was late)}."""
        rows = self.ask(
            f"""SELECT d.code, d.due_on, d.met_on, d.void_on, COALESCE(d.void_by, '')
                  FROM klachtenbeheer_deadline d
                  JOIN klachtenbeheer_complaint c ON c.id = d.complaint_id
                 WHERE d.duty_of = 'organisation' AND {COUNTED}""",
            first,
            last,
        )
        found = {}
        for code, due, met, void, void_by in rows:
            ended = met or void or self._day()
            fell_away = not met and void and (void <= due or void_by.startswith("waived:"))
            if fell_away or (not met and self._day() <= due):
                continue
            in_time, late, longest = found.get(code, (0, 0, 0))
            delay = max((ended - due).days, 0)
            found[code] = (in_time + (not delay), late + bool(delay), max(longest, delay))
        return found

    def _day(self):
        self.cr.execute("SELECT %(day)s::date", self.values)
        return self.cr.fetchone()[0]

    def days_to_answer(self, first, last):
        rows = self.ask(
            f"""SELECT MIN(e.occurred_on) - c.received_on FROM klachtenbeheer_complaint c
                  JOIN klachtenbeheer_event e ON e.complaint_id = c.id
                 WHERE e.voided IS NOT TRUE AND e.code IN %(answered)s AND {COUNTED}
              GROUP BY c.id""",
            first,
            last,
            answered=ANSWERED,
        )
        return [days for [days] in rows]

    def middle(self, first, last):
        return median_low(self.days_to_answer(first, last))

    def measures(self, first, last, recommendations):
        """Names of what was open in a period, or ended in it."""
        ended = "m.decided_on" if recommendations else "m.realised_on"
        rows = self.ask(
            f"""SELECT m.name FROM klachtenbeheer_measure m
                 WHERE (m.kind = 'recommendation') = %(recommendations)s
                   AND m.create_date::date <= %(last)s
                   AND (m.state IN ('proposed', 'deferred') OR {ended} >= %(first)s
                        OR NOT %(recommendations)s AND m.state = 'adopted'
                        OR %(recommendations)s AND m.create_date::date >= %(first)s)
                   AND m.id IN (SELECT l.measure_id FROM klachtenbeheer_measure_link l
                                  JOIN klachtenbeheer_complaint c ON c.id = l.complaint_id
                                  JOIN klachtenbeheer_policy p ON p.id = c.policy_id
                                 WHERE p.code = %(policy)s AND p.company_id = %(company)s)""",
            first,
            last,
            recommendations=recommendations,
        )
        return sorted(name for [name] in rows)
