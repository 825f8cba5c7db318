"""Rights on dossiers follow from roles under their policy. Who was in a role, and had the rights
of it by their groups, keeps them there; who was in a role without those rights is proposed for
it; what a group gave beyond the policies somebody has a role in ends."""

from odoo import SUPERUSER_ID, api
from odoo.tools import convert_file

MODULE = "klachtenbeheer"
GONE_RULES = (
    *(f"complaint_rule_{name}" for name in ("employee", "handler", "registrar", "director")),
    *("complaint_rule_board", "complaint_rule_stand_in"),
    *("measure_rule_handler", "measure_rule_all"),
    *("incoming_rule_coordinator", "incoming_rule_director", "incoming_rule_stand_in"),
    "incoming_rule_company",
)
# Whose group gave, until now, what a kind of role gives.
HAD_IT_BY = {
    "coordinator": ("coordinator",),
    "registrar": ("registrar",),
    "director": ("director", "coordinator"),
    "board": ("board", "director", "coordinator"),
}


def migrate(cr, version):
    """Bring people, rules and dossiers of an existing database to roles with powers."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    drop_rules(env)
    renew_rules(env)
    keep_outside_parties(cr)
    roles = env["klachtenbeheer.policy.role"].search([("policy_id.state", "!=", False)])
    env.add_to_compute(roles._fields["is_in_force"], roles)
    roles.flush_recordset()
    in_force = roles.filtered("is_in_force")
    widen_deputies(env, in_force)
    propose_who_had_no_right(env, in_force)
    tell_who_has_no_role(env, in_force)
    record_appointments(env, in_force)
    in_force._sync_versions()
    open_dossiers_called_in(env)
    env["klachtenbeheer.policy.role"]._sync_stand_ins()


def drop_rules(env):
    """Rules by group are one method now."""
    for name in GONE_RULES:
        rule = env.ref(f"{MODULE}.{name}", raise_if_not_found=False)
        if rule:
            rule.unlink()


def renew_rules(env):
    """Who was involved otherwise sees as little as who is complained about."""
    for name in (
        "security/complaint/complaint_rules.xml",
        "security/dossier/measure_rules.xml",
        "security/mail/incoming_rules.xml",
    ):
        convert_file(env, MODULE, name, {}, mode="init", noupdate=True)


def keep_outside_parties(cr):
    """A role may have several; it had one."""
    cr.execute(
        """
        INSERT INTO klachtenbeheer_policy_role_partner_rel
            (klachtenbeheer_policy_role_id, res_partner_id)
        SELECT id, partner_id FROM klachtenbeheer_policy_role WHERE partner_id IS NOT NULL
        ON CONFLICT DO NOTHING
        """
    )


def has_group(user, name):
    """Whether somebody has a group, by themself or through another."""
    return user.has_group(f"{MODULE}.group_{name}")


def widen_deputies(env, roles):
    """A deputy who coordinated by group, and not only while standing in, goes on doing so."""
    for role in roles.filtered(lambda line: line.role == "deputy"):
        if any(has_group(user, "coordinator") for user in role.user_ids):
            env.cr.execute(
                "UPDATE klachtenbeheer_policy_role SET read_scope = 'all' WHERE id = %s",
                [role.id],
            )
    roles.invalidate_recordset(["read_scope"])


def propose_who_had_no_right(env, roles):
    """Nobody sees more than they did: an appointment that opens dossiers takes two."""
    for role in roles:
        groups = HAD_IT_BY.get(role.role)
        if not groups or role.policy_id.state != "published":
            continue
        new = role.user_ids.filtered(
            lambda user: not any(has_group(user, group) for group in groups)  # noqa: B023
        )
        if new:
            role.user_ids -= new
            role._propose(new)


def tell_who_has_no_role(env, roles):
    """Who had rights by a group alone loses them, unless appointed: said on each policy."""
    groups = [env.ref(f"{MODULE}.group_{name}") for name in ("registrar", *HAD_IT_BY)]
    users = env["res.users"].union(*(group.user_ids for group in groups)).filtered("active")
    for policy in roles.policy_id.filtered(lambda policy: policy.state == "published"):
        named = policy.role_ids.user_ids
        here = users.filtered(lambda user: policy.company_id in user.company_ids)  # noqa: B023
        without = here - named
        if without:
            policy.message_post(
                body=env._(
                    "Rights on dossiers follow from the roles of this policy from now on. In a"
                    " group, but in no role here: %s.",
                    ", ".join(without.mapped("name")),
                ),
                subtype_xmlid="mail.mt_note",
            )


def record_appointments(env, roles):
    """Who is in a role today was appointed before this was kept on record."""
    env["klachtenbeheer.appointment"].create(
        [
            {
                "role_id": role.id,
                "user_id": user.id,
                "state": "confirmed",
                "date_from": role.policy_id.published_on or role.policy_id.effective_from,
            }
            for role in roles
            if role._opens_dossiers()
            for user in role.user_ids
        ]
    )


def open_dossiers_called_in(env):
    """Whoever was called in on a dossier, or replaces its coordinator, goes on seeing it."""
    complaints = env["klachtenbeheer.complaint"].with_context(active_test=False)
    for complaint in complaints.search([("escalation_level", "not in", (False, "none"))]):
        complaint._put_before(complaint.escalation_level)
    complaints.search([("respondent_ids", "!=", False)])._sync_acting_roles()
