"""Search engines find every public page under one address and nothing else; who comes back is told in short that nothing changed."""

import datetime as dt
import html
import json
import re
from xml.etree import ElementTree as ET

import pytest
from django.contrib.auth.models import User
from django.template import engines
from django.test import Client
from django.utils import timezone

from advisor import guide
from advisor.models import GuideEntry, Program
from portal import unchanged
from portal.sitemaps import Vendors
from tests.engine.builders import profile
from tests.vendors.records import FIXTURES, REAL_FILES, REAL_VOCABULARY, record, source, store, store_vocabulary
from vendors import facts, snapshot
from vendors.models import TYPE_NAMES, CatalogueVersion, ServiceGroup, Type, Vendor

pytestmark = pytest.mark.django_db

TAGGED = (
    "/",
    "/vendors/",
    "/vendors/?type=CRO",
    "/vendors/alpina/",
    "/vendors/compare/?v=alpina&v=borealis",
    "/vendors/landscape/",
    "/guide/",
    "/guide/method/",
    "/robots.txt",
    "/sitemap.xml",
    "/sitemap-pages.xml",
    "/sitemap-vendors.xml",
)
STANDING = ("/", "/vendors/", "/vendors/landscape/", "/guide/", "/guide/method/", "/programs/new/")


@pytest.fixture
def portal(db, monkeypatch):
    """Two published vendors, a draft and an archived one, and the guide; on one day, whose end would make every page new."""
    today = timezone.localdate()
    monkeypatch.setattr(timezone, "localdate", lambda *args: today)
    store_vocabulary()
    guide.load(FIXTURES / "guide.json")
    store(
        record(name="Alpina"),
        record(name="Borealis", type="CDMO"),
        record(name="Draft", status="draft"),
        record(name="Gone", status="archived"),
    )


def head(client, address):
    return head_of(client.get(address).content.decode())


def head_of(page):
    """Title, description, canonical addresses and robots of a page, as a search engine reads them."""
    top = page[: page.index("</head>")]

    def all_of(pattern):
        return [html.unescape(found) for found in re.findall(pattern, top, re.DOTALL)]

    return {
        "title": all_of("<title>(.*?)</title>"),
        "description": all_of('<meta name="description" content="(.*?)">'),
        "canonical": all_of('<link rel="canonical" href="(.*?)">'),
        "robots": all_of('<meta name="robots" content="(.*?)">'),
    }


def locations(client, address):
    root = ET.fromstring(client.get(address).content)  # noqa: S314 (our own)
    return [node.text for node in root.iter() if node.tag.endswith("}loc")]


def linked_data(client, address="/vendors/alpina/"):
    page = client.get(address).content.decode()
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return json.loads(block)


# One address a page, and words that tell it from others


@pytest.mark.parametrize("address", [*STANDING, "/vendors/alpina/"])
def test_a_page_names_its_one_address_whatever_was_added_to_it(client, portal, address):
    for asked in (address, f"{address}?utm_source=letter"):
        if asked != "/vendors/?utm_source=letter":  # the list takes no name that it does not know
            assert head(client, asked)["canonical"] == [f"http://testserver{address}"]
            assert head(client, asked)["robots"] == []


def test_the_address_has_the_host_and_scheme_that_were_asked(client, portal, settings):
    settings.ALLOWED_HOSTS = ["portal.example"]
    page = client.get("/vendors/alpina/", headers={"Host": "portal.example"}, secure=True).content.decode()
    assert '<link rel="canonical" href="https://portal.example/vendors/alpina/">' in page
    assert '"@id": "https://portal.example/vendors/alpina/#organization"' in page


def test_each_page_of_the_whole_list_stands_by_itself(client, portal):
    store(*(record(name=f"Vendor {number}") for number in range(25)))
    assert head(client, "/vendors/?page=1")["canonical"] == ["http://testserver/vendors/"]
    second = head(client, "/vendors/?page=2")
    assert (second["canonical"], second["robots"]) == (["http://testserver/vendors/?page=2"], [])
    assert second["title"] != head(client, "/vendors/")["title"]


