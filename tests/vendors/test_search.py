"""Full text: who is found, in which order, where the words stand, and that the index says what the records say."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection, transaction
from django.template.loader import render_to_string
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.vendors.records import REAL_FILES, REAL_VOCABULARY, SMALL_VOCABULARY, ai, record, store, store_vocabulary
from vendors import facts, revisions, search, vocabulary
from vendors.models import FACTS, Revision, SearchText, Service, Vendor

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "search_cases.json").read_text(encoding="utf-8"))


def found(text):
    """Slugs of the vendors found, the best first."""
    slugs = dict(Vendor.objects.values_list("pk", "slug"))
    return [slugs[key] for key, _ in search.find(text)]


def names(text):
    return [Vendor.objects.get(slug=slug).name for slug in found(text)]


def snippets(text, vendor):
    """By fact, the text of each snippet with the words that were found in brackets."""
    vendor = Vendor.objects.get(pk=vendor.pk)
    shown = search.read(text).snippets([vendor])[vendor.pk]
    return {snippet.fact: "".join(f"[{part}]" if hit else part for part, hit in snippet.parts) for snippet in shown}


@pytest.fixture(scope="module")
def real_catalogue(django_db_setup, django_db_blocker):
    """The whole real catalogue, stored once for all cases and taken back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        store_vocabulary(REAL_VOCABULARY)
        for file in REAL_FILES:
            assert not facts.load_file(file).problems
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("case", CASES, ids=[case["q"] for case in CASES])
@pytest.mark.usefixtures("real_catalogue")
def test_the_table_of_cases_holds_on_the_real_catalogue(case, django_db_blocker):
    with django_db_blocker.unblock():
        slugs = found(case["q"])
    if "first" in case:
        assert slugs[0] == case["first"]
    assert set(case.get("five", [])) <= set(slugs[:5])
    assert not set(case.get("not", [])) & set(slugs)
    if "all" in case:
        assert slugs == case["all"]


def test_the_table_of_cases_names_what_it_expects():
    expected = {"first", "five", "not", "all"}
    assert len(CASES) >= 40
    assert all(expected & case.keys() for case in CASES)


in_database = pytest.mark.django_db


@in_database
def test_a_name_comes_before_a_former_name_before_an_owner_before_a_service_before_a_mention(add_vendor):
    add_vendor(name="Zeta Bioanalysis", services=[])
    add_vendor(name="Yota", aliases=["Bioanalysis One"], services=[])
    add_vendor(name="Xi", parent="Bioanalysis Group", services=[])
    add_vendor(name="Omega", services=["bioanalysis"])
    add_vendor(name="Alpha", summary="Sends bioanalysis elsewhere.", services=[])
    add_vendor(name="Beta", services=[])
    assert names("bioanalysis") == ["Zeta Bioanalysis", "Yota", "Xi", "Omega", "Alpha"]


@in_database
def test_a_whole_name_comes_before_longer_ones_and_a_whole_word_before_its_beginning(add_vendor):
    add_vendor(name="Abc Aardvark")
    add_vendor(name="Abc")
    add_vendor(name="Aabcde Works", aliases=["Abcde"])
    assert names("abc") == ["Abc", "Abc Aardvark", "Aabcde Works"]


@in_database
def test_equal_matches_stand_in_the_order_of_names(add_vendor):
    for slug, name in {"c": "Zoé Labs", "b": "Émile Labs", "a": "alma Labs"}.items():
        add_vendor(name=name, slug=slug)
    assert names("labs") == ["alma Labs", "Émile Labs", "Zoé Labs"]


@in_database
def test_every_word_has_to_stand_somewhere_and_only_the_last_may_be_a_beginning(add_vendor):
    add_vendor(name="Rhine", summary="Makes tablets.", sites=[{"city": "Leeds", "country": "GB", "what": "coating"}])
    for text in ("rhine", "tablets rhine", "leeds tablet", "coating tab", "united kingdom coating", "switzerland"):
        assert names(text) == ["Rhine"], text
    for text in ("rhine capsules", "tab coating", "germany"):
        assert names(text) == [], text


