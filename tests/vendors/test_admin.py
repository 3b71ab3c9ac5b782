"""Curation in the admin: what a curator sees, changes, publishes and archives, and what is refused in words."""

import datetime as dt
from html.parser import HTMLParser

import pytest
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.auth.models import Permission
from django.test import RequestFactory
from django.urls import resolve, reverse
from django.utils import timezone

from tests.vendors.people import person
from tests.vendors.records import ai, record, source, store, store_vocabulary
from vendors import facts, revisions, snapshot
from vendors.models import CatalogueVersion, Country, Revision, Service, ServiceGroup, Site, Source, Stage, TherapeuticArea, Vendor

pytestmark = pytest.mark.django_db

LIST, ADD = "/admin/vendors/vendor/", "/admin/vendors/vendor/add/"


@pytest.fixture(autouse=True)
def small_vocabulary(db):
    store_vocabulary()


def staff(client, name, **options):
    user = get_user_model().objects.create_user(name, is_staff=True, **options)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


@pytest.fixture
def owner(client):
    """Who may do everything."""
    return staff(client, "owner", is_superuser=True)


@pytest.fixture
def curator(client):
    """Who may do everything with the catalogue, and no more."""
    user = staff(client, "curator")
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="vendors"))
    return user


def form_of(vendor):
    return f"/admin/vendors/vendor/{vendor.pk}/change/"


def filled(client, address):
    """What a browser would send of a form that nobody touched. The page itself is not drawn, which takes most of the time."""
    view, request = resolve(address.partition("?")[0]), RequestFactory().get(address)
    request.user = get_user_model().objects.get(pk=client.session[SESSION_KEY])
    context = view.func(request, *view.args, **view.kwargs).context_data
    formsets = [inline.formset for inline in context["inline_admin_formsets"]]
    forms = [context["adminform"].form, *(form for formset in formsets for form in [formset.management_form, *formset.forms])]
    data = {}
    for form in forms:
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                data[field.html_name] = [str(each) for each in value] if isinstance(value, list) else str(value)
    return data


def send(client, address, **changes):
    """Send the form with some fields changed; None takes a field away. Names of rows are written sites__0__city."""
    why = {"reason": "Read it on their site", "former_as": "mistaken"}
    data = filled(client, address) | why | {name.replace("__", "-"): value for name, value in changes.items()}
    return client.post(address, {name: value for name, value in data.items() if value is not None})


def saved(response) -> bool:
    return response.status_code == 302


def approved(response) -> bool:
    """Whether the form was saved; a proposal that it made is approved by somebody else."""
    if saved(response):
        approve_all()
    return saved(response)


def approve_all():
    reviewer = get_user_model().objects.filter(username="rita").first() or person("rita", "Reviewers")
    for waiting in Revision.objects.waiting():
        revisions.approve(waiting, by=reviewer)


def said(response):
    """Every error of a form and of its rows, in words."""
    return [error for errors in response.context["errors"] for error in ([errors] if isinstance(errors, str) else errors)]


def dumped(vendor):
    [found] = facts.dump(Vendor.objects.filter(pk=vendor.pk))
    return found


def terms(model, *slugs):
    return [str(term.pk) for term in model.objects.filter(slug__in=slugs)]


RICH = record(
    name="Rich Labs", aliases=["Richer", "Rich & Co"], parent="Holding", type="CDMO",
    services=["oral-solid-dose", "bioanalysis"], modalities=["gene-therapy"], accreditations=["gmp", "gcp"],
    sites=[
        {"city": "Basel", "country": "CH", "what": "one"},
        {"city": "Boston", "country": "US", "what": ""},
        {"city": "Bonn", "country": "DE", "what": ""},
    ],
    ai=ai(level="applied", uses=["manufacturing-and-quality"], note="Cameras", sources=[1], checked_on="2026-10-01"),
    sources=[source(), source(url="https://b.example", title="B", published="2024-05", supports=["ai", "sites"], read_on="2026-09-30")],
)  # fmt: skip

NEW = {
    "name": "Neue Firma", "slug": "neue-firma", "type": "CMO",
    "sources__0__url": "https://neue.example", "sources__0__title": "About", "sources__0__publisher": "Neue Firma",
}  # fmt: skip


