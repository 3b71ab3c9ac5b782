"""The intake in sections: drafts that lose nothing, proposals kept or struck, a glance at the advice, a trial as a start."""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from advisor import origins
from advisor.intake import SECTIONS, WHY
from advisor.models import Program, ProgramVersion
from advisor.trials import registry
from tests.advisor.test_intake_page import ANSWERS, page_of

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
START = {"stage": "phase-1", "modality": "small-molecule"}


def upload(name="trial-adc-phase-1-2"):
    return SimpleUploadedFile("record.json", (SAMPLES / f"{name}.json").read_bytes(), "application/json")


@pytest.fixture
def draft(client, desk):
    """Keeps answers as a draft, gives where the reader is led."""

    def keep(address="/programs/new/", go="work", **answers):
        response = client.post(address, {**answers, "go": go})
        assert response.status_code == 302
        return response.url

    return keep


def test_every_question_stands_in_one_section():
    from advisor.forms import ProgramForm
    from tests.engine.builders import VOCABULARY

    asked = [name for section in SECTIONS for name in section.fields]
    assert sorted(asked) == sorted(set(ProgramForm(vocabulary=VOCABULARY).fields) - {"offered", "origins"})
    assert set(WHY) == set(asked) - {"name"}


def test_going_on_keeps_a_draft_and_leads_to_the_next_section(client, draft):
    address = draft(**START, name="Early thoughts")
    program = Program.objects.get()
    assert address == f"/programs/{program.token}/edit/?at=work#work"
    assert program.profile is None
    assert str(program) == "Early thoughts"
    assert not ProgramVersion.objects.exists()
    page = page_of(client.get(address))
    assert '<details class="section" id="work" open>' in page
    assert '<details class="section" id="program">' in page
    assert "Early thoughts" in page


def test_one_may_leave_jump_back_and_come_back_without_losing_anything(client, draft):
    wrong = {"name": "Half done", "stage": "phase-2", "through": "phase-1", "countries": "US, Germny", "services": ["formulation"]}
    address = draft(**wrong).split("?")[0]
    draft(address, go="program", **{**wrong, "wished": ["oral-solid-dose"], "must_countries": "Narnia"})
    page = page_of(client.get(address))
    for kept in (
        'value="Half done"',
        'value="US, Germny"',
        'value="Narnia"',
        'value="formulation" checked',
        'value="oral-solid-dose" checked',
    ):
        assert kept in page
    assert '<option value="phase-2" selected>' in page
    # What is wrong is said where it stands; what is only not answered yet is not.
    assert "Did you mean Germany?" in page
    assert "comes before the stage now" in page
    assert "Choose the stage that the program is in today" not in page
    assert Program.objects.count() == 1


def test_whoever_is_signed_in_finds_the_draft_among_their_own(client, draft, django_user_model):
    client.force_login(django_user_model.objects.create_user("ada"), "django.contrib.auth.backends.ModelBackend")
    page = page_of(client.get(draft(name="Mine")))
    assert Program.objects.filter(owner__username="ada", token=None).count() == 1
    assert "find it among" in page
    assert "whoever has it" not in page.partition("<aside")[0]
    assert "Mine" in page_of(client.get("/programs/"))


def test_an_empty_draft_is_no_fault(client, draft):
    page = page_of(client.get(draft()))
    assert "to correct" not in page
    assert 'class="error"' not in page


def test_a_draft_becomes_a_version_when_advice_is_asked_for(client, draft):
    address = draft(**START).split("?")[0]
    response = client.post(address, ANSWERS)
    program = Program.objects.get()
    assert response.url == f"/programs/{program.token}/"
    assert program.draft == {}
    assert program.versions.get().profile["name"] == "First in human"
    assert client.get(response.url).status_code == 200


def test_changing_a_program_keeps_its_version_until_advice_is_asked_for(client, draft, store):
    client.post("/programs/new/", ANSWERS)
    program = Program.objects.get()
    address = f"/programs/{program.token}/edit/"
    assert 'value="First in human"' in page_of(client.get(address))
    draft(address, **{**ANSWERS, "name": "Changed"})
    program.refresh_from_db()
    assert (program.name, program.versions.count()) == ("First in human", 1)
    assert 'value="Changed"' in page_of(client.get(address))
    client.post(address, {**ANSWERS, "name": "Changed"})
    program.refresh_from_db()
    assert (program.name, program.versions.count(), program.draft) == ("Changed", 2, {})


