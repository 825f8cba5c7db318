"""Verdicts become records: the columns are there before the platform computes them, and what was
judged is kept beside it."""

TABLES = ("klachtenbeheer_complaint", "klachtenbeheer_grievance")


def migrate(cr, version):
    for table in TABLES:
        cr.execute(  # names of tables, no values
            f"""
            ALTER TABLE {table} ADD COLUMN IF NOT EXISTS verdict_id int4;
            CREATE TABLE IF NOT EXISTS {table}_judged AS
                SELECT id, verdict FROM {table} WHERE verdict IS NOT NULL
            """  # pylint: disable=sql-injection
        )
