"""A vendor's own page: all that is known with where it was read, and what is not known said so."""

import datetime as dt
import html
import re
from typing import Any

import pytest

from tests.vendors.records import ai, record, source, store
from vendors.models import AI_LEVEL_MEANINGS, FACTS, Revision, Vendor

pytestmark = pytest.mark.django_db

SOURCES = [
    source(
        url="https://news.example/1",
        title="A plant opens",
        publisher="News",
        published="2024-05-06",
        supports=["sites", "services", "founded"],
    ),
    source(
        url="https://news.example/2",
        title="A model at work",
        publisher="Journal",
        published="2023",
        supports=["stages"],
        read_on="2026-10-01",
    ),
    source(url="https://news.example/3", title="Who owns whom", publisher="Register", supports=["parent", "employees", "aliases"]),
]
FULL = {
    "name": "Full Works",
    "aliases": ["Old Works", "FW"],
    "type": "CDMO",
    "parent": "Holding",
    "services": ["sterile-fill-finish", "bioanalysis"],
    "stages": ["phase-1", "phase-3"],
    "modalities": ["gene-therapy"],
    "employees": {"about": 12500, "as_of": 2025},
    "sites": [{"city": "Leeds", "country": "GB", "what": "vials"}],
    "ai": ai(level="applied", uses=["manufacturing-and-quality"], note="Camera inspection", sources=[1], checked_on="2026-10-02"),
    "sources": SOURCES,
}
EMPTY: dict[str, Any] = {
    "name": "Quiet Works", "website": None, "hq": None, "founded": None, "employees": None, "summary": "", "services": [], "stages": [],
    "therapeutic_areas": [], "accreditations": [], "sites": [],
}  # fmt: skip


def text(client, vendor, status=200):
    response = client.get(vendor.get_absolute_url())
    assert response.status_code == status
    return html.unescape(response.content.decode())


def fact(page, label):
    """The part of the page that states one fact, with its marks."""
    [part] = re.findall(rf"<dt>{label}</dt>\s*<dd>(.*?)</dd>", page, re.DOTALL)
    return part


def notes(part):
    """The sources that a part of the page leads to."""
    return [int(number) for number in re.findall(r'href="#source-(\d+)"', part)]


def test_everything_known_is_there(client, add_vendor):
    page = text(client, add_vendor(**FULL))
    for words in (
        "Full Works", "Old Works, FW", "Contract development and manufacturing organization", "Runs early trials.", "Sterile fill-finish",
        "Bioanalysis", "Gene therapy", "Oncology", "GCP", "Holding", "Basel", "Switzerland", "1998", "about 12,500 in 2025",
        "alpina.example",
        "Leeds", "United Kingdom", "vials", "Applied", "AI is in use in at least one service offered today", "2 October 2026",
        "Manufacturing and quality control", "Camera inspection", "22 November 2026",
    ):  # fmt: skip
        assert words in page, words


def test_each_fact_leads_to_its_sources(client, add_vendor):
    page = text(client, add_vendor(**FULL))
    assert notes(fact(page, "Services")) == [1]
    assert notes(fact(page, "Stages")) == [2]
    assert notes(fact(page, "Sites")) == [1]
    assert notes(fact(page, "Owner")) == [3]
    assert notes(fact(page, "Founded")) == [1]
    assert notes(fact(page, "Level")) == [2]
    assert {f'id="source-{number}"' in page for number in notes(page)} == {True}


def test_a_fact_without_a_source_says_so(client, add_vendor):
    page = text(client, add_vendor(**FULL))
    for label in ("Website", "Modalities", "Headquarters"):
        assert "no source on record" in fact(page, label), label
    assert "no source on record" not in fact(page, "Founded")


def test_each_source_says_who_when_and_for_what(client, add_vendor):
    page = text(client, add_vendor(**FULL))
    listed = re.findall(r'<li id="source-\d+">(.*?)</li>', page, re.DOTALL)
    assert len(listed) == 3
    for words in (
        "https://news.example/1",
        "A plant opens",
        "News",
        "published 6 May 2024",
        "read 22 Nov 2026",
        "Services, Sites",
        "Founded",
    ):
        assert words in listed[0], words
    for words in ("published 2023", "read 1 Oct 2026", "AI level"):
        assert words in listed[1], words
    assert "date of publication not known" in listed[2]


def test_every_fact_that_a_source_can_support_is_named_in_words(client, add_vendor):
    page = text(client, add_vendor(sources=[source(supports=list(FACTS))]))
    assert "Supports: " + ", ".join(FACTS.values()) in page


def test_what_is_unknown_is_said_and_not_left_out(client, add_vendor):
    page = text(client, add_vendor(**EMPTY))
    for label in (
        "Stages", "Services", "Modalities", "Therapeutic areas", "Accreditations and inspections", "Level", "Owner", "Headquarters",
        "Founded", "Employees", "Website", "Sites",
    ):  # fmt: skip
        assert "Not known" in fact(page, label), label
        assert "no source on record" not in fact(page, label), label
    assert "It never means no" in page


@pytest.mark.parametrize("level", list(AI_LEVEL_MEANINGS))
def test_an_ai_level_comes_with_its_meaning(client, add_vendor, level):
    known = ai(level=level, sources=[] if level == "none-disclosed" else [0], checked_on="2026-10-02") if level else ai()
    page = text(client, add_vendor(ai=known))
    assert AI_LEVEL_MEANINGS[level] in page
    assert ("2 October 2026" in page) == bool(level)


