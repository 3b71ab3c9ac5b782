"""What the tables refuse, on every database, and the questions that can be asked of them."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.models import CheckConstraint, ProtectedError

from tests.vendors.records import ai, record, source, store, store_vocabulary
from vendors.models import CatalogueVersion, Country, Service, ServiceGroup, Site, Source, Stage, Vendor

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 22)


@pytest.fixture(autouse=True)
def small_vocabulary(db):
    store_vocabulary()


@pytest.fixture
def vendor():
    [vendor] = store(record())
    return vendor


def refused(change) -> bool:
    try:
        with transaction.atomic():
            change()
    except IntegrityError:
        return True
    return False


# Values that a form or a file would never let through, written past both: the database has the last word.
BAD_VENDORS = {
    "vendor_has_slug": {"slug": ""},
    "vendor_has_name": {"name": ""},
    "vendor_type_is_listed": {"type": "CDM"},
    "vendor_status_is_listed": {"status": "live"},
    "published_vendor_is_verified": {"verified_on": None},
    "vendor_ai_level_is_listed": {"ai_level": "a-lot", "ai_checked_on": TODAY},
    "vendor_ai_level_has_a_day": {"ai_level": "applied"},
    "vendor_ai_level_has_a_day, a day alone": {"ai_checked_on": TODAY},
    "vendor_hq_city_has_country": {"hq_country": None},
    "vendor_employees_have_a_year": {"employees_year": None},
    "vendor_employees_have_a_year, a year alone": {"employees": None},
    "vendor_employees_have_a_year, none of them": {"employees": 0},
    "vendor_employees_have_a_year, too many": {"employees": 10_000_001},
    "vendor_employees_have_a_year, a year out of range": {"employees_year": 25},
    "vendor_founded_is_a_year": {"founded": 98},
    "vendor_founded_is_a_year, in the far future": {"founded": 2101},
    "vendor_with_successor_is_archived": {"successor_id": 1_000_000},
}


@pytest.mark.parametrize("values", BAD_VENDORS.values(), ids=BAD_VENDORS)
def test_the_database_refuses_a_vendor_that_must_not_exist(vendor, values):
    assert refused(lambda: Vendor.objects.update(**values))


@pytest.mark.parametrize("values", BAD_VENDORS.values(), ids=BAD_VENDORS)
def test_a_form_says_in_words_what_the_database_would_refuse(vendor, values):
    for name, value in values.items():
        setattr(vendor, name, value)
    with pytest.raises(ValidationError) as error:
        vendor.full_clean()
    said = " ".join(error.value.messages)
    assert "Constraint" not in said
    assert len(said) > 20


@pytest.mark.parametrize(
    "values",
    [
        {"verified_on": None, "status": "draft"},
        {"verified_on": None, "status": "archived"},
        {"employees": None, "employees_year": None},
        {"founded": None},
        {"hq_city": "", "hq_country": None},
        {"hq_city": ""},
        {"ai_level": "none-disclosed", "ai_checked_on": TODAY},
    ],
    ids=str,
)
def test_what_is_unknown_may_stay_empty(vendor, values):
    assert not refused(lambda: Vendor.objects.update(**values))


def test_every_rule_of_the_vendor_table_has_a_bad_example_here():
    named = {key.partition(",")[0] for key in BAD_VENDORS}
    assert named == {constraint.name for constraint in Vendor._meta.constraints if isinstance(constraint, CheckConstraint)}


def test_two_vendors_cannot_share_a_slug(vendor):
    assert refused(lambda: Vendor.objects.bulk_create([Vendor(slug=vendor.slug, name="Other", type="CRO")]))


def test_the_database_refuses_a_bad_site(vendor):
    def site(**values):
        return lambda: Site.objects.bulk_create([Site(**{"vendor": vendor, "city": "Bern", "country_id": "CH", "what": "", **values})])

    assert not refused(site())
    assert refused(site())  # there already
    assert not refused(site(what="laboratory"))
    assert refused(site(city="", what="x"))


def test_the_database_refuses_a_bad_source(vendor):
    def with_values(**values):
        row = {"vendor": vendor, "url": "https://b.example", "title": "B", "publisher": "B", **values}
        return lambda: Source.objects.bulk_create([Source(**row)])

    assert not refused(with_values())
    assert refused(with_values())  # there already
    assert refused(with_values(url="ftp://c.example"))
    assert refused(with_values(url="javascript:alert(1)"))
    assert refused(with_values(url=""))
    assert refused(with_values(url="https://c.example", title=""))
    assert refused(with_values(url="https://c.example", publisher=""))


def test_the_database_refuses_bad_terms(vendor):
    group = ServiceGroup.objects.first()
    assert refused(lambda: Stage.objects.bulk_create([Stage(slug="", name="Nameless")]))
    assert refused(lambda: Stage.objects.bulk_create([Stage(slug="phase-9", name="")]))
    assert refused(lambda: Stage.objects.bulk_create([Stage(slug="phase-1", name="Twice")]))
    assert refused(lambda: Stage.objects.bulk_create([Stage(slug="phase-9", name="Phase 1")]))
    assert refused(lambda: ServiceGroup.objects.update(lane="both"))
    assert refused(lambda: Service.objects.bulk_create([Service(slug="", name="x", group=group)]))
    assert refused(lambda: Country.objects.bulk_create([Country(code="X", name="Xland", region="Nowhere")]))
    assert refused(lambda: CatalogueVersion.objects.bulk_create([CatalogueVersion(pk=2)]))


def test_a_country_and_a_group_in_use_cannot_be_deleted(vendor):
    with pytest.raises(ProtectedError):
        Country.objects.get(code="CH").delete()
    with pytest.raises(ProtectedError):
        ServiceGroup.objects.get(slug="clinical").delete()


def test_a_deleted_vendor_takes_its_sites_and_sources_along(vendor):
    vendor.delete()
    assert not Site.objects.exists()
    assert not Source.objects.exists()


@pytest.mark.parametrize("slug", ["fill-finish-2", "3m", "a"])
def test_a_good_slug(slug):
    Vendor._meta.get_field("slug").run_validators(slug)


@pytest.mark.parametrize("slug", ["Fill", "fill--finish", "-fill", "fill-", "fill finish", "füll", "fill\n", "../fill", "fill/finish"])
def test_a_bad_slug_is_refused(slug):
    with pytest.raises(ValidationError, match="small letters, figures and single hyphens"):
        Vendor._meta.get_field("slug").run_validators(slug)


@pytest.mark.parametrize("day", ["2024", "2024-05", "2024-05-31"])
def test_a_day_of_publication_may_be_a_month_or_a_year(day):
    Source._meta.get_field("published").run_validators(day)


@pytest.mark.parametrize("day", ["May 2024", "24", "2024-5", "2024-13", "2024-00", "2024-05-32", "2024-05-31T10", "٢٠٢٤", "2024\n"])
def test_a_day_of_publication_in_another_form_is_refused(day):
    with pytest.raises(ValidationError, match="YYYY-MM-DD"):
        Source._meta.get_field("published").run_validators(day)


def test_a_vendor_is_stale_a_year_after_it_was_verified(vendor):
    a_year_ago = TODAY - dt.timedelta(days=365)
    for verified_on, stale in ((TODAY, False), (a_year_ago, False), (a_year_ago - dt.timedelta(days=1), True)):
        Vendor.objects.update(verified_on=verified_on)
        assert Vendor.objects.stale(TODAY).exists() is stale
        assert Vendor.objects.get().is_stale(TODAY) is stale


def test_a_vendor_that_nobody_verified_is_not_stale(vendor):
    Vendor.objects.update(status="draft", verified_on=None)
    assert not Vendor.objects.stale(TODAY).exists()
    assert not Vendor.objects.get().is_stale(TODAY)


def test_only_published_vendors_are_published():
    store(record(name="A"), record(name="B", verified_on=None), record(name="C", status="archived"))
    assert [vendor.slug for vendor in Vendor.objects.published()] == ["a"]


def test_vendors_stand_by_name_whatever_case_and_accents():
    for slug, name in (("e", "Éclair"), ("d", "delta"), ("f", "Foxtrot")):
        store(record(slug=slug, name=name))
    assert [vendor.name for vendor in Vendor.objects.all()] == ["delta", "Éclair", "Foxtrot"]


def test_the_folded_names_follow_a_change_of_the_name(vendor):
    vendor.name, vendor.aliases = "Ünal  Pharma", ["Çelik"]
    vendor.save()
    stored = Vendor.objects.get()
    assert stored.sort_name == "unal pharma"
    assert "celik" in stored.search_names


def test_the_sources_of_a_fact_are_those_that_support_it():
    sources = [source(), source(url="https://b.example", title="B", supports=["stages", "ai"])]
    [vendor] = store(record(sources=sources, ai=ai(level="applied", sources=[1], checked_on="2026-01-01")))
    assert [each.title for each in vendor.sources_of("stages")] == ["B"]
    assert [each.title for each in vendor.sources_of("name")] == ["About us"]
    assert vendor.sources_of("founded") == []


def test_a_source_was_read_on_its_own_day_or_when_the_record_was_verified():
    sources = [source(), source(url="https://b.example", read_on="2026-01-31")]
    [vendor] = store(record(sources=sources, verified_on="2026-11-22"))
    assert [each.was_read_on for each in vendor.sources.all()] == [TODAY, dt.date(2026, 1, 31)]


@pytest.mark.parametrize("question", ["for_list", "for_page"])
def test_a_list_and_a_page_take_as_many_queries_with_many_vendors_as_with_few(count_queries, question):
    def show():
        for vendor in getattr(Vendor.objects, question)():
            str([vendor.hq_country, *vendor.services.all(), *vendor.stages.all(), *vendor.sources_of("name")])
            if question == "for_page":
                str([*vendor.therapeutic_areas.all(), *vendor.modalities.all(), *vendor.accreditations.all(), *vendor.ai_uses.all()])
                str([site.country for site in vendor.sites.all()] + [source.was_read_on for source in vendor.sources.all()])

    store(record(name="A"))
    with count_queries() as few:
        show()
    store(*[record(name=f"Vendor {number}") for number in range(6)])
    with count_queries() as many:
        show()
    assert len(many) == len(few)


def test_each_change_gives_the_catalogue_another_number_and_a_taken_back_one_leaves_none():
    before = CatalogueVersion.current()
    CatalogueVersion.bump()
    first = CatalogueVersion.current()
    with transaction.atomic():
        CatalogueVersion.bump()
        taken_back = CatalogueVersion.current()
        transaction.set_rollback(True)
    assert CatalogueVersion.current() == first > before
    CatalogueVersion.bump()
    assert CatalogueVersion.current() not in {before, first, taken_back}


def test_a_catalogue_that_never_changed_has_the_number_0():
    CatalogueVersion.objects.all().delete()
    assert CatalogueVersion.current() == 0
    CatalogueVersion.bump()
    assert CatalogueVersion.current() > 0


def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
