from contextlib import suppress

from odoo import models
from odoo.tools import SQL, ormcache

from ..platform.memory import get_kept_fields, recall, remember
from .policy import BOOKKEEPING_FIELDS, IN_FORCE_STATES

LINES = ("term_ids", "stage_ids", "role_ids")
LINKS = {
    "klachtenbeheer.policy": (*LINES, "triage_channel_ids"),
    "klachtenbeheer.term": ("stop_event_ids", "void_event_ids"),
    "klachtenbeheer.stage": ("event_ids",),
    "klachtenbeheer.policy.role": (),
}
# In the order in which the platform reads people: the first in a role acts.
PEOPLE = """
    SELECT policy.id, policy.coordinator_id, policy.deputy_id, role.id, role.absent_until,
        users.id, users.active, users.partner_id, users.login, users.share, partner.name, partner.tz
    FROM klachtenbeheer_policy_role role
    JOIN klachtenbeheer_policy policy ON policy.id = role.policy_id
    LEFT JOIN klachtenbeheer_policy_role_res_users_rel link
        ON link.klachtenbeheer_policy_role_id = role.id
    LEFT JOIN res_users users ON users.id = link.res_users_id
    LEFT JOIN res_partner partner ON partner.id = users.partner_id
    WHERE role.id = ANY(%s)
    ORDER BY partner.name, users.login
"""


class ChangesStillError(Exception):
    """Raised to keep a policy that is not in force out of the memory."""


class PublishedPolicy(models.Model):
    """What a published policy says never changes (design.md 4.5), so a process reads it once,
    whatever the number of registrations. Who has which role may change, and is read each time,
    in one query."""

    _inherit = "klachtenbeheer.policy"

    def _recall(self):
        """Know what these policies say, and who has which role, before it is asked for."""
        # what a policy says is read for whoever registers, handles or is told a date
        for policy in self.sudo():
            with suppress(ChangesStillError):
                for remembered in policy._get_published():
                    recall(policy.env, remembered)
                self.env["klachtenbeheer.event.type"]._recall_catalogue()
                policy.role_ids._recall_people()

    def _check_changes_no_more(self):
        """:raise ChangesStillError: it is not in force, and so not to be remembered"""
        if self.sudo().state not in IN_FORCE_STATES:  # whoever asks
            raise ChangesStillError

    @ormcache("self.id")
    def _get_published(self):
        """What the policy and its lines say, to be recalled.

        :raise ChangesStillError: it is not in force, and so may change
        """
        self._check_changes_no_more()
        policy = self.sudo().with_context(active_test=True)
        changing = BOOKKEEPING_FIELDS - set(LINES)
        parts = [remember(policy, self._get_kept_names(policy, changing))]
        for lines in (policy[fname] for fname in LINES):
            changing = lines._get_always_writable_fields()
            parts.append(remember(lines, self._get_kept_names(lines, changing)))
        return tuple(parts)

    def _get_kept_names(self, records, changing):
        return [*get_kept_fields(records, changing), *LINKS[records._name]]


class PolicyRolePeople(models.Model):
    _inherit = "klachtenbeheer.policy.role"

    def _recall_people(self):
        """Read who has these roles in one query, unless this transaction knows already."""
        field = self._fields["user_ids"]
        if not self or not any(True for _id in field._cache_missing_ids(self)):
            return
        self.flush_model(["user_ids", "absent_until"])
        self.env["klachtenbeheer.policy"].flush_model(["coordinator_id", "deputy_id"])
        rows = self.env.execute_query(SQL(PEOPLE, list(self.ids)))
        people = {role.id: [] for role in self}
        for policy_id, coordinator_id, deputy_id, role_id, absent_until, user_id, *about in rows:
            contacts = {"coordinator_id": (coordinator_id,), "deputy_id": (deputy_id,)}
            recall(self.env, ("klachtenbeheer.policy", (policy_id,), contacts))
            absence = ("klachtenbeheer.policy.role", (role_id,), {"absent_until": (absent_until,)})
            recall(self.env, absence)
            if user_id:
                people[role_id].append(user_id)
                self._recall_user(user_id, *about)
        field._insert_cache(self, [tuple(people[role.id]) for role in self])

    def _recall_user(self, user_id, active, partner_id, login, share, name, tz):
        user = {
            "active": (active,),
            "partner_id": (partner_id,),
            "login": (login,),
            "share": (share,),
        }
        recall(self.env, ("res.users", (user_id,), user))
        recall(self.env, ("res.partner", (partner_id,), {"name": (name,), "tz": (tz,)}))
