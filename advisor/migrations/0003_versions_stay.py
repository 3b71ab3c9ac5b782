"""The database itself refuses to change a saved version of a program, whoever writes.

Every column but the author's account, which is emptied when the account is deleted. On SQLite a migration that alters the
table makes it anew and so has to make the trigger anew; a test would tell.
"""

from django.db import migrations

COLUMNS = "program_id, number, profile, origins, catalogue_version, software_version, advice, author_name, note, created_at"
SQLITE = f"""CREATE TRIGGER advisor_version_stays BEFORE UPDATE OF {COLUMNS} ON advisor_programversion
    BEGIN SELECT RAISE(ABORT, 'A version of a program is never changed.'); END"""
POSTGRESQL = (
    """CREATE FUNCTION advisor_version_stays() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'A version of a program is never changed.' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    f"""CREATE TRIGGER advisor_version_stays BEFORE UPDATE OF {COLUMNS} ON advisor_programversion
        FOR EACH ROW EXECUTE FUNCTION advisor_version_stays()""",
)


def protect(_apps, schema_editor):
    for statement in (SQLITE,) if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def release(_apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER advisor_version_stays")
    else:
        schema_editor.execute("DROP TRIGGER advisor_version_stays ON advisor_programversion")
        schema_editor.execute("DROP FUNCTION advisor_version_stays()")


class Migration(migrations.Migration):
    dependencies = [("advisor", "0002_programs")]

    operations = [migrations.RunPython(protect, release)]