def test_a_record_checked_over_a_year_ago_is_marked(client, add_vendor):
    today = dt.datetime.now(dt.UTC).date()
    old, fresh = today - dt.timedelta(days=366), today - dt.timedelta(days=365)
    assert "Over a year ago" in text(client, add_vendor(name="Old", verified_on=old.isoformat()))
    assert "Over a year ago" not in text(client, add_vendor(name="Fresh", verified_on=fresh.isoformat()))
    rows = client.get("/vendors/").content.decode()
    assert rows.count("over a year ago") == 1


def test_a_draft_is_not_found(client, add_vendor):
    draft = add_vendor(status="draft", former_slugs=["old"])
    text(client, draft, status=404)
    assert client.get("/vendors/old/").status_code == 404


def test_an_archived_vendor_keeps_its_address_and_says_what_happened(client, add_vendor):
    page = text(client, add_vendor(name="Gone Labs", status="archived"), status=410)
    assert "Gone Labs" in page
    assert "no longer in the catalogue" in page


def test_the_address_of_a_merged_or_renamed_vendor_leads_on(client, add_vendor):
    add_vendor(name="New", former_slugs=["old-name"])
    add_vendor(name="Bought", status="archived", successor="new")
    add_vendor(name="Bought before", status="archived", successor="bought")
    for slug in ("old-name", "bought", "bought-before"):
        response = client.get(f"/vendors/{slug}/")
        assert (response.status_code, response.url) == (301, "/vendors/new/")


def test_archived_vendors_that_lead_to_each_other_end_on_a_page(client, add_vendor):
    one, other = add_vendor(name="One", status="archived"), add_vendor(name="Other", status="archived", successor="one")
    Vendor.objects.filter(pk=one.pk).update(successor=other)
    text(client, one, status=410)


def test_a_single_value_has_its_own_source_and_one_without_says_so(client, add_vendor):
    sources = [source(supports=["services:bioanalysis"]), source(url="https://b.example", supports=["modalities", "ai"])]
    known = ai(level="applied", uses=["manufacturing-and-quality"], sources=[0], checked_on="2026-10-02")
    page = text(client, add_vendor(services=["bioanalysis", "biostatistics"], modalities=["gene-therapy"], sources=sources, ai=known))
    services = fact(page, "Services")
    bioanalysis, biostatistics = services.index("Bioanalysis</a>"), services.index("Biostatistics and programming</a>")
    assert services.index("Source of Bioanalysis") > bioanalysis
    assert services.count("no source on record") == 1
    assert services.index("no source on record") > biostatistics
    assert "no source on record" not in fact(page, "Modalities")
    assert notes(fact(page, "Level")) == [1, 2]
    assert notes(fact(page, "Used for")) == [2]
    assert "Supports: Services: Bioanalysis" in page


def test_the_four_ai_levels_are_explained_and_the_vendors_own_is_marked(client, add_vendor):
    ladder = fact(text(client, add_vendor(ai=ai(level="exploring", sources=[0], checked_on="2026-10-02"))), "The levels")
    assert re.findall(r"<li( aria-current=.true.)?>", ladder) == ["", ' aria-current="true"', "", ""]
    assert "<strong>Exploring</strong> (this vendor): a pilot" in ladder
    assert "Applied: AI is in use" in ladder


def test_facts_of_the_past_are_told_with_their_sources(client, add_vendor):
    vendor = add_vendor()
    made = Revision.objects.create(slug=vendor.slug, name=vendor.name, after={}, reason="Sold", status="applied", origin="form")
    vendor.former_facts.create(
        fact="parent", value="Old Holding", why="superseded", until="2026-10-02", revision=made, sources=[source(title="Sale")]
    )
    page = text(client, vendor)
    assert "Owner: Old Holding" in page
    assert "superseded 2 October 2026" in page
    assert ">Sale</a>" in page


def test_vendors_of_the_same_owner_are_linked(client, add_vendor):
    add_vendor(name="Holding")
    add_vendor(name="Sister", parent="Holding")
    add_vendor(name="Hidden sister", parent="Holding", status="draft")
    add_vendor(name="Stranger", parent="Other")
    add_vendor(name="Orphan", parent=None)
    page = text(client, add_vendor(name="Arm", parent="Holding"))
    related = page[page.index("Related vendors") :]
    assert re.findall(r'href="(/vendors/[a-z-]+/)"', related)[:2] == ["/vendors/holding/", "/vendors/sister/"]
    for name in ("Hidden sister", "Stranger", "Orphan"):
        assert name not in page
    assert "Related vendors" not in text(client, add_vendor(name="Alone", parent=None))


def test_a_term_leads_to_the_vendors_that_share_it(client, add_vendor):
    page = text(client, add_vendor(**FULL))
    for address in (
        "/vendors/?services=bioanalysis", "/vendors/?modalities=gene-therapy", "/vendors/?therapeutic_areas=oncology",
        "/vendors/?accreditations=gcp", "/vendors/?country=GB", "/vendors/?ai=applied",
    ):  # fmt: skip
        assert f'href="{address}"' in page
        assert "1 vendor" in client.get(address).content.decode(), address


def test_the_number_of_queries_does_not_grow_with_the_record_or_the_catalogue(client, add_vendor, count_queries):
    def queries(vendor):
        text(client, vendor)  # builds the snapshot of this catalogue
        with count_queries() as counted:
            text(client, vendor)
        return len(counted)

    few = queries(add_vendor(name="Small", parent="Holding"))
    many = [source(url=f"https://news.example/{number}") for number in range(20)]
    sites = [{"city": f"City {number}", "country": "GB", "what": ""} for number in range(20)]
    large = add_vendor(**{**FULL, "sources": many, "sites": sites, "ai": ai()})
    store(*(record(name=f"Sister {number}", parent="Holding") for number in range(20)))
    assert queries(large) == few
