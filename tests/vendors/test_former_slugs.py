"""A vocabulary slug that was renamed: what remembers it, what still finds it, and who may do it."""

import pytest
from django.contrib.auth.models import Permission, User
from django.db import IntegrityError, transaction

from tests.vendors.records import SMALL_VOCABULARY, lines, record, store, store_vocabulary
from vendors import facts, snapshot, vocabulary
from vendors.models import FormerSlug, Service, ServiceGroup, TherapeuticArea, Vendor

pytestmark = pytest.mark.django_db
FIELDS = ("name", "order", "description")


@pytest.fixture
def area(db):
    store_vocabulary()
    return TherapeuticArea.objects.get(slug="oncology")


@pytest.fixture
def owner(client):
    client.force_login(User.objects.create_superuser("owner"))


def rename(client, entry, slug):
    data = {name: getattr(entry, name) for name in FIELDS}
    return client.post(f"/admin/vendors/{entry._meta.model_name}/{entry.pk}/change/", {**data, "slug": slug})


def test_renaming_a_slug_leaves_the_old_one_behind_it(client, owner, area):
    store(record(therapeutic_areas=["oncology"]))
    assert "Addresses with the old slug will lead to the new one." in client.get(area_page(area)).content.decode()
    assert rename(client, area, "cancer").status_code == 302
    assert Vendor.objects.get().therapeutic_areas.get().slug == "cancer"
    assert dict(snapshot.current().vocabulary.former) == {"therapeutic_areas": {"oncology": "cancer"}}
    assert client.get("/vendors/?therapeutic_areas=oncology")["Location"] == "/vendors/?therapeutic_areas=cancer"


def area_page(area):
    return f"/admin/vendors/therapeuticarea/{area.pk}/change/"


def test_only_a_superuser_may_rename_a_slug(client, area):
    curator = User.objects.create_user("curator", is_staff=True)
    curator.user_permissions.set(Permission.objects.filter(content_type__app_label="vendors"))
    client.force_login(curator)
    assert rename(client, area, "cancer").status_code == 302
    area.refresh_from_db()
    assert area.slug == "oncology"
    assert not FormerSlug.objects.exists()


def test_a_slug_that_was_renamed_twice_leads_to_the_last_and_one_that_came_back_is_itself(client, owner, area):
    for slug in ("cancer", "tumours"):
        rename(client, area, slug)
    assert former() == {"oncology": "tumours", "cancer": "tumours"}
    rename(client, area, "oncology")
    assert former() == {"cancer": "oncology", "tumours": "oncology"}
    assert client.get("/vendors/?therapeutic_areas=oncology").status_code == 200


def former():
    return snapshot.current().vocabulary.former["therapeutic_areas"]


def test_former_slugs_that_lead_to_each_other_or_to_nothing_send_nobody_round(client, area):
    FormerSlug.objects.create(vocabulary="therapeutic_areas", old="a", new="b")
    FormerSlug.objects.create(vocabulary="therapeutic_areas", old="b", new="a")
    FormerSlug.objects.create(vocabulary="therapeutic_areas", old="oncology", new="neurology")
    assert snapshot.build().vocabulary.former == {}
    assert client.get("/vendors/?therapeutic_areas=a").status_code == 422


@pytest.mark.parametrize(
    "values",
    [
        {"vocabulary": "therapeutic_areas", "old": "cancer", "new": "neurology"},
        {"vocabulary": "therapeutic_areas", "old": "same", "new": "same"},
        {"vocabulary": "countries", "old": "uk", "new": "gb"},
    ],
    ids=["twice", "to itself", "of no list"],
)
def test_the_database_refuses_a_former_slug(area, values):
    FormerSlug.objects.create(vocabulary="therapeutic_areas", old="cancer", new="oncology")
    with pytest.raises(IntegrityError), transaction.atomic():
        FormerSlug.objects.create(**values)


def test_an_import_with_a_former_slug_says_the_slug_of_today(area):
    TherapeuticArea.objects.filter(slug="oncology").update(slug="cancer")
    vocabulary.rename("therapeutic_areas", "oncology", "cancer")
    [problem] = facts.load_lines(lines(record(therapeutic_areas=["oncology"]))).problems
    assert "Renamed; the slug is now cancer." in str(problem)


def test_loading_the_vocabulary_again_does_not_bring_a_renamed_entry_back(area):
    TherapeuticArea.objects.filter(slug="oncology").update(slug="cancer")
    vocabulary.rename("therapeutic_areas", "oncology", "cancer")
    ServiceGroup.objects.filter(slug="laboratory").update(slug="bench")
    vocabulary.rename("service_groups", "laboratory", "bench")
    store_vocabulary()
    assert TherapeuticArea.objects.count() == len(SMALL_VOCABULARY["therapeutic_areas"])
    assert TherapeuticArea.objects.get(name="Oncology").slug == "cancer"
    assert Service.objects.get(slug="bioanalysis").group.slug == "bench"
