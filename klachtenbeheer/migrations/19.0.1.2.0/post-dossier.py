"""Letters about a conversation that the complainant has to get, in policies that exist; and the
coordinator's export."""

OWED = {
    "hearing_report": "[('purpose', '=', 'oral_explanation'), ('settled_on', '=', False)]",
    "closing_unresolved": "[('settled_on', '=', False)]",
}


def migrate(cr, version):
    """Say so on the kinds of letters that tell what an oral explanation led to."""
    if not version:
        return
    for code, domain in OWED.items():
        cr.execute(
            """
            UPDATE klachtenbeheer_letter_type
            SET owed_domain = %s
            WHERE code = %s AND about = 'hearing' AND owed_domain IS NULL
            """,
            [domain, code],
        )
    # the groups are not loaded again
    cr.execute(
        """
        INSERT INTO res_groups_implied_rel (gid, hid)
        SELECT coordinator.res_id, export.res_id
          FROM ir_model_data AS coordinator, ir_model_data AS export
         WHERE coordinator.module = 'klachtenbeheer' AND coordinator.name = 'group_coordinator'
           AND export.module = 'base' AND export.name = 'group_allow_export'
        ON CONFLICT DO NOTHING
        """
    )
