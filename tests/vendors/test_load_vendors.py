"""`manage.py load_vendors FILE…`: what it loads, what it refuses, and what it says."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.vendors.records import lines, record, store_vocabulary
from vendors.models import CatalogueVersion, Revision, Vendor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_vocabulary(db):
    store_vocabulary()


@pytest.fixture
def write(tmp_path):
    def write(name, *records):
        file = tmp_path / name
        file.write_text("\n".join(lines(*records)), encoding="utf-8")
        return file

    return write


def run(*files):
    """What the command printed, and what it said was wrong; the command's error, if it ended with one."""
    out, err, error = StringIO(), StringIO(), None
    try:
        call_command("load_vendors", *files, stdout=out, stderr=err)
    except CommandError as raised:
        error = raised
    return out.getvalue(), err.getvalue(), error


def test_it_says_how_many_records_of_each_file_are_new_changed_and_unchanged(write):
    one, other = write("one.jsonl", record(name="A"), record(name="B")), write("other.jsonl", record(name="C"))
    assert run(one, other) == (f"{one}: 2 new, 0 changed, 0 unchanged\n{other}: 1 new, 0 changed, 0 unchanged\n", "", None)
    write("one.jsonl", record(name="A"), record(name="B", founded=1900))
    assert run(one)[0] == f"{one}: 0 new, 1 changed, 1 unchanged\n"


def test_loading_the_same_files_again_changes_nothing(write):
    file = write("one.jsonl", record(name="A"), record(name="B"))
    run(file)
    before = CatalogueVersion.current(), list(Vendor.objects.values())
    assert run(file, file)[2] is None
    assert (CatalogueVersion.current(), list(Vendor.objects.values())) == before


def test_a_bad_record_is_named_by_file_line_slug_key_and_value_and_nothing_of_its_file_is_loaded(write):
    bad = write("bad.jsonl", record(name="Neighbour"), record(name="Beta", services=["clinical-ops"]))
    out, err, error = run(bad)
    assert err == f'{bad}:2: beta: services: "clinical-ops": Not in the vocabulary; the nearest is clinical-operations.\n'
    assert out == ""
    assert str(bad) in str(error)
    assert not Vendor.objects.exists()


def test_other_files_are_loaded_all_the_same_whatever_their_order(write):
    bad, first, last = write("bad.jsonl", record(type="X")), write("first.jsonl", record(name="A")), write("last.jsonl", record(name="B"))
    out, _, error = run(first, bad, last)
    assert error.returncode == 1
    assert f"{first}: 1 new" in out
    assert f"{last}: 1 new" in out
    assert set(Vendor.objects.values_list("slug", flat=True)) == {"a", "b"}


def test_a_file_that_is_refused_does_not_undo_what_an_earlier_one_changed(write):
    run(write("good.jsonl", record(name="A", founded=1900)))
    run(write("bad.jsonl", record(name="A", founded=2000), record(name="B", type="X")))
    assert Vendor.objects.get().founded == 1900


def test_a_missing_file_is_refused_and_the_others_are_loaded(write, tmp_path):
    out, err, error = run(tmp_path / "missing.jsonl", write("good.jsonl", record()))
    assert f"{tmp_path / 'missing.jsonl'}:0: " in err
    assert "can't be read" in err
    assert error is not None
    assert "1 new" in out


def test_what_dump_vendors_prints_is_loaded_as_unchanged(write, tmp_path):
    run(write("one.jsonl", record(name="Zürich AG", slug="zurich"), record(name="B", verified_on=None)))
    out = StringIO()
    call_command("dump_vendors", stdout=out)
    file = tmp_path / "dumped.jsonl"
    file.write_text(out.getvalue(), encoding="utf-8")
    assert run(file)[0] == f"{file}: 0 new, 0 changed, 2 unchanged\n"
    assert [json.loads(line)["slug"] for line in out.getvalue().splitlines()] == ["b", "zurich"]


def test_what_a_command_changes_of_stored_vendors_is_in_their_history_and_a_first_load_is_not(write):
    run(write("first.jsonl", record(name="Alpha"), record(name="Beta")))
    assert not Revision.objects.exists()
    run(write("second.jsonl", record(name="Alpha", founded=2001), record(name="Beta"), record(name="Gamma")))
    made: Any
    [made] = Revision.objects.filter(vendor__slug="alpha").values()
    told = {key: made[key] for key in ("origin", "status", "author_id", "author_name")}
    assert told == {"origin": "command", "status": "applied", "author_id": None, "author_name": "command line"}
    assert (made["before"]["founded"], made["after"]["founded"]) == (1998, 2001)
    assert Revision.objects.count() == 1


def test_a_file_that_is_refused_leaves_no_history(write):
    run(write("first.jsonl", record(name="Alpha")))
    run(write("second.jsonl", record(name="Alpha", founded=2001), record(name="Beta", type="X")))
    assert not Revision.objects.exists()
