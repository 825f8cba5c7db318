"""Our side: registering complaints, the screens, the daily job, a letter as PDF."""

from datetime import timedelta

import register
import screens
from measure import Side

from odoo.addons.klachtenbeheer.models.daily.job import STEPS

SOURCE = "klachtenbeheer.policy_ba"  # three terms start on receipt
COMPLAINT, MEASURE = "klachtenbeheer.complaint", "klachtenbeheer.measure"
GROUP_OF = {"deputy": "coordinator"}  # roles whose group has another name
TABLES = {
    "klachtenbeheer_complaint": "id",
    "klachtenbeheer_event": "complaint_id",
    "klachtenbeheer_deadline": "complaint_id",
    "klachtenbeheer_complaint_respondent_rel": "klachtenbeheer_complaint_id",
    "klachtenbeheer_measure_link": "complaint_id",
    "klachtenbeheer_measure": "id",
}
OPEN, SAMPLE, EVERY = 1_000, 100, 10  # open ones; made, the others are copies; how often one …
BULK = 200  # created in one call
HANDLERS = 10
DUE = 50  # complaints that fell overdue, in one daily job
LONG_AGO = 60  # days: everything that a complaint of then has to do is overdue
WORD = "zeldzaam"
# What the half-year report counts, as somebody would write it by hand.
COUNTED = """FROM klachtenbeheer_complaint c WHERE c.policy_id = %(policy)s
    AND c.nature = 'complaint' AND c.outcome IS DISTINCT FROM 'out_of_scope'
    AND (c.in_register OR c.kind = 'formal')
    AND c.received_on BETWEEN %(before)s AND %(last)s"""
REPORT_QUERIES = (
    *(
        f"SELECT {column}, date_trunc('month', received_on), COUNT(*) {COUNTED} GROUP BY 1, 2"
        for column in ("category_id", "severity", "kind", "outcome", "stage_id")
    ),
    f"""SELECT d.code, c.received_on >= %(first)s, COUNT(*) FILTER (WHERE d.met_on <= d.due_on),
               COUNT(*) FILTER (WHERE d.met_on > d.due_on)
          FROM klachtenbeheer_deadline d JOIN klachtenbeheer_complaint c ON c.id = d.complaint_id
         WHERE c.id IN (SELECT c.id {COUNTED}) GROUP BY 1, 2""",
    f"""SELECT PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY e.occurred_on - c.received_on)
          FROM klachtenbeheer_event e JOIN klachtenbeheer_complaint c ON c.id = e.complaint_id
         WHERE e.code = 'answered' AND c.id IN (SELECT c.id {COUNTED})""",
)


