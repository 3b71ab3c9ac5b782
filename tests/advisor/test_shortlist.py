"""The shortlist: adding from everywhere, order, statuses with their reasons, and the sponsor's pick beside ours."""

from dataclasses import replace

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from advisor import shortlist, versions
from advisor.engine.team import team_of_vendors
from advisor.models import Program, ShortlistEntry
from tests.engine.builders import profile, vendor
from vendors.catalogue import pack
from vendors.models import CatalogueVersion, Vendor


@pytest.fixture
def program(desk):
    return versions.new_program(profile(name="ABC-1", services=["formulation", "oral-solid-dose"]))


@pytest.fixture
def address(program):
    return f"/programs/{program.token}/shortlist/"


def add(client, address, *slugs, **more):
    return client.post(address, {"vendor": slugs, "added_from": "match", **more})


def listed(program):
    return [(entry.position, entry.vendor) for entry in program.shortlist.all()]


def change(client, address, entry, **answers):
    given = {"status": entry.status, "reason": entry.reason, "notes": entry.notes, "place": entry.position} | answers
    return client.post(f"{address}{entry.pk}/", {f"entry-{entry.pk}-{name}": value for name, value in given.items()})


def read(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_a_match_is_added_from_its_row(client, program, address):
    page = read(client, program.get_absolute_url())
    assert f'action="{address}"' in page
    assert add(client, address, "makers").url == address
    entry = program.shortlist.get()
    assert (entry.vendor, entry.vendor_name, entry.position, entry.status, entry.added_from) == (
        "makers",
        "Makers",
        1,
        "considering",
        "match",
    )
    page = read(client, address)
    assert "our 1" in page
    assert "of 100 shown by sources" in page


def test_a_vendor_is_there_once(client, program, address):
    add(client, address, "makers")
    add(client, address, "makers")
    assert listed(program) == [(1, "makers")]
    with pytest.raises(IntegrityError), transaction.atomic():
        ShortlistEntry.objects.create(program=program, vendor="makers", vendor_name="Makers", position=2)


def test_a_vendor_of_which_nothing_is_expected_needs_a_reason(client, program, address):
    response = add(client, address, "trialists")
    page = response.content.decode()
    assert response.status_code == 422
    assert "Nothing that you need from partners is expected of it" in page
    assert not program.shortlist.exists()
    assert add(client, address, "trialists", gate_reason="They bought a plant.").status_code == 302
    assert "They bought a plant." in read(client, address)


def test_a_vendor_that_fails_a_must_have_needs_a_reason_too(program):
    advice = versions.advice_of(program)
    ranking = advice.rankings[0]
    failing = pack(np.array([row.slug == "makers" for row in advice.catalogue.rows]))
    strict = replace(advice, rankings=(replace(ranking, failing=failing),))
    makers = shortlist.standing(strict, "makers")
    assert makers is not None
    assert [place.rank for place in makers.places] == [None]
    lacking = replace(makers, fails=("It is known to lack GMP, a must-have.",))
    with pytest.raises(ValueError, match="known to lack GMP, a must-have"):
        shortlist.add(program, lacking, added_from="match")
    assert shortlist.add(program, lacking, added_from="match", gate_reason="Certificate is on its way").gate_reason


def test_a_vendor_that_does_not_exist_is_not_found(client, program, address):
    assert add(client, address, "nonsense").status_code == 404
    assert client.get("/programs/shortlist/add/?vendor=nonsense").status_code == 404
    assert client.get("/programs/shortlist/add/").status_code == 404


def test_the_order_is_changed_by_buttons_and_by_number(client, program, address, add_vendors):
    add_vendors(*(vendor(f"maker-{letter}", services=["formulation"]) for letter in "abc"))
    add(client, address, "maker-a", "maker-b", "maker-c")
    first, _, last = program.shortlist.all()
    assert client.post(f"{address}{last.pk}/", {"do": "up"}).url == f"{address}#entry-{last.pk}"
    assert listed(program) == [(1, "maker-a"), (2, "maker-c"), (3, "maker-b")]
    client.post(f"{address}{first.pk}/", {"do": "down"})
    assert [slug for _, slug in listed(program)] == ["maker-c", "maker-a", "maker-b"]
    first.refresh_from_db()
    change(client, address, first, place=3)
    assert [slug for _, slug in listed(program)] == ["maker-c", "maker-b", "maker-a"]
    client.post(f"{address}{last.pk}/", {"do": "remove"})
    assert listed(program) == [(1, "maker-b"), (2, "maker-a")]


def test_a_rejection_needs_a_reason(client, program, address):
    add(client, address, "makers")
    entry = program.shortlist.get()
    response = change(client, address, entry, status="rejected", notes="Spoke to Kim")
    page = response.content.decode()
    assert response.status_code == 422
    assert page.count("Say why it was rejected.") == 2  # at the top, and at the field
    assert "Spoke to Kim" in page
    assert program.shortlist.get().status == "considering"
    assert change(client, address, entry, status="rejected", reason="No slot before May").status_code == 302
    assert "No slot before May" in read(client, address)
    with pytest.raises(IntegrityError), transaction.atomic():
        program.shortlist.update(reason="")


def test_a_choice_that_the_advice_does_not_have_first_needs_a_reason(client, program, address):
    add(client, address, "makers", "quiet-works")
    makers, quiet = program.shortlist.all()
    assert change(client, address, quiet, status="chosen").status_code == 422
    assert change(client, address, quiet, status="chosen", reason="We know them").status_code == 302
    assert change(client, address, makers, status="chosen").status_code == 302


def test_the_first_contact_is_dated_once(client, program, address):
    add(client, address, "makers")
    entry = program.shortlist.get()
    change(client, address, entry, notes="not yet asked")
    assert not program.shortlist.filter(first_contacted_at__isnull=False).exists()
    change(client, address, entry, status="contacted")
    entry.refresh_from_db()
    first = entry.first_contacted_at
    assert entry.status_changed_at == first
    change(client, address, entry, status="considering")
    change(client, address, entry, status="contacted")
    entry.refresh_from_db()
    assert entry.first_contacted_at == first
    assert entry.status_changed_at > first


def test_the_pick_and_ours_are_shown_with_what_follows(client, program, address):
    add(client, address, "quiet-works")
    page = read(client, address)
    assert "Nobody is chosen yet" in page
    assert "0 of 2 services by stage" in page
    assert "2 of 2 services by stage" in page
    assert "Formulation development: Makers is the best placed of those that are." in page
    add(client, address, "makers")
    makers = program.shortlist.get(vendor="makers")
    change(client, address, makers, status="chosen")
    page = read(client, address)
    assert "They are the same." in page
    assert "Sources show that your pick covers all that you need." in page


def test_a_team_of_ones_own_is_weighed_as_ours_is(program):
    advice = versions.advice_of(program)
    place = advice.catalogue.place
    assert advice.team is not None
    own, uncovered = team_of_vendors(advice.rankings, [place["makers"], place["quiet-works"]])
    assert uncovered == ()
    assert own.fit == pytest.approx(advice.team.fit)
    assert [len(member.cells) for member in own.members] == [2, 0]
    nobody, uncovered = team_of_vendors(advice.rankings, [place["quiet-works"]])
    assert (nobody.fit, len(uncovered)) == (0.0, 2)


def test_the_matrix_leads_to_the_source_of_what_is_shown(client, program, address, add_vendors):
    source = {"url": "https://example.org/s", "title": "Services", "publisher": "Example", "published": None, "supports": ["services"]}
    add_vendors(vendor("sourced", services=["formulation"], sources=[source]))
    add(client, address, "sourced", "quiet-works")
    page = read(client, address)
    assert '/vendors/sourced/#source-1"' in page
    change(client, address, program.shortlist.get(vendor="sourced"), status="declined")
    assert "/vendors/sourced/#source-1" not in read(client, address)


def test_a_vendor_that_left_the_catalogue_stays_on_the_list(client, program, address):
    add(client, address, "makers")
    Vendor.objects.filter(slug="makers").delete()
    CatalogueVersion.bump()
    page = read(client, address)
    assert "Makers" in page
    assert "No longer in the catalogue." in page


def test_the_vendors_page_and_the_comparison_lead_to_adding(client, desk):
    assert "/programs/shortlist/add/?vendor=makers&amp;from=browse" in read(client, "/vendors/makers/")
    page = read(client, "/vendors/compare/?v=makers&v=trialists")
    assert "/programs/shortlist/add/?vendor=makers&amp;vendor=trialists&amp;from=comparison" in page


def test_without_an_account_the_address_is_pasted_once(client, program, address):
    where = "/programs/shortlist/add/"
    page = read(client, f"{where}?vendor=makers&from=browse")
    assert "ABC-1" not in page
    response = client.post(
        where, {"vendor": "makers", "added_from": "browse", "address": f"http://testserver/programs/{program.token}/versions/"}
    )
    assert response.url == address
    assert program.shortlist.get().added_from == "browse"
    assert "ABC-1" in read(client, f"{where}?vendor=quiet-works")
    client.post(where, {"vendor": "quiet-works", "added_from": "comparison", "program": program.token})
    assert listed(program) == [(1, "makers"), (2, "quiet-works")]


def test_whoever_describes_a_program_has_it_at_hand(client, desk):
    client.post("/programs/new/", {"name": "Fresh", "stage": "phase-1", "modality": "mrna"})
    assert "Fresh" in read(client, "/programs/shortlist/add/?vendor=makers")


@pytest.mark.parametrize("given", ["", "guess", "read-key", "http://testserver/programs/read-key/"])
def test_an_address_that_may_not_be_changed_is_refused(client, program, given):
    Program.objects.filter(pk=program.pk).update(read_token="read-key")
    response = client.post("/programs/shortlist/add/", {"vendor": "makers", "address": given})
    assert response.status_code == 422
    assert not program.shortlist.exists()


def test_with_an_account_those_programs_are_offered_that_may_be_changed(client, desk, django_user_model):
    ana, ben = (django_user_model.objects.create_user(name) for name in ("ana", "ben"))
    mine = versions.new_program(profile(name="Mine", services=["formulation"]), by=ana)
    for name, role in (("Edited", "editor"), ("Viewed", "viewer")):
        versions.new_program(profile(name=name), by=ben).members.create(user=ana, named="ana", role=role)
    versions.new_program(profile(name="Foreign"), by=ben)
    client.force_login(ana, "django.contrib.auth.backends.ModelBackend")
    page = read(client, "/programs/shortlist/add/?vendor=makers")
    assert [name in page for name in ("Mine", "Edited", "Viewed", "Foreign")] == [True, True, False, False]
    client.post("/programs/shortlist/add/", {"vendor": "makers", "program": mine.member_key})
    assert mine.shortlist.get().vendor == "makers"
    foreign = Program.objects.get(name="Foreign")
    assert client.post("/programs/shortlist/add/", {"vendor": "makers", "program": foreign.member_key}).status_code == 422


def test_readers_see_the_list_and_no_way_to_change_it(client, program, address):
    add(client, address, "makers")
    Program.objects.filter(pk=program.pk).update(read_token="read-key")
    page = read(client, "/programs/read-key/shortlist/")
    assert "Makers" in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]


