"""Filters and the figures beside their choices: the database and the bits of the snapshot have to agree."""

import datetime as dt

import numpy as np
import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.vendors.records import KEPT, ai, record, store, store_vocabulary
from vendors import facets, snapshot
from vendors.filters import VendorFilter
from vendors.listing import Listing
from vendors.models import Vendor

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 22)
# On both sides of every edge of "verified within".
DAYS = [TODAY - dt.timedelta(days=days) for days in (0, 91, 92, 182, 183, 365, 366, 2000)]
EMPLOYEES = [None, 1, 499, 500, 4_999, 5_000]
COUNTRIES = ["CH", "DE", "GB", "US"]
LISTS = ("services", "stages", "therapeutic_areas", "modalities", "accreditations")
LEVELS = [None, "none-disclosed", "exploring", "applied", "embedded"]


def some(values, most=3):
    return st.lists(st.sampled_from(sorted(values)), max_size=most, unique=True)


@st.composite
def records(draw):
    count = draw(st.integers(0, 5))
    made = []
    for number in range(count):
        level = draw(st.sampled_from(LEVELS))
        hq = draw(st.sampled_from([None, *COUNTRIES]))
        uses = draw(some(KEPT["ai_uses"])) if level in {"exploring", "applied", "embedded"} else []
        employees = draw(st.sampled_from(EMPLOYEES))
        made.append(
            record(
                name=f"Vendor {number}",
                type=draw(st.sampled_from(["CRO", "CMO", "CDMO"])),
                status=draw(st.sampled_from(["published", "published", "published", "draft", "archived"])),
                hq={"city": "Somewhere", "country": hq} if hq else None,
                sites=[{"city": "Elsewhere", "country": code, "what": ""} for code in draw(some(COUNTRIES, 2))],
                ai=ai(level=level, uses=uses, sources=[0], checked_on="2026-11-01") if level else ai(),
                employees=employees and {"about": employees, "as_of": 2025},
                verified_on=draw(st.sampled_from(DAYS)).isoformat(),
                **{name: draw(some(KEPT[name])) for name in LISTS},
            )
        )
    return made


CHOICES = {
    "type": ["CRO", "CMO", "CDMO"],
    "ai": ["none-disclosed", "exploring", "applied", "embedded", "not-checked"],
    "country": COUNTRIES,
    "ai_uses": KEPT["ai_uses"],
    "region": ["europe", "north-america"],
    "size": ["small", "mid-size", "large", "not-known"],
    "verified": ["3-months", "6-months", "12-months", "older", "never"],
    **{name: KEPT[name] for name in LISTS},
}
selections = st.fixed_dictionaries({}, optional={name: some(values, 2) for name, values in CHOICES.items()})


def found(selection, catalogue, q=""):
    return filters_of(selection, catalogue, q).qs


def filters_of(selection, catalogue, q=""):
    asked = QueryDict(mutable=True)
    for name, slugs in selection.items():
        asked.setlist(name, slugs)
    if q:
        asked["q"] = q
    filters = VendorFilter(asked, Vendor.objects.published(), catalogue=catalogue, today=TODAY)
    assert filters.is_valid(), filters.errors
    return filters


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(records=records(), selection=selections, all_of=some(facets.LISTS, 3), q=st.sampled_from(["", "vendor", "1"]))
def test_the_figure_beside_a_choice_is_what_choosing_it_would_leave(db, records, selection, all_of, q):
    Vendor.objects.all().delete()
    store_vocabulary()
    store(*records)
    catalogue = snapshot.build()
    within = facets.only(catalogue, found({}, catalogue, q).values_list("slug", flat=True)) if q else None
    left = facets.counts(catalogue, selection, within, all_of=all_of, today=TODAY)
    asked = {**selection, **{f"{name}_mode": ["all"] for name in all_of}}
    for name, slugs in CHOICES.items():
        # Instead of the others of its filter, or together with them where all of them are asked for.
        beside = selection.get(name, []) if name in all_of else []
        for slug in slugs:
            assert left[name][slug] == found({**asked, name: [*beside, slug]}, catalogue, q).count(), (name, slug)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(records=records(), selection=selections, all_of=some(facets.LISTS, 3))
def test_the_bits_of_a_selection_are_the_vendors_that_the_database_finds(db, records, selection, all_of):
    Vendor.objects.all().delete()
    store_vocabulary()
    store(*records)
    catalogue = snapshot.build()
    listing = Listing(filters_of({**selection, **{f"{name}_mode": ["all"] for name in all_of}}, catalogue), catalogue)
    shown = catalogue.flags(np.bitwise_and.reduce([catalogue.everyone, *listing.parts().values()]))
    assert [row.slug for row, is_in in zip(catalogue.rows, shown, strict=True) if is_in] == [each.slug for each in listing.filters.qs]


def test_every_list_of_the_catalogue_is_a_filter_or_excused(add_vendor):
    catalogue = snapshot.build()
    assert set(catalogue.known_bits) == set(facets.DIMENSIONS.values())
    modes = {f"{name}_mode" for name in facets.LISTS}
    assert {*facets.NAMES, "q"} | modes == set(VendorFilter.base_filters)
    assert set(CHOICES) == set(facets.NAMES)


def test_a_catalogue_without_vendors_can_be_counted(add_vendor):
    catalogue = snapshot.build()
    assert set(facets.counts(catalogue, {"type": ["CRO"]})["services"].values()) == {0}


def test_only_takes_the_vendors_that_the_catalogue_has(add_vendor):
    add_vendor(name="Alpha")
    add_vendor(name="Beta")
    catalogue = snapshot.build()
    assert np.array_equal(catalogue.flags(facets.only(catalogue, ["beta", "nobody"])), [False, True])


def test_asking_for_the_choices_costs_no_query(add_vendor, count_queries):
    add_vendor()
    catalogue = snapshot.build()
    with count_queries() as queries:
        filters = VendorFilter(QueryDict("services=nonsense&country=CH"), Vendor.objects.published(), catalogue=catalogue, today=TODAY)
        assert not filters.is_valid()
    assert len(queries) == 0
