"""Roles of a policy get a code, powers and a place in the chain; what they are comes with the
kind of role, as in a new policy."""

from odoo.addons.klachtenbeheer.models.policy.role import (
    ESCALATION_CHAIN,
    NOTHING,
    POWERS,
    ROLES,
    USUAL_POWERS,
)

TABLE = "klachtenbeheer_policy_role"


def migrate(cr, version):
    """Fill the new columns before they are required."""
    columns = {
        "code": "varchar",
        "read_scope": "varchar",
        "chain_place": "integer",
        **{f"may_{power}": "boolean" for power in POWERS},
    }
    for name, kind in columns.items():
        cr.execute(  # names of columns, no values  # pylint: disable=sql-injection
            f"ALTER TABLE {TABLE} ADD COLUMN IF NOT EXISTS {name} {kind}"
        )
    cr.execute(f"UPDATE {TABLE} SET code = role WHERE code IS NULL")
    for kind, _title in ROLES:
        scope, powers = USUAL_POWERS.get(kind, (NOTHING, ()))
        place = (ESCALATION_CHAIN.index(kind) + 1) * 10 if kind in ESCALATION_CHAIN else 0
        flags = ", ".join(f"may_{power} = {power in powers}" for power in POWERS)
        cr.execute(  # names of columns and yes or no  # pylint: disable=sql-injection
            f"UPDATE {TABLE} SET read_scope = %s, chain_place = %s, {flags}"
            " WHERE role = %s AND read_scope IS NULL",
            (scope, place, kind),
        )
    # a policy may have two of a kind now
    cr.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT IF EXISTS {TABLE}_role_uniq")
