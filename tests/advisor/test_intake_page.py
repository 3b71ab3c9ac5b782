import pytest
from django.core.cache import cache

from advisor.models import Program

ANSWERS = {
    "name": "First in human", "stage": "phase-1", "through": "phase-2", "modality": "small-molecule", "therapeutic_areas": ["oncology"],
    "services": ["formulation", "clinical-operations"], "in_house": ["biostatistics"], "countries": "US, australia",
    "must_accreditations": ["gmp"], "must_countries": "", "priority_expertise": "5", "priority_single_vendor": "2",
    "priority_flexibility": "3", "priority_ai": "0",
}  # fmt: skip


def send(client, **answers):
    return client.post("/programs/new/", {**ANSWERS, **answers})


def page_of(response):
    return response.content.decode()


def test_the_answers_become_a_program_under_an_address_of_its_own(client, desk):
    response = send(client)
    program = Program.objects.get()
    assert response.status_code == 302
    assert response.url == f"/programs/{program.token}/"
    assert len(str(program.token)) >= 32
    assert program.profile == {
        "name": "First in human", "stage": "phase-1", "through": "phase-2", "therapeutic_areas": ["oncology"],
        "modality": "small-molecule", "services": ["clinical-operations", "formulation"], "in_house": ["biostatistics"],
        "countries": ["US", "AU"], "must_have": {"accreditations": ["gmp"], "countries": []},
        "priorities": {"expertise": 5, "single_vendor": 2, "flexibility": 3, "ai": 0}, "weights": {},
    }  # fmt: skip


def test_a_stage_and_a_modality_are_enough(client, desk):
    assert client.post("/programs/new/", {"stage": "phase-1", "modality": "mrna"}).status_code == 302


@pytest.mark.parametrize(
    "answers,words",
    [
        ({"stage": ""}, "Choose the stage that the program is in today"),
        ({"stage": "phase-9"}, "phase-9"),
        ({"through": "discovery"}, "comes before the stage now"),
        ({"services": [], "modality": ""}, "Tick at least one service"),
        ({"services": ["nonsense"]}, "nonsense"),
        ({"countries": "US, Germny"}, "Did you mean Germany?"),
        ({"must_countries": "Narnia"}, "“Narnia” is not a country known here"),
        ({"priority_ai": "9"}, "9"),
        ({"name": "x" * 201}, "200"),
        ({"name": "a\0b"}, "Null characters"),
    ],
)
def test_a_fault_is_told_and_nothing_typed_is_lost(client, desk, answers, words):
    response = send(client, **answers)
    page = page_of(response)
    assert response.status_code == 422
    assert words in page
    assert 'role="alert"' in page
    assert not Program.objects.exists()
    if "name" not in answers:
        assert 'value="First in human"' in page
    if "countries" not in answers:
        assert 'value="US, AU"' in page or 'value="US, australia"' in page
    if "services" not in answers:
        assert 'value="formulation" checked' in page
        assert 'value="biostatistics" checked' in page


def test_a_stored_program_can_be_opened_in_the_form_and_sent_as_a_new_one(client, desk):
    first = send(client).url
    token = first.split("/")[2]
    page = page_of(client.get(f"/programs/new/?from={token}"))
    assert 'value="First in human"' in page
    assert 'value="US, AU"' in page
    assert 'value="formulation" checked' in page
    assert "Started from" in page
    send(client, name="Second")
    assert {program.name for program in Program.objects.all()} == {"First in human", "Second"}


def test_an_unknown_program_to_start_from_gives_the_empty_form(client, desk):
    response = client.get("/programs/new/?from=nonsense")
    assert response.status_code == 200
    assert "Started from" not in page_of(response)


def test_a_post_without_a_token_is_refused_with_a_page(desk):
    from django.test import Client

    response = Client(enforce_csrf_checks=True).post("/programs/new/", ANSWERS)
    assert response.status_code == 403
    assert "Crossmatch" in page_of(response)


def test_too_many_posts_are_refused_for_a_while_and_nothing_is_stored(client, desk, settings):
    cache.clear()
    settings.POSTS_PER_HOUR = {"advisor:new": 2}
    assert [send(client).status_code for _ in range(3)] == [302, 302, 429]
    refused = send(client)
    assert int(refused.headers["Retry-After"]) > 0
    assert Program.objects.count() == 2
    assert client.get("/programs/new/").status_code == 200
    assert client.post("/programs/new/", ANSWERS, REMOTE_ADDR="198.51.100.7").status_code == 302


def test_a_body_beyond_the_limit_is_refused_with_a_page(client, desk):
    response = send(client, name="x" * 1_100_000)
    assert response.status_code == 413
    assert "1024" in page_of(response)