@in_database
def test_every_part_of_a_record_that_is_searched_is_found_and_said(add_vendor):
    vendor = add_vendor(
        name="Namely", aliases=["Formerly"], parent="Ownery", summary="Summarily.", services=["bioanalysis"],
        hq={"city": "Headby", "country": "CH"},
        sites=[{"city": "Sitely", "country": "DE", "what": "cellars"}],
        ai=ai(level="applied", note="Twins of reactors", sources=[0], checked_on="2026-11-01"),
    )  # fmt: skip
    stands = {
        "formerly": {"aliases": "[Formerly]"},
        "ownery": {"parent": "[Ownery]"},
        "summarily": {"summary": "[Summarily]."},
        "bioanalysis": {"services": "[Bioanalysis]"},
        "headby": {"hq": "[Headby], Switzerland"},
        "germany": {"sites": "Sitely, [Germany]: cellars"},
        "cellar": {"sites": "Sitely, Germany: [cellars]"},
        "reactor": {"ai": "Twins of [reactors]"},
        "namely": {},
        "cro": {},
    }
    for text, snippet in stands.items():
        assert names(text) == ["Namely"], text
        assert snippets(text, vendor) == snippet, text
    assert {fact for snippet in stands.values() for fact in snippet} <= set(FACTS)


@in_database
def test_a_word_is_marked_in_the_summary_wherever_else_it_stands(add_vendor):
    vendor = add_vendor(name="Alpina Tablets", aliases=["Tablet Works", "Other"], summary="Coats tablets.")
    assert snippets("tablets", vendor) == {"summary": "Coats [tablets]."}
    assert snippets("tablet works", vendor) == {"aliases": "[Tablet] [Works]", "summary": "Coats [tablets]."}


@in_database
def test_a_long_note_is_cut_around_the_word(add_vendor):
    note = "many words before it " * 6 + "the reactor " + "and as many words after it " * 5
    vendor = add_vendor(ai=ai(level="applied", note=note.strip(), sources=[0], checked_on="2026-11-01"))
    shown = snippets("reactor", vendor)["ai"]
    assert "[reactor]" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) < 190


@in_database
def test_what_a_record_says_is_never_markup(add_vendor, client):
    add_vendor(name="Sharp", summary="Makes <b>tablets</b> & 'more'.", aliases=["<script>tablets</script>"])
    page = client.get("/vendors/?q=tablets").content.decode()
    assert "Makes &lt;b&gt;<mark>tablets</mark>&lt;/b&gt; &amp; &#x27;more&#x27;." in page
    assert "Other names: &lt;script&gt;<mark>tablets</mark>&lt;/script&gt;" in page
    assert "<script>tablets" not in page


def test_a_snippet_escapes_the_words_that_it_marks():
    shown = render_to_string("vendors/_snippet.html", {"parts": [("a < b ", False), ("<i>", True)]}).strip()
    assert shown == "a &lt; b <mark>&lt;i&gt;</mark>"


@in_database
@pytest.mark.parametrize(
    "typed, meant",
    [
        ("smasung", "samsung"),
        ("samsnug", "samsung"),
        ("samsng", "samsung"),
        ("samssung", "samsung"),
        ("samzung", "samsung"),
        ("sam5ung", None),
        ("biolgoics", "biologics"),
        ("bioanalisys", "bioanalysis"),
        ("zwitserland", "switzerland"),
        ("leedz", "leeds"),
    ],
)
def test_a_word_that_nobody_has_is_taken_for_the_nearest_that_somebody_has(add_vendor, typed, meant):
    add_vendor(name="Samsung Biologics", services=["bioanalysis"], sites=[{"city": "Leeds", "country": "GB", "what": ""}])
    asked = search.read(typed)
    assert asked.corrected == ({typed: (meant,)} if meant else {})
    assert names(typed) == (["Samsung Biologics"] if meant else [])


@in_database
def test_the_beginning_of_a_word_may_be_typed_wrong_too(add_vendor):
    add_vendor(name="Boehringer")
    assert names("beohring") == ["Boehringer"]


@in_database
def test_a_word_that_somebody_has_is_never_corrected(add_vendor):
    add_vendor(name="Lonza")
    add_vendor(name="Other", summary="Works for Lonzo.")
    assert names("lonzo") == ["Other"]
    assert search.read("lonzo").corrected == {}


@in_database
def test_words_of_drafts_are_offered_to_nobody(add_vendor):
    add_vendor(name="Hidden Samsung", status="draft")
    assert search.read("smasung").corrected == {}


