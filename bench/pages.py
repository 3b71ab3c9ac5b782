"""The portal over a database of made-up vendors: filling it, building the snapshot from it, and asking for pages.

Each step runs in a process of its own with DATABASE_URL set, since Django reads its settings once.
"""

import os
from pathlib import Path
from typing import Any

from bench import generate
from bench.timing import memory, on_one_core, once, peak_memory, timed

LIST = "/vendors/"
PAGES = {
    "the list": LIST,
    "the list, two filters": f"{LIST}?type=CRO&type=CDMO&stages=phase-1",
    "its tenth page": f"{LIST}?type=CRO&type=CDMO&stages=phase-1&page=10",
    "most services first": f"{LIST}?type=CRO&type=CDMO&stages=phase-1&sort=services",
    "the front page": "/",
}


def start() -> None:
    import django

    os.environ.setdefault("SECRET_KEY", "only-for-the-bench")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()


def fill(size: int) -> dict[str, Any]:
    """Write a made-up catalogue into the database that DATABASE_URL names, in bulk: made-up vendors copy the rows of real ones."""
    start()
    from django.core.management import call_command
    from django.db import connection, transaction

    from vendors import facts, vocabulary
    from vendors.models import CatalogueVersion, Site, Source, Vendor

    call_command("migrate", verbosity=0)
    vocabulary.load(generate.FIXTURES / "vocabulary.json")
    for file in sorted((generate.FIXTURES / "catalogue").glob("*.jsonl")):
        facts.load_file(file)
    call_command("load_guide", generate.FIXTURES / "guide.json", verbosity=0)
    real = dict(Vendor.objects.values_list("slug", "pk"))
    first = max(real.values()) + 1
    sample = generate.sample(size)

    def quoted(names: list[str]) -> str:
        return ", ".join(map(connection.ops.quote_name, names))

    def copied(table: str, own: dict[str, str], columns: list[str], vendor: str) -> str:
        chosen = ", ".join(own.get(column, f"old.{connection.ops.quote_name(column)}") for column in columns)
        return f"INSERT INTO {table} ({quoted(columns)}) SELECT {chosen} FROM made JOIN {table} old ON old.{vendor} = made.base"  # noqa: S608

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE made (id integer PRIMARY KEY, base integer, slug text, name text, sort_name text, owner text)"
        )
        made = zip(sample.base.tolist(), sample.slugs, sample.names, sample.owners, strict=True)
        cursor.executemany(
            "INSERT INTO made VALUES (%s, %s, %s, %s, %s, %s)",
            [
                (first + i, real[sample.records[b]["slug"]], slug, name, name.lower(), owner)
                for i, (b, slug, name, owner) in enumerate(made)
            ],
        )
        own = {"id": "made.id", "slug": "made.slug", "name": "made.name", "sort_name": "made.sort_name",
               "search_names": "made.sort_name", "parent": "made.owner"}  # fmt: skip
        cursor.execute(copied("vendors_vendor", own, [field.column for field in Vendor._meta.concrete_fields], "id"))
        for table in (Site, Source):
            columns = [field.column for field in table._meta.concrete_fields if not field.primary_key]
            cursor.execute(copied(table._meta.db_table, {"vendor_id": "made.id"}, columns, "vendor_id"))
        for name in (*facts.LIST_KEYS, "ai_uses"):
            through, column = facts.links(name), f"{facts.term_column(name)}_id"
            ids = dict(Vendor._meta.get_field(name).related_model.objects.values_list("slug", "pk"))
            numbers = [ids[slug] for slug in sample.vocabulary.terms(name)]
            terms, vendors = sample.marks[name]
            cursor.executemany(
                f"INSERT INTO {through._meta.db_table} (vendor_id, {column}) VALUES (%s, %s)",  # noqa: S608
                [(first + vendor, numbers[term]) for term, vendor in zip(terms.tolist(), vendors.tolist(), strict=True)],
            )
        Vendor.objects.filter(pk__in=real.values()).update(status=Vendor.Status.ARCHIVED)
        cursor.execute("DROP TABLE made")
        CatalogueVersion.bump()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {}


def measure(size: int) -> dict[str, Any]:
    """The snapshot from the database, and the pages, as one thread of one process gives them."""
    start()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, override_settings

    from vendors import snapshot

    on_one_core()
    found: dict[str, Any] = {"memory before": memory()}
    found["snapshot"] = once(snapshot.fresh)
    found["memory after"], found["peak"] = memory(), peak_memory()
    found["vendors"] = len(snapshot.current())
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    found["pages"] = {}
    with override_settings(STORAGES=storages):
        client = Client(SERVER_NAME="localhost")
        for name, address in PAGES.items():

            def ask(address: str = address) -> None:
                response = client.get(address)
                if response.status_code != 200:
                    raise RuntimeError(f"{address} answers {response.status_code}")

            time = timed(ask, most=20, seconds=4)
            with CaptureQueriesContext(connection) as queries:
                ask()
            found["pages"][name] = {"time": time, "queries": len(queries)}
    return found


def database(folder: Path, size: int) -> dict[str, str]:
    """The environment of a step that works on the made-up database of a size."""
    return {"DATABASE_URL": f"sqlite:///{folder / f'{size}.sqlite3'}"}
