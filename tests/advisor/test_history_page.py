"""The versions of a program on screen: the list, each as it was, and two of them compared."""

import re

import pytest
from django.contrib.auth.models import User

from advisor import versions
from advisor.models import Program, ProgramVersion
from tests.engine.builders import profile, vendor
from vendors.models import CatalogueVersion, Vendor


@pytest.fixture
def program(desk):
    ana = User.objects.create_user("ana")
    made = versions.new_program(profile(name="ABC-1", services=["formulation"]))
    versions.save_version(
        made, profile(name="ABC-1", stage="phase-2", services=["formulation", "clinical-operations"]), by=ana, note="Wider"
    )
    return made


def read(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_the_list_says_who_saved_what_and_what_it_changed(client, program):
    page = read(client, f"/programs/{program.token}/versions/")
    assert page.index(f"/programs/{program.token}/versions/2/") < page.index(f"/programs/{program.token}/versions/1/")
    assert "ana" in page
    assert "the edit link" in page
    assert "Wider" in page
    assert "Stages: phase 1 → phase 2" in page
    assert "Recommended: CDMO → CRO+CDMO" in page
    assert "The first." in page


def test_the_list_is_paged_and_asks_no_more_for_more(client, program, count_queries):
    address = f"/programs/{program.token}/versions/"
    client.get(address)
    with count_queries() as few:
        client.get(address)
    whole = program.versions.get(number=2)
    ProgramVersion.objects.bulk_create(
        ProgramVersion(program=program, number=number, profile=whole.profile, advice=whole.advice, software_version="0",
                       catalogue_version=whole.catalogue_version)
        for number in range(3, 40)
    )  # fmt: skip
    with count_queries() as many:
        page = read(client, address)
    assert len(few) == len(many) <= 5
    assert page.count('name="v"') == 25
    # What the last row of a page changed is told against the first of the next.
    assert page.count("Nothing but the date.") == 25
    assert "The first." in read(client, f"{address}?page=2")


def test_an_old_version_is_shown_as_it_was(client, program, add_vendors):
    before = read(client, f"/programs/{program.token}/versions/1/")
    assert "A CDMO for formulation development." in before
    assert "no longer the present one" in before
    assert "The catalogue is still the same." in before
    assert "But:" in before
    Vendor.objects.filter(slug="makers").update(name="Renamed Makers")
    add_vendors(vendor("better", services=["formulation", "oral-solid-dose"], stages=["phase-1"], modalities=["small-molecule"]))
    after = read(client, f"/programs/{program.token}/versions/1/")
    assert "Makers</a>" in after
    assert "Renamed" not in after
    assert "Better" not in after
    assert f"/programs/{program.token}/versions/1/today/" in after
    today = read(client, f"/programs/{program.token}/versions/1/today/")
    assert "Better" in today
    assert "Records changed between the two" in today


def test_the_figures_of_an_old_match_add_up(client, program):
    page = read(client, f"/programs/{program.token}/versions/1/")
    table, row = page.split("How the figure came about")[1].split("</table>")[:2]
    shown = [float(f) for f in re.findall(r'class="figure">([\d.]+)', table)]
    total = [float(f) for f in re.findall(r'class="figure"[^>]*>([\d.]+)', row)]
    rows = len(shown) // 3
    assert sum(shown[1::3]) == pytest.approx(total[0], abs=0.05 * rows + 0.5)
    assert sum(shown[2::3]) == pytest.approx(total[1], abs=0.05 * rows + 0.5)


def test_a_vendor_that_is_gone_is_named_without_a_link(client, program):
    Vendor.objects.get(slug="makers").delete()
    CatalogueVersion.bump()
    page = read(client, f"/programs/{program.token}/versions/1/")
    assert "Makers" in page
    assert "/vendors/makers/" not in page


def test_two_versions_are_compared(client, program):
    page = read(client, f"/programs/{program.token}/versions/compare/?v=2&v=1")
    assert "From version 1 to version 2" in page
    assert "<b>CDMO</b> becomes <b>CRO+CDMO</b>" in page
    assert "<del>phase 1</del> <ins>phase 2</ins>" in page


@pytest.mark.parametrize("query", ["v=1&v=9", "v=1&v=2&v=3", "v=7"])
def test_what_can_not_be_compared_is_said(client, program, query):
    assert "Choose two versions" in read(client, f"/programs/{program.token}/versions/compare/?{query}", 422)


def test_with_fewer_than_two_the_page_asks(client, program):
    assert "Tick two versions" in read(client, f"/programs/{program.token}/versions/compare/?v=nonsense&v=1")


def test_there_is_no_version_of_another_number_or_program(client, program):
    assert client.get(f"/programs/{program.token}/versions/3/").status_code == 404
    other = versions.new_program(profile())
    assert client.get(f"/programs/{other.token}/versions/2/").status_code == 404


def test_an_edit_is_the_next_version(client, program):
    address = f"/programs/{program.token}/edit/"
    page = read(client, address)
    assert 'value="ABC-1"' in page
    response = client.post(address, {"name": "ABC-1", "stage": "phase-3", "services": ["formulation"]})
    assert (response.status_code, response.url) == (302, f"/programs/{program.token}/")
    assert [version.profile["stage"] for version in program.versions.all()] == ["phase-1", "phase-2", "phase-3"]
    assert client.post(address, {"stage": ""}).status_code == 422
    assert program.versions.count() == 3


def test_a_draft_leads_on_to_its_answers_and_shows_readers_nothing(client, desk):
    draft = Program.objects.create(read_token="read-it", draft={"name": "Secret"})
    assert client.get(draft.get_absolute_url()).url == f"/programs/{draft.token}/edit/"
    assert "There is no advice here yet" in read(client, "/programs/read-it/")
    assert "Nothing is saved yet" in read(client, f"/programs/{draft.token}/versions/")
