"""Suspected duplicates: who is suspected and why, who is not, and that a curator's no is kept."""

import random
import time

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests.vendors.records import record, store, store_vocabulary
from vendors import duplicates
from vendors.duplicates import Known, suspects
from vendors.models import Duplicate, Vendor


def judged(one, other):
    """The points and reasons of two records, or None where they are not suspected."""
    found = suspects([Known(1, **one), Known(2, **other)])
    return (found[0].points, list(found[0].reasons)) if found else None


@pytest.mark.parametrize(
    "one,other,reason",
    [
        ({"name": "Alpina Clinical, Inc."}, {"name": "ALPINA Clinical GmbH"}, "same name: Alpina Clinical, Inc."),
        ({"name": "Zürich Labs"}, {"name": "Zurich Labs"}, "same name: Zürich Labs"),
        ({"name": "Covance"}, {"name": "Labcorp", "aliases": ("Covance",)}, "same name: Covance"),
        ({"name": "Recipharm"}, {"name": "Reciphram"}, "names differ by a letter or two: Recipharm, Reciphram"),
        ({"name": "Recipharm"}, {"name": "Recpharm"}, "names differ by a letter or two: Recipharm, Recpharm"),
        (
            {"name": "Bora Biologics"},
            {"name": "Bora Pharmaceuticals"},
            "names differ in general words only: Bora Biologics, Bora Pharmaceuticals",
        ),
        ({"name": "One", "website": "https://www.x.example/a"}, {"name": "Two", "website": "http://x.example"}, "same website: x.example"),
    ],
)
def test_two_are_suspected_for_a_reason_that_is_said(one, other, reason):
    found = judged(one, other)
    assert found is not None
    assert found[1] == [reason]


@pytest.mark.parametrize(
    "one,other",
    [
        ({"name": "Alpina Clinical"}, {"name": "Boreal Clinical"}),
        ({"name": "Clinical Research Services"}, {"name": "Clinical Development Solutions"}),
        ({"name": "PPD"}, {"name": "PRA"}),
        ({"name": "Catalent", "parent": "Novo Holdings"}, {"name": "Steril", "parent": "Novo Holdings"}),
        ({"name": "One", "website": ""}, {"name": "Two", "website": ""}),
        # A company and its owner, or two of one owner, often share a site.
        ({"name": "Patheon", "parent": "Thermo", "website": "https://t.example/p"}, {"name": "Thermo", "website": "https://t.example"}),
        ({"name": "A", "parent": "T", "website": "https://t.example/a"}, {"name": "B", "parent": "T", "website": "https://t.example/b"}),
    ],
)
def test_two_that_only_have_common_things_in_common_are_not_suspected(one, other):
    assert judged(one, other) is None


def test_more_reasons_weigh_more():
    alone = judged({"name": "Bora Biologics"}, {"name": "Bora Pharma"})
    together = judged({"name": "Bora Biologics", "website": "https://b.example"}, {"name": "Bora Pharma", "website": "https://b.example"})
    assert alone is not None
    assert together is not None
    assert together[0] > alone[0]


def test_a_website_that_many_share_says_nothing():
    many = [Known(number, f"{number:06b}".replace("0", "ab").replace("1", "xyz"), website="https://host.example") for number in range(60)]
    assert suspects(many) == []


@pytest.fixture
def two(db):
    store_vocabulary()
    return store(record(name="Recipharm", website=None), record(name="Reciphram", website=None))


def test_what_was_found_is_stored_and_found_anew_as_the_catalogue_changes(two, capsys):
    call_command("find_duplicates")
    assert capsys.readouterr().out == "2 vendors compared, 1 pairs to look at\n"
    [pair] = Duplicate.objects.open()
    assert (pair.first, pair.second) == tuple(two)
    Vendor.objects.filter(slug="reciphram").update(name="Something Else")
    duplicates.refresh()
    assert not Duplicate.objects.exists()


def test_a_pair_that_a_curator_dismissed_never_comes_back(two):
    duplicates.refresh()
    Duplicate.objects.update(dismissed_at=timezone.now(), dismissed_by="Ann", dismissal="Two houses.")
    duplicates.refresh()
    assert not Duplicate.objects.open().exists()
    assert Duplicate.objects.get().dismissal == "Two houses."


def test_archived_records_are_not_suspected(two):
    Vendor.objects.filter(slug="reciphram").update(status="archived")
    duplicates.refresh()
    assert not Duplicate.objects.exists()


def test_ten_thousand_vendors_are_compared_without_comparing_all_pairs():
    chance = random.Random(7)
    letters = "abcdefghijklmnoprstuvwz"
    known = [
        Known(number, f"{''.join(chance.choices(letters, k=9)).title()} Pharma", website=f"https://v{number}.example")
        for number in range(10_000)
    ]
    known.append(Known(10_000, known[77].name.replace(" ", "x ", 1)))
    begun = time.process_time()
    looked_at = duplicates.pairs({each.pk: duplicates.Names(each) for each in known})
    assert len(looked_at) < 10_000  # of fifty million
    assert (77, 10_000) in {(suspect.first, suspect.second) for suspect in suspects(known)}
    assert time.process_time() - begun < 30
