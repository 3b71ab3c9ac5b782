"""What keeps the list quick at any size: figures, pages and orders taken from the bits, the same that the database gives."""

import datetime as dt
import itertools

import numpy as np
import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from tests.vendors.records import record, source, store, store_vocabulary
from vendors import duplicates, facets, link_checks, snapshot
from vendors.catalogue import columns_of, counted, pack
from vendors.filters import SORTS, VendorFilter
from vendors.listing import Listing
from vendors.models import Duplicate, Source, Suggestion, Vendor

TODAY = dt.date(2026, 11, 22)
flags = st.lists(st.booleans(), min_size=1, max_size=300)


@given(flags, st.integers(0, 320), st.integers(1, 70))
def test_a_page_of_the_bits_is_that_stretch_of_the_vendors_found(found, start, length):
    expected = [place for place, has in enumerate(found) if has][start : start + length]
    assert facets.places(pack(np.array(found)), start, start + length).tolist() == expected


@given(st.integers(1, 200), st.data())
def test_columns_count_the_vendors_that_have_each_term_within_those_left(size, data):
    pairs = data.draw(st.lists(st.tuples(st.integers(0, 6), st.integers(0, size - 1))))
    left = data.draw(st.lists(st.booleans(), min_size=size, max_size=size))
    terms, vendors = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
    columns = columns_of(7, size, terms, vendors)
    expected = [sum(left[vendor] for vendor in {vendor for term, vendor in pairs if term == one}) for one in range(7)]
    assert counted(columns, pack(np.array(left))).tolist() == expected
    some = np.array([1, 2, 5])
    assert counted(columns, pack(np.array(left)), some).tolist() == [n if place in some else 0 for place, n in enumerate(expected)]


def test_a_catalogue_too_wide_for_one_step_is_counted_whole(monkeypatch):
    monkeypatch.setattr("vendors.catalogue.AT_ONCE", 2)
    columns = columns_of(3, 640, np.array([0, 0, 2]), np.array([1, 600, 639]))
    assert counted(columns, pack(np.ones(640, dtype=bool))).tolist() == [2, 0, 1]


@pytest.mark.django_db
@pytest.mark.parametrize("sort", [word for word in SORTS if word != "best"])
@pytest.mark.parametrize("asked", ["", "stages=phase-1", "type=CRO&type=CMO&services=biostatistics"])
def test_the_list_stands_in_the_same_order_as_the_database_gives_it(sort, asked):
    store_vocabulary()
    services = ["clinical-operations", "biostatistics", "bioanalysis"]
    store(
        *(
            record(
                name=f"{'zyxwvu'[number % 6]}endor {number}", type=("CRO", "CMO", "CDMO")[number % 3], services=services[: number % 4],
                stages=["phase-1"][: number % 2], verified_on=f"2026-0{1 + number % 5}-01",
                sources=[source(url=f"https://example.org/{page}") for page in range(1 + number % 4)],
            )
            for number in range(30)
        )
    )  # fmt: skip
    catalogue = snapshot.build()
    filters = VendorFilter(QueryDict(f"{asked}&sort={sort}"), Vendor.objects.published(), catalogue=catalogue, today=TODAY)
    listed = Listing(filters, catalogue).vendors()
    assert len(listed) == filters.qs.count() > 3
    assert [vendor.slug for vendor in [*listed[0:7], *listed[7:99]]] == [vendor.slug for vendor in filters.qs]


@pytest.mark.django_db
def test_a_vendor_that_was_withdrawn_a_moment_ago_is_left_out_of_the_page():
    store_vocabulary()
    store(record(name="Alpha"), record(name="Beta"))
    catalogue = snapshot.build()
    Vendor.objects.filter(slug="alpha").update(status="archived")
    filters = VendorFilter(QueryDict(), Vendor.objects.published(), catalogue=catalogue, today=TODAY)
    assert [vendor.slug for vendor in Listing(filters, catalogue).vendors()[0:25]] == ["beta"]


@pytest.fixture
def ten_thousand(db):
    """So many vendors with a source each, written straight into their tables; every hundredth is a draft, and two are alike."""
    today = dt.datetime.now(dt.UTC).date()
    letters = itertools.product("bdfgklmnprst", "aeiou", "bdfgklmnprst", "aeiou", "bdfgklmnprst")
    names = ["".join(each).title() for each in itertools.islice(letters, 9_999)]
    vendors = Vendor.objects.bulk_create(
        [
            Vendor(
                slug=f"v-{number}", name=name, type="CRO", verified_on=today - dt.timedelta(days=number % 700),
                status="draft" if number % 100 == 0 else "published", unsourced_number=number % 2,
            )
            for number, name in enumerate([*names, "Babababab", "Babababba"])
        ],
        batch_size=500,
    )  # fmt: skip
    Source.objects.bulk_create(
        [Source(vendor=vendor, url=f"https://v{vendor.pk}.example", title="A", publisher="B") for vendor in vendors], batch_size=500
    )
    return vendors


def test_the_curators_pages_take_few_queries_with_ten_thousand_vendors(ten_thousand, client, django_user_model, count_queries):
    with count_queries() as queries:
        assert duplicates.refresh().vendors == 10_001
    assert len(queries) <= 20
    alike = {frozenset((pair.first.slug, pair.second.slug)) for pair in Duplicate.objects.select_related("first", "second")}
    assert frozenset(("v-9999", "v-10000")) in alike
    link_checks.follow_sources()
    Suggestion.objects.bulk_create(
        [Suggestion(vendor=vendor, fact="name", source_url="https://a.example") for vendor in ten_thousand[:500]]
    )
    client.force_login(django_user_model.objects.create_superuser("owner"), backend="django.contrib.auth.backends.ModelBackend")
    most = {
        "/admin/": 16,
        "/admin/vendors/vendor/": 14,
        "/admin/vendors/duplicate/": 9,
        "/admin/vendors/suggestion/": 9,
        "/admin/vendors/sourceaddress/": 9,
        "/admin/vendors/upload/": 6,
    }
    taken = {}
    for address in most:
        with count_queries() as queries:
            assert client.get(address).status_code == 200
        taken[address] = len(queries)
    assert {address: number for address, number in taken.items() if number > most[address]} == {}
    numbers = {one.label: one.number for one in client.get("/admin/").context["work"]}
    assert numbers["Drafts"] == 101
    assert numbers["Unsourced facts"] == 5000
