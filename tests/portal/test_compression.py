"""Pages leave compressed for whoever takes that, and still answer 304; files that are compressed in themselves stay as they are."""

import gzip

import pytest

from advisor import guide
from tests.vendors.records import FIXTURES, record, store, store_vocabulary

pytestmark = pytest.mark.django_db

GZIP = {"Accept-Encoding": "gzip, deflate"}


@pytest.fixture
def portal(db):
    store_vocabulary()
    guide.load(FIXTURES / "guide.json")
    store(*(record(name=f"Vendor {number}") for number in range(20)))


def body_of(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize("address", ["/", "/vendors/", "/guide/", "/programs/new/", "/nothing/"])
def test_a_page_is_sent_in_far_fewer_bytes_to_who_takes_them(client, portal, address):
    plain, small = client.get(address), client.get(address, headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small.headers["Vary"]
    assert len(small.content) < len(plain.content) / 2
    # Form tokens are masked anew on every page, so the texts are compared by their beginning.
    assert gzip.decompress(small.content)[:500] == plain.content[:500]


def test_the_length_of_a_page_is_blurred(client, portal):
    """A fixed length would let a stranger guess what is in a page, letter by letter."""
    assert len({len(client.get("/guide/", headers=GZIP).content) for _ in range(12)}) > 1


def test_a_compressed_page_that_did_not_change_is_answered_with_304(client, portal):
    first = client.get("/vendors/", headers=GZIP)
    again = client.get("/vendors/", headers={**GZIP, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["ETag"].startswith('W/"')
    assert set(again.headers["Vary"].split(", ")) == set(first.headers["Vary"].split(", "))


def test_an_export_is_compressed_as_it_is_streamed(client, portal):
    response = client.get("/vendors/export.csv", headers=GZIP)
    assert response.streaming
    assert response.headers["Content-Encoding"] == "gzip"
    text = gzip.decompress(body_of(response)).decode("utf-8-sig")
    assert text.startswith("Name,Slug,")
    assert "\nVendor 19," in text.replace("\r", "")
    assert "Content-Length" not in response.headers


def test_a_workbook_is_not_compressed_twice(client, portal):
    response = client.get("/vendors/export.xlsx", headers=GZIP)
    assert "Content-Encoding" not in response.headers
    assert body_of(response)[:2] == b"PK"
