"""The form of a complaint is laid out anew: what extends it is loaded after it, so until then
the old extensions must not look for places that are gone."""

EMPTY = '{"en_US": "<data/>"}'


def migrate(cr, version):
    """Empty the old extensions of our own views; loading fills them again."""
    if not version:
        return
    cr.execute(
        """
        UPDATE ir_ui_view AS view
        SET arch_db = %s::jsonb
        FROM ir_model_data AS data
        WHERE data.model = 'ir.ui.view'
          AND data.module = 'klachtenbeheer'
          AND data.res_id = view.id
          AND view.inherit_id IS NOT NULL
          AND view.mode = 'extension'
          AND view.model IN ('klachtenbeheer.complaint', 'klachtenbeheer.letter')
        """,
        [EMPTY],
    )
