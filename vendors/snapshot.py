"""Builds the catalogue of bits from the database, and keeps one a process.

A reader's request asks for the version number only. When the number moved, the snapshot is built anew.
"""

import threading
from collections import Counter
from collections.abc import Iterable

from django.db import connection, transaction

from vendors.catalogue import LISTS, Catalogue, Row, as_marks
from vendors.models import CatalogueVersion, Site, Source, Vendor
from vendors.vocabulary import stored_vocabulary

_lock = threading.Lock()
_kept: tuple[str, int, Catalogue] | None = None


def current() -> Catalogue:
    """The catalogue as the database has it now: one query, unless it changed since this process last looked."""
    global _kept
    number = CatalogueVersion.current()
    database = str(connection.settings_dict["NAME"])
    kept = _kept
    if kept and kept[:2] == (database, number):
        return kept[2]
    with _lock:
        if not (_kept and _kept[:2] == (database, number)):
            _kept = (database, number, build())
        return _kept[2]


def build() -> Catalogue:
    """Read every published vendor from the database.

    PostgreSQL shows each query what was committed by then, so a vendor or a term that came in between is left out here.
    Its change has also moved the version number, so the next reader gets it.
    """
    with transaction.atomic():
        vocabulary = stored_vocabulary()
        published = Vendor.objects.published()
        columns = ("pk", "slug", "name", "type", "parent", "ai_level", "verified_on", "hq_country_id", "sort_name", "employees")
        # Sorted here, since databases differ in how they sort names.
        vendors = sorted(published.order_by().values_list(*columns), key=lambda row: (row[8], row[1]))
        place = {row[0]: i for i, row in enumerate(vendors)}
        sources = Counter(Source.objects.filter(vendor__in=published).values_list("vendor_id", flat=True))
        found: dict[str, Iterable[tuple[int, str]]] = {}
        for name in LISTS:
            if name != "countries":
                through = getattr(Vendor, name).through
                column = getattr(Vendor, name).field.m2m_reverse_field_name()
                found[name] = through.objects.filter(vendor__in=published).values_list("vendor_id", f"{column}__slug")
        found["countries"] = {(row[0], row[7]) for row in vendors} | set(
            Site.objects.filter(vendor__in=published).values_list("vendor_id", "country_id")
        )
        found["types"] = [(row[0], row[3]) for row in vendors]
        found["ai_levels"] = [(row[0], row[5]) for row in vendors]
        marks = {}
        for name, pairs in found.items():
            term_place = {slug: i for i, slug in enumerate(vocabulary.terms(name))}
            marks[name] = as_marks([(term_place[slug], place[pk]) for pk, slug in pairs if pk in place and slug in term_place])
    return Catalogue.build(
        vocabulary,
        [Row(row[1], row[2], row[3], row[4] or row[2], sources[row[0]], row[6], row[9]) for row in vendors],
        marks,
    )