@pytest.mark.parametrize("query", ["type=CRO", "type=CRO&page=1", "q=alpina", "sort=sources", "page=99", "type=XYZ", "nonsense=1"])
def test_filtered_sorted_and_mistaken_lists_are_not_indexed(client, portal, query):
    found = head(client, f"/vendors/?{query}")
    assert (found["canonical"], found["robots"]) == ([], ["noindex"])


def test_a_program_started_from_another_names_no_address(client, portal):
    made = profile()
    stored = Program.objects.create(name=made.name, profile=made.as_dict())
    response = client.get(f"/programs/new/?from={stored.token}")
    assert "canonical" not in response.content.decode()
    assert "noindex" in response.headers["X-Robots-Tag"]


def test_titles_and_descriptions_tell_all_pages_of_the_real_catalogue_apart(client, rf, db):
    store_vocabulary(REAL_VOCABULARY)
    guide.load(FIXTURES / "guide.json")
    for file in REAL_FILES:
        assert not facts.load_file(file).problems
    # A vendor's page without its content, which would cost most of the time.
    vendor_page = engines["django"].from_string("{% extends 'vendors/detail.html' %}{% block content %}{% endblock %}")
    heads = [head(client, address) for address in STANDING]
    for vendor in Vendor.objects.published().for_page():
        context = {"vendor": vendor, "type_name": TYPE_NAMES[Type(vendor.type)]}
        heads.append(head_of(vendor_page.render(context, rf.get(vendor.get_absolute_url()))))
    assert len(heads) > 250
    for part in ("title", "description", "canonical"):
        values = [value for found in heads for value in found[part]]
        assert len(values) == len(set(values)) == len(heads), part
        assert all(value.strip() for value in values), part


def test_the_description_is_the_records_summary_or_says_what_the_page_is(client, portal):
    assert head(client, "/vendors/alpina/")["description"] == ["Runs early trials."]
    store(record(name="Quiet", summary=""))
    (words,) = head(client, "/vendors/quiet/")["description"]
    assert words.startswith("Quiet, contract research organization: ")


# The record for machines


def test_the_linked_data_says_what_the_record_says(client, portal):
    page = "http://testserver/vendors/full/"
    store(
        record(
            name="Full",
            aliases=["Former"],
            parent="Owner Group",
            sites=[{"city": "Mainz", "country": "DE", "what": "laboratory"}],
            sources=[source(published="2025-03", title="About & more")],
        )
    )
    assert linked_data(client, "/vendors/full/") == {
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": f"{page}#organization",
        "name": "Full",
        "alternateName": ["Former"],
        "description": "Runs early trials.",
        "url": "https://alpina.example",
        "foundingDate": "1998",
        "numberOfEmployees": {"@type": "QuantitativeValue", "value": 450, "description": "about 450 in 2025"},
        "address": {"@type": "PostalAddress", "addressLocality": "Basel", "addressCountry": "CH"},
        "location": [
            {
                "@type": "Place",
                "address": {"@type": "PostalAddress", "addressLocality": "Mainz", "addressCountry": "DE"},
                "description": "laboratory",
            }
        ],
        "parentOrganization": {"@type": "Organization", "name": "Owner Group"},
        "subjectOf": [
            {
                "@type": "WebPage",
                "url": "https://alpina.example/about",
                "name": "About & more",
                "publisher": {"@type": "Organization", "name": "Alpina"},
                "datePublished": "2025-03",
            }
        ],
        "mainEntityOfPage": {"@type": "WebPage", "@id": page, "lastReviewed": "2026-11-22"},
    }


def test_the_linked_data_leaves_out_what_is_not_known(client, portal):
    bare = record(name="Bare", website=None, hq=None, founded=None, employees=None, summary="", sites=[], sources=[source()])
    store(bare)
    assert set(linked_data(client, "/vendors/bare/")) == {"@context", "@type", "@id", "name", "subjectOf", "mainEntityOfPage"}


