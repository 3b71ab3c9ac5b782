"""Vendors side by side: what differs is said, what is not known is never a no, and nothing asked for is passed over."""

import datetime as dt
import html
import re

import pytest
from django.urls import get_resolver

from tests.vendors.records import ai, lines, record, source, store
from vendors import facts, snapshot
from vendors.compare import MOST, compare
from vendors.models import RESERVED_SLUGS, Vendor

pytestmark = pytest.mark.django_db
COMPARE = "/vendors/compare/"
TODAY = dt.date(2026, 12, 1)


def compared(*slugs):
    vendors = {vendor.slug: vendor for vendor in Vendor.objects.published().for_page()}
    return compare([vendors[slug] for slug in slugs], snapshot.build(), TODAY)


def row(comparison, label):
    return next(row for _, _, row in comparison.rows() if row.label == label)


def words(comparison, label):
    return [cell.words for cell in row(comparison, label).cells]


def get(client, query="", status=200):
    response = client.get(COMPARE + query)
    assert response.status_code == status, response.content.decode()
    return response


def text(response):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode())))


def links(response):
    """The addresses of links by their text."""
    found = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', response.content.decode(), re.DOTALL)
    return {re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", inner)).strip(): html.unescape(address) for address, inner in found}


def columns(response):
    return re.findall(r'<th scope="col"><a href="[^"]*">([^<]+)</a>', response.content.decode())


def test_a_row_says_whether_known_facts_differ_agree_or_are_open(add_vendor):
    add_vendor(name="Alpha", founded=1990, parent="Holding", website=None, summary="Same.")
    add_vendor(name="Beta", founded=2000, parent=None, website=None, summary="Same.")
    comparison = compared("alpha", "beta")
    states = {label: row(comparison, label).state for label in ("Founded", "Owner", "Website", "Summary")}
    assert states == {"Founded": "differs", "Owner": "open", "Website": "unknown", "Summary": "same"}
    assert words(comparison, "Owner") == ["Holding", "not known"]


def test_the_order_of_a_list_is_no_difference(add_vendor):
    add_vendor(name="Alpha", aliases=["One", "Two"])
    add_vendor(name="Beta", aliases=["Two", "One"])
    assert row(compared("alpha", "beta"), "Other names").state == "same"


def test_a_service_is_known_possible_or_not_what_the_vendor_is_hired_for(add_vendor):
    add_vendor(name="Trials", type="CRO", services=["clinical-operations"])
    add_vendor(name="Numbers", type="CRO", services=["biostatistics"])
    add_vendor(name="Pills", type="CMO", services=["oral-solid-dose"])
    comparison = compared("trials", "numbers", "pills")
    assert words(comparison, "Biostatistics and programming") == ["not known", "shown", "not hired for this"]
    assert words(comparison, "Oral solid dose") == ["not hired for this", "not hired for this", "shown"]
    assert row(comparison, "Oral solid dose").state == "differs"
    assert row(compared("trials", "numbers"), "Biostatistics and programming").state == "open"


def test_only_terms_that_somebody_is_shown_to_have_make_a_row(add_vendor):
    add_vendor(name="Alpha", modalities=["small-molecule"])
    add_vendor(name="Beta", modalities=["gene-therapy"])
    labels = [row.label for _, _, row in compared("alpha", "beta").rows()]
    assert "Small molecule" in labels
    assert "Gene therapy" in labels
    assert "Antibody or recombinant protein" not in labels


def test_a_cell_has_the_sources_of_its_own_fact(add_vendor):
    sources = [source(supports=["founded"]), source(url="https://news.example/2", supports=["services", "founded"])]
    add_vendor(name="Alpha", sources=sources, services=["biostatistics"])
    comparison = compared("alpha")
    assert row(comparison, "Founded").cells[0].sources == (1, 2)
    assert row(comparison, "Biostatistics and programming").cells[0].sources == (2,)
    assert row(comparison, "Summary").cells[0].sources == ()
    assert words(comparison, "Facts without a source")[0].startswith("Name | Type")
    assert "Services" not in words(comparison, "Facts without a source")[0]


def test_looking_and_finding_no_ai_is_not_the_same_as_not_looking(add_vendor):
    add_vendor(name="Looked", ai=ai(level="none-disclosed", checked_on="2026-11-01"))
    add_vendor(name="Open")
    comparison = compared("looked", "open")
    assert words(comparison, "Level") == ["None disclosed", "not known"]
    assert row(comparison, "Level").cells[0].sources is None
    assert words(comparison, "Looked at") == ["1 November 2026", "not known"]


def test_only_differences_leaves_out_what_tells_nobody_apart(add_vendor):
    add_vendor(name="Alpha", founded=1990, summary="Same.", services=["biostatistics", "clinical-operations"], parent=None)
    add_vendor(name="Beta", founded=2000, summary="Same.", services=["clinical-operations"], parent=None)
    whole = compared("alpha", "beta")
    left = whole.only_differences()
    labels = [row.label for _, _, row in left.rows()]
    assert "Founded" in labels
    assert "Biostatistics and programming" in labels
    assert "Services" in labels
    assert not {"Summary", "Owner", "Clinical operations and monitoring", "Stages"} & set(labels)
    assert left.hidden == sum(1 for _ in whole.rows()) - len(labels) > 0


@pytest.fixture
def three(add_vendor):
    for name, founded in (("Alpha", 1990), ("Beta", 1990), ("Gamma", 2000)):
        add_vendor(name=name, founded=founded)


def test_the_columns_stand_in_the_order_of_the_address(client, three):
    assert columns(get(client, "?v=gamma&v=alpha&v=gamma&v=&v=beta")) == ["Gamma", "Alpha", "Beta"]


def test_the_switch_keeps_the_vendors_and_shows_fewer_rows(client, three):
    whole = get(client, "?v=gamma&v=alpha")
    fewer = get(client, links(whole)["Only differences"])
    assert columns(fewer) == ["Gamma", "Alpha"]
    assert "Founded" in text(fewer)
    assert "Headquarters" in text(whole)
    assert "Headquarters" not in text(fewer)
    assert links(fewer)["All rows"] == "?v=gamma&v=alpha"


def test_one_can_be_taken_off_and_the_rest_stays(client, three):
    page = get(client, "?v=alpha&v=beta&v=gamma&only=differences")
    assert links(page)["Remove Beta"] == "?v=alpha&v=gamma&only=differences"


def test_every_mark_and_number_leads_to_a_source_on_the_page(client, three):
    page = get(client, "?v=alpha&v=beta").content.decode()
    targets = set(re.findall(r'href="#([^"]+)"', page)) - {"content"}
    assert any(target.startswith("alpha-source-") for target in targets)
    assert all(page.count(f'id="{target}"') == 1 for target in targets)


def test_without_vendors_the_page_says_how_to_begin(client, db):
    page = get(client)
    assert "Tick Compare beside those" in text(page)
    assert "/vendors/" in links(page).values()


def test_one_vendor_alone_asks_for_another_and_differs_from_nobody(client, three):
    page = get(client, "?v=alpha&only=differences")
    assert "Alpha, and who else?" in text(page)
    assert "Only differences" not in links(page)
    assert "Headquarters" in text(page)


def test_what_is_no_vendor_is_named_and_nobody_is_shown(client, three, add_vendor):
    add_vendor(name="Hidden", status="archived")
    page = get(client, "?v=alpha&v=betta&only=differences", status=422)
    assert "“betta” is no vendor in this catalogue" in text(page)
    assert columns(page) == []
    assert links(page)["Beta"] == "?v=alpha&v=beta&only=differences"
    assert links(page)["leave it out"] == "?v=alpha&only=differences"
    assert "“hidden” is no vendor" in text(get(client, "?v=hidden", status=422))
    assert "Nearest" not in text(get(client, "?v=qqqqqq", status=422))


@pytest.mark.parametrize("value", ["%00", "x" * 5000, "%CC%81", "%F0%9F%A6%A0", "%3Cscript%3E", "../.."])
def test_no_value_breaks_the_page(client, three, value):
    assert "<script>" not in get(client, f"?v={value}", status=422).content.decode()


def test_an_unreadable_switch_is_named(client, three):
    page = get(client, "?v=alpha&v=beta&only=diferences", status=422)
    assert "“diferences” is no choice of rows" in text(page)
    assert links(page)["only differences"] == "?v=alpha&v=beta&only=differences"


def test_more_than_five_are_refused_in_words(client, three):
    page = get(client, "?" + "&".join(f"v={slug}" for slug in "abcdef"), status=422)
    assert "Five fit side by side, not 6" in text(page)
    assert links(page)["the first five"] == "?v=a&v=b&v=c&v=d&v=e"
    assert MOST == 5


def test_a_typed_name_finds_its_vendor(client, add_vendor):
    add_vendor(name="Alpha")
    add_vendor(name="Zürich Labs", slug="zurich-labs-ag")
    response = client.get(COMPARE, {"v": ["alpha", "zurich LABS"]})
    assert (response.status_code, response.headers["Location"]) == (302, f"{COMPARE}?v=alpha&v=zurich-labs-ag")


def test_a_name_that_two_vendors_bear_is_not_guessed(client, add_vendor):
    add_vendor(name="Twin", slug="twin-a")
    add_vendor(name="Twin", slug="twin-b")
    assert "“Twin” is no vendor" in text(get(client, "?v=Twin", status=422))


def test_robots_leave_comparisons_alone(client, three):
    for query in ("", "?v=alpha", "?v=alpha&v=beta"):
        assert '<meta name="robots" content="noindex">' in get(client, query).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_vendors(client, add_vendor, count_queries):
    busy = {"sites": [{"city": "Leeds", "country": "GB", "what": ""}, {"city": "Bern", "country": "CH", "what": ""}]}
    for number in range(5):
        add_vendor(name=f"Vendor {number}", **(busy if number else {}))

    def queries(count):
        query = "?" + "&".join(f"v=vendor-{number}" for number in range(count))
        get(client, query)
        with count_queries() as counted:
            get(client, query)
        return len(counted)

    assert queries(5) == queries(1)


def test_a_vendor_that_the_snapshot_does_not_hold_yet_is_ruled_out_by_nothing(add_vendor):
    add_vendor(name="Old", type="CRO", services=["clinical-operations"])
    before = snapshot.build()
    add_vendor(name="New", type="CMO", services=["oral-solid-dose"])
    vendors = list(Vendor.objects.published().for_page())
    found = row(compare(vendors, before, TODAY), "Clinical operations and monitoring")
    assert [(cell.vendor.slug, cell.words) for cell in found.cells] == [("new", "not known"), ("old", "shown")]


def test_a_vendor_cannot_take_the_address_of_a_page(db, add_vendor):
    pages = {str(pattern.pattern) for pattern in get_resolver("vendors.urls").url_patterns}
    clashing = {page.rstrip("/") for page in pages if page.endswith("/") and re.fullmatch("[a-z0-9-]+", page.rstrip("/"))}
    assert clashing == RESERVED_SLUGS
    outcome = facts.load_lines(lines(record(slug="compare")))
    assert [(problem.slug, problem.key) for problem in outcome.problems] == [("compare", "slug")]
    assert store(record(slug="compare-pharma"))
