"""A reader suggests a correction: what is kept, what is refused, and that the record stays as it is."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from vendors.models import CatalogueVersion, Suggestion

GOOD = {"fact": "founded", "correction": "1997, not 1998.", "source_url": "https://alpina.example/history", "note": ""}


@pytest.fixture
def address(add_vendor):
    cache.clear()
    add_vendor()
    return reverse("vendors:suggest", args=["alpina-clinical"])


def test_the_vendors_page_leads_to_the_form(client, address):
    assert f'href="{address}"' in client.get("/vendors/alpina-clinical/").text


def test_a_suggestion_is_kept_for_a_curator_and_the_record_stays_as_it_is(client, address):
    before = CatalogueVersion.current()
    response = client.post(address, GOOD, follow=True)
    assert response.redirect_chain == [(address + "thanks/", 302)]
    assert "Thank you" in response.text
    [kept] = Suggestion.objects.open()
    assert (kept.vendor.slug, kept.fact, kept.correction, kept.source_url) == ("alpina-clinical", *list(GOOD.values())[:3])
    assert CatalogueVersion.current() == before
    assert kept.vendor.founded == 1998


def test_nothing_is_kept_about_who_sent_it():
    kept = {field.name for field in Suggestion._meta.fields}
    assert kept == {
        "id", "vendor", "fact", "correction", "source_url", "note", "made_at", "status", "decided_by", "decided_at", "decision",
    }  # fmt: skip


@pytest.mark.parametrize(
    "changes,field",
    [
        ({"source_url": "javascript:alert(1)"}, "source_url"),
        ({"source_url": "ftp://a.example"}, "source_url"),
        ({"source_url": ""}, "source_url"),
        ({"correction": ""}, "correction"),
        ({"correction": "x" * 1001}, "correction"),
        ({"note": "x" * 1001}, "note"),
        ({"fact": "price"}, "fact"),
        ({"fact": ""}, "fact"),
    ],
)
def test_what_can_not_be_checked_is_refused_and_stays_typed(changes, field, client, address):
    response = client.post(address, GOOD | {"note": "typed"} | changes)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert (changes.get("note") or "typed") in response.text
    assert not Suggestion.objects.exists()


def test_a_program_that_fills_every_field_learns_nothing_and_leaves_nothing(client, address):
    response = client.post(address, GOOD | {"homepage": "https://spam.example"})
    assert response.url == address + "thanks/"
    assert not Suggestion.objects.exists()


def test_one_address_may_send_so_many_an_hour(client, address, settings):
    settings.POSTS_PER_HOUR = {"vendors:suggest": 2}
    assert [client.post(address, GOOD).status_code for _ in range(3)] == [302, 302, 429]
    assert Suggestion.objects.count() == 2


@pytest.mark.parametrize("method", ["get", "post"])
def test_there_is_no_form_for_what_readers_do_not_see(method, client, add_vendor):
    add_vendor(name="Hidden", verified_on=None)
    assert getattr(client, method)("/vendors/hidden/suggest/", GOOD).status_code == 404
    assert client.get("/vendors/hidden/suggest/thanks/").status_code == 404


def test_a_form_without_its_token_is_refused(address):
    from django.test import Client

    assert Client(enforce_csrf_checks=True).post(address, GOOD).status_code == 403


def test_the_fact_can_be_chosen_by_the_link(client, address):
    assert '<option value="services" selected>' in client.get(address + "?fact=services").text


def test_the_page_takes_few_queries_however_much_is_waiting(client, address, count_queries):
    with count_queries() as few:
        client.get(address)
    for _ in range(5):
        client.post(address, GOOD)
    with count_queries() as many:
        client.get(address)
    assert len(many) == len(few) <= 2