NASTY = "A</script><!--<script>&amp;\u2028'\"é"


def test_no_name_can_leave_the_linked_data(client, portal):
    Vendor.objects.filter(slug="alpina").update(name=NASTY, aliases=[NASTY], parent=NASTY)
    found = linked_data(client)
    assert (found["name"], found["alternateName"], found["parentOrganization"]["name"]) == (NASTY, [NASTY], NASTY)


def test_a_browser_runs_none_of_it_and_has_nothing_to_say_against_it(transactional_db, page):
    store_vocabulary()
    guide.load(FIXTURES / "guide.json")
    store(record(name="Alpina", summary="</script><script>window.ran = true</script>"))
    page.goto("/vendors/alpina/")
    assert page.evaluate("window.ran") is None
    read = page.evaluate("JSON.parse(document.querySelector('head script[type=\"application/ld+json\"]').textContent).name")
    assert read == "Alpina"


# What search engines are told of


def test_robots_are_led_to_every_public_page_and_to_no_draft(client, portal):
    (sitemap,) = re.findall("^Sitemap: (.*)$", client.get("/robots.txt").content.decode(), re.MULTILINE)
    files = locations(client, sitemap)
    found = [address for file in files for address in locations(client, file)]
    assert sorted(found) == sorted(f"http://testserver{path}" for path in (*STANDING, "/vendors/alpina/", "/vendors/borealis/"))
    for address in found:
        assert client.get(address).status_code == 200
        assert head(client, address)["canonical"] == [address]


def test_the_sitemap_says_when_a_record_was_changed(client, portal):
    then = dt.datetime(2026, 3, 4, 5, tzinfo=dt.UTC)
    Vendor.objects.filter(slug="alpina").update(changed_at=then)
    page = client.get("/sitemap-vendors.xml").content.decode()
    assert re.search(r"/vendors/alpina/</loc>\s*<lastmod>2026-03-04", page)


def test_a_catalogue_too_large_for_one_file_gets_several(client, portal, monkeypatch):
    assert Vendors.limit == 50_000
    monkeypatch.setattr(Vendors, "limit", 1)
    files = [file for file in locations(client, "/sitemap.xml") if "vendors" in file]
    assert len(files) == 2
    assert sorted(address for file in files for address in locations(client, file)) == [
        "http://testserver/vendors/alpina/",
        "http://testserver/vendors/borealis/",
    ]


@pytest.mark.parametrize("query", ["p=2", "p=x"])
def test_a_file_that_the_sitemap_does_not_have_is_not_found(client, portal, query):
    assert client.get(f"/sitemap-vendors.xml?{query}").status_code == 404
    assert client.get("/sitemap-drafts.xml").status_code == 404


@pytest.mark.parametrize("address", ["/sitemap.xml", "/sitemap-vendors.xml"])
def test_the_sitemap_takes_as_many_queries_for_few_vendors_as_for_many(client, portal, count_queries, address):
    with count_queries() as few:
        client.get(address)
    store(*(record(name=f"Vendor {number}") for number in range(20)))
    with count_queries() as many:
        client.get(address)
    assert len(many) == len(few) == 3


# Not modified


def tag(client, address, **headers):
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    return response.headers["ETag"]


def again(client, address, etag, **headers):
    return client.get(address, headers={"If-None-Match": etag, **headers})


@pytest.mark.parametrize("address", TAGGED)
def test_who_comes_back_is_told_that_nothing_changed(client, portal, address, count_queries):
    first = client.get(address)
    with count_queries() as queries:
        second = again(client, address, first.headers["ETag"])
    assert (second.status_code, second.content) == (304, b"")
    assert len(queries) <= 2
    for name in ("ETag", "Cache-Control", "Vary"):
        assert second.headers[name] == first.headers[name]
    assert first.headers["Cache-Control"] == "no-cache"
    # Reloaded without either, the page is whole.
    assert client.get(address).content == first.content