# The list


def rows(client, query=""):
    """The names of the vendors that the list shows."""
    response = client.get(LIST + query)
    assert response.status_code == 200
    return [vendor.name for vendor in response.context["cl"].result_list]


def test_a_stranger_is_asked_to_log_in(client):
    response = client.get(LIST)
    assert (response.status_code, response.url) == (302, f"/admin/login/?next={LIST}")


def test_the_list_says_type_status_verification_and_how_much_is_known(client, curator):
    store(RICH)
    page = client.get(LIST).content.decode()
    cells = {"type": "CDMO", "status": "Published", "source_number": 2, "service_number": 2}
    assert [name for name, value in cells.items() if f'<td class="field-{name}">{value}</td>' not in page] == []
    assert '<td class="field-verified">2026-11-22' in page


def test_a_stale_and_an_unverified_vendor_are_marked(client, curator):
    fresh, stale, _ = store(record(name="Fresh"), record(name="Stale"), record(name="Never", verified_on=None))
    today = timezone.localdate()
    Vendor.objects.filter(pk=fresh.pk).update(verified_on=today)
    Vendor.objects.filter(pk=stale.pk).update(verified_on=today - dt.timedelta(days=366))
    page = client.get(LIST).content.decode()
    assert page.count("<strong>stale</strong>") == 1
    assert page.count('<td class="field-verified">never</td>') == 1
    assert rows(client, "?verified=recent") == ["Fresh"]
    assert rows(client, "?verified=stale") == ["Stale"]
    assert rows(client, "?verified=never") == ["Never"]
    assert rows(client, "?o=4") == ["Never", "Stale", "Fresh"]


@pytest.mark.parametrize(
    "query, names",
    [
        ("?type__exact=CDMO", ["Rich Labs"]),
        ("?status__exact=draft", ["Draft"]),
        ("?ai=applied", ["Rich Labs"]),
        ("?ai=not-checked", ["Alpina Clinical", "Draft"]),
        ("?country=US", ["Rich Labs"]),
        ("?country=CH", ["Alpina Clinical", "Draft", "Rich Labs"]),
        ("?group=drug-product", ["Rich Labs"]),
        ("?group=laboratory", ["Rich Labs"]),
        ("?group=clinical&status__exact=published", ["Alpina Clinical"]),
        ("?group=drug-substance", []),
        ("?q=alpina", ["Alpina Clinical"]),
        ("?q=RICHER", ["Rich Labs"]),
        ("?q=holding", ["Rich Labs"]),
        ("?q=rich+holding", ["Rich Labs"]),
        ("?q=r%C3%ADch", ["Rich Labs"]),
        ("?q=nobody", []),
        ("?q=%00", []),
    ],
)
def test_the_list_is_filtered_and_searched(client, curator, query, names):
    store(RICH, record(), record(name="Draft", verified_on=None))
    if query == "?q=%00":
        assert client.get(LIST + query).status_code == 200  # a character that no database finds is no crash
    else:
        assert rows(client, query) == names


@pytest.mark.parametrize("query", ["?verified=nonsense", "?ai=nonsense", "?country=nonsense", "?group=nonsense"])
def test_a_filter_that_cannot_be_read_shows_nothing_rather_than_everything(client, curator, query):
    store(record())
    assert rows(client, query) == []


def test_the_filters_offer_only_countries_in_use(client, curator):
    store(
        record(hq=None, sites=[{"city": "Berlin", "country": "DE", "what": ""}]),
        record(name="B", hq={"city": "", "country": "US"}, sites=[]),
    )
    page = client.get(LIST).content.decode()
    assert [code for code in ("DE", "US", "GB") if f"country={code}" in page] == ["DE", "US"]


def test_the_filters_can_count(client, curator):
    store(RICH, record())
    page = client.get(LIST + "?_facets=True").content.decode()
    assert "CDMO (1)" in page
    assert "Drug product manufacturing and supply (1)" in page
    assert "Switzerland (2)" in page
    assert "Within a year (" in page


