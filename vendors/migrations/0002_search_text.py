"""The words by which vendors are found, with an index that the database keeps by itself, whoever writes the table.

SQLite: a full-text table over the same rows, kept by triggers. Tokens come ready made, so it only splits at spaces; where in a
text a token stands is not kept, since nobody asks. PostgreSQL: a generated column. Neither is known to Django, which so
never writes it; emptying the table empties the index.
"""

import django.db.models.deletion
from django.db import migrations, models

SQLITE = (
    """CREATE VIRTUAL TABLE vendors_searchindex USING fts5(
        words, content=vendors_searchtext, content_rowid=vendor_id, tokenize=ascii, detail=none, columnsize=0)""",
    """CREATE TRIGGER vendors_searchtext_added AFTER INSERT ON vendors_searchtext BEGIN
        INSERT INTO vendors_searchindex(rowid, words) VALUES (new.vendor_id, new.words);
    END""",
    """CREATE TRIGGER vendors_searchtext_removed AFTER DELETE ON vendors_searchtext BEGIN
        INSERT INTO vendors_searchindex(vendors_searchindex, rowid, words) VALUES ('delete', old.vendor_id, old.words);
    END""",
    """CREATE TRIGGER vendors_searchtext_changed AFTER UPDATE ON vendors_searchtext BEGIN
        INSERT INTO vendors_searchindex(vendors_searchindex, rowid, words) VALUES ('delete', old.vendor_id, old.words);
        INSERT INTO vendors_searchindex(rowid, words) VALUES (new.vendor_id, new.words);
    END""",
)
POSTGRESQL = (
    """ALTER TABLE vendors_searchtext ADD COLUMN lexemes tsvector
        GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED""",
    "CREATE INDEX vendors_searchtext_lexemes ON vendors_searchtext USING gin (lexemes) WITH (fastupdate = off)",
)


def make_index(_apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def drop_index(_apps, schema_editor):
    # What belongs to the table itself goes with it.
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE vendors_searchindex")


class Migration(migrations.Migration):
    dependencies = [("vendors", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="SearchText",
            fields=[
                (
                    "vendor",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_text",
                        serialize=False,
                        to="vendors.vendor",
                    ),
                ),
                ("words", models.TextField()),
                ("rules", models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.RunPython(make_index, drop_index),
    ]