@pytest.mark.parametrize("address", TAGGED)
def test_a_page_that_anybody_may_keep_needs_no_session_and_sets_no_cookie(client, portal, address):
    client.cookies["theme"] = "dark"
    response = client.get(address)
    assert response.status_code == 200
    assert not response.cookies
    assert not response.wsgi_request.session.accessed
    assert "private" not in response.headers["Cache-Control"]
    assert "csrfmiddlewaretoken" not in response.content.decode()


def test_head_is_answered_like_get(client, portal):
    etag = tag(client, "/vendors/alpina/")
    assert client.head("/vendors/alpina/").headers["ETag"] == etag
    assert client.head("/vendors/alpina/", headers={"If-None-Match": etag}).status_code == 304


def test_one_of_several_tags_is_enough_strong_or_weak(client, portal):
    etag = tag(client, "/guide/")
    assert again(client, "/guide/", f'"other", {etag}').status_code == 304
    assert again(client, "/guide/", etag.removeprefix("W/")).status_code == 304
    assert again(client, "/guide/", '"other"').status_code == 200


def test_any_tag_at_all_matches_only_what_is_there(client, portal):
    assert again(client, "/vendors/alpina/", "*").status_code == 304
    assert again(client, "/vendors/nobody/", "*").status_code == 404
    assert again(client, "/vendors/?type=XYZ", "*").status_code == 422


@pytest.mark.parametrize("address", TAGGED)
def test_a_date_alone_is_never_believed(client, portal, address):
    response = client.get(address, headers={"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"})
    assert response.status_code == 200
    assert "Last-Modified" not in response.headers


def change_name():
    facts.load_lines([json.dumps(record(name="Alpina Renamed", slug="alpina"))])


def archive_neighbour():
    facts.load_lines([json.dumps(record(name="Borealis", type="CDMO", status="archived"))])


def publish_draft():
    facts.load_lines([json.dumps(record(name="Draft", status="published"))])


@pytest.mark.parametrize("change", [change_name, archive_neighbour, publish_draft])
@pytest.mark.parametrize("address", ["/", "/vendors/", "/vendors/alpina/", "/vendors/landscape/", "/sitemap-vendors.xml"])
def test_a_change_of_the_catalogue_is_seen_at_once(client, portal, address, change):
    before = tag(client, address)
    change()
    after = again(client, address, before)
    assert after.status_code == 200
    assert after.headers["ETag"] != before


def rename_group():
    ServiceGroup.objects.filter(slug="clinical").update(name="Clinical work")


@pytest.mark.parametrize("change", [change_name, publish_draft, rename_group])
@pytest.mark.parametrize("address", ["/", "/vendors/", "/vendors/alpina/", "/vendors/landscape/"])
def test_a_page_made_while_the_new_snapshot_is_being_built_is_not_taken_for_the_one_after(client, portal, monkeypatch, address, change):
    old = snapshot.current()
    change()
    CatalogueVersion.bump()
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(snapshot, "current", lambda number=None: old)
        before = tag(client, address)
        assert again(client, address, before).status_code == 304
    assert again(client, address, before).status_code == 200


def test_a_record_saved_by_itself_is_seen_at_once(client, portal):
    before = tag(client, "/vendors/alpina/")
    number = CatalogueVersion.current()
    Vendor.objects.get(slug="alpina").save()
    assert CatalogueVersion.current() == number
    assert again(client, "/vendors/alpina/", before).status_code == 200


def test_a_record_that_was_archived_is_gone_for_those_who_kept_it(client, portal):
    before = tag(client, "/vendors/borealis/")
    archive_neighbour()
    response = again(client, "/vendors/borealis/", before)
    assert response.status_code == 410
    assert "ETag" not in response.headers


@pytest.mark.parametrize("address", ["/", "/guide/"])
def test_a_change_of_the_guide_is_seen_at_once(client, portal, address):
    before = tag(client, address)
    GuideEntry.objects.filter(section="comparison").update(cro="Something else")
    after = again(client, address, before)
    assert after.status_code == 200
    assert "Something else" in after.content.decode()


