"""Events and deadlines are found by an index that holds their figures too."""


def migrate(cr, version):
    """Drop the indexes that it takes the place of."""
    if not version:
        return
    for table in ("event", "deadline"):
        cr.execute(f"DROP INDEX IF EXISTS klachtenbeheer_{table}__complaint_id_index")