def test_the_list_takes_as_many_queries_with_many_vendors_as_with_few(client, curator, count_queries):
    store(RICH)
    client.get(LIST)
    with count_queries() as few:
        client.get(LIST)
    store(*[{**RICH, "slug": f"rich-{number}"} for number in range(20)])
    with count_queries() as many:
        client.get(LIST)
    assert len(many) == len(few)


# Publishing and archiving


def act(client, action, *vendors, **more):
    """Choose vendors in the list and an action, and say why; returns what the next page says."""
    data = {"action": action, "_selected_action": [vendor.pk for vendor in vendors], "reason": "Asked by their owner", **more}
    response = client.post(LIST, data, follow=True)
    approve_all()
    return [str(message) for message in response.context["messages"]]


def test_verified_vendors_are_proposed_for_publication_and_the_others_are_named(client, curator):
    draft, unverified, archived = store(
        record(name="Draft", status="draft"), record(name="Unverified", verified_on=None), record(name="Archived", status="archived")
    )
    messages = act(client, "publish", draft, unverified, archived)
    assert dict(Vendor.objects.values_list("name", "status")) == {"Draft": "published", "Unverified": "draft", "Archived": "published"}
    assert messages[0] == "2 proposals wait for review."
    assert "nobody has verified them yet: Unverified." in messages[1]


def test_archived_vendors_are_kept_and_leave_the_catalogue_that_readers_see(client, curator):
    one, _ = store(record(name="One"), record(name="Other"))
    assert [row.name for row in snapshot.current().rows] == ["One", "Other"]
    assert act(client, "archive", one) == ["1 proposal waits for review."]
    assert [row.name for row in snapshot.current().rows] == ["Other"]
    assert dumped(one) == record(name="One", status="archived")


def test_each_vendor_that_was_published_or_archived_has_it_in_its_history(client, curator):
    one, other, third = store(record(name="One"), record(name="Other"), record(name="Third", status="archived"))
    act(client, "archive", one, other, third)
    made = Revision.objects.order_by("name").values_list("name", "author", "origin", "status", "reason", "decided_by_name")
    assert list(made) == [(name, curator.pk, "bulk", "applied", "Asked by their owner", "rita") for name in ("One", "Other")]
    page = client.get(f"/admin/vendors/vendor/{one.pk}/history/").content.decode()
    assert "Asked by their owner" in page
    assert "<ins>Archived</ins>" in page


def test_an_action_asks_why_before_anything_is_proposed(client, curator):
    [vendor] = store(record())
    page = client.post(LIST, {"action": "archive", "_selected_action": [vendor.pk]})
    assert (page.status_code, page.context["form"].is_bound) == (200, False)
    assert "Alpina Clinical" in page.content.decode()
    empty = client.post(LIST, {"action": "archive", "_selected_action": [vendor.pk], "reason": " "})
    assert empty.status_code == 422
    assert "This field is required." in empty.content.decode()
    assert not Revision.objects.exists()


def test_publishing_what_is_published_changes_nothing(client, curator):
    [vendor] = store(record())
    before = CatalogueVersion.current(), vendor.changed_at
    assert act(client, "publish", vendor) == ["Published already: nothing to propose."]
    assert (CatalogueVersion.current(), Vendor.objects.get().changed_at) == before
    assert not Revision.objects.exists()


def test_a_status_that_changed_changes_the_day_of_change_too(client, curator):
    [vendor] = store(record())
    act(client, "archive", vendor)
    assert Vendor.objects.get().changed_at > vendor.changed_at


def test_who_may_only_look_is_offered_no_action(client):
    staff(client, "reader").user_permissions.set(Permission.objects.filter(codename="view_vendor"))
    [vendor] = store(record())
    assert rows(client) == ["Alpina Clinical"]
    client.post(LIST, {"action": "archive", "_selected_action": [vendor.pk], "reason": "x"})
    assert not Revision.objects.exists()
    assert client.get(form_of(vendor)).context["has_change_permission"] is False


# The form


def test_an_untouched_form_changes_nothing_of_a_rich_record(client, curator):
    [vendor] = store(RICH)
    assert saved(send(client, form_of(vendor)))
    assert dumped(vendor) == RICH
    assert not Revision.objects.exists()
    assert not LogEntry.objects.exists()


