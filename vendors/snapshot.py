"""Builds the catalogue of bits from the database, and keeps one a process.

A reader's request asks for the version number only. When the number moved, the snapshot is built anew.
"""

import threading
from collections import Counter

from django.db import connection, transaction

from vendors.catalogue import LISTS, Catalogue, Row, as_marks
from vendors.models import CatalogueVersion, Site, Source, Vendor
from vendors.vocabulary import stored_vocabulary

_lock = threading.Lock()
_kept: tuple[str, int, Catalogue] | None = None


def current() -> Catalogue:
    """The catalogue as the database has it now: one query, unless it changed since this process last looked."""
    global _kept  # noqa: PLW0603  one snapshot a process is what this module is for
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
    """Read every published vendor from the database, as one consistent picture."""
    with transaction.atomic():
        vocabulary = stored_vocabulary()
        published = Vendor.objects.published()
        vendors = list(published.values_list("pk", "slug", "name", "type", "parent", "ai_level", "verified_on", "hq_country_id"))
        place = {row[0]: i for i, row in enumerate(vendors)}
        sources = Counter(Source.objects.filter(vendor__in=published).values_list("vendor_id", flat=True))
        pairs: dict[str, list[tuple[int, int]]] = {}
        term_place = {name: {slug: i for i, slug in enumerate(vocabulary.terms(name))} for name in (*LISTS, "types", "ai_levels")}
        for name in LISTS:
            if name != "countries":
                through = getattr(Vendor, name).through
                column = Vendor._meta.get_field(name).m2m_reverse_field_name()
                rows = through.objects.filter(vendor__in=published).values_list("vendor_id", f"{column}__slug")
                pairs[name] = [(term_place[name][slug], place[pk]) for pk, slug in rows]
        places = {(row[7], row[0]) for row in vendors if row[7]}
        places |= set(Site.objects.filter(vendor__in=published).values_list("country_id", "vendor_id"))
        pairs["countries"] = [(term_place["countries"][code], place[pk]) for code, pk in places]
        pairs["types"] = [(term_place["types"][row[3]], i) for i, row in enumerate(vendors)]
        pairs["ai_levels"] = [(term_place["ai_levels"][row[5]], i) for i, row in enumerate(vendors) if row[5]]
    return Catalogue.build(
        vocabulary,
        [Row(row[1], row[2], row[3], row[4] or row[2], sources[row[0]], row[6]) for i, row in enumerate(vendors)],
        {name: as_marks(found) for name, found in pairs.items()},
    )
