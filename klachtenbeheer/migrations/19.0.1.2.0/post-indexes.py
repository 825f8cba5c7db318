"""Deadlines are found by an index that holds their figures too."""


def migrate(cr, version):
    """Drop the index that it takes the place of."""
    if version:
        cr.execute("DROP INDEX IF EXISTS klachtenbeheer_deadline__complaint_id_index")