def test_a_new_vendor_comes_with_its_sites_and_sources_and_its_first_line_of_history(client, curator):
    response = send(
        client,
        ADD,
        **NEW,
        aliases="NF\r\n\r\n  Firma  \r\n",
        hq_city="Basel",
        hq_country="CH",
        employees="40",
        employees_year="2025",
        services=terms(Service, "oral-solid-dose", "bioanalysis"),
        stages=terms(Stage, "phase-1"),
        ai_level="applied",
        ai_checked_on="2026-11-01",
        verified_on="2026-11-22",
        status="published",
        sites__0__city="Bern",
        sites__0__country="CH",
        sites__0__what="tablets",
        sources__0__supports=["name", "sites"],
        sources__0__shows_ai_level="on",
        sources__0__published="2025-02",
    )
    assert not Vendor.objects.exists()
    assert approved(response)
    found = dumped(Vendor.objects.get())
    # Ticked boxes have no order of their own.
    assert found | {"services": sorted(found["services"])} == {
        "slug": "neue-firma",
        "name": "Neue Firma",
        "aliases": ["NF", "Firma"],
        "parent": None,
        "type": "CMO",
        "website": None,
        "hq": {"city": "Basel", "country": "CH"},
        "founded": None,
        "employees": {"about": 40, "as_of": 2025},
        "summary": "",
        "services": ["bioanalysis", "oral-solid-dose"],
        "stages": ["phase-1"],
        "therapeutic_areas": [],
        "modalities": [],
        "accreditations": [],
        "sites": [{"city": "Bern", "country": "CH", "what": "tablets"}],
        "ai": ai(level="applied", sources=[0], checked_on="2026-11-01"),
        "sources": [
            source(url="https://neue.example", title="About", publisher="Neue Firma", published="2025-02", supports=["name", "sites"]),
        ],
        "verified_on": "2026-11-22",
    }
    assert Revision.objects.get().before is None
    assert [row.slug for row in snapshot.current().rows] == ["neue-firma"]


def test_a_new_vendor_is_a_draft_unless_something_else_is_chosen(client, curator):
    assert saved(send(client, ADD, **NEW))
    assert Vendor.objects.get().status == "draft"
    assert LogEntry.objects.get().action_flag == ADDITION


def test_a_record_that_the_form_saved_is_one_that_a_file_could_hold(client, curator):
    send(client, ADD, **NEW)
    record_in_a_file = dumped(Vendor.objects.get())
    Vendor.objects.all().delete()
    store(record_in_a_file)


def test_every_field_of_a_vendor_is_on_the_form(client, curator):
    [vendor] = store(RICH)
    form = client.get(form_of(vendor)).context["adminform"].form
    shown = set(form.fields) | {"changed_at", "verified_by"}
    columns = {field.name for field in [*Vendor._meta.concrete_fields, *Vendor._meta.many_to_many]}
    assert columns - shown == {"id", "sort_name", "search_names", "unsourced", "unsourced_number"}


def test_services_stand_under_their_groups_in_reading_order(client, curator):
    page = client.get(ADD).content.decode()
    found = ["Laboratory and biomarkers", "Bioanalysis", "Clinical research", "Clinical operations", "Drug product", "Sterile fill"]
    places = [page.index(name) for name in found]
    assert places == sorted(places)


def test_the_slug_is_proposed_for_a_new_vendor_and_a_stored_one_is_renamed_by_curators_only(client, curator):
    assert "id_name" in str(client.get(ADD).context["adminform"].prepopulated_fields[0]["dependencies"][0].auto_id)
    [vendor] = store(record())
    client.force_login(person("cleo", "Contributors"), backend="django.contrib.auth.backends.ModelBackend")
    assert approved(send(client, form_of(vendor), slug="another", name="Renamed"))
    assert (Vendor.objects.get().slug, Vendor.objects.get().name) == ("alpina-clinical", "Renamed")
    client.force_login(curator, backend="django.contrib.auth.backends.ModelBackend")
    assert approved(send(client, form_of(vendor), slug="another"))
    assert (Vendor.objects.get().slug, Vendor.objects.get().former_slugs.get().old) == ("another", "alpina-clinical")


