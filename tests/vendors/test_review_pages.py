"""The pages on which changes are proposed, looked at and decided about; and the ways around them that are closed."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from tests.vendors.people import person, with_rights
from tests.vendors.records import ai, record, source, store, store_vocabulary
from tests.vendors.test_admin import ADD, LIST, NEW, RICH, dumped, filled, form_of, said, saved, send, terms
from vendors import revisions
from vendors.models import FormerFact, Revision, Service, Vendor

pytestmark = pytest.mark.django_db

REVISIONS = "/admin/vendors/revision/"


@pytest.fixture(autouse=True)
def small_vocabulary(db):
    store_vocabulary()


@pytest.fixture
def enter(client):
    """Signs somebody in, made with the roles named where they are not there yet."""

    def enter(name, *groups, **options):
        user = get_user_model().objects.filter(username=name).first() or person(name, *groups, **options)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return user

    return enter


def page_of(revision):
    return f"{REVISIONS}{revision.pk}/change/"


def decide(client, revision, decision, note=""):
    return client.post(page_of(revision), {"decision": decision, "note": note})


def proposed(enter, client, vendor, **changes) -> Any:
    enter("curt", "Curators")
    assert saved(send(client, form_of(vendor), **changes))
    return Revision.objects.latest("pk")


def test_a_change_of_what_readers_see_goes_by_proposal_review_and_approval(client, enter):
    [vendor] = store(RICH)
    made = proposed(enter, client, vendor, founded="2001", sites__1__city="Cambridge")
    assert dumped(vendor) == RICH
    assert f'href="{page_of(made)}"' in client.get(form_of(vendor)).content.decode()
    own = client.get(page_of(made)).content.decode()
    assert "somebody else has to approve it" in own
    assert 'value="approve"' not in own
    enter("rita", "Reviewers")
    page = client.get(page_of(made)).content.decode()
    for words in ("<del>1998</del>", "<ins>2001</ins>", "<del>Boston, United States</del>", "<ins>Cambridge, United States</ins>"):
        assert words in page
    assert "https://b.example" in page
    assert decide(client, made, "approve", "Seen").status_code == 302
    assert dumped(vendor)["founded"] == 2001
    history = client.get(f"/admin/vendors/vendor/{vendor.pk}/history/").content.decode()
    for words in ("curt", "rita", "Read it on their site", "Seen", "<ins>2001</ins>"):
        assert words in history


def test_what_a_source_supports_stays_as_it_was_in_whatever_order_it_was_written(client, enter):
    [vendor] = store(record(sources=[source(supports=["stages", "services", "name"])]))
    # A browser sends ticked boxes in the order of the page.
    made = proposed(enter, client, vendor, summary="Tests what others make.", sources__0__supports=["name", "services", "stages"])
    assert made.after["sources"] == made.before["sources"]


def test_a_preview_shows_the_page_to_be_and_changes_nothing(client, enter):
    [vendor] = store(record())
    made = proposed(enter, client, vendor, summary="Tests what others make.")
    for response in (
        client.get(f"{REVISIONS}{made.pk}/preview/"),
        send(client, form_of(vendor), summary="Tests what others make.", _preview="Preview"),
    ):
        assert response.status_code == 200
        assert "Tests what others make." in response.content.decode()
    new = send(client, ADD, **NEW, _preview="Preview")
    assert "Neue Firma" in new.content.decode()
    assert (dumped(vendor), Vendor.objects.count(), Revision.objects.count()) == (record(), 1, 1)


@pytest.mark.parametrize("decision", ["approve", "reject", "rebase", "withdraw"])
def test_who_may_not_decide_gets_no_further_by_sending_the_form_all_the_same(client, enter, decision):
    [vendor] = store(record())
    made = proposed(enter, client, vendor, founded="2001")
    client.force_login(with_rights("all-but", "view_revision", "change_revision", "change_vendor", "add_vendor", "propose_revision"),
                       backend="django.contrib.auth.backends.ModelBackend")  # fmt: skip
    assert decide(client, made, decision, "x").status_code == 403
    assert (dumped(vendor), Revision.objects.get().status) == (record(), "proposed")


def test_nobody_approves_their_own_by_any_page(client, enter, settings):
    [vendor] = store(record())
    root = enter("root", is_superuser=True)
    made: Any = revisions.submit(record(founded=2001), by=root, reason="x")
    assert decide(client, made, "approve").status_code == 403
    client.post(REVISIONS, {"action": "approve_selected", "_selected_action": [made.pk]})
    assert client.post(f"{REVISIONS}add/", {"slug": "x"}).status_code == 403
    assert client.post(f"{REVISIONS}{made.pk}/delete/", {"post": "yes"}).status_code == 403
    assert dumped(vendor) == record()
    settings.ONE_PERSON_MAY_APPROVE = True
    assert decide(client, made, "approve").status_code == 302
    assert "one person alone" in client.get(page_of(made)).content.decode()


def test_the_form_of_a_reviewer_is_to_read_only(client, enter):
    [vendor] = store(record())
    enter("rita", "Reviewers")
    assert client.get(form_of(vendor)).context["has_change_permission"] is False
    assert client.post(form_of(vendor), {"name": "X"}).status_code == 403
    assert client.post(ADD, {"name": "X"}).status_code == 403
    assert client.post(f"/admin/vendors/vendor/{vendor.pk}/verify/").status_code == 403
    assert client.get(f"/admin/vendors/vendor/{vendor.pk}/source/").status_code == 403
    assert dumped(vendor) == record()


def test_who_may_change_drafts_only_proposes_nothing(client):
    published, draft = store(record(), record(name="Draft", status="draft"))
    client.force_login(
        with_rights("drafts", "view_vendor", "change_vendor", "add_vendor"), backend="django.contrib.auth.backends.ModelBackend"
    )
    assert client.post(form_of(published), {"name": "X"}).status_code == 403
    response = send(client, form_of(draft), status="published")
    assert response.status_code == 422
    assert "You may not propose changes" in " ".join(said(response))
    assert saved(send(client, form_of(draft), founded="2001"))
    assert (dumped(draft)["founded"], dumped(draft)["status"]) == (2001, "draft")


def test_many_are_approved_at_once_and_what_cannot_be_is_named(client, enter):
    one, other = store(record(name="One"), record(name="Other"))
    first = proposed(enter, client, one, founded="2001")
    second = proposed(enter, client, other, founded="2001")
    store(record(name="Other", founded=1990))
    enter("rita", "Reviewers")
    chosen = {"action": "approve_selected", "_selected_action": [first.pk, second.pk]}
    told = [str(message) for message in client.post(REVISIONS, chosen, follow=True).context["messages"]]
    assert "Approved: 1 proposal." in told
    assert any("Other" in message and "has changed since" in message for message in told)
    assert dumped(one)["founded"] == 2001


def test_an_outdated_proposal_says_what_changed_and_is_brought_up_to_date(client, enter):
    [vendor] = store(record())
    made = proposed(enter, client, vendor, founded="2001")
    store(record(summary="Newer."))
    enter("rita", "Reviewers")
    assert decide(client, made, "approve").status_code == 409
    page = client.get(page_of(made)).content.decode()
    assert "The record has changed since this was proposed" in page
    assert "<ins>Newer.</ins>" in page
    assert decide(client, made, "rebase").status_code == 302
    assert decide(client, made, "approve").status_code == 302
    assert (dumped(vendor)["founded"], dumped(vendor)["summary"]) == (2001, "Newer.")


def test_a_form_that_was_opened_before_the_record_changed_is_not_saved_and_keeps_what_was_typed(client, enter):
    [vendor] = store(RICH)
    enter("curt", "Curators")
    address = form_of(vendor)
    typed = filled(client, address) | {"founded": "2001", "reason": "Read", "sites-0-city": "Bern"}
    store({**RICH, "summary": "Newer."})
    response = client.post(address, typed)
    assert response.status_code == 422
    assert "Somebody changed this record since you opened the form" in " ".join(said(response))
    page = response.content.decode()
    assert 'value="2001"' in page
    assert 'value="Bern"' in page


def test_an_author_changes_and_withdraws_a_proposal(client, enter):
    [vendor] = store(RICH)
    made = proposed(enter, client, vendor, founded="2001", sites__0__DELETE="on")
    address = f"{form_of(vendor)}?amend={made.pk}"
    page = client.get(address).content.decode()
    assert 'value="2001"' in page
    assert saved(send(client, address, founded="2002"))
    made.refresh_from_db()
    assert (made.after["founded"], len(made.after["sites"]), Revision.objects.count()) == (2002, 2, 1)
    assert decide(client, made, "withdraw").status_code == 302
    assert client.get(address).status_code == 404
    assert dumped(vendor) == RICH


def test_nobody_else_opens_a_proposal_to_change_it(client, enter):
    [vendor] = store(record())
    made = proposed(enter, client, vendor, founded="2001")
    enter("carl", "Curators")
    assert client.get(f"{form_of(vendor)}?amend={made.pk}").status_code == 404


def test_a_proposed_new_vendor_can_be_changed_before_anybody_approves(client, enter):
    enter("curt", "Curators")
    assert saved(send(client, ADD, **NEW, verified_on="2026-11-22", status="published"))
    made = Revision.objects.get()
    assert not Vendor.objects.exists()
    address = f"{ADD}?amend={made.pk}"
    assert 'value="Neue Firma"' in client.get(address).content.decode()
    other = {**NEW, "name": "Andere Firma", "verified_on": "2026-11-22", "status": "published"}
    assert saved(send(client, address, **other))
    made.refresh_from_db()
    assert (made.after["name"], Vendor.objects.count()) == ("Andere Firma", 0)


def test_a_change_is_taken_back_from_its_page(client, enter):
    [vendor] = store(record())
    made = proposed(enter, client, vendor, founded="2001")
    enter("rita", "Reviewers")
    decide(client, made, "approve")
    enter("curt")
    assert decide(client, made, "revert", "").status_code == 422
    assert decide(client, made, "revert", "Misread").status_code == 302
    enter("rita")
    decide(client, Revision.objects.latest("pk"), "approve")
    assert dumped(vendor) == record()


def test_what_becomes_of_a_fact_that_goes_has_to_be_said(client, enter):
    [vendor] = store(record(sources=[source(supports=["founded"])]))
    enter("curt", "Curators")
    response = send(client, form_of(vendor), founded="2001", former_as="")
    assert response.status_code == 422
    assert "Founded: 1998. Say what becomes of it." in " ".join(said(response))
    made = proposed(enter, client, vendor, founded="2001", former_as="contradicted")
    revisions.approve(made, by=person("rita", "Reviewers"))
    assert (FormerFact.objects.get().value, FormerFact.objects.get().why) == ("1998", "contradicted")
    assert "Founded: 1998" in client.get(form_of(vendor)).content.decode()


def test_one_click_verifies_with_day_and_person(client, enter):
    [vendor] = store(record(verified_on="2020-01-01"))
    enter("curt", "Curators")
    page = client.get(form_of(vendor)).content.decode()
    assert f'action="/admin/vendors/vendor/{vendor.pk}/verify/"' in page
    assert client.get(f"/admin/vendors/vendor/{vendor.pk}/verify/").status_code == 405
    assert client.post(f"/admin/vendors/vendor/{vendor.pk}/verify/").status_code == 302
    assert Vendor.objects.get(verified_on=timezone.localdate()).verified_by == "curt"
    assert "Verified on" in client.get(form_of(vendor)).content.decode()


# Sources of every fact


def test_every_fact_is_listed_with_its_sources_and_one_without_is_marked(client, enter):
    sources = [source(supports=["services:bioanalysis", "stages"]), source(url="https://b.example", title="B", supports=["ai"])]
    known = ai(level="applied", uses=["manufacturing-and-quality"], sources=[0], checked_on="2026-10-02")
    [vendor] = store(record(services=["bioanalysis", "biostatistics"], sources=sources, ai=known))
    enter("curt", "Curators")
    page = client.get(f"/admin/vendors/vendor/{vendor.pk}/facts/")
    found = {words: [place for place, _ in on_it] for _, rows in page.context["groups"] for _, words, on_it in rows}
    assert found["Bioanalysis"] == found["Phase 1"] == [0]
    assert found["Biostatistics and programming"] == []
    assert found["Applied"] == [0, 1]
    assert [places for words, places in found.items() if words.startswith("Manufacturing and quality")] == [[1]]
    assert "?fact=services%3Abiostatistics" in page.content.decode()


def test_adding_a_source_asks_what_it_supports_and_goes_by_review(client, enter):
    [vendor] = store(record(services=["bioanalysis", "biostatistics"], sources=[source(supports=["services:bioanalysis"])]))
    enter("curt", "Curators")
    address = f"/admin/vendors/vendor/{vendor.pk}/source/"
    form = client.get(f"{address}?fact=services:biostatistics").context["form"]
    assert form["supports"].value() == ["services:biostatistics"]
    typed = {
        "url": "https://c.example", "title": "C", "publisher": "C", "published": "2025-02", "read_on": "2026-11-01",
        "supports": ["services:biostatistics", "founded"], "reason": "Found it",
    }  # fmt: skip
    assert client.post(address, typed | {"url": "https://alpina.example/about"}).status_code == 422
    assert client.post(address, typed | {"supports": ["services:oral-solid-dose"]}).status_code == 422
    assert client.post(address, typed).status_code == 302
    revisions.approve(Revision.objects.get(), by=person("rita", "Reviewers"))
    assert dumped(vendor)["sources"][1] == {
        "url": "https://c.example", "title": "C", "publisher": "C", "published": "2025-02", "read_on": "2026-11-01",
        "supports": ["services:biostatistics", "founded"],
    }  # fmt: skip
    vendor.refresh_from_db()
    assert not {"services:biostatistics", "founded"} & set(vendor.unsourced)


def test_single_support_survives_the_form_and_goes_with_its_value(client, enter):
    single = [source(supports=["services:bioanalysis", "services:biostatistics", "hq"])]
    made = record(services=["bioanalysis", "biostatistics"], sources=single)
    [vendor] = store(made)
    enter("curt", "Curators")
    assert saved(send(client, form_of(vendor)))
    assert not Revision.objects.exists()
    change = proposed(enter, client, vendor, services=terms(Service, "bioanalysis"), former_as="superseded")
    assert set(change.after["sources"][0]["supports"]) == {"services:bioanalysis", "hq"}


def test_unsourced_facts_of_all_vendors_are_listed_by_kind_in_few_queries(client, enter, count_queries):
    enter("curt", "Curators")
    store(record(name="Full", sources=[source(supports=["hq", "founded", "employees", "summary", "services", "stages", "therapeutic_areas",
                                                        "accreditations", "sites"])]))  # fmt: skip
    store(record(name="First", sources=[source(supports=["services"])]))
    client.get("/admin/vendors/vendor/unsourced/")
    with count_queries() as few:
        page = client.get("/admin/vendors/vendor/unsourced/")
    assert [vendor.name for vendor, _ in page.context["rows"]] == ["First"]
    assert "Stages: Phase 1" in page.content.decode()
    store(*[record(name=f"V{number}", sources=[source(supports=["founded"])]) for number in range(30)])
    client.get("/admin/vendors/vendor/unsourced/")
    with count_queries() as many:
        client.get("/admin/vendors/vendor/unsourced/")
    assert len(many) == len(few)
    founded = client.get("/admin/vendors/vendor/unsourced/?of=founded")
    assert [vendor.name for vendor, _ in founded.context["rows"]] == ["First"]
    names = [vendor.name for vendor in client.get(f"{LIST}?sourced=yes").context["cl"].result_list]
    assert names == ["Full"]


def test_records_that_lack_an_ai_check_or_have_an_old_one_are_found(client, enter):
    enter("curt", "Curators")
    checked = {"level": "none-disclosed"}
    store(
        record(name="Never"),
        record(name="Old", ai=ai(**checked, checked_on="2020-01-01")),
        record(name="Fresh", ai=ai(**checked, checked_on=timezone.localdate().isoformat())),
    )
    for query, names in (("due", ["Never", "Old"]), ("never", ["Never"]), ("stale", ["Old"]), ("recent", ["Fresh"])):
        assert [vendor.name for vendor in client.get(f"{LIST}?ai-checked={query}").context["cl"].result_list] == names


def test_lists_and_history_take_as_many_queries_with_many_changes_as_with_few(client, enter, count_queries):
    [vendor] = store(record())
    curator = enter("curt", "Curators")
    pages = [REVISIONS, f"/admin/vendors/vendor/{vendor.pk}/history/", form_of(vendor)]

    def counted():
        numbers = []
        for page in pages:
            client.get(page)
            with count_queries() as queries:
                client.get(page)
            numbers.append(len(queries))
        return numbers

    revisions.submit(record(founded=1900), by=curator, reason="x")
    few = counted()
    for number in range(12):
        revisions.submit(record(founded=1950 + number), by=curator, reason="x")
    assert counted() == few


def test_names_are_suggested_a_few_at_a_time(client, enter):
    store(*[record(name=f"Zürich {number}", slug=f"z{number}", parent=f"Holding {number}") for number in range(30)])
    enter("curt", "Curators")
    found = client.get("/admin/vendors/vendor/suggest/?of=vendors&q=zurich").json()["found"]
    assert len(found) == 20
    assert found[0]["label"].startswith("Zürich")
    owners = client.get("/admin/vendors/vendor/suggest/?of=owners&q=holding").json()["found"]
    assert owners[0]["value"] == "Holding 0"
    client.logout()
    assert client.get("/admin/vendors/vendor/suggest/?q=zurich").status_code == 302


def test_a_country_is_named_as_people_do_and_a_wrong_one_is_corrected(client, enter):
    [vendor] = store(record(status="draft"))
    enter("curt", "Curators")
    assert saved(send(client, form_of(vendor), hq_country="germany", former_as="mistaken"))
    assert dumped(vendor)["hq"]["country"] == "DE"
    response = send(client, form_of(vendor), sites__0__country="Germny")
    assert "the nearest is Germany" in " ".join(said(response))