@in_database
def test_a_correction_is_said_on_the_page(add_vendor, client):
    add_vendor(name="Samsung Biologics")
    page = client.get("/vendors/?q=smasung").content.decode()
    assert "No vendor has “smasung”; these have “samsung”." in page
    assert "Samsung Biologics" in page


@in_database
@pytest.mark.parametrize("text", ["Zürich", "zurich", "ZU\u0308RICH", "zürıch", "Ｚｕｒｉｃｈ"])  # noqa: RUF001
def test_accents_and_other_forms_of_a_letter_make_no_difference(add_vendor, text):
    add_vendor(name="Zürich Labs", slug="zurich-labs")
    assert found(text) == ["zurich-labs"]


@in_database
def test_letters_with_a_stroke_are_found_by_the_plain_ones(add_vendor):
    add_vendor(name="Łódź Ørsted Æther", slug="lodz")
    assert found("lodz orsted aether") == ["lodz"]
    assert found("Łódź") == ["lodz"]


@in_database
def test_other_scripts_are_words_too(add_vendor):
    add_vendor(name="WuXi", aliases=["药明康德", "Βιο"])  # noqa: RUF001
    assert names("药明") == ["WuXi"]
    assert names("βιο") == ["WuXi"]


@in_database
@pytest.mark.parametrize("text", ["biotechne", "bio techne", "bio-techne", "BioTechne", "biotech"])
def test_spaces_and_hyphens_in_a_name_may_be_left_out(add_vendor, text):
    add_vendor(name="Bio-Techne")
    assert names(text) == ["Bio-Techne"]


@pytest.mark.parametrize(
    "kin",
    [
        ("conjugate", "conjugates", "conjugated", "conjugation"),
        ("manufacture", "manufacturer", "manufacturing"),
        ("therapy", "therapies"),
        ("test", "tests", "testing"),
        ("laboratory", "laboratories"),
        ("package", "packaging"),
    ],
)
def test_near_relations_share_a_stem(kin):
    assert len(set(map(search.stem, kin))) == 1


@pytest.mark.parametrize(
    "a, b", [("united", "unit"), ("fisher", "fish"), ("center", "cent"), ("analysis", "analyst"), ("sterling", "sterile")]
)
def test_strangers_do_not(a, b):
    assert search.stem(a) != search.stem(b)


@in_database
def test_the_index_follows_a_record_that_is_loaded_again(add_vendor):
    add_vendor(name="Alpina", aliases=["Firstly"], sites=[{"city": "Bern", "country": "CH", "what": ""}])
    add_vendor(name="Alpina", aliases=["Secondly"], sites=[{"city": "Mainz", "country": "DE", "what": ""}])
    assert found("firstly") == found("bern") == []
    assert found("secondly") == found("mainz") == ["alpina"]
    assert SearchText.objects.count() == 1


@in_database
def test_the_index_follows_an_edit_by_a_curator(add_vendor, client):
    vendor = add_vendor(name="Alpina", summary="Before.", sites=[])
    client.force_login(get_user_model().objects.create_superuser("curator", password="x"))
    source = vendor.sources.get()
    posted = {
        "name": "Alpina", "slug": "alpina", "aliases": "Newcomer", "type": "CRO", "summary": "Afterwards.",
        "status": "published", "verified_on": "2026-11-22",
        "services": [Service.objects.get(slug="bioanalysis").pk],
        "sites-TOTAL_FORMS": "1", "sites-INITIAL_FORMS": "0", "sites-0-city": "Mainz", "sites-0-country": "DE", "sites-0-place": "1",
        "sources-TOTAL_FORMS": "1", "sources-INITIAL_FORMS": "1", "sources-0-id": source.pk, "sources-0-vendor": vendor.pk,
        "sources-0-place": "1", "sources-0-url": source.url, "sources-0-title": source.title, "sources-0-publisher": source.publisher,
        "sources-0-supports": ["name"], "reason": "Read again.", "former_as": "superseded",
    }  # fmt: skip
    response = client.post(f"/admin/vendors/vendor/{vendor.pk}/change/", posted)
    assert response.status_code == 302, response.context["adminform"].errors
    assert found("newcomer") == []
    revisions.approve(Revision.objects.get(), by=get_user_model().objects.create_superuser("reviewer", password="x"))
    for text in ("newcomer", "afterwards", "mainz", "germany", "bioanalysis"):
        assert found(text) == ["alpina"], text
    assert found("before") == []


