"""Builds the catalogue of bits from the database, keeps one a process, and builds it anew when the data changed.

A reader's request asks for the version number only. When the number moved, a thread of its own builds the next snapshot,
with a database connection of its own, and readers are given the old one until the new one is there. So nobody waits for
a large catalogue, and after a change a list may lag behind by the seconds that building takes, while a vendor's own page,
which reads the database, never does. A small catalogue is ready sooner than anybody could see, so that a reader waits
for it a moment: whoever changed something finds it changed.

Every answer rests on one snapshot from beginning to end, and names its version. When building fails, the old snapshot
stays and the log says why.

A snapshot is built on the spot when there is none yet, and where another connection could not see what this one sees: in a
transaction, whose own changes nobody else knows, and in SQLite's memory. Commands ask for `fresh`.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from django.db import connection, connections
from django.db.models import Count, QuerySet, StringAgg, TextField, Value
from django.db.models.functions import Cast
from numpy.typing import NDArray

from vendors.catalogue import LISTS, Catalogue, Row, as_marks
from vendors.models import CatalogueVersion, Site, Source, Vendor
from vendors.vocabulary import stored_vocabulary

log = logging.getLogger(__name__)

# A catalogue that takes less time than this to build is worth a moment's wait; seconds, as the two below.
SOON = 0.2
MOMENT = 0.5
# After a failure, so long no other try: whatever is wrong with the database, building would not make it better.
PAUSE = 10.0


class Kept:
    """The snapshot of this process, and who is building the next one."""

    def __init__(self) -> None:
        self.lock = threading.Lock()  # held for a moment only, never while building
        self.building = threading.Lock()
        self.key: tuple[str, int] | None = None
        self.catalogue: Catalogue | None = None
        self.took = 0.0
        self.failed_at = -PAUSE
        self.builder: threading.Thread | None = None

    def put(self, key: tuple[str, int], catalogue: Catalogue, took: float) -> None:
        with self.lock:
            self.key, self.catalogue, self.took = key, catalogue, took


_kept = Kept()


def current(number: int | None = None) -> Catalogue:
    """The catalogue for a reader: one query. It may be the one before the latest change while the next is being built.

    number: the version number, where it was asked for already.
    """
    number = CatalogueVersion.current() if number is None else number
    key, catalogue, took = _kept.key, _kept.catalogue, _kept.took
    if catalogue is None or key is None or key[0] != database() or not others_see_the_same():
        return fresh(number)
    if key[1] == number:
        return catalogue
    builder = start_building()
    if builder and took < SOON:
        builder.join(MOMENT)
    return _kept.catalogue or catalogue


def fresh(number: int | None = None) -> Catalogue:
    """The catalogue as the database has it now, however long that takes: for commands, and for the first reader.

    number: the version number, where it was asked for already.
    """
    number = CatalogueVersion.current() if number is None else number
    with _kept.building:
        if _kept.catalogue is None or _kept.key != (database(), number):
            return keep_new()
        return _kept.catalogue


def database() -> str:
    return str(connection.settings_dict["NAME"])


def others_see_the_same() -> bool:
    """Whether another connection could build the snapshot in place of this one."""
    in_memory = connection.vendor == "sqlite" and connection.is_in_memory_db()  # type: ignore[attr-defined]
    return not (connection.in_atomic_block or in_memory)


def keep_new() -> Catalogue:
    """Build a snapshot, keep it, and return it. Whoever calls holds `building`."""
    started = time.monotonic()
    with one_view():
        key = (database(), CatalogueVersion.current())
        catalogue = build().prepared()
    _kept.put(key, catalogue, time.monotonic() - started)
    return catalogue


def start_building() -> threading.Thread | None:
    """Have the next snapshot built, unless that is going on or has failed a moment ago; returns the thread at work."""
    with _kept.lock:
        if _kept.builder and _kept.builder.is_alive():
            return _kept.builder
        if time.monotonic() - _kept.failed_at < PAUSE:
            return None
        _kept.builder = threading.Thread(target=build_beside, name="catalogue snapshot", daemon=True)
        _kept.builder.start()
        return _kept.builder


def build_beside() -> None:
    """The thread's work. Its connection is closed at the end: nobody else would."""
    try:
        with _kept.building:
            # Somebody who needed it on the spot may have built it while this thread waited for its turn.
            if _kept.key != (database(), CatalogueVersion.current()):
                keep_new()
    except Exception:
        _kept.failed_at = time.monotonic()
        log.exception("The snapshot of the catalogue could not be built; readers are given the one from before.")
    finally:
        connections.close_all()