def test_a_draft_has_nothing_to_compare_with(client, desk):
    draft = Program.objects.create(draft={"name": "x"})
    assert client.post(f"/programs/{draft.token}/shortlist/", {"vendor": "makers"}).status_code == 302
    assert not draft.shortlist.exists()
    assert "Nobody is on it yet" in read(client, f"/programs/{draft.token}/shortlist/")


def test_queries_do_not_grow_with_the_list(client, program, address, add_vendors, count_queries):
    add_vendors(*(vendor(f"maker-{i:02}", services=["formulation"]) for i in range(20)))
    add(client, address, "makers")
    client.get(address)
    with count_queries() as few:
        client.get(address)
    add(client, address, *(f"maker-{i:02}" for i in range(20)))
    with count_queries() as many:
        page = read(client, address)
    assert page.count('id="entry-') >= 21
    assert len(few) == len(many) <= 6


def test_a_list_is_bounded(program, monkeypatch):
    monkeypatch.setattr(shortlist, "MOST", 1)
    advice = versions.advice_of(program)
    makers, quiet = (shortlist.standing(advice, slug) for slug in ("makers", "quiet-works"))
    assert makers is not None
    assert quiet is not None
    shortlist.add(program, makers, added_from="match")
    with pytest.raises(ValueError, match="at most 1 vendors"):
        shortlist.add(program, quiet, added_from="match")


def test_an_account_may_be_asked_for_hundreds_of_programs_at_most(client, desk):
    ana = User.objects.create_user("ana")
    Program.objects.bulk_create(Program(owner=ana, token=None, name=f"P{i}") for i in range(110))
    client.force_login(ana, "django.contrib.auth.backends.ModelBackend")
    assert read(client, "/programs/shortlist/add/?vendor=makers").count('type="radio"') == 100