def test_search_finds_a_renamed_vendor_under_its_new_name(client, curator):
    [vendor] = store(record())
    assert approved(send(client, form_of(vendor), name="Zürcher Studien", aliases="Çelik"))
    assert rows(client, "?q=zurcher") == rows(client, "?q=celik") == ["Zürcher Studien"]


def test_only_a_published_vendor_has_a_link_to_its_page(client, curator):
    published, draft = store(record(name="Published"), record(name="Draft", status="draft"))
    address = reverse("vendors:detail", args=["published"])
    assert f'href="{address}"' in client.get(form_of(published)).content.decode()
    assert "View on site" not in client.get(form_of(draft)).content.decode()


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"verified_on": ""}, "Enter the day the record was verified before publishing it."),
        ({"ai_level": "none-disclosed"}, "The AI level and the day it was checked go together: fill in both or neither."),
        ({"ai_checked_on": "2026-01-01"}, "The AI level and the day it was checked go together: fill in both or neither."),
        ({"hq_country": ""}, "Choose the country of the headquarters."),
        ({"employees_year": ""}, "The number of employees, 1 to 10,000,000, and its year go together: fill in both or neither."),
        ({"employees": ""}, "The number of employees, 1 to 10,000,000, and its year go together: fill in both or neither."),
        ({"founded": "98"}, "Write the year of foundation with four figures."),
        ({"name": ""}, "This field is required."),
        ({"name": "a\x00b"}, "Null characters are not allowed."),
        ({"aliases": "a\x00b"}, "Null characters are not allowed."),
        ({"aliases": "Alpina\r\nAlpina"}, "A name is there twice."),
        ({"website": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"verified_on": "yesterday"}, "Enter a valid date."),
        (
            {"ai_level": "applied", "ai_checked_on": "2026-01-01"},
            "The AI level applied needs a source that shows it: tick “shows the AI level” on one.",
        ),
        ({"sources__0__DELETE": "on"}, "A record rests on at least one source."),
        ({"sources__0__url": "ftp://alpina.example"}, "Enter a valid URL."),
        ({"sources__0__published": "May 2024"}, "Write YYYY-MM-DD, YYYY-MM or YYYY."),
        ({"sources__0__supports": "everything"}, "Select a valid choice. everything is not one of the available choices."),
        ({"sites__0__city": ""}, "This field is required."),
        ({"sites__0__place": "0"}, "Ensure this value is greater than or equal to 1."),
        (
            {"sites__1__city": "Basel", "sites__1__country": "CH", "sites__1__what": "headquarters"},
            "This site is there twice.",
        ),
        (
            {"sources__1__url": "https://alpina.example/about", "sources__1__title": "x", "sources__1__publisher": "x"},
            "This address is there twice.",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_words_and_nothing_is_saved(client, curator, changes, words):
    [vendor] = store(record())
    before = CatalogueVersion.current()
    response = send(client, form_of(vendor), **changes)
    assert words in said(response)
    assert not any("onstraint" in message for message in said(response))
    assert dumped(vendor) == record()
    assert CatalogueVersion.current() == before


def test_two_new_rows_that_are_the_same_are_refused_too(client, curator):
    twice = {f"sites-{number}-{name}": value for number in (0, 1) for name, value in {"city": "Bern", "country": "CH", "what": ""}.items()}
    response = send(client, ADD, **NEW, **twice, **{"sites-TOTAL_FORMS": "2"})
    assert "This site is there twice." in said(response)
    assert not Vendor.objects.exists()


def test_uses_of_ai_are_refused_where_none_was_found(client, curator):
    [vendor] = store(RICH)
    response = send(client, form_of(vendor), ai_level="none-disclosed")
    assert response.context["adminform"].form.errors["ai_uses"] == ["Uses go with the level exploring, applied or embedded."]


def test_a_new_vendor_needs_a_source(client, curator):
    without = {name: value for name, value in NEW.items() if not name.startswith("sources")}
    response = send(client, ADD, **without)
    assert "A record rests on at least one source." in said(response)
    assert not Vendor.objects.exists()


def test_a_slug_is_taken_once_and_well_formed(client, curator):
    store(record())
    assert "Vendor with this Slug already exists." in said(send(client, ADD, **{**NEW, "slug": "alpina-clinical"}))
    bad = said(send(client, ADD, **{**NEW, "slug": "Neue Firma"}))
    assert "Write small letters, figures and single hyphens, such as fill-finish-2." in bad


def test_what_was_typed_is_still_there_after_an_error(client, curator):
    page = send(client, ADD, **{**NEW, "type": ""}, aliases="One\r\nTwo", sites__0__city="Bern").content.decode()
    for typed in ('value="Neue Firma"', "One\r\nTwo", 'value="Bern"', 'value="https://neue.example"'):
        assert typed in page


# The order of sites and sources


def places(client, vendor, **changes):
    """The cities in their order after the form was sent."""
    assert approved(send(client, form_of(vendor), **changes))
    found = list(vendor.sites.all())
    assert [site.position for site in found] == list(range(len(found)))
    return [site.city for site in found]


@pytest.mark.parametrize(
    "changes, order",
    [
        ({"sites__2__place": "1"}, ["Bonn", "Basel", "Boston"]),
        ({"sites__0__place": "3"}, ["Boston", "Bonn", "Basel"]),
        ({"sites__0__place": "2"}, ["Boston", "Basel", "Bonn"]),
        ({"sites__1__place": ""}, ["Basel", "Bonn", "Boston"]),
        ({"sites__0__place": "2", "sites__1__place": "1"}, ["Boston", "Basel", "Bonn"]),
        ({"sites__1__DELETE": "on"}, ["Basel", "Bonn"]),
        ({"sites__3__city": "Bern", "sites__3__country": "CH"}, ["Basel", "Boston", "Bonn", "Bern"]),
        ({"sites__3__city": "Bern", "sites__3__country": "CH", "sites__3__place": "1"}, ["Bern", "Basel", "Boston", "Bonn"]),
        ({"sites__3__city": "Bern", "sites__3__country": "CH", "sites__0__DELETE": "on"}, ["Boston", "Bonn", "Bern"]),
    ],
)
def test_sites_keep_the_order_that_the_curator_gives_them(client, curator, changes, order):
    [vendor] = store(RICH)
    assert places(client, vendor, **changes) == order


def test_a_source_that_moves_takes_what_it_shows_along(client, curator):
    [vendor] = store(RICH)
    assert approved(send(client, form_of(vendor), sources__1__place="1"))
    changed = dumped(vendor)
    assert [each["url"] for each in changed["sources"]] == ["https://b.example", "https://alpina.example/about"]
    assert changed["ai"]["sources"] == [0]


def test_one_more_site_and_source_can_be_added_without_script(client, curator):
    [vendor] = store(RICH)
    formsets = [inline.formset for inline in client.get(form_of(vendor)).context["inline_admin_formsets"]]
    assert [(formset.prefix, len(formset.extra_forms)) for formset in formsets] == [("sites", 1), ("sources", 1)]
    new = {"url": "https://c.example", "title": "C", "publisher": "C", "supports": ["stages"]}
    assert approved(send(client, form_of(vendor), **{f"sources__2__{name}": value for name, value in new.items()}))
    assert [each.title for each in Vendor.objects.get().sources_of("stages")] == ["C"]


def test_the_form_takes_as_many_queries_with_many_sites_and_sources_as_with_few(client, curator, count_queries):
    [vendor] = store(record())
    client.get(form_of(vendor))
    with count_queries() as few:
        client.get(form_of(vendor))
    sites = [{"city": f"City {number}", "country": "US", "what": ""} for number in range(12)]
    store(record(sites=sites, sources=[source(url=f"https://a.example/{number}") for number in range(12)]))
    snapshot.current()
    with count_queries() as many:
        client.get(form_of(vendor))
    assert len(many) == len(few)


# Deleting


def test_a_curator_archives_and_cannot_delete(client, curator):
    [vendor] = store(record())
    assert client.post(f"/admin/vendors/vendor/{vendor.pk}/delete/", {"post": "yes"}).status_code == 403
    act(client, "delete_selected", vendor)
    assert Vendor.objects.get() == vendor
    assert "delete_selected" not in client.get(LIST).content.decode()


def test_what_readers_saw_cannot_be_deleted_by_anybody(client, owner):
    one, other, draft = store(record(name="One"), record(name="Other", status="archived"), record(name="Draft", status="draft"))
    for vendor in (one, other):
        assert client.post(f"/admin/vendors/vendor/{vendor.pk}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [one.pk, other.pk, draft.pk]}
    assert "One: archive it instead" in client.post(LIST, chosen).content.decode()
    client.post(LIST, {**chosen, "post": "yes"})
    assert {"One", "Other"} <= set(Vendor.objects.values_list("name", flat=True))


def test_the_owner_can_delete_a_draft(client, owner):
    one, other, third = store(record(name="One", status="draft"), record(name="Other", status="draft"), record(name="Third"))
    client.post(f"/admin/vendors/vendor/{one.pk}/delete/", {"post": "yes"})
    assert set(Vendor.objects.values_list("name", flat=True)) == {"Other", "Third"}
    client.post(LIST, {"action": "delete_selected", "_selected_action": [other.pk], "post": "yes"})
    assert Vendor.objects.get() == third
    assert not Site.objects.exclude(vendor=third).exists()
    assert not Source.objects.exclude(vendor=third).exists()


# Vocabularies


def term_form(term):
    return f"/admin/vendors/{term._meta.model_name}/{term.pk}/change/"


VOCABULARIES = ["servicegroup", "service", "stage", "therapeuticarea", "modality", "accreditation", "aiuse"]


@pytest.mark.parametrize("name", VOCABULARIES)
def test_every_vocabulary_has_a_list_with_how_often_a_term_is_used(client, curator, name):
    store(RICH)
    page = client.get(f"/admin/vendors/{name}/").content.decode()
    assert "1 vendor</td>" in page if name != "servicegroup" else "2 services</td>" in page


def test_a_new_term_can_be_used_at_once(client, curator):
    before = snapshot.current()
    group = ServiceGroup.objects.get(slug="laboratory")
    new = {"name": "Spectroscopy", "slug": "spectroscopy", "group": group.pk, "order": 9}
    assert saved(client.post("/admin/vendors/service/add/", new))
    assert "spectroscopy" not in before.vocabulary.services
    assert snapshot.current().vocabulary.services["spectroscopy"].lane == "research"
    store(record(services=["spectroscopy"]))


def test_a_renamed_term_keeps_its_slug_and_the_snapshots_are_told(client, curator):
    area = TherapeuticArea.objects.get(slug="oncology")
    snapshot.current()
    assert saved(send(client, term_form(area), name="Cancer", slug="cancer"))
    assert snapshot.current().vocabulary.name("therapeutic_areas", "oncology") == "Cancer"


def test_terms_can_be_put_in_order_in_their_list_and_the_snapshots_are_told(client, curator):
    snapshot.current()
    stages = list(Stage.objects.all())
    data = {"form-TOTAL_FORMS": len(stages), "form-INITIAL_FORMS": len(stages), "_save": "Save"}
    for number, stage in enumerate(stages):
        data |= {f"form-{number}-id": stage.pk, f"form-{number}-order": 100 - number}
    assert saved(client.post("/admin/vendors/stage/", data))
    assert list(snapshot.current().vocabulary.stages) == [stage.slug for stage in reversed(stages)]


def test_a_term_in_use_cannot_be_deleted_since_records_would_silently_lose_it(client, owner):
    store(RICH)
    used = Service.objects.get(slug="bioanalysis")
    assert "1 vendor" in client.get(term_form(used)).content.decode()
    assert "deletelink" not in client.get(term_form(used)).content.decode()
    assert client.post(f"/admin/vendors/service/{used.pk}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": terms(Service, "bioanalysis", "biostatistics")}
    page = client.post("/admin/vendors/service/", chosen).content.decode()
    assert "Bioanalysis: used by 1 vendor" in page
    assert "permission" not in page
    client.post("/admin/vendors/service/", {**chosen, "post": "yes"})
    assert Service.objects.filter(slug__in=["bioanalysis", "biostatistics"]).count() == 2
    assert dumped(Vendor.objects.get()) == RICH


def test_a_term_of_an_archived_vendor_is_in_use_too(client, owner):
    store(record(status="archived"))
    [key] = terms(Service, "clinical-operations")
    assert client.post(f"/admin/vendors/service/{key}/delete/", {"post": "yes"}).status_code == 403


def test_a_group_that_has_services_cannot_be_deleted(client, owner):
    group = ServiceGroup.objects.get(slug="laboratory")
    assert client.post(f"/admin/vendors/servicegroup/{group.pk}/delete/", {"post": "yes"}).status_code == 403
    page = client.post("/admin/vendors/servicegroup/", {"action": "delete_selected", "_selected_action": [group.pk]}).content.decode()
    assert "Laboratory and biomarkers: used by 1 service" in page


def test_an_unused_term_can_be_deleted_and_the_snapshots_are_told(client, curator):
    snapshot.current()
    one, other = terms(Stage, "phase-2", "phase-3")
    assert "deletelink" in client.get(f"/admin/vendors/stage/{one}/change/").content.decode()
    client.post(f"/admin/vendors/stage/{one}/delete/", {"post": "yes"})
    assert "phase-2" not in snapshot.current().vocabulary.stages
    client.post("/admin/vendors/stage/", {"action": "delete_selected", "_selected_action": [other], "post": "yes"})
    assert "phase-3" not in snapshot.current().vocabulary.stages


@pytest.mark.parametrize("name", ["service", "servicegroup"])
def test_a_list_of_terms_takes_as_many_queries_with_many_as_with_few(client, curator, count_queries, name):
    ServiceGroup.objects.filter(services=None).delete()
    client.get(f"/admin/vendors/{name}/")
    with count_queries() as few:
        client.get(f"/admin/vendors/{name}/")
    for number in range(10):
        group = ServiceGroup.objects.create(slug=f"g{number}", name=f"Group {number}", lane="making", order=number)
        Service.objects.create(slug=f"s{number}", name=f"Service {number}", group=group, order=number)
    with count_queries() as many:
        client.get(f"/admin/vendors/{name}/")
    assert len(many) == len(few)


def test_countries_are_there_to_look_up_only(client, owner):
    assert "Switzerland" in client.get("/admin/vendors/country/?q=switz").content.decode()
    assert client.get("/admin/vendors/country/add/").status_code == 403
    assert client.post("/admin/vendors/country/CH/change/", {"name": "X", "region": "Y"}).status_code == 403
    assert client.post("/admin/vendors/country/ZW/delete/", {"post": "yes"}).status_code == 403
    assert Country.objects.count() == 6


# The pages under the content security policy


class Inline(HTMLParser):
    """Collects what the policy would refuse."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.found += [(tag, name) for name in values if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in values and values.get("type") != "application/json"):
            self.found.append((tag, "inline"))


def test_no_page_of_the_admin_has_inline_script_or_style(client, owner):
    vendor, draft = store(RICH, record(name="Draft", status="draft"))
    own = f"/admin/vendors/vendor/{vendor.pk}"
    made = revisions.submit({**RICH, "founded": 2001}, by=owner, reason="Read")
    of_vendors = [LIST, LIST + "?_facets=True&q=rich&status__exact=published", ADD, f"/admin/vendors/vendor/{draft.pk}/delete/"]
    of_one = [f"{own}/{page}/" for page in ("change", "history", "facts", "source", "preview")]
    assert made
    review = "/admin/vendors/revision/"
    of_review = [review, f"{review}{made.pk}/change/", f"{review}{made.pk}/preview/", "/admin/vendors/vendor/unsourced/"]
    amend = f"{own}/change/?amend={made.pk}"
    of_terms = ["/admin/vendors/service/", "/admin/vendors/service/add/", "/admin/vendors/country/CH/change/"]
    pages = ["/admin/", *of_vendors, *of_one, *of_review, amend, *of_terms]
    for address in pages:
        response = client.get(address)
        assert response.status_code == 200
        assert "'unsafe-inline'" not in response.headers["Content-Security-Policy"]
        assert (address, Inline(response.content.decode()).found) == (address, [])


def test_the_pages_say_whose_they_are(client, owner):
    page = client.get("/admin/").content.decode()
    assert "Crossmatch: curation" in page
    assert "Catalogue" in page