def test_a_refused_change_keeps_the_version_and_everything_typed(client, desk):
    client.post("/programs/new/", ANSWERS)
    program = Program.objects.get()
    response = client.post(f"/programs/{program.token}/edit/", {**ANSWERS, "countries": "Narnia"})
    assert response.status_code == 422
    assert 'value="Narnia"' in page_of(response)
    assert program.versions.count() == 1


@pytest.mark.parametrize("way", ["edit/", "edit/so-far/", "edit/from-trial/"])
def test_nobody_changes_a_program_without_the_right_to(client, draft, way):
    draft(**START)
    program = Program.objects.get()
    Program.objects.update(read_token="only-for-reading")
    assert client.post("/programs/nonsense/" + way, START).status_code == 404
    assert client.post("/programs/only-for-reading/" + way, START).status_code == 403
    program.refresh_from_db()
    assert program.draft["stage"] == ["phase-1"]


def test_a_draft_is_never_kept_by_a_cache_nor_indexed(client, draft):
    response = client.get(draft(**START))
    assert "no-store" in response.headers["Cache-Control"]
    assert "noindex" in response.headers["X-Robots-Tag"]


def test_what_no_database_can_store_is_no_obstacle_to_a_draft(client, draft):
    draft(**START, name="a\0b")
    assert Program.objects.get().draft["name"] == ["a b"]


# Proposed services


def services_of(client, **answers):
    """The services of the profile that answers make, as they are needed; asserts that they make one."""
    response = client.post("/programs/new/", answers)
    assert response.status_code == 302, page_of(response)
    return ProgramVersion.objects.latest("pk").profile["services"]


def offered(client, **answers):
    """What is proposed for answers: offered and ticked."""
    page = page_of(client.post("/programs/new/so-far/", answers))
    return [line.split('value="')[1].split('"')[0] for line in page.split("<input") if 'name="offered"' in line]


def test_what_is_usually_needed_comes_ticked_with_its_reason(client, desk):
    page = page_of(client.post("/programs/new/so-far/", START))
    assert "Usually needed: phase 1, small molecule" in page
    assert "A small molecule is made by chemical synthesis." in page
    assert '<input type="checkbox" name="services" value="small-molecule-api" checked>' in page
    assert '<input type="checkbox" name="services" value="viral-vector">' in page


def test_a_proposal_that_nobody_touched_stays_a_proposal(client, desk):
    proposed = offered(client, **START)
    assert len(proposed) > 5
    assert services_of(client, **START, services=proposed, offered=proposed) == []
    # It follows the stage, also when the page was drawn for another one.
    page = page_of(client.post("/programs/new/so-far/", {**START, "stage": "phase-3", "services": proposed, "offered": proposed}))
    assert "Usually needed: phase 3, small molecule" in page
    assert '<input type="checkbox" name="services" value="scale-up" checked>' in page


def test_struck_services_are_left_out_and_stay_struck(client, desk):
    proposed = offered(client, **START)
    rest = [slug for slug in proposed if slug != "small-molecule-api"]
    assert set(services_of(client, **START, services=rest, offered=proposed)) == set(rest)
    page = page_of(client.post("/programs/new/so-far/", {**START, "services": rest, "offered": proposed}))
    assert '<input type="checkbox" name="services" value="small-molecule-api">' in page


def test_services_beside_the_proposed_ones_are_added(client, desk):
    proposed = offered(client, **START)
    assert set(services_of(client, **START, services=[*proposed, "genomics"], offered=proposed)) == {*proposed, "genomics"}
    assert set(services_of(client, **START, services=proposed, wished=["genomics"], offered=proposed)) == {*proposed, "genomics"}


def test_striking_everything_is_told_and_brings_nothing_back(client, desk):
    proposed = offered(client, **START)
    response = client.post("/programs/new/", {**START, "offered": proposed})
    assert response.status_code == 422
    assert "Every proposed service was struck" in page_of(response)
    assert '<input type="checkbox" name="services" value="small-molecule-api">' in page_of(response)
    assert not Program.objects.exists()


# What the answers imply


def test_a_glance_at_the_advice_stores_nothing(client, desk):
    response = client.post("/programs/new/so-far/", {**START, "name": "Secret", "must_accreditations": ["gmp"], "at": "places"})
    page = page_of(response)
    assert response.status_code == 200
    assert '<p class="verdict-so-far">A CRO for' in page
    assert "Makers" in page
    assert 'value="Secret"' in page
    assert '<details class="section" id="places" open>' in page
    assert not Program.objects.exists()
    assert "no-store" in response.headers["Cache-Control"]


