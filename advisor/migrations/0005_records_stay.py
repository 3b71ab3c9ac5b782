"""The database itself refuses to change a frozen record, whoever writes. Deleted it can be, with its program.

On SQLite a migration that alters the table makes it anew and so has to make the trigger anew; a test would tell.
"""

from django.db import migrations

SQLITE = """CREATE TRIGGER advisor_record_stays BEFORE UPDATE ON advisor_decisionrecord WHEN OLD.frozen_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'A frozen record is never changed.'); END"""
POSTGRESQL = (
    """CREATE FUNCTION advisor_record_stays() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'A frozen record is never changed.' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    """CREATE TRIGGER advisor_record_stays BEFORE UPDATE ON advisor_decisionrecord
        FOR EACH ROW WHEN (OLD.frozen_at IS NOT NULL) EXECUTE FUNCTION advisor_record_stays()""",
)


def protect(_apps, schema_editor):
    for statement in (SQLITE,) if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def release(_apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER advisor_record_stays")
    else:
        schema_editor.execute("DROP TRIGGER advisor_record_stays ON advisor_decisionrecord")
        schema_editor.execute("DROP FUNCTION advisor_record_stays()")


class Migration(migrations.Migration):
    dependencies = [("advisor", "0004_records")]

    operations = [migrations.RunPython(protect, release)]
