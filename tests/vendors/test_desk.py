"""The curators' desk: import and export, many at once, duplicates and mergers, suggestions, broken addresses, and what waits."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.vendors.people import person
from tests.vendors.records import lines, record, source, store, store_vocabulary
from vendors import duplicates, facts, revisions, sheets, uploads
from vendors.models import Duplicate, FormerFact, Revision, Source, SourceAddress, Suggestion, Upload, Vendor

pytestmark = pytest.mark.django_db

START, DUPLICATES, VENDORS = "/admin/vendors/upload/", "/admin/vendors/duplicate/", "/admin/vendors/vendor/"


@pytest.fixture(autouse=True)
def small_vocabulary(db):
    store_vocabulary()


def signed_in(client, user):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


@pytest.fixture
def curator(client):
    return signed_in(client, person("curator", "Curators"))


@pytest.fixture
def contributor(client):
    return signed_in(client, person("contributor", "Contributors"))


def dumped(slug):
    return next(facts.dump(Vendor.objects.filter(slug=slug)))


# Import


def send(client, *records, name="vendors.jsonl", content=None):
    content = "\n".join(lines(*records)).encode() if content is None else content
    return client.post(START, {"file": SimpleUploadedFile(name, content)})


def confirm(client, address, **answers):
    shown = client.get(address)
    return client.post(address, {"fingerprint": shown.context["fingerprint"], "reason": "From the survey.", "confirm": "yes", **answers})


def test_a_file_is_shown_first_and_stored_only_when_it_is_confirmed(client, curator):
    store(record(name="Alpha"), record(name="Same"))
    sent = send(client, record(name="Alpha", founded=1900), record(name="Same"), record(name="Draft", verified_on=None), record(name="New"))
    page = client.get(sent.url)
    assert [(label, number) for _, label, number in page.context["counts"]] == [
        ("New", 2),
        ("Changed", 1),
        ("Unchanged", 1),
        ("Refused", 0),
    ]
    assert "<del>1998</del></td><td><ins>1900</ins>" in page.text
    assert (Vendor.objects.count(), Revision.objects.count()) == (2, 0)
    assert confirm(client, sent.url).url == START
    made = {revision.slug: (revision.status, revision.origin, revision.author, revision.reason) for revision in Revision.objects.all()}
    assert made == {
        "alpha": ("proposed", "import", curator, "From the survey."),
        "draft": ("applied", "import", curator, "From the survey."),
        "new": ("proposed", "import", curator, "From the survey."),
    }
    assert dumped("alpha")["founded"] == 1998
    assert Vendor.objects.filter(slug="draft", status="draft").exists()
    assert not Upload.objects.exists()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_a_file_is_is_told_by_its_content_and_not_by_its_name(form, client, curator):
    sent = send(client, content=sheets.write([record(name="Alpha")], sheets.Form(form)), name="picture.png")
    assert client.get(sent.url).context["counts"][0][2] == 1


def test_a_row_that_is_refused_holds_back_no_other_in_the_preview_and_all_when_it_is_confirmed(client, curator):
    content = sheets.write([record(name="Good", verified_on=None), record(name="Bad", hq={"city": "", "country": "CHX"})], sheets.CSV)
    sent = send(client, content=content)
    page = client.get(sent.url)
    assert [number for _, _, number in page.context["counts"]] == [1, 0, 0, 1]
    assert "table vendors, row 3, column hq_country" in page.text
    assert "the nearest is Switzerland (CH)" in page.text
    assert confirm(client, sent.url).status_code == 422
    assert not Vendor.objects.exists()


def test_what_is_confirmed_is_what_was_shown_or_it_is_shown_again(client, curator):
    store(record(name="Alpha"))
    sent = send(client, record(name="Alpha", founded=1900))
    seen = client.get(sent.url).context["fingerprint"]
    store(record(name="Alpha", founded=1950))
    answer = client.post(sent.url, {"fingerprint": seen, "reason": "Because.", "confirm": "yes"})
    assert answer.status_code == 409
    assert "has changed since" in answer.text
    assert "<del>1950</del></td><td><ins>1900</ins>" in answer.text
    assert not Revision.objects.exists()
    assert confirm(client, sent.url).status_code == 302


def test_what_else_changed_meanwhile_is_no_reason_to_look_again(client, curator):
    sent = send(client, record(name="Alpha", verified_on=None))
    seen = client.get(sent.url).context["fingerprint"]
    store(record(name="Beta"))
    assert client.post(sent.url, {"fingerprint": seen, "reason": "Because.", "confirm": "yes"}).status_code == 302


def test_a_content_that_was_changed_where_it_is_kept_is_not_stored(client, curator):
    sent = send(client, record(name="Alpha", verified_on=None))
    Upload.objects.update(content="\n".join(lines(record(name="Beta"))).encode())
    assert client.post(sent.url, {"fingerprint": "x", "reason": "Because."}).status_code in (302, 422)
    assert not Vendor.objects.exists()


def test_a_reason_is_needed(client, curator):
    sent = send(client, record(name="Alpha", verified_on=None))
    assert confirm(client, sent.url, reason=" ").status_code == 422
    assert not Vendor.objects.exists()


def test_a_file_is_there_for_who_sent_it_and_for_some_hours_only(client, curator):
    sent = send(client, record(name="Alpha", verified_on=None))
    signed_in(client, person("other", "Curators"))
    assert client.get(sent.url).status_code == client.post(sent.url, {"reason": "x", "fingerprint": "x"}).status_code == 404
    signed_in(client, curator)
    assert client.get(sent.url).status_code == 200
    Upload.objects.update(made_at=timezone.now() - uploads.KEPT_FOR - dt.timedelta(minutes=1))
    assert client.get(sent.url).status_code == 404
    send(client, record(name="Beta"))
    assert Upload.objects.count() == 1


def test_a_file_can_be_forgotten(client, curator):
    sent = send(client, record(name="Alpha"))
    client.post(sent.url, {"discard": "yes"})
    assert not Upload.objects.exists()
    assert not Vendor.objects.exists()


@pytest.mark.parametrize(
    "content,message",
    [
        (b"\xd0\xcf\x11\xe0 old", "old form"),
        (b"\x89PNG\r\n\x1a\n\0\0", "neither a text nor a workbook"),
        (b"PK\x03\x04 nothing", "can&#x27;t be read"),
        (b"hello\n", "no header of ours"),
        (b"\xff{", "UTF-8"),
        (b"  \n", "no sheet vendors"),
    ],
)
def test_a_file_that_is_none_of_ours_is_refused_in_words(content, message, client, curator):
    answer = send(client, content=content)
    assert answer.status_code == 422
    assert message in answer.text
    assert not Upload.objects.exists()


def test_a_file_that_is_too_large_is_refused_with_the_limit(client, curator, settings):
    settings.MAX_UPLOAD_BYTES = 2048
    answer = send(client, content=b"x" * 4096)
    assert answer.status_code == 422
    assert "at most 2 kB" in answer.text
    settings.BODY_BYTES = {"admin:vendors_upload_changelist": 1_100_000}
    assert send(client, content=b"x" * 1_200_000).status_code == 413
    assert client.post("/admin/vendors/vendor/", {"x": "x" * 1_060_000}).status_code == 413


def test_a_file_larger_than_other_bodies_may_be_is_taken_where_files_are_imported(client, curator):
    big = record(name="Alpha", verified_on=None, summary="x" * 1_200_000)
    assert send(client, big).status_code == 302


def test_the_template_and_every_export_are_read_again(client, curator):
    store(record(name="Alpha"), record(name="=Beta", slug="beta", verified_on=None))
    before = list(facts.dump(Vendor.objects.all()))
    for form in ("csv", "xlsx", "jsonl"):
        answer = client.get(f"{START}vendors.{form}")
        assert f".{form}" in answer.headers["Content-Disposition"]
        assert [entry.record for entry in uploads.entries(answer.content, uploads.form_of(answer.content))] == before
    for form in sheets.FORMS:
        assert sheets.read(client.get(f"{START}template.{form}").content, form) == []
    assert client.get(f"{START}template.pdf").status_code == client.get(f"{START}vendors.pdf").status_code == 404


@pytest.mark.parametrize("address", [START, START + "vendors.csv", START + "template.csv", START + "1/", DUPLICATES + "merge/"])
def test_who_may_not_curate_gets_in_nowhere(address, client, contributor):
    assert client.get(address).status_code == 403
    assert client.post(address, {"reason": "x"}).status_code == 403


def test_a_stranger_is_asked_to_sign_in(client):
    for address in (START, DUPLICATES, DUPLICATES + "merge/", "/admin/vendors/suggestion/", "/admin/vendors/sourceaddress/"):
        assert client.get(address).status_code == 302


def test_the_preview_takes_as_many_queries_for_many_rows_as_for_few(client, curator, count_queries):
    few = send(client, *(record(name=f"Few {number}") for number in range(3))).url
    many = send(client, *(record(name=f"Many {number}") for number in range(40))).url
    client.get(few)
    with count_queries() as for_few:
        client.get(few)
    with count_queries() as for_many:
        client.get(many)
    assert len(for_many) == len(for_few)


# Many at once


def change(client, vendors, **answers):
    return client.post(VENDORS, {"action": "change_many", "_selected_action": [vendor.pk for vendor in vendors], **answers})


def test_many_are_changed_after_a_look_and_with_a_reason(client, curator):
    vendors = store(record(name="Alpha"), record(name="Beta", services=["biostatistics"]))
    assert "Add terms" in change(client, vendors).text
    answers = {"kind": "add", "terms": ["services:biostatistics", "accreditations:gmp"]}
    shown = change(client, vendors, **answers, show="yes")
    assert [row.slug for row, _ in shown.context["shown"]] == ["alpha", "beta"]
    assert not Revision.objects.exists()
    assert change(client, vendors, **answers, submit="yes").status_code == 422
    assert change(client, vendors, **answers, submit="yes", reason="A survey.").status_code == 302
    made = {revision.slug: revision.after["services"] for revision in Revision.objects.waiting()}
    assert made == {"alpha": ["clinical-operations", "biostatistics"], "beta": ["biostatistics"]}
    assert dumped("alpha")["services"] == ["clinical-operations"]
    assert {revision.origin for revision in Revision.objects.all()} == {"bulk"}


def test_the_day_of_verification_is_set_for_many(client, curator):
    vendors = store(record(name="Alpha"), record(name="Beta"))
    assert change(client, vendors, kind="verified_on", verified_on="2999-01-01", show="yes").status_code == 422
    today = timezone.localdate().isoformat()
    change(client, vendors, kind="verified_on", verified_on=today, submit="yes", reason="Compared.")
    assert {revision.after["verified_on"] for revision in Revision.objects.all()} == {today}


def test_a_change_of_owner_is_one_action_and_the_former_owner_is_kept(client, curator):
    vendors = store(*(record(name=name, parent="Seller", sources=[source(supports=["parent"])]) for name in ("Alpha", "Beta")))
    answers = {"kind": "owner", "owner": "Buyer", "url": "https://news.example/1", "title": "Bought", "publisher": "News"}
    assert change(client, vendors, kind="owner", owner="Buyer", show="yes").status_code == 422
    assert change(client, vendors, **answers, submit="yes", reason="Bought in May.").status_code == 302
    reviewer = person("reviewer", "Reviewers")
    for revision in Revision.objects.waiting():
        revisions.approve(revision, by=reviewer)
    assert {vendor.parent for vendor in Vendor.objects.all()} == {"Buyer"}
    assert [(fact.fact, fact.value, fact.sources[0]["url"]) for fact in FormerFact.objects.all()] == [
        ("parent", "Seller", "https://alpina.example/about")
    ] * 2
    assert set(Source.objects.filter(url="https://news.example/1").values_list("title", flat=True)) == {"Bought"}


def test_what_would_break_a_rule_is_said_and_nothing_is_changed(client, curator):
    vendors = store(record(name="Alpha", verified_on=None))
    answer = change(client, vendors, kind="status", status="published", submit="yes", reason="x")
    assert answer.status_code == 422
    assert "verified" in answer.text
    assert not Revision.objects.exists()


def test_the_list_of_vendors_leads_curators_to_the_import(client, curator):
    assert f'href="{START}"' in client.get(VENDORS).text
    signed_in(client, person("contributor", "Contributors"))
    assert f'href="{START}"' not in client.get(VENDORS).text


def test_who_may_not_curate_is_not_offered_to_change_many(client, contributor):
    vendors = store(record(name="Alpha"))
    change(client, vendors, kind="add", terms=["services:biostatistics"], submit="yes", reason="x")
    assert not Revision.objects.exists()


# Duplicates


@pytest.fixture
def pair():
    store(record(name="Recipharm", founded=1995), record(name="Reciphram", founded=1996, website="https://www.other.example"))
    duplicates.refresh()
    return Duplicate.objects.get(first__slug="recipharm")


def test_a_pair_is_listed_with_its_reason_and_looked_at_side_by_side(client, curator, pair):
    assert "names differ by a letter or two: Recipharm, Reciphram" in client.get(DUPLICATES).text
    page = client.get(f"{DUPLICATES}{pair.pk}/change/")
    assert "<td>1995</td><td>1996</td>" in page.text


def test_a_pair_that_is_none_is_dismissed_with_a_reason(client, curator, pair):
    address = f"{DUPLICATES}{pair.pk}/change/"
    assert client.post(address, {"dismissal": ""}).status_code == 422
    client.post(address, {"dismissal": "Two houses."}, follow=True)
    assert "Reciphram" not in client.get(DUPLICATES).text
    assert "Two houses." in client.get(DUPLICATES + "?judged=dismissed").text
    pair.refresh_from_db()
    assert pair.dismissed_by == "curator"


def test_who_may_only_look_judges_nothing(client, contributor, pair):
    address = f"{DUPLICATES}{pair.pk}/change/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"dismissal": "x"}).status_code == 403
    assert client.post(DUPLICATES + "look-again/").status_code == 403


def test_a_curator_looks_again(client, curator, pair):
    Vendor.objects.filter(slug="reciphram").update(name="Other")
    assert client.post(DUPLICATES + "look-again/").status_code == 302
    assert not Duplicate.objects.exists()
    assert client.get(DUPLICATES + "look-again/").status_code == 405


def test_a_merger_is_shown_chosen_proposed_and_keeps_both_addresses(client, curator, pair):
    address = f"{DUPLICATES}merge/?survivor=recipharm&other=reciphram"
    page = client.get(address)
    assert [field.name for field in page.context["picks"]] == ["pick_name", "pick_website", "pick_founded"]
    shown = client.post(address, {"pick_founded": "other", "show": "yes"})
    assert ("founded", "1995", "1996") in [(each.key, each.before, each.after) for each in shown.context["differences"]]
    picks = {"pick_name": "survivor", "pick_website": "survivor", "pick_founded": "other"}
    assert client.post(address, {**picks, "confirm": "yes"}).status_code == 422
    assert client.post(address, {**picks, "confirm": "yes", "reason": "One registration."}).status_code == 302
    reviewer = person("reviewer", "Reviewers")
    for revision in Revision.objects.waiting():
        revisions.approve(revision, by=reviewer)
    assert dumped("recipharm")["founded"] == 1996
    assert dumped("recipharm")["aliases"] == ["Reciphram"]
    assert (dumped("reciphram")["status"], dumped("reciphram")["successor"]) == ("archived", "recipharm")


def test_a_vendor_is_not_merged_with_itself_or_with_nothing(client, curator, pair):
    assert client.get(f"{DUPLICATES}merge/?survivor=recipharm&other=recipharm").status_code == 302
    assert client.get(f"{DUPLICATES}merge/?survivor=recipharm&other=nobody").status_code == 404


# Suggestions


@pytest.fixture
def suggestion():
    [vendor] = store(record(name="Alpha", website=None))
    return Suggestion.objects.create(
        vendor=vendor, fact="founded", correction="It was 1997.", source_url="https://a.example/history", note="<b>bold</b>"
    )


def test_a_suggestion_is_taken_up_on_the_vendors_form(client, curator, suggestion):
    assert "It was 1997." in client.get("/admin/vendors/suggestion/").text
    address = f"/admin/vendors/suggestion/{suggestion.pk}/change/"
    page = client.get(address).text
    assert 'rel="noopener noreferrer nofollow"' in page
    assert "&lt;b&gt;bold" in page
    answer = client.post(address, {"accept": "yes"}, follow=True)
    assert answer.redirect_chain[0][0].startswith(f"/admin/vendors/vendor/{suggestion.vendor_id}/change/")
    assert [each.pk for each in answer.context["suggestions"]] == [suggestion.pk]
    assert not client.get(f"/admin/vendors/vendor/{suggestion.vendor_id}/change/").context["suggestions"]
    suggestion.refresh_from_db()
    assert (suggestion.status, suggestion.decided_by) == ("accepted", "curator")
    assert dumped("alpha")["founded"] == 1998


def test_to_decline_needs_a_reason_and_happens_once(client, curator, suggestion):
    address = f"/admin/vendors/suggestion/{suggestion.pk}/change/"
    assert client.post(address, {"decline": "yes"}).status_code == 422
    client.post(address, {"decline": "yes", "decision": "The register says 1998."})
    client.post(address, {"accept": "yes"})
    suggestion.refresh_from_db()
    assert (suggestion.status, suggestion.decision) == ("declined", "The register says 1998.")
    assert "It was 1997." not in client.get("/admin/vendors/suggestion/").text


def test_who_may_only_look_decides_about_no_suggestion(client, contributor, suggestion):
    assert client.post(f"/admin/vendors/suggestion/{suggestion.pk}/change/", {"accept": "yes"}).status_code == 403


# Broken addresses, and what waits


def test_a_broken_address_is_listed_with_the_vendors_that_rest_on_it(client, curator, count_queries):
    store(record(name="Alpha"), record(name="Beta"))
    SourceAddress.objects.create(url=source()["url"], failed_days=3, trouble="The server says 404 Not Found", checked_at=timezone.now())
    page = client.get("/admin/vendors/sourceaddress/?state=broken").text
    assert "The server says 404" in page
    assert page.count("/admin/vendors/vendor/") >= 2
    with count_queries() as few:
        client.get("/admin/vendors/sourceaddress/?state=broken")
    for number in range(20):
        SourceAddress.objects.create(url=f"https://x.example/{number}", failed_days=3)
    with count_queries() as many:
        client.get("/admin/vendors/sourceaddress/?state=broken")
    assert len(many) == len(few)


def work(client):
    page = client.get("/admin/")
    return {one.label: one.number for one in page.context["work"]}, page


def test_the_first_page_says_what_waits(client, curator, suggestion, pair, settings):
    store(record(name="Old", verified_on="2020-01-01"), record(name="Draft", verified_on=None), record(name="Gone", status="archived"))
    SourceAddress.objects.create(url="https://x.example", failed_days=3)
    revisions.submit({**dumped("alpha"), "founded": 1900}, by=curator, reason="x")
    numbers, page = work(client)
    assert numbers == {
        "Proposals": 1, "Suggestions": 1, "Drafts": 1, "Stale records": 1, "Unsourced facts": 5, "AI checks": 5,
        "Suspected duplicates": 1, "Broken addresses": 1,
    }  # fmt: skip
    settings.RECHECK_AFTER_DAYS = 36_500
    assert work(client)[0]["Stale records"] == 0
    for one in page.context["work"]:
        assert client.get(one.href).status_code == 200
    for label in ("Stale records", "AI checks", "Drafts", "Suggestions", "Suspected duplicates", "Broken addresses"):
        [one] = [each for each in page.context["work"] if each.label == label]
        assert client.get(one.href).context["cl"].result_count == (0 if label == "Stale records" else one.number)


def test_the_first_page_takes_as_many_queries_at_any_size(client, curator, count_queries):
    store(record(name="Alpha"))
    client.get("/admin/")
    with count_queries() as few:
        client.get("/admin/")
    store(*(record(name=f"Vendor {number}", verified_on=None) for number in range(50)))
    with count_queries() as many:
        client.get("/admin/")
    assert len(many) == len(few)


def test_a_number_says_how_many_the_list_behind_it_shows(client, curator):
    store(record(name="Old", verified_on="2020-01-01"), record(name="Fresh", verified_on=timezone.localdate().isoformat()))
    [stale] = [one for one in work(client)[1].context["work"] if one.label == "Stale records"]
    assert client.get(stale.href).context["cl"].result_count == stale.number == 1