@in_database
def test_archived_drafted_and_deleted_vendors_are_not_found(add_vendor):
    vendor = add_vendor(name="Alpina")
    for status in ("archived", "draft"):
        Vendor.objects.filter(pk=vendor.pk).update(status=status)
        assert found("alpina") == [], status
    Vendor.objects.filter(pk=vendor.pk).update(status="published")
    assert found("alpina") == ["alpina"]
    vendor.delete()
    add_vendor(name="Beta")
    assert found("alpina") == []


@in_database
def test_a_renamed_service_or_country_is_found_by_its_name_of_today(add_vendor, tmp_path):
    vendor = add_vendor(name="Alpina", services=["bioanalysis"], hq={"city": "", "country": "CH"}, sites=[])
    renamed = {
        **SMALL_VOCABULARY,
        "services": [{**row, "name": row["name"].replace("Bioanalysis", "Drug monitoring")} for row in SMALL_VOCABULARY["services"]],
        "countries": [{**row, "name": row["name"].replace("Switzerland", "Helvetia")} for row in SMALL_VOCABULARY["countries"]],
    }
    file = tmp_path / "vocabulary.json"
    file.write_text(json.dumps(renamed))
    vocabulary.load(file)
    assert found("bioanalysis") == found("switzerland") == []
    assert found("drug monitoring") == found("helvetia") == ["alpina"]
    assert snippets("monitoring", vendor) == {"services": "Drug [monitoring]"}


@in_database
def test_a_change_that_is_rolled_back_leaves_the_index_as_it_was(add_vendor):
    add_vendor(name="Alpina")
    with transaction.atomic():
        store(record(name="Alpina", summary="Unfinished."), record(name="Beta"))
        transaction.set_rollback(True)
    assert found("unfinished") == found("beta") == []
    assert found("alpina") == ["alpina"]


@in_database
def test_vendors_without_words_or_with_words_by_older_rules_are_indexed_again(add_vendor):
    one, two = add_vendor(name="Alpina"), add_vendor(name="Beta")
    SearchText.objects.filter(vendor=one).delete()
    SearchText.objects.filter(vendor=two).update(words="nonsense", rules=0)
    assert found("alpina") == found("beta") == []
    assert search.refresh() == 2
    assert (found("alpina"), found("beta")) == (["alpina"], ["beta"])
    assert search.refresh() == 0


@in_database
def test_a_command_indexes_what_was_changed_behind_its_back(add_vendor, capsys):
    vendor = add_vendor(name="Alpina")
    Vendor.objects.filter(pk=vendor.pk).update(summary="Untold.")
    assert found("untold") == []
    call_command("index_vendors")
    assert found("untold") == ["alpina"]
    assert capsys.readouterr().out == "1 vendors indexed\n"


@pytest.mark.django_db(transaction=True)
def test_emptying_the_tables_empties_the_index(add_vendor):
    """As the end of a test that commits does it: a row left over would be found by the next one."""
    add_vendor(name="Alpina")
    call_command("flush", interactive=False, verbosity=0)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM vendors_searchindex WHERE vendors_searchindex MATCH 'nalpina'")
            assert cursor.fetchone() == (0,)
    store_vocabulary()
    store(record(name="Beta"))
    assert (found("alpina"), found("beta")) == ([], ["beta"])


@in_database
def test_the_index_of_sqlite_agrees_with_the_table_that_it_follows(add_vendor):
    for summary in ("One.", "Two.", "Three."):
        add_vendor(name="Alpina", summary=summary)
    Vendor.objects.get(slug="alpina").delete()
    add_vendor(name="Beta")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO vendors_searchindex(vendors_searchindex, rank) VALUES ('integrity-check', 1)")
    assert found("beta") == ["beta"]


@in_database
def test_as_many_queries_for_many_vendors_as_for_few(add_vendor, client, count_queries):
    def queries(text):
        client.get("/vendors/?" + urlencode({"q": text}))  # what is kept until the catalogue changes
        with count_queries() as counted:
            client.get("/vendors/?" + urlencode({"q": text}))
        return len(counted)

    texts = ("vendor", "vendro", "trials basel", "nobody-at-all")
    add_vendor(name="Vendor 0", sites=[{"city": "Leeds", "country": "GB", "what": ""}])
    few = [queries(text) for text in texts]
    store(*(record(name=f"Vendor {number}", sites=[{"city": "Leeds", "country": "GB", "what": "x"}]) for number in range(1, 30)))
    assert [queries(text) for text in texts] == few


