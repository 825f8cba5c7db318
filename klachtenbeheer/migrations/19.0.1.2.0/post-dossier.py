"""Letters about a conversation that the complainant has to get, in policies that exist."""

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
