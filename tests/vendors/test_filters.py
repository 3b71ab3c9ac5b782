"""Filters and the figures beside their choices: the database and the bits of the snapshot have to agree."""

import numpy as np
import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.vendors.records import KEPT, ai, record, store, store_vocabulary
from vendors import facets, snapshot
from vendors.filters import VendorFilter
from vendors.models import Vendor

pytestmark = pytest.mark.django_db
COUNTRIES = ["CH", "DE", "GB", "US"]
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
        made.append(
            record(
                name=f"Vendor {number}",
                type=draw(st.sampled_from(["CRO", "CMO", "CDMO"])),
                status=draw(st.sampled_from(["published", "published", "published", "draft", "archived"])),
                hq={"city": "Somewhere", "country": hq} if hq else None,
                sites=[{"city": "Elsewhere", "country": code, "what": ""} for code in draw(some(COUNTRIES, 2))],
                ai=ai(level=level, sources=[0], checked_on="2026-11-01") if level else ai(),
                **{name: draw(some(KEPT[name])) for name in ("services", "stages", "therapeutic_areas", "modalities", "accreditations")},
            )
        )
    return made


CHOICES = {
    "type": ["CRO", "CMO", "CDMO"],
    "ai": ["none-disclosed", "exploring", "applied", "embedded", "not-checked"],
    "country": COUNTRIES,
    **{name: KEPT[name] for name in ("services", "stages", "therapeutic_areas", "modalities", "accreditations")},
}
selections = st.fixed_dictionaries({}, optional={name: some(values, 2) for name, values in CHOICES.items()})


def found(selection, catalogue, q=""):
    asked = QueryDict(mutable=True)
    for name, slugs in selection.items():
        asked.setlist(name, slugs)
    if q:
        asked["q"] = q
    filters = VendorFilter(asked, Vendor.objects.published(), catalogue=catalogue)
    assert filters.is_valid(), filters.errors
    return filters.qs


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(records=records(), selection=selections, q=st.sampled_from(["", "vendor", "1"]))
def test_the_figure_beside_a_choice_is_what_choosing_it_would_leave(db, records, selection, q):
    Vendor.objects.all().delete()
    store_vocabulary()
    store(*records)
    catalogue = snapshot.build()
    within = facets.only(catalogue, found({}, catalogue, q).values_list("slug", flat=True)) if q else None
    left = facets.counts(catalogue, selection, within)
    for name, slugs in CHOICES.items():
        for slug in slugs:
            assert left[name][slug] == found({**selection, name: [slug]}, catalogue, q).count(), (name, slug)


def test_every_list_of_the_catalogue_is_a_filter_or_excused(add_vendor):
    catalogue = snapshot.build()
    excused = {"ai_uses"}  # asked for in a later issue
    assert set(catalogue.known_bits) - set(facets.DIMENSIONS.values()) == excused
    assert set(facets.DIMENSIONS) | {"q"} == set(VendorFilter.base_filters)


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
        filters = VendorFilter(QueryDict("services=nonsense&country=CH"), Vendor.objects.published(), catalogue=catalogue)
        assert not filters.is_valid()
    assert len(queries) == 0