def test_a_new_day_makes_a_page_new_since_records_go_stale(client, portal, monkeypatch):
    before = tag(client, "/vendors/")
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *args: tomorrow)
    assert again(client, "/vendors/", before).status_code == 200


def test_a_part_asked_for_by_script_is_not_taken_for_the_page(client, portal):
    whole = tag(client, "/vendors/")
    assert again(client, "/vendors/", whole, **{"HX-Request": "true"}).status_code == 200
    part = tag(client, "/vendors/", **{"HX-Request": "true"})
    assert again(client, "/vendors/", part).status_code == 200
    assert {"hx-request", "hx-boosted", "hx-history-restore-request"} <= {
        name.strip().lower() for name in client.get("/vendors/").headers["Vary"].split(",")
    }


def test_each_address_and_host_has_its_own_tag(client, portal, settings):
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    tags = {tag(client, address) for address in ("/vendors/", "/vendors/?type=CRO", "/vendors/?type=CDMO")}
    tags.add(tag(client, "/vendors/", Host="other.example"))
    assert len(tags) == 4


def test_a_new_release_makes_every_page_new(client, portal, monkeypatch):
    before = tag(client, "/guide/method/")
    monkeypatch.setattr(unchanged, "release", lambda: "another")
    assert again(client, "/guide/method/", before).status_code == 200


@pytest.mark.parametrize("file", ["portal/a.py", "vendors/deep/b.py", "templates/c.html", "requirements.txt", "static/staticfiles.json"])
def test_a_release_is_what_its_files_say_and_not_their_dates(tmp_path, file):
    def put(text):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text)
        return unchanged.release_of(tmp_path, tmp_path / "static")

    empty = unchanged.release_of(tmp_path, tmp_path / "static")
    first = put("one")
    assert put("one") == first
    assert len({empty, first, put("two")}) == 3


def test_pages_that_belong_to_somebody_have_no_tag(client, portal, admin_client):
    made = profile()
    stored = Program.objects.create(name=made.name, profile=made.as_dict())
    for address in (stored.get_absolute_url(), "/programs/new/", "/healthz", "/admin/login/"):
        assert "ETag" not in client.get(address).headers
    assert "ETag" not in admin_client.get("/admin/").headers


def test_what_is_changed_during_development_is_seen_without_a_new_start(client, portal, settings):
    settings.DEBUG = True
    assert "ETag" not in client.get("/guide/").headers


@pytest.mark.parametrize("address", TAGGED)
def test_a_page_that_one_reader_got_is_not_taken_for_that_of_another(client, admin_client, portal, address):
    """The header says whether somebody is signed in: before and after signing in the same address is another page."""
    ada = Client()
    ada.force_login(User.objects.create_user("ada"), backend="django.contrib.auth.backends.ModelBackend")
    readers = {"nobody": client, "ada": ada, "curator": admin_client}
    tags = {name: tag(reader, address) for name, reader in readers.items()}
    assert len(set(tags.values())) == 3
    for name, reader in readers.items():
        for whose, etag in tags.items():
            assert again(reader, address, etag).status_code == (304 if whose == name else 200), (name, whose)
        response = reader.get(address)
        assert "Cookie" in response.headers["Vary"]
        assert ("private" in response.headers["Cache-Control"]) == (name != "nobody")


def test_a_page_with_a_message_is_kept_by_nobody(client, portal):
    before = tag(client, "/")
    client.force_login(User.objects.create_user("ada"), backend="django.contrib.auth.backends.ModelBackend")
    client.post("/account/sign-out/")
    told = client.get("/", headers={"If-None-Match": before})
    assert told.status_code == 200
    assert "You are signed out." in told.content.decode()
    assert "ETag" not in told.headers
    assert "no-store" in told.headers["Cache-Control"]
    assert again(client, "/", before).status_code == 304
