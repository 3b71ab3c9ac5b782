"""The picture of the field: every figure is what the database counts, and leads to the vendors that it counts."""

import html
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.vendors.records import KEPT, SMALL_VOCABULARY, record, store, store_vocabulary
from vendors import landscape, snapshot
from vendors.catalogue import TYPES, Catalogue, Vocabulary
from vendors.models import Vendor

PAGE = "/vendors/landscape/"
EMPTY: dict[str, list] = {name: [] for name in SMALL_VOCABULARY}


def get(client, query="", status=200):
    response = client.get(PAGE + query)
    assert response.status_code == status, response.content.decode()
    return response


def some(values, most=3):
    return st.lists(st.sampled_from(sorted(values)), max_size=most, unique=True)


@st.composite
def records(draw):
    return [
        record(
            name=f"Vendor {number}",
            type=draw(st.sampled_from(TYPES)),
            status=draw(st.sampled_from(["published", "published", "archived"])),
            hq=draw(st.sampled_from([None, {"city": "Here", "country": "CH"}])),
            sites=[{"city": "There", "country": code, "what": ""} for code in draw(some(["CH", "DE", "US"]))],
            **{name: draw(some(KEPT[name])) for name in ("services", "stages", "therapeutic_areas")},
        )
        for number in range(draw(st.integers(0, 5)))
    ]


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(records=records(), by=st.sampled_from(sorted(landscape.CROSSINGS)))
def test_every_figure_is_what_the_database_counts(db, records, by):
    Vendor.objects.all().delete()
    store_vocabulary()
    store(*records)
    catalogue = snapshot.build()
    counts = landscape.crossed(catalogue, by)
    for i, group in enumerate(catalogue.vocabulary.groups):
        for j, slug in enumerate(catalogue.vocabulary.terms(by)):
            for k, kind in enumerate(TYPES):
                found = Vendor.objects.published().filter(type=kind, services__group__slug=group).filter(**{f"{by}__slug": slug})
                assert counts[i, j, k] == found.distinct().count(), (group, slug, kind)
    for region in landscape.regions(catalogue, {}):
        for place in (region.total, *region.countries):
            codes = [code for code, term in catalogue.vocabulary.countries.items() if place.name in (term.name, term.group)]
            everybody = {r["slug"]: r for r in records if r.get("status") == "published"}
            working = {
                slug for slug, r in everybody.items() if {p["country"] for p in [*r["sites"], *([r["hq"]] if r["hq"] else [])]} & set(codes)
            }
            assert place.cell.count == len(working), place.name


def test_a_vendor_with_two_services_of_a_group_counts_once():
    vocabulary = Vocabulary.from_dict(SMALL_VOCABULARY)
    catalogue = Catalogue.from_records(vocabulary, [record(services=["clinical-operations", "biostatistics"], stages=["phase-1"])])
    counts = landscape.crossed(catalogue, "stages")
    groups, stages = list(vocabulary.groups), list(vocabulary.stages)
    assert counts[groups.index("clinical"), stages.index("phase-1")].tolist() == [1, 0, 0]
    assert counts.sum() == 1


def test_an_empty_catalogue_and_an_empty_vocabulary_have_a_picture():
    for data in (SMALL_VOCABULARY, EMPTY):
        catalogue = Catalogue.from_records(Vocabulary.from_dict(data), [])
        assert landscape.crossed(catalogue, "stages").sum() == 0
        assert landscape.regions(catalogue, {}) == []
        assert [cell.shade for line in landscape.lines(catalogue, "stages") for cell in line.cells if cell.shade] == []


def test_the_shade_grows_with_the_count():
    shades = [landscape.shade(count, 100) for count in (0, 1, 10, 40, 100)]
    assert shades == sorted(shades)
    assert (shades[0], shades[1], shades[-1]) == (0, 1, landscape.SHADES)


def test_the_bar_of_the_fullest_country_is_whole():
    catalogue = Catalogue.from_records(
        Vocabulary.from_dict(SMALL_VOCABULARY), [record(name="A"), record(name="B", type="CMO"), record(name="C", type="CDMO", sites=[])]
    )
    (region,) = landscape.regions(catalogue, {"CH": 2})
    (country,) = region.countries
    assert [(kind, round(at, 3), round(width, 3)) for kind, at, width in country.bars] == [
        ("CRO", 0.0, 0.333),
        ("CMO", 0.333, 0.333),
        ("CDMO", 0.667, 0.333),
    ]
    assert (country.sites, region.total.sites) == (2, 2)


@pytest.mark.parametrize("query", ["", "?by=therapeutic_areas"])
def test_every_figure_leads_to_as_many_vendors(client, add_vendor, query):
    add_vendor(name="One", services=["clinical-operations", "biostatistics"], stages=["phase-1", "phase-2"])
    add_vendor(
        name="Two", type="CMO", services=["oral-solid-dose"], stages=["phase-2"], sites=[{"city": "Bonn", "country": "DE", "what": ""}]
    )
    page = get(client, query).content.decode()
    found = re.findall(r'<a (?:class="(?:total|share)" )?href="(/vendors/\?[^"]+)">(.*?)</a>', page, re.DOTALL)
    counted = [(html.unescape(address), re.sub(r"<[^>]+>|\s|vendors?", "", inner)) for address, inner in found]
    figures = {(address, re.sub(r"\D", "", words)) for address, words in counted if re.fullmatch(r"(CRO|CMO|CDMO)?\d+", words)}
    assert len(figures) > 8
    for address, number in figures:
        shown = client.get(address)
        assert shown.status_code == 200
        assert re.search(rf"<h1[^>]*>\s*{number} vendor", shown.content.decode()), address


def test_each_cell_can_be_heard(client, add_vendor):
    add_vendor(name="One")
    page = get(client).content.decode()
    (cell,) = re.findall(r'<td data-shade="5">(.*?)</td>', page, re.DOTALL)
    assert re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", cell)).strip() == "1 vendor CRO 1"
    assert "nobody shown" in page
    assert '<th scope="colgroup" colspan="2">Research</th>' in page


def test_sites_on_record_are_counted_of_published_vendors(client, add_vendor):
    two = [{"city": city, "country": "DE", "what": ""} for city in ("Bonn", "Mainz")]
    add_vendor(name="Seen", sites=two, hq=None)
    add_vendor(name="Gone", sites=two, hq=None, status="archived")
    (row,) = re.findall(r'<th scope="row">Germany</th>(.*?)</tr>', get(client).content.decode(), re.DOTALL)
    assert [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td class=\"figure\">(.*?)</td>", row)] == ["1", "0", "0", "1", "2"]


def test_another_crossing_is_named_with_the_nearest_right_one(client, add_vendor):
    add_vendor()
    page = get(client, "?by=therapeutic-area", status=422).content.decode()
    assert "“therapeutic-area”" in page
    assert 'href="?by=therapeutic_areas"' in page
    assert "<table" not in page


def test_the_number_of_queries_does_not_grow_with_the_vendors(client, add_vendor, count_queries):
    def queries():
        get(client)
        with count_queries() as counted:
            get(client)
        return len(counted)

    add_vendor(name="One")
    few = queries()
    store(*(record(name=f"Vendor {number}", sites=[{"city": "Bonn", "country": "DE", "what": ""}]) for number in range(20)))
    assert queries() == few
