"""What an account takes along, and what is left when it goes."""

import json

import pytest
from django.contrib.auth.models import User

from advisor import account_data, versions
from advisor.models import Program, ProgramMember, ProgramVersion, ShortlistEntry
from tests.engine.builders import profile


@pytest.fixture
def ana(db):
    return User.objects.create_user("ana")


@pytest.fixture
def ben(db):
    return User.objects.create_user("ben")


def share(program, user, role="editor"):
    return ProgramMember.objects.create(program=program, user=user, named=user.username, role=role)


def test_the_export_has_every_program_whole_and_no_key_to_it(desk, ana, ben):
    mine = versions.new_program(profile(name="Mine", services=["formulation"]), by=ana)
    Program.objects.filter(pk=mine.pk).update(token="edit-key", read_token="read-key")
    ShortlistEntry.objects.create(program=mine, vendor="makers", vendor_name="Makers", position=1, notes="ask for Kim")
    share(versions.new_program(profile(name="Theirs"), by=ben), ana, "viewer")
    written = json.dumps(data := account_data.export_for(ana))
    (program,) = data["programs"]
    assert (program["name"], program["owner"], program["profile"]["services"]) == ("Mine", "ana", ["formulation"])
    assert program["versions"][0]["advice"]["model"]["recommended"] == "CDMO"
    assert program["shortlist"][0]["notes"] == "ask for Kim"
    assert [(one["name"], one["role"]) for one in data["shared_with_you"]] == [("Theirs", "viewer")]
    for key in ("edit-key", "read-key", mine.member_key):
        assert key not in written


def test_programs_of_ones_own_are_deleted_whole(desk, ana):
    mine = versions.new_program(profile(), by=ana)
    ShortlistEntry.objects.create(program=mine, vendor="makers", vendor_name="Makers", position=1)
    account_data.delete_for(ana)
    assert not any(model.objects.exists() for model in (Program, ProgramVersion, ShortlistEntry))


def test_a_shared_program_goes_to_the_first_editor(desk, ana, ben):
    cat = User.objects.create_user("cat")
    program = versions.new_program(profile(), by=ana)
    Program.objects.filter(pk=program.pk).update(token="known-to-ana")
    share(program, cat, "viewer")
    share(program, ben)
    account_data.delete_for(ana)
    ana.delete()
    program.refresh_from_db()
    assert (program.owner, program.token) == (ben, None)
    assert [member.user for member in program.members.all()] == [cat]
    assert program.versions.get().author_name == "ana"


def test_an_account_leaves_what_was_shared_with_it(desk, ana, ben):
    program = versions.new_program(profile(), by=ben)
    share(program, ana)
    account_data.delete_for(ana)
    assert not program.members.exists()
    assert Program.objects.get().owner == ben


def test_names_without_an_account_inherit_nothing(desk, ana):
    program = versions.new_program(profile(), by=ana)
    ProgramMember.objects.create(program=program, user=None, named="nobody", role="editor")
    account_data.delete_for(ana)
    assert not Program.objects.exists()