def test_too_little_for_a_glance_says_what_is_missing(client, desk):
    for answers in ({}, {"stage": "phase-1"}, {"stage": "phase-9", "modality": "mrna"}):
        response = client.post("/programs/new/so-far/", answers)
        assert response.status_code == 200
        assert "Choose the stage, and a modality or a service" in page_of(response)


def test_a_wrong_answer_does_not_hide_what_the_others_imply(client, desk):
    page = page_of(client.post("/programs/new/so-far/", {**START, "countries": "Narnia"}))
    assert "verdict-so-far" in page
    assert "not a country known here" in page


def test_the_glance_asks_no_more_of_the_database_for_more_vendors(client, desk, add_vendors, count_queries):
    from tests.engine.builders import vendor

    def queries():
        client.post("/programs/new/so-far/", START)
        with count_queries() as found:
            client.post("/programs/new/so-far/", START)
        return len(found)

    few = queries()
    add_vendors(*(vendor(f"more-{i}", services=["formulation"]) for i in range(30)))
    assert queries() == few


# A registered trial as a start


def test_an_uploaded_record_fills_the_form_and_is_not_stored(client, desk):
    response = client.post("/programs/new/from-trial/", {"trial_record": upload()})
    page = page_of(response)
    assert response.status_code == 200
    assert '<option value="antibody-drug-conjugate" selected>' in page
    assert '<option value="phase-2" selected>' in page
    assert 'value="US, AU, KR"' in page
    assert "From NCT99990001, phases: phase 1 and phase 2." in page
    assert "From NCT99990001: Working title, Stage now, Through stage, Modality, Therapeutic areas, Countries." in page
    assert not Program.objects.exists()


def test_what_a_trial_does_not_say_is_left_empty_and_said(client, desk):
    page = page_of(client.post("/programs/new/from-trial/", {"trial_record": upload("trial-device-without-phase")}))
    assert "The registry gives no phase (NA)" in page
    assert '<option value="" selected>Choose a stage</option>' in page


def test_what_somebody_typed_stays_when_a_trial_is_read(client, desk):
    answers = {"name": "Mine", "stage": "phase-3", "services": ["formulation"], "trial_record": upload()}
    page = page_of(client.post("/programs/new/from-trial/", answers))
    assert 'value="Mine"' in page
    assert '<option value="phase-3" selected>' in page
    assert 'value="formulation" checked' in page
    assert "Not touched, since you had answered: Working title, Stage now." in page


def test_a_second_trial_replaces_what_the_first_one_gave(client, desk):
    first = client.post("/programs/new/from-trial/", {"trial_record": upload()})
    sent = sent_by(first)
    page = page_of(
        client.post("/programs/new/from-trial/", {**sent, "name": "Mine", "trial_record": upload("trial-vaccine-children-2023")})
    )
    assert '<option value="vaccine" selected>' in page
    assert 'value="RU, TR"' in page
    assert 'value="Mine"' in page


def sent_by(response):
    """What the form of a page would send."""
    form = response.context["form"]
    return {
        name: form[name].value() if isinstance(form[name].value(), list) else form[name].value() or ""
        for name in ("name", "stage", "through", "modality", "therapeutic_areas", "countries", "origins")
    }


def test_where_each_value_comes_from_is_kept_with_the_program(client, desk):
    sent = sent_by(client.post("/programs/new/from-trial/", {"trial_record": upload()}))
    client.post("/programs/new/", {**sent, "modality": "small-molecule", "priority_ai": "3"})
    program = Program.objects.get()
    assert program.origins["stage"] == {
        "from": "registry", "trial": "NCT99990001", "field": "phases", "read": "phase 1 and phase 2"
    }  # fmt: skip
    assert program.origins["countries"]["from"] == "registry"
    assert program.origins["modality"] == {"from": "typed"}
    assert program.origins["priorities"] == {"from": "typed"}
    assert program.origins["services"] == program.origins["must_have"] == {"from": "default"}
    version = program.versions.get()
    assert version.origins == program.origins
    assert set(version.origins) == set(version.profile)


def test_origins_last_through_drafts_and_later_versions(client, draft):
    sent = sent_by(client.post("/programs/new/from-trial/", {"trial_record": upload()}))
    address = draft(**sent).split("?")[0]
    assert "From NCT99990001, phases" in page_of(client.get(address))
    client.post(address, sent)
    page = client.get(address)
    assert "From NCT99990001, phases" in page_of(page)
    client.post(address, {**sent_by(page), "stage": "phase-2"})
    program = Program.objects.get()
    assert program.versions.count() == 2
    assert program.origins["stage"] == {"from": "typed"}
    assert program.origins["name"]["trial"] == "NCT99990001"