class Ours(Side):
    """A register with a policy of its own, a coordinator, and handlers."""

    def __init__(self, env):
        super().__init__(env)
        self.complaints = env[COMPLAINT]
        self.policy = publish(env)
        self.coordinator = env["res.users"].search([("login", "=", "bench_coordinator")])
        self.handlers = self.env["res.users"].union(
            *(somebody(env, "handler", number) for number in range(HANDLERS))
        )
        self.respondent = env["res.partner"].create({"name": "Bench respondent"})
        env.cr.commit()
        self.add_creation(self.complaints, self.values, BULK)
        self.works["letter"] = (self._letter(), self.UNDONE, 1)
        self.works["job"] = (self._daily_job, self.PREPARED, DUE)
        self.works["retention"] = (self._retention, self.PREPARED, DUE)
        self.works["retention idle"] = (self._look_for_retention, self.UNDONE, 1)
        self.works["report"] = (self._report, self.UNDONE, 1)
        self.works["report sql"] = (self._report_in_sql, self.UNDONE, 1)
        self._add_screens()

    def values(self, days_ago=0, **vals):
        """Return the values of one complaint."""
        today = self.env.company._complaint_today()
        return {
            "title": "De bus kwam drie keer niet",
            "description": "De bus kwam drie keer niet.",
            "policy_id": self.policy.id,
            "channel": "email",
            "received_on": today - timedelta(days=days_ago),
            "complainant_name": "Kees Klager",
            "complainant_email": "kees@example.com",
            **vals,
        }

    def _letter(self):
        draft = self.complaints.create(self.values()).prepare_letter("acknowledgement")
        self.env.cr.commit()
        return draft._render_pdf

    def _daily_job(self):
        """Make complaints overdue, and return the job that finds them."""
        job = self.env["klachtenbeheer.daily.job"]
        job._cron_run()  # what is left of before
        self.complaints.create([self.values(LONG_AGO) for _ in range(DUE)])
        self.env.cr.commit()
        return job._cron_run

    def _retention(self):
        """Make complaints of long ago due, and return what anonymises them."""
        self._run_retention()  # what is left of before
        day = self.values(LONG_AGO)["received_on"]
        due = self.complaints._import_register(
            [(self.values(LONG_AGO, outcome="answered"), {"closed": day}) for _ in range(DUE)]
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE klachtenbeheer_complaint SET closed_on = '2019-01-10',"
            " retention_due_on = '2021-01-10', retention_announce_on = '2020-12-11',"
            " retention_erase_on = '2021-02-01' WHERE id IN %s",
            [due._ids],
        )
        self.analyze()
        self.env.invalidate_all(flush=False)
        return self._run_retention

    def _run_retention(self):
        job = self.env["klachtenbeheer.daily.job"]
        for step in STEPS:
            if step.work in ("_announce_retention", "_apply_retention"):
                job._work_off(step, self.env.company._complaint_today())

    def _look_for_retention(self):
        """What a day costs on which nothing is due."""
        today = self.env.company._complaint_today()
        for due in ("_get_retention_notice_domain", "_get_retention_domain"):
            domain = getattr(self.complaints, due)(today)
            self.env["klachtenbeheer.daily.job"]._find_some(self.complaints, domain).ids  # noqa: B018

    def _report(self):
        """Take the figures of the board's half-year report; nothing is laid out."""
        first, _last = self._half_year()
        kind = self.env.ref("klachtenbeheer.report_type_board_half_year")
        vals = {"type_id": kind.id, "policy_id": self.policy.id, "date_from": first}
        return self.env["klachtenbeheer.report"].create(vals)

    def _half_year(self):
        """Return the first and last day of the half-year before this one."""
        kind = self.env.ref("klachtenbeheer.report_type_board_half_year")
        today = self.env.company._complaint_today()
        return kind._get_period_before(kind._get_period(today)[0])

    def _report_in_sql(self):
        """Count the same in bare SQL: by four dimensions in two half-years, the trend, duties."""
        first, last = self._half_year()
        kind = self.env.ref("klachtenbeheer.report_type_board_half_year")
        before, _end = kind._get_period_before(first)
        values = {"policy": self.policy.id, "first": first, "before": before, "last": last}
        for query in REPORT_QUERIES:
            self.env.cr.execute(query, values)
            self.env.cr.fetchall()

    # ---------------------------------------------------------------- screens

    def _add_screens(self):
        people = {"coordinator": self.coordinator, "handler": self.handlers[0]}
        is_open = [("is_closed", "=", False)]
        for role, user in people.items():

            def add(name, function, user=user, role=role):
                self.add_screen(f"{name}, {role}", user, function)

            add("list of all", lambda env: screens.read_list(env, COMPLAINT))
            add("list of open", lambda env: screens.read_list(env, COMPLAINT, domain=is_open))
            add("board by stage", lambda env: screens.read_board(env, COMPLAINT, domain=is_open))
            add("count", lambda env: env[COMPLAINT].search_count([]))
            add(
                "groups by stage",
                lambda env: env[COMPLAINT].formatted_read_group([], ["stage_id"], ["__count"]),
            )
            add("search by name", lambda env: env[COMPLAINT].name_search(WORD, limit=8))
            add(
                "search box",
                lambda env: screens.read_list(env, COMPLAINT, domain=search_domain(WORD)),
            )
            add("start page", lambda env: env["klachtenbeheer.start.page"].get_sections())
            add("dashboard", lambda env: env["klachtenbeheer.dashboard"].get_figures())
            add(
                "measures",
                lambda env: screens.read_list(
                    env, MEASURE, domain=[("state", "in", ("proposed", "adopted"))]
                ),
            )

    # ---------------------------------------------------------------- filling

    def grow(self, size):
        """Fill the register until there are about so many complaints, OPEN of them open."""
        if self.complaints.search_count([("is_closed", "=", False)]) < OPEN / 2:
            self._multiply(self._open_some(), OPEN // SAMPLE - 1, days=0)
        missing = size - self.complaints.search_count([])
        if missing >= SAMPLE:
            self._multiply(self._close_some(), missing // SAMPLE - 1)
        self.analyze()
        return self.complaints.search_count([])

    def _multiply(self, complaints, times, **options):
        people = ("handler_id", self.handlers.ids)
        register.multiply(
            self.env, complaints.ids, times, TABLES, ("name",), "title", people, **options
        )

    def _open_some(self):
        """Register complaints that are open; nine of ten are with somebody."""
        fresh = self.complaints.create([self.values() for _ in range(SAMPLE)])
        fresh[0].title = WORD
        for number, handler in enumerate(self.handlers):
            fresh[number::HANDLERS][1:].handler_id = handler
        self.env[MEASURE].create(
            [measure(complaint, self.handlers[0]) for complaint in fresh[::EVERY]]
        )
        self.env.cr.commit()
        return fresh

    def _close_some(self):
        """Take complaints over that were closed in the past."""
        day = self.values(LONG_AGO)["received_on"]
        past = {"answered": day + timedelta(days=9), "closed": day + timedelta(days=19)}
        closed = self.complaints._import_register(
            [(self.values(LONG_AGO, outcome="answered"), past) for _ in range(SAMPLE)]
        )
        closed[::EVERY].respondent_ids = self.respondent
        self.env["klachtenbeheer.daily.job"]._cron_run()  # what could still be done has lapsed
        measures = self.env[MEASURE].create(
            [measure(complaint, self.handlers[1]) for complaint in closed[1::EVERY]]
        )
        measures.write({"state": "done"})
        self.env.cr.commit()
        return closed


def measure(complaint, owner):
    """Return the values of a measure that a complaint led to."""
    return {
        "name": "De haltes nalopen",
        "owner_id": owner.id,
        "due_on": complaint.received_on + timedelta(days=90),
        "link_ids": [(0, 0, {"complaint_id": complaint.id})],
    }


def search_domain(word):
    """Return what the first field of the search box asks."""
    names = ("name", "title", "description", "complainant_name")
    return ["|"] * (len(names) - 1) + [(name, "ilike", word) for name in names]


def publish(env):
    """Return the company's own published copy of a source policy, made with the set-up dialog."""
    setup = env["klachtenbeheer.policy.setup"].create(
        {
            "template_id": env.ref(SOURCE).id,
            "company_id": env.company.id,
            "effective_from": "2015-01-01",
        }
    )
    for line in setup.role_ids:
        line.write(holder(env, line.role))
    for line in setup.placeholder_ids:
        line.value = line.value or "klachten@example.com"
    setup.action_publish()
    policy = env["klachtenbeheer.policy"].search([("code", "=", setup.code)], limit=1)
    if policy.state != "published":
        policy.with_user(policy._get_role_users(policy.approval_role)[0]).action_publish()
    env.cr.commit()
    return policy


def holder(env, role):
    """Return who has a role of the policy: a new user of that group, or somebody from outside."""
    group = env.ref(f"klachtenbeheer.group_{GROUP_OF.get(role, role)}", raise_if_not_found=False)
    if not group:
        return {"partner_id": env["res.partner"].create({"name": f"Bench {role}"}).id}
    return {"user_ids": [(4, somebody(env, role).id)]}


def somebody(env, role, number=""):
    """Return a new user with the group of a role."""
    group = env.ref(f"klachtenbeheer.group_{GROUP_OF.get(role, role)}")
    return env["res.users"].create(
        {
            "name": f"Bench {role} {number}".strip(),
            "login": f"bench_{role}{number}",
            "group_ids": [(4, group.id)],
            "tz": "Europe/Amsterdam",
        }
    )
