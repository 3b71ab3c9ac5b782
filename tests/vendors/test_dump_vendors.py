"""`manage.py dump_vendors`: the records again, as a file that can be loaded."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.vendors.records import record, store, store_vocabulary
from vendors.models import Vendor

pytestmark = pytest.mark.django_db

ZURICH = record(name="Zürich Labs", slug="zurich-labs", aliases=["東京"])
BETA = record(name="Beta", verified_on=None)


@pytest.fixture(autouse=True)
def stored(db):
    store_vocabulary()
    store(ZURICH, BETA)


def run(*slugs):
    out = StringIO()
    call_command("dump_vendors", *slugs, stdout=out)
    return out.getvalue().splitlines()


def test_all_vendors_are_printed_by_name_one_record_a_line():
    assert [json.loads(line) for line in run()] == [BETA, ZURICH]


def test_only_the_named_vendors_are_printed():
    assert [json.loads(line) for line in run("zurich-labs")] == [ZURICH]


def test_letters_are_printed_as_they_are():
    [line] = run("zurich-labs")
    assert '"Zürich Labs"' in line
    assert '"東京"' in line


def test_drafts_and_archived_vendors_are_kept_too():
    Vendor.objects.filter(slug="zurich-labs").update(status="archived")
    assert [json.loads(line).get("status") for line in run()] == [None, "archived"]


def test_an_unknown_slug_is_refused_with_the_nearest_one():
    with pytest.raises(CommandError, match=r"'zurich-lab'; the nearest is zurich-labs") as refused:
        run("beta", "zurich-lab")
    assert refused.value.returncode == 1