@in_database
def test_a_list_of_a_text_is_sorted_by_best_match_unless_asked_otherwise(add_vendor, client):
    add_vendor(name="Alpha", summary="Buys from Tabula.")
    add_vendor(name="Tabula", verified_on="2026-01-01")

    def listed(query):
        page = client.get(f"/vendors/?{query}").content.decode()
        return sorted(("Alpha", "Tabula"), key=lambda name: page.index(f">{name}</a></h2>"))

    assert listed("q=tabula") == listed("q=tabula&sort=best") == ["Tabula", "Alpha"]
    assert listed("q=tabula&sort=name") == listed("q=tabula&sort=verified") == ["Alpha", "Tabula"]
    assert listed("sort=best") == ["Alpha", "Tabula"]


@in_database
def test_the_page_links_the_other_orders_of_a_text_and_no_best_match_without_one(add_vendor, client):
    add_vendor(name="Alpha")
    add_vendor(name="Alpha Two")
    with_text, without = (client.get(f"/vendors/{query}").content.decode() for query in ("?q=alpha", ""))
    assert 'href="?q=alpha&amp;sort=name"' in with_text
    assert "Best match" in with_text
    assert "Best match" not in without


@in_database
def test_the_figures_beside_the_choices_count_those_that_were_found(add_vendor, client):
    add_vendor(name="Alpha", type="CRO", summary="Makes tablets.")
    add_vendor(name="Beta", type="CMO", summary="Makes tablets.")
    add_vendor(name="Gamma", type="CMO", summary="Makes creams.")
    context = client.get("/vendors/?q=tablets").context["listing"]
    kinds = next(facet for facet in context.facets() if facet.name == "type")
    assert {choice.slug: choice.count for choice in kinds.choices} == {"CRO": 1, "CMO": 1, "CDMO": 0}


ODD = ['"', "''", "AND", "OR NOT", "NEAR(a b, 2)", "a*", "*", "-a", "a:b", "{a}", "^a", "\\", "%", "'; DROP TABLE x", "a & b | !c", ":*"]
odd = st.text(max_size=30) | st.sampled_from([*ODD, "\x00", "😀", "½", "ﬁ"])


@pytest.fixture
def alpina(add_vendor):
    add_vendor(name="Alpina & Söhne", slug="alpina", aliases=["½ ﬁne", "'; DROP"], summary="NEAR(a b) 😀 “quoted” \\ text")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(odd, max_size=6).map(" ".join))
@example("x" * 10_000)
@example("a " * 5_000)
@example("alpina " * 40)
def test_whatever_is_typed_is_an_answer_and_no_error(alpina, text):
    assert set(found(text)) <= {"alpina"}
    vendor = Vendor.objects.get()
    for snippet in search.read(text).snippets([vendor])[vendor.pk]:
        assert all(part for part, _ in snippet.parts)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=100))
@example("½ﬁ¨ß" * 20)
@example("药" * 100)
def test_whatever_a_record_says_can_be_indexed_and_is_found_by_itself(alpina, text):
    vendor = Vendor.objects.get()
    Vendor.objects.filter(pk=vendor.pk).update(summary="".join(letter for letter in text if letter.isprintable()))
    search.index([vendor.pk])
    vendor.refresh_from_db()
    if 0 < len(search.words(vendor.summary)) <= search.MOST_WORDS:
        assert found(vendor.summary) == ["alpina"]


@in_database
def test_a_text_of_more_words_than_can_be_asked_finds_nobody_rather_than_too_many(add_vendor):
    add_vendor(name="Alpina")
    assert found("alpina " * search.MOST_WORDS) == ["alpina"]
    assert found("alpina " * (search.MOST_WORDS + 1)) == []


@in_database
def test_a_record_with_endless_text_can_be_stored(add_vendor):
    summary = " ".join(f"word{number:07}" + "x" * 60 for number in range(8_000))
    add_vendor(name="Alpina", summary=summary)
    assert found("word0000001" + "x" * 60) == ["alpina"]