def test_origins_last_through_advice_that_was_not_stored(client, desk):
    sent = sent_by(client.post("/programs/new/from-trial/", {"trial_record": upload()}))
    page = client.post("/programs/try/", sent)
    along = {"profile": page.context["profile_json"], "origins": page.context["signed_origins"]}
    assert not Program.objects.exists()
    changed = client.post("/programs/try/", {**along, "what_if": "1", "stage": "phase-1", "through": "phase-3"})
    client.post("/programs/try/", {"profile": changed.context["shown_json"], "origins": changed.context["signed_origins"], "do": "save"})
    kept = Program.objects.get().origins
    assert (kept["stage"]["from"], kept["through"]["from"]) == ("registry", "typed")


def test_nobody_can_say_that_a_value_was_read_that_was_not(client, desk):
    forged = origins.signed({"stage": {"from": "registry", "trial": "NCT00000000", "value": "phase-1"}})[:-1] + "x"
    client.post("/programs/new/", {**START, "origins": forged})
    assert Program.objects.get().origins["stage"] == {"from": "typed"}


@pytest.mark.parametrize(
    "content,words",
    [
        (b"", "empty"), (b"<clinical_study/>", "former ClinicalTrials.gov site"), (b'{"studies": []}', "search results"),
        (b'{"FullStudiesResponse": {}}', "version 1"), (b"[" * 100_000, "nested too deeply"), (b"\xff", "UTF-8"), (b"1" * 6000, "too long"),
    ],
    ids=lambda value: repr(value)[:20],
)  # fmt: skip
def test_a_file_that_is_no_record_is_told_and_nothing_is_lost(client, desk, content, words):
    file = SimpleUploadedFile("record.json", content, "application/json")
    response = client.post("/programs/new/from-trial/", {"name": "Mine", "trial_record": file})
    page = page_of(response)
    assert response.status_code == 422
    assert words in page or (content == b"" and "Write an NCT number" in page)
    assert 'value="Mine"' in page


def test_a_record_beyond_the_limit_is_refused_with_a_page(client, desk):
    file = SimpleUploadedFile("record.json", b" " * 1_100_000, "application/json")
    assert client.post("/programs/new/from-trial/", {"trial_record": file}).status_code == 413


def test_a_number_is_asked_of_the_registry(client, desk, monkeypatch):
    record = json.loads((SAMPLES / "trial-adc-phase-1-2.json").read_text(encoding="utf-8"))
    asked = []

    def fetch(number):
        asked.append(number)
        return record

    monkeypatch.setattr(registry, "fetch", fetch)
    page = page_of(client.post("/programs/new/from-trial/", {"trial_number": "NCT99990001"}))
    assert asked == ["NCT99990001"]
    assert "From NCT99990001, phases" in page


def test_a_registry_that_cannot_be_reached_is_told_with_the_way_out(client, desk, monkeypatch):
    def unreachable(number):
        def opener(request, seconds):
            raise OSError("no route")

        return fetch(number, opener=opener)

    fetch = registry.fetch
    monkeypatch.setattr(registry, "fetch", unreachable)
    response = client.post("/programs/new/from-trial/", {"trial_number": "NCT99990001", "name": "Mine"})
    page = page_of(response)
    assert response.status_code == 422
    assert "cannot be reached from this portal" in page
    assert "upload it here" in page
    assert 'value="NCT99990001"' in page
    assert 'value="Mine"' in page


@pytest.mark.parametrize("number,words", [("NCT12", "is not an NCT number"), ("", "Write an NCT number"), ("<b>", "&lt;b&gt;")])
def test_a_number_that_is_none_is_told(client, desk, number, words):
    response = client.post("/programs/new/from-trial/", {"trial_number": number})
    assert response.status_code == 422
    assert words in page_of(response)


def test_a_portal_may_keep_from_asking_the_registry(client, desk, settings, monkeypatch):
    settings.REGISTRY_FETCH = False
    monkeypatch.setattr(registry, "fetch", lambda number: pytest.fail("the registry was asked"))
    page = page_of(client.get("/programs/new/"))
    assert 'name="trial_number"' not in page
    assert 'name="trial_record"' in page
    response = client.post("/programs/new/from-trial/", {"trial_number": "NCT99990001"})
    assert response.status_code == 422
    assert "does not ask the registry" in page_of(response)


def test_every_question_with_a_reason_shows_it_with_its_source(client, desk):
    page = page_of(client.get("/programs/new/"))
    assert "A sponsor should matter to its partner." in page
    assert "BioCentriq" in page
    # The guide does not name the questions, so none may be laid at its door.
    assert "cellcarta" not in page.lower()
