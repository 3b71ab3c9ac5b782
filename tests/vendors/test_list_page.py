"""The catalogue list: what an address asks for is what it shows, and never more."""

import datetime as dt
import html
import re
from urllib.parse import parse_qs, urlencode

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.vendors.records import REAL_VOCABULARY, SMALL_VOCABULARY, ai, record, source, store, store_vocabulary
from vendors import vocabulary
from vendors.models import CatalogueVersion, TherapeuticArea

pytestmark = pytest.mark.django_db
LIST = "/vendors/"


def names(response):
    """The vendors in the list, in its order."""
    return re.findall(r'<h2><a href="/vendors/[a-z0-9-]+/">([^<]+)</a></h2>', response.content.decode())


def get(client, query="", status=200):
    response = client.get(LIST + query)
    assert response.status_code == status, response.content.decode()
    return response


def links(response, text):
    """The addresses of the links with this text."""
    found = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', response.content.decode(), re.DOTALL)
    return [html.unescape(address) for address, inner in found if re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", inner)).strip() == text]


def test_only_published_vendors_are_listed(client, add_vendor):
    add_vendor(name="Seen")
    add_vendor(name="Draft", status="draft")
    add_vendor(name="Unverified", verified_on=None)
    add_vendor(name="Gone", status="archived")
    assert names(get(client)) == ["Seen"]


def test_a_row_says_what_a_vendor_is_hired_for(client, add_vendor):
    add_vendor(name="Alpina", type="CRO", summary="Runs early trials.", services=["bioanalysis"], stages=["phase-1"])
    page = get(client).content.decode()
    for words in (
        "Runs early trials.",
        "Bioanalysis",
        "Basel, Switzerland",
        "Stages shown by a source: Phase 1.",
        "1 source, checked",
        "22 Nov 2026",
    ):
        assert words in page


def test_search_finds_every_word_in_names_and_former_names(client, add_vendor):
    add_vendor(name="IQVIA", aliases=["Quintiles", "IMS Health"])
    add_vendor(name="Zürich Labs", slug="zurich-labs")
    add_vendor(name="100% Pure", slug="pure")
    cases = {
        "quintiles": ["IQVIA"],
        "QUINT": ["IQVIA"],
        "zurich": ["Zürich Labs"],
        "labs zürich": ["Zürich Labs"],
        "labs quintiles": [],
        "%": [],
        "_": [],
        "\\": [],
        "' OR 1=1 --": [],
        "   ": ["100% Pure", "IQVIA", "Zürich Labs"],
    }
    assert {words: names(get(client, "?" + urlencode({"q": words}))) for words in cases} == cases


def test_several_values_of_a_filter_mean_any_and_several_filters_mean_all(client, add_vendor):
    add_vendor(name="Bio", services=["bioanalysis"], stages=["phase-1"])
    add_vendor(name="Stats", services=["biostatistics"], stages=["phase-1"])
    add_vendor(name="Both late", services=["bioanalysis", "biostatistics"], stages=["phase-3"])
    add_vendor(name="Pills", type="CMO", services=["oral-solid-dose"], stages=["phase-1"])
    assert names(get(client, "?services=bioanalysis&services=biostatistics")) == ["Bio", "Both late", "Stats"]
    assert names(get(client, "?services=bioanalysis&services=biostatistics&stages=phase-1")) == ["Bio", "Stats"]
    assert names(get(client, "?type=CMO&type=CDMO")) == ["Pills"]


def test_every_filter_finds_its_vendors(client, add_vendor):
    add_vendor(
        name="Rich",
        therapeutic_areas=["neurology"],
        modalities=["gene-therapy"],
        accreditations=["gmp"],
        ai=ai(level="applied", sources=[0], checked_on="2026-11-01"),
        hq={"city": "Mainz", "country": "DE"},
        sites=[{"city": "Leeds", "country": "GB", "what": ""}, {"city": "York", "country": "GB", "what": ""}],
    )
    add_vendor(name="Looked", ai=ai(level="none-disclosed", checked_on="2026-11-01"))
    add_vendor(name="Plain")
    cases = {
        "therapeutic_areas=neurology": ["Rich"],
        "modalities=gene-therapy": ["Rich"],
        "accreditations=gmp": ["Rich"],
        "ai=applied": ["Rich"],
        "ai=none-disclosed": ["Looked"],
        "ai=not-checked": ["Plain"],
        "ai=applied&ai=not-checked": ["Plain", "Rich"],
        "country=DE": ["Rich"],
        "country=GB": ["Rich"],
        "country=CH&country=GB": ["Looked", "Plain", "Rich"],
    }
    assert {query: names(get(client, f"?{query}")) for query in cases} == cases


def test_the_list_can_be_ordered(client, add_vendor):
    two = [source(), source(url="https://news.example/2")]
    add_vendor(name="Alpha", services=["bioanalysis"], sources=two, verified_on="2026-01-01")
    add_vendor(name="beta", services=["bioanalysis", "biostatistics", "clinical-operations"], verified_on="2026-02-01")
    add_vendor(name="Émile", slug="emile", services=[], sources=[*two, source(url="https://news.example/3")], verified_on="2026-03-01")
    assert names(get(client)) == ["Alpha", "beta", "Émile"]
    assert names(get(client, "?sort=services")) == ["beta", "Alpha", "Émile"]
    assert names(get(client, "?sort=sources")) == ["Émile", "Alpha", "beta"]
    assert names(get(client, "?sort=verified")) == ["Émile", "beta", "Alpha"]


@pytest.fixture
def thirty(db):
    store_vocabulary()
    store(*(record(name=f"Vendor {number:02}", type="CMO" if number > 3 else "CRO") for number in range(30)))


def test_pages_together_show_everybody_once_and_keep_the_filter(client, thirty):
    first = get(client, "?type=CMO&sort=verified")
    second = get(client, "?type=CMO&sort=verified&page=2")
    assert sorted(names(first) + names(second)) == [f"Vendor {number:02}" for number in range(4, 30)]
    assert links(first, "Next") == ["?type=CMO&sort=verified&page=2"]
    assert links(second, "Previous") == ["?type=CMO&sort=verified&page=1"]


def test_a_page_after_the_last_one_says_so_and_links_the_last(client, thirty):
    response = get(client, "?type=CMO&page=7", status=404)
    assert names(response) == []
    assert links(response, "the last page") == ["?type=CMO&page=2"]
    assert len(names(get(client, links(response, "the last page")[0]))) == 1


@pytest.mark.parametrize(
    "query, said, way_out",
    [
        ("therapeutic_areas=onclogy", "Therapeutic area: “onclogy” is not in the list", ("Oncology", "?therapeutic_areas=oncology")),
        ("type=cro", "Type: “cro” is not in the list", ("CRO", "?type=CRO")),
        ("country=germany", "Country: “germany” is not in the list", ("Germany", "?country=DE")),
        ("ai=embeded", "AI adoption: “embeded” is not in the list", ("Embedded", "?ai=embedded")),
        ("ai=unchecked", "AI adoption: “unchecked” is not in the list", ("Not checked yet", "?ai=not-checked")),
        ("sort=nmae&type=CRO", "Sort: “nmae” is not in the list", ("Name", "?type=CRO")),
        ("service=bioanalysis", "“service” is not the name of a filter", ("services", "?services=bioanalysis")),
        (
            "services_mode=al&services=bioanalysis",
            "Services: any or all: “al” is not in the list",
            ("all of these", "?services=bioanalysis&services_mode=all"),
        ),
        ("region=eurpoe", "Region: “eurpoe” is not in the list", ("Europe", "?region=europe")),
        ("page=abc&type=CRO", "Page: “abc” is not the number of a page", ("leave it out", "?type=CRO")),
        ("page=0", "Page: “0” is not the number of a page", ("leave it out", "?")),
        ("page=-1", "Page: “-1” is not the number of a page", ("leave it out", "?")),
        ("q=a%00b", "Words: “a\N{REPLACEMENT CHARACTER}b” can’t be searched for", ("leave it out", "?")),
        ("q=" + "x" * 201, "can’t be searched for", ("leave it out", "?")),
        ("q=%CC%81", "can’t be searched for", ("leave it out", "?")),
        ("q=a&q=b", "Words: “a, b” is more than one value", ("a", "?q=a")),
        ("services=%00", "Service: “\N{REPLACEMENT CHARACTER}” is not in the list", ("leave it out", "?")),
        ("services=bioanalysis&services=nonsense", "“nonsense” is not in the list", ("leave it out", "?services=bioanalysis")),
    ],
)
def test_what_cannot_be_read_is_named_and_shows_nobody(client, add_vendor, query, said, way_out):
    add_vendor()
    response = get(client, f"?{query}", status=422)
    assert names(response) == []
    assert said.replace("’", "'") in html.unescape(response.content.decode()).replace("’", "'")
    text, address = way_out
    assert address in links(response, text)
    assert get(client, address)


def test_all_that_cannot_be_read_is_said_at_once(client, add_vendor):
    add_vendor()
    page = get(client, "?type=x&type=y&services=z&page=q&colour=red", status=422).content.decode()
    assert page.count("leave it out") == 5
    many = urlencode({"services": [f"wrong{number}" for number in range(40)]}, doseq=True)
    page = get(client, f"?{many}", status=422).content.decode()
    assert page.count("leave it out") == 5
    assert "And 35 more." in page


def test_what_can_be_read_stays_ticked_beside_what_cannot(client, add_vendor):
    add_vendor()
    page = get(client, "?type=CRO&services=nonsense", status=422).content.decode()
    assert re.search(r'name="type" value="CRO" checked', page)


def test_an_empty_value_says_nothing(client, add_vendor):
    add_vendor(name="Seen")
    assert names(get(client, "?q=&services=&sort=&page=")) == ["Seen"]


def test_a_chip_takes_off_its_own_value_only(client, add_vendor):
    add_vendor(name="Alpina", services=["bioanalysis"])
    response = get(client, "?q=alp&type=CRO&services=bioanalysis&services=biostatistics&sort=sources")
    off = {
        text: parse_qs(links(response, text)[0].lstrip("?"))
        for text in ("Take off Type: CRO×", "Take off Service: Bioanalysis×", "Take off Words: “alp”×", "Clear all")
    }
    everything = {"q": ["alp"], "type": ["CRO"], "services": ["bioanalysis", "biostatistics"], "sort": ["sources"]}
    assert off["Take off Type: CRO×"] == {key: value for key, value in everything.items() if key != "type"}
    assert off["Take off Service: Bioanalysis×"] == {**everything, "services": ["biostatistics"]}
    assert off["Take off Words: “alp”×"] == {key: value for key, value in everything.items() if key != "q"}
    assert off["Clear all"] == {"sort": ["sources"]}


def test_nothing_found_says_which_filter_to_loosen_and_by_how_much(client, add_vendor):
    add_vendor(name="One", type="CRO", services=["bioanalysis"])
    add_vendor(name="Two", type="CRO", services=["bioanalysis"])
    add_vendor(name="Four", type="CMO", services=["oral-solid-dose"])
    response = get(client, "?type=CMO&services=bioanalysis&q=trials")
    page = response.content.decode()
    assert "0 vendors" in page
    assert page.index("What helps most:") < page.index("Without type</a>: 2 vendors") < page.index("Without service</a>: 1 vendor")
    assert names(get(client, links(response, "Without type")[0])) == ["One", "Two"]


def test_nothing_found_with_all_of_says_which_value_to_give_up(client, add_vendor):
    add_vendor(name="Both", services=["bioanalysis", "biostatistics"])
    add_vendor(name="Bio", services=["bioanalysis"])
    add_vendor(name="Pills", services=["oral-solid-dose"])
    response = get(client, "?services=bioanalysis&services=biostatistics&services=oral-solid-dose&services_mode=all")
    assert names(response) == []
    assert names(get(client, links(response, "Without Oral solid dose")[0])) == ["Both"]
    assert links(response, "Without Bioanalysis") == []  # nobody does the other two
    assert names(get(client, links(response, "Service: any of these")[0])) == ["Bio", "Both", "Pills"]


def test_nothing_found_names_two_filters_where_one_is_not_enough(client, add_vendor):
    add_vendor(name="One", type="CRO", services=["bioanalysis"], modalities=["gene-therapy"], stages=["phase-1"])
    response = get(client, "?type=CMO&services=oral-solid-dose&stages=phase-1")
    assert names(response) == []
    assert links(response, "Without type") == []
    assert names(get(client, links(response, "Without type and service")[0])) == ["One"]


def test_a_choice_that_would_leave_nobody_is_dimmed_stands_last_and_can_still_be_made(client, add_vendor):
    add_vendor(name="Only", therapeutic_areas=["rare-disease"], employees=None)
    response = get(client)
    page = response.content.decode()
    assert choices(response, "therapeutic_areas", in_sight=True) == ["rare-disease", "oncology", "neurology"]
    assert choices(response, "size", in_sight=True)[0] == "not-known"
    assert re.search(r'<label class="none"><input type="checkbox" id="therapeutic_areas-oncology"', page)
    assert "disabled" not in page


def test_all_of_a_list_can_be_asked_for(client, add_vendor):
    add_vendor(name="Both", services=["bioanalysis", "biostatistics"], sites=[{"city": "Leeds", "country": "GB", "what": ""}])
    add_vendor(name="Bio", services=["bioanalysis"])
    two = "?services=bioanalysis&services=biostatistics"
    assert names(get(client, two)) == names(get(client, f"{two}&services_mode=any")) == ["Bio", "Both"]
    assert names(get(client, "?country=CH&country=GB&country_mode=all")) == ["Both"]
    response = get(client, f"{two}&services_mode=all")
    assert names(response) == ["Both"]
    assert links(response, "Take off Service: all of these×") == [two]
    assert re.search(r'id="services_mode"[^>]* checked', response.content.decode())
    assert links(get(client, "?services=bioanalysis&services_mode=all"), "Take off Service: all of these×") == []


def test_the_figure_of_an_all_of_filter_says_what_is_left_with_that_choice_added(client, add_vendor):
    add_vendor(name="Both", services=["bioanalysis", "biostatistics"])
    add_vendor(name="Bio", services=["bioanalysis"])
    add_vendor(name="Stats", services=["biostatistics"])

    def figure(query):
        page = get(client, query).content.decode()
        return re.findall(r'value="biostatistics".*?<data value="(\d+)"', page)[0]

    assert figure("?services=bioanalysis") == "2"
    assert figure("?services=bioanalysis&services_mode=all") == "1"


def test_vendors_are_found_by_region_size_use_of_ai_and_day_of_the_check(client, add_vendor, today):
    def ago(days):
        return (today - dt.timedelta(days=days)).isoformat()

    used = ai(level="applied", uses=["trial-design-and-feasibility"], sources=[0], checked_on="2026-11-01")
    add_vendor(name="Here", ai=used, employees={"about": 499, "as_of": 2025}, verified_on=ago(0))
    there = {"hq": {"city": "Boston", "country": "US"}, "sites": []}
    add_vendor(name="There", **there, employees={"about": 5_000, "as_of": 2025}, verified_on=ago(100))
    add_vendor(name="Unsized", employees=None, verified_on=ago(366))
    cases = {
        "region=europe": ["Here", "Unsized"],
        "region=north-america": ["There"],
        "size=small": ["Here"],
        "size=large&size=not-known": ["There", "Unsized"],
        "ai_uses=trial-design-and-feasibility": ["Here"],
        "verified=3-months": ["Here"],
        "verified=6-months": ["Here", "There"],
        "verified=older": ["Unsized"],
        "verified=never": [],
    }
    assert {query: names(get(client, f"?{query}")) for query in cases} == cases


@pytest.fixture
def today():
    return timezone.localdate()


def part(client, query="", status=200, **headers):
    """What script gets when it asks for the list alone."""
    response = client.get(LIST + query, headers={"HX-Request": "true", **headers})
    assert response.status_code == status
    return response


@pytest.mark.parametrize("query, status", [("?q=&type=CRO&services=", 200), ("?type=nonsense", 422), ("?page=9", 404)])
def test_script_gets_the_same_list_without_the_page_around_it(client, add_vendor, query, status):
    add_vendor(name="Seen")
    whole = get(client, query, status=status).content.decode()
    alone = part(client, query, status=status).content.decode()
    assert "<html" not in alone
    shown = alone[alone.index('<div class="list"') :].strip()
    assert shown in whole
    title = re.findall(r"<title>(.*?)</title>", alone, re.DOTALL)[0].strip()
    assert title == re.findall(r"<title>(.*?)</title>", whole, re.DOTALL)[0].strip()


def test_the_way_back_and_a_boosted_link_get_the_whole_page(client, add_vendor):
    add_vendor()
    for header in ("HX-History-Restore-Request", "HX-Boosted"):
        assert "<html" in part(client, **{header: "true"}).content.decode()
    varies = get(client)["Vary"]
    assert {"HX-Request", "HX-Boosted", "HX-History-Restore-Request"} <= set(varies.split(", "))


def test_the_address_bar_says_what_is_shown_and_nothing_more(client, thirty):
    assert part(client, "?q=&type=CMO&services=&services_mode=any")["HX-Push-Url"] == "/vendors/?type=CMO"
    assert part(client, "?q=&services_mode=all&page=2")["HX-Push-Url"] == "/vendors/?page=2"
    assert part(client, "?q=&sort=name")["HX-Push-Url"] == "/vendors/"


def test_the_number_of_vendors_is_there_to_be_announced(client, thirty):
    def said(query):
        return re.findall(r'role="status">([^<]*)<', get(client, query).content.decode())[0]

    assert said("?type=CMO") == "26 vendors"
    assert said("?type=CMO&page=2&sort=sources") == "26 vendors, page 2 of 2, sorted: most sources"


def test_an_address_with_a_former_slug_leads_to_the_slug_of_today(client, add_vendor):
    add_vendor(name="Seen", therapeutic_areas=["oncology"])
    with transaction.atomic():
        TherapeuticArea.objects.filter(slug="oncology").update(slug="cancer")
        vocabulary.rename("therapeutic_areas", "oncology", "cancer")
        CatalogueVersion.bump()
    response = client.get(f"{LIST}?type=CRO&therapeutic_areas=oncology&therapeutic_areas=neurology&page=1")
    assert response.status_code == 302
    assert response["Location"] == "/vendors/?type=CRO&therapeutic_areas=cancer&therapeutic_areas=neurology&page=1"
    assert names(client.get(response["Location"])) == ["Seen"]
    assert client.get("/vendors/export.csv?therapeutic_areas=oncology").status_code == 302


def choices(response, name, *, in_sight):
    """The values of one filter as the page offers them; in sight means not behind something that is closed."""
    page = response.content.decode()
    if in_sight:
        page = re.sub(r"<details(?! class=\"filters\")[^>]*(?<! open)>.*?</details>", "", page, flags=re.DOTALL)
    return re.findall(rf'<input type="checkbox" id="[^"]+" name="{name}" value="([^"]+)"', page)


def test_stages_stand_in_the_order_of_time_and_long_lists_by_their_figures(client, db):
    store_vocabulary(REAL_VOCABULARY)
    store(
        record(name="A", therapeutic_areas=["pediatrics"], stages=["phase-3"]),
        record(name="B", therapeutic_areas=["pediatrics", "vaccines"]),
    )
    response = get(client)
    rest = [row["slug"] for row in REAL_VOCABULARY["stages"] if row["slug"] not in {"phase-1", "phase-3"}]
    assert choices(response, "stages", in_sight=True) == ["phase-1", "phase-3", *rest]  # those that would leave nobody last
    areas = choices(response, "therapeutic_areas", in_sight=True)
    assert areas[:2] == ["pediatrics", "vaccines"]
    assert len(areas) == 8
    assert len(choices(response, "therapeutic_areas", in_sight=False)) == len(REAL_VOCABULARY["therapeutic_areas"])
    assert choices(response, "country", in_sight=False) == ["CH"]


def test_a_choice_that_is_on_stays_in_sight(client, db):
    store_vocabulary(REAL_VOCABULARY)
    store(record(name="A", therapeutic_areas=["oncology"], services=["bioanalysis"]))
    hidden = get(client)
    assert "pediatrics" not in choices(hidden, "therapeutic_areas", in_sight=True)
    assert choices(hidden, "services", in_sight=True) == []
    shown = get(client, "?therapeutic_areas=pediatrics&services=sterile-fill-finish&country=ZW")
    areas = choices(shown, "therapeutic_areas", in_sight=True)
    assert "pediatrics" in areas
    assert len(areas) == 9  # the first eight and this one: the rest stays closed
    assert "sterile-fill-finish" in choices(shown, "services", in_sight=True)
    assert "ZW" in choices(shown, "country", in_sight=True)


def test_a_search_that_is_not_html_is_shown_as_it_was_typed(client, add_vendor):
    add_vendor()
    page = get(client, "?" + urlencode({"q": "<script>alert(1)</script>"})).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_filtered_lists_are_not_indexed_and_the_whole_list_is(client, add_vendor):
    add_vendor()
    assert '<meta name="robots" content="noindex">' in get(client, "?type=CRO").content.decode()
    whole = get(client).content.decode()
    assert "noindex" not in whole
    assert '<link rel="canonical" href="http://testserver/vendors/">' in whole


def test_an_empty_catalogue_has_a_list(client, db):
    assert "0 vendors" in get(client).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_vendors(client, add_vendor, count_queries):
    busy = {
        "services": ["bioanalysis", "biostatistics"],
        "sites": [{"city": "Leeds", "country": "GB", "what": ""}],
        "sources": [source(), source(url="https://news.example/2")],
    }
    address = (
        "?q=vendor&type=CRO&services=bioanalysis&services_mode=all&stages=phase-1&country=GB&region=europe&size=small"
        "&verified=12-months&ai=not-checked&sort=services"
    )

    def queries(query):
        get(client, query)  # builds the snapshot of this catalogue
        with count_queries() as counted:
            assert names(get(client, query))
        return len(counted)

    add_vendor(name="Vendor 0", **busy)
    few = queries(address), queries("")
    store(*(record(name=f"Vendor {number}", **busy) for number in range(1, 30)))
    assert (queries(address), queries("")) == few


VALUES = {
    "type": ["CRO", "CMO", "CDMO"],
    "services": ["bioanalysis", "biostatistics", "oral-solid-dose"],
    "stages": ["phase-1", "phase-2"],
    "ai": ["applied", "not-checked"],
    "country": ["CH", "DE", "GB"],
}
FEW = [
    record(name="Alpha", services=["bioanalysis"], stages=["phase-1", "phase-2"]),
    record(name="Beta", type="CMO", services=["oral-solid-dose", "biostatistics"], stages=[], hq=None),
    record(
        name="Gamma",
        type="CDMO",
        services=[],
        ai=ai(level="applied", sources=[0], checked_on="2026-11-01"),
        hq={"city": "Mainz", "country": "DE"},
    ),
]


def expected(asked):
    """The plain rule over the plain records: what an address that can be read has to show."""
    has = {
        "type": lambda r: {r["type"]},
        "services": lambda r: set(r["services"]),
        "stages": lambda r: set(r["stages"]),
        "ai": lambda r: {r["ai"]["level"] or "not-checked"},
        "country": lambda r: {place["country"] for place in [*r["sites"], *([r["hq"]] if r["hq"] else [])]},
    }
    chosen = [(name, set(filter(None, values))) for name, values in asked.items() if name in has]
    return [r["name"] for r in FEW if all(has[name](r) & values for name, values in chosen if values)]


anything = st.text(max_size=12) | st.sampled_from(["\x00", "%", "'", '"', "<", "🦠", "10" * 200, "../", "None", "1e3"])
pairs = st.one_of(
    st.sampled_from(sorted(VALUES)).flatmap(lambda name: st.tuples(st.just(name), st.sampled_from(VALUES[name]))),
    st.tuples(st.sampled_from([*VALUES, "therapeutic_areas", "modalities", "accreditations", "q", "sort", "page"]), anything),
    st.tuples(anything, anything),
    st.tuples(st.just("sort"), st.sampled_from(["name", "services", "sources", "verified"])),
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(pairs, max_size=6))
def test_no_address_fails_and_none_shows_more_than_was_asked(client, few, asked):
    response = client.get(LIST, query_params=None, QUERY_STRING=urlencode(asked))
    assert response.status_code in {200, 404, 422}
    shown = names(response)
    if response.status_code != 200:
        assert shown == []
        return
    values = {name: [value for other, value in asked if other == name] for name, _ in asked}
    right = expected(values)
    if any(values.get("q", [])):
        assert set(shown) <= set(right)
    else:
        assert sorted(shown) == right


@pytest.fixture
def few(db):
    store_vocabulary(SMALL_VOCABULARY)
    store(*FEW)