@contextmanager
def one_view() -> Iterator[None]:
    """All queries inside see the database as the first one finds it, and nobody who writes has to wait for them.

    Not `atomic`: on SQLite it would lock writers out for as long as building takes, and on PostgreSQL it shows every query
    what was committed by then.
    """
    if connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("BEGIN" if connection.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def build() -> Catalogue:
    """Read every published vendor from the database. Queries: a constant number.

    A vendor or a term that came in while a transaction of the caller's reads on is left out here; its change has also moved
    the version number, so the next reader gets it.
    """
    vocabulary = stored_vocabulary()
    columns = ("pk", "slug", "name", "type", "parent", "ai_level", "verified_on", "hq_country_id", "sort_name", "employees")
    published = Vendor.objects.published().order_by()
    # Sorted here, since databases differ in how they sort names.
    vendors = sorted(published.values_list(*columns), key=lambda row: (row[8], row[1]))
    places = Places(np.array([row[0] for row in vendors], dtype=np.int64))
    marks = {}
    for name in LISTS:
        if name != "countries":
            field = getattr(Vendor, name).field
            terms = {slug: place for place, slug in enumerate(vocabulary.terms(name))}
            # A term that the vocabulary does not have yet stands nowhere.
            numbers = field.related_model.objects.order_by().values_list("pk", "slug")
            known = [(pk, terms[slug]) for pk, slug in numbers if slug in terms]
            of_term = Places(np.array([pk for pk, _ in known], dtype=np.int64), np.array([place for _, place in known], dtype=np.int64))
            found, vendor_ids = by_term(field.remote_field.through.objects.all(), f"{field.m2m_reverse_field_name()}_id")
            marks[name] = standing(of_term[np.array(found, dtype=np.int64)], places, vendor_ids)
    own = {name: {slug: place for place, slug in enumerate(vocabulary.terms(name))} for name in ("types", "ai_levels", "countries")}
    for name, column in (("types", 3), ("ai_levels", 5)):
        marks[name] = as_marks([(own[name][row[column]], i) for i, row in enumerate(vendors) if row[column] in own[name]])
    codes, vendor_ids = by_term(Site.objects.all(), "country_id")
    headquarters = as_marks([(own["countries"][row[7]], i) for i, row in enumerate(vendors) if row[7] in own["countries"]])
    sites = standing(np.array([own["countries"].get(code, -1) for code in codes], dtype=np.int64), places, vendor_ids)
    marks["countries"] = (np.append(headquarters[0], sites[0]), np.append(headquarters[1], sites[1]))
    counts = dict(Source.objects.order_by().values_list("vendor_id").annotate(Count("pk")))
    sources = [counts.get(row[0], 0) for row in vendors]
    rows = [Row(row[1], row[2], row[3], row[4] or row[2], count, row[6], row[9]) for row, count in zip(vendors, sources, strict=True)]
    return Catalogue.build(vocabulary, rows, marks)


class Places:
    """Where things stand, by their ids, many at a time; -1 for an id that is not there."""

    def __init__(self, ids: NDArray[np.int64], places: NDArray[np.int64] | None = None):
        order = np.argsort(ids)
        self.ids = ids[order]
        self.places = order if places is None else places[order]

    def __getitem__(self, wanted: NDArray[np.int64]) -> NDArray[np.intp]:
        if not len(self.ids):
            return np.full(len(wanted), -1, dtype=np.intp)
        at = np.minimum(np.searchsorted(self.ids, wanted), len(self.ids) - 1)
        return np.where(self.ids[at] == wanted, self.places[at], -1)


def by_term(rows: QuerySet, term: str) -> tuple[list[Any], list[NDArray[np.int64]]]:
    """The terms that rows tie to vendors, and the ids of the vendors of each.

    The database joins the ids of a term into one text: millions of pairs, row by row, would take most of the time.
    """
    ids = StringAgg(Cast("vendor_id", TextField()), delimiter=Value(","))
    found = list(rows.order_by().values_list(term).annotate(ids=ids))
    return [key for key, _ in found], [np.fromstring(text, dtype=np.int64, sep=",") for _, text in found]


def standing(terms: NDArray[np.int64], places: Places, vendor_ids: list[NDArray[np.int64]]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The pairs of places of which both stand somewhere. terms: the place of each term, with the ids of its vendors."""
    if not len(terms):
        return as_marks([])
    term, vendor = np.repeat(terms, [len(ids) for ids in vendor_ids]), places[np.concatenate(vendor_ids)]
    both = (term >= 0) & (vendor >= 0)
    return term[both], vendor[both]
