"""The first page: two doors, the state of the catalogue, and the guide's table."""

import re

import pytest

from advisor import guide
from tests.vendors.records import FIXTURES, ai, record, source, store, store_vocabulary

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue(db):
    store_vocabulary()
    guide.load(FIXTURES / "guide.json")
    store(
        record(name="One", type="CRO", verified_on="2026-01-02"),
        record(name="Two", type="CRO", sources=[source(), source(url="https://news.example/2")]),
        record(name="Three", type="CDMO", hq={"city": "Mainz", "country": "DE"}, ai=ai(level="none-disclosed", checked_on="2026-11-01")),
        record(name="Draft", type="CMO", status="draft"),
    )


def test_both_doors_and_the_search_lead_on(client, catalogue):
    page = client.get("/").content.decode()
    for address in ("/programs/new/", "/vendors/", "/guide/"):
        assert f'href="{address}"' in page
    assert re.search(r'<form action="/vendors/" method="get".*?name="q"', page, re.DOTALL)


def test_the_catalogue_in_figures_counts_what_readers_can_see(client, catalogue):
    page = client.get("/").content.decode()
    rows = re.findall(r'<tr><td>([\d,]+)</td><th scope="row">(.*?)</th></tr>', page, re.DOTALL)
    said = {re.sub(r"<[^>]+>|\s+", " ", words).split()[0]: int(figure) for figure, words in rows}
    assert said == {"CRO": 2, "CMO": 0, "CDMO": 1, "facts": 27, "of": 3, "sources": 4, "countries": 2, "vendors": 1}
    assert "between 2 January 2026 and 22 November 2026" in page


def test_the_guides_table_stands_on_the_first_page(client, catalogue):
    page = client.get("/").content.decode()
    for words in ("Main focus", "Key services", "Stage involved", "Ideal client", "Manufacturing commercial drug product"):
        assert words in page


def test_an_empty_portal_has_a_first_page(client, db):
    assert client.get("/").status_code == 200
