"""OCA's helpdesk with service levels, doing its like: tickets under a team with three of them."""

import register
import screens
from measure import Side

TICKET = "helpdesk.ticket"
SERVICE_DAYS = (1, 5, 21)  # as many as the terms that our policy starts on receipt
TABLES = {"helpdesk_ticket": "id", "helpdesk_ticket_sla": "ticket_id"}
# as many as on our side
OPEN, SAMPLE, BULK, HANDLERS, WORD = 1_000, 100, 200, 10, "zeldzaam"
LIST_VIEW, BOARD_VIEW = (
    "helpdesk_mgmt.ticket_view_tree",
    "helpdesk_mgmt.view_helpdesk_ticket_kanban",
)


class Peer(Side):
    """A helpdesk with a team, a manager, and people who see what is assigned to them."""

    def __init__(self, env):
        super().__init__(env)
        self.tickets = env[TICKET]
        self.closed = env["helpdesk.ticket.stage"].search([("closed", "=", True)], limit=1)
        self.manager = self._somebody("manager", "group_helpdesk_manager")
        self.handlers = self.env["res.users"].union(
            *(self._somebody(f"own{n}", "group_helpdesk_user_own") for n in range(HANDLERS))
        )
        self.team = env["helpdesk.ticket.team"].create(
            {"name": "Bench", "use_sla": True, "user_ids": [(6, 0, self.handlers.ids)]}
        )
        for days in SERVICE_DAYS:
            vals = {"team_ids": [(4, self.team.id)], "days": days, "stage_id": self.closed.id}
            env["helpdesk.sla"].create({"name": f"{days} days", **vals})
        env.cr.commit()
        self.add_creation(self.tickets, self.values, BULK)
        self._add_screens()

    def _somebody(self, name, group):
        return self.env["res.users"].create(
            {
                "name": f"Bench {name}",
                "login": f"bench_{name}",
                "group_ids": [(4, self.env.ref(f"helpdesk_mgmt.{group}").id)],
                "tz": "Europe/Amsterdam",
            }
        )

    def values(self):
        """Return the values of one ticket."""
        return {
            "name": "De bus kwam drie keer niet",
            "description": "<p>De bus kwam drie keer niet.</p>",
            "team_id": self.team.id,
            "partner_name": "Kees Klager",
            "partner_email": "kees@example.com",
        }

    def _add_screens(self):
        people = {"coordinator": self.manager, "handler": self.handlers[0]}
        is_open = [("closed", "=", False)]
        for role, user in people.items():

            def add(name, function, user=user, role=role):
                self.add_screen(f"{name}, {role}", user, function)

            add("list of all", lambda env: screens.read_list(env, TICKET, LIST_VIEW))
            add("list of open", lambda env: screens.read_list(env, TICKET, LIST_VIEW, is_open))
            add("board by stage", lambda env: screens.read_board(env, TICKET, BOARD_VIEW, is_open))
            add("count", lambda env: env[TICKET].search_count([]))
            add(
                "groups by stage",
                lambda env: env[TICKET].formatted_read_group([], ["stage_id"], ["__count"]),
            )
            add("search by name", lambda env: env[TICKET].name_search(WORD, limit=8))
            add(
                "search box",
                lambda env: screens.read_list(
                    env,
                    TICKET,
                    LIST_VIEW,
                    ["|", ("number", "ilike", WORD), ("name", "ilike", WORD)],
                ),
            )

    def grow(self, size):
        """Fill the helpdesk until there are about so many tickets, OPEN of them open."""
        if self.tickets.search_count([("closed", "=", False)]) < OPEN / 2:
            self._multiply(self._open_some(), OPEN // SAMPLE - 1, days=0)
        missing = size - self.tickets.search_count([])
        if missing >= SAMPLE:
            past = self.tickets.create([self.values() for _ in range(SAMPLE)])
            past.stage_id = self.closed
            self._multiply(past, missing // SAMPLE - 1)
        self.analyze()
        return self.tickets.search_count([])

    def _multiply(self, tickets, times, **options):
        people = ("user_id", self.handlers.ids)
        register.multiply(
            self.env, tickets.ids, times, TABLES, ("number",), "name", people, **options
        )

    def _open_some(self):
        """Create tickets that are open; nine of ten are with somebody."""
        fresh = self.tickets.create([self.values() for _ in range(SAMPLE)])
        fresh[0].name = WORD
        for number, handler in enumerate(self.handlers):
            fresh[number::HANDLERS][1:].user_id = handler
        return fresh
