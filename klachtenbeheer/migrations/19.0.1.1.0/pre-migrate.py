"""Indexes that made way for partial ones; the platform makes new indexes and keeps the old."""

OLD_INDEXES = ("is_closed", "next_due_on", "company_id", "board_involved")


def migrate(cr, version):
    """Drop what the model no longer declares."""
    for fname in OLD_INDEXES:
        cr.execute(f"DROP INDEX IF EXISTS klachtenbeheer_complaint__{fname}_index")  # pylint: disable=sql-injection
