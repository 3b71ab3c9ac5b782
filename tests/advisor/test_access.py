"""Who reaches a program: the rules themselves. That every page asks them is test_ways_in.py's to show."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import RequestFactory
from django.utils import timezone

from advisor import access
from advisor.access import Role
from advisor.models import Program, ProgramMember

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return {name: User.objects.create_user(name) for name in ("owner", "editor", "viewer", "stranger")}


@pytest.fixture
def shared(people):
    """A program with an owner, both links, and two colleagues."""
    program = Program.objects.create(profile={}, owner=people["owner"], read_token="read-this")
    for name in ("editor", "viewer"):
        ProgramMember.objects.create(program=program, user=people[name], named=name, role=name)
    return program


def asking(user=None):
    request = RequestFactory().get("/")
    request.user = user or AnonymousUser()
    return request


@pytest.mark.parametrize(
    "who,key,role",
    [
        (None, "token", Role.LINK),
        (None, "read_token", Role.READER),
        ("stranger", "token", Role.LINK),
        ("viewer", "token", Role.LINK),
        ("editor", "token", Role.EDITOR),
        ("owner", "token", Role.OWNER),
        ("owner", "read_token", Role.READER),
        ("viewer", "member_key", Role.VIEWER),
        ("editor", "member_key", Role.EDITOR),
        ("owner", "member_key", Role.OWNER),
    ],
)
def test_a_reader_is_what_the_key_or_the_account_makes_of_it(shared, people, who, key, role):
    request = asking(people.get(who))
    program = access.program_for(request, getattr(shared, key))
    assert (program.pk, program.role, program.key) == (shared.pk, role, getattr(shared, key))
    assert access.may_write(request, program) == (role in {Role.LINK, Role.EDITOR, Role.OWNER})
    assert access.may_share(request, program) == (role in {Role.EDITOR, Role.OWNER})
    assert access.may_end(request, program) == (role == Role.OWNER)
    assert not access.may_claim(request, program)


@pytest.mark.parametrize("who", [None, "stranger"])
def test_a_members_address_opens_nothing_to_others(shared, people, who):
    with pytest.raises(Http404):
        access.program_for(asking(people.get(who)), shared.member_key)


@pytest.mark.parametrize("key", ["", "guess", "a\0b", "None"])
def test_a_guess_finds_nothing(shared, people, key):
    Program.objects.create(profile={}, owner=people["owner"], token=None)
    with pytest.raises(Http404):
        access.program_for(asking(people["owner"]), key)


def test_reading_is_not_writing(shared, people):
    for user, key in ((None, shared.read_token), (people["viewer"], shared.member_key)):
        with pytest.raises(PermissionDenied):
            access.program_for(asking(user), key, write=True)
    with pytest.raises(Http404):
        access.program_for(asking(people["stranger"]), shared.member_key, write=True)
    assert access.program_for(asking(), shared.token, write=True) == shared


def test_without_an_owner_the_link_may_do_all(people):
    program = Program.objects.create(profile={})
    for user in (None, people["stranger"]):
        found = access.program_for(asking(user), str(program.token))
        assert access.may_end(asking(user), found)
        assert access.may_share(asking(user), found)
        assert access.may_claim(asking(user), found) == (user is not None)


def test_a_colleague_named_twice_has_the_wider_right(shared, people):
    ProgramMember.objects.create(program=shared, user=people["viewer"], named="viewer@example.org", role="editor")
    assert access.program_for(asking(people["viewer"]), shared.member_key).role == Role.EDITOR


def test_a_name_without_an_account_opens_nothing(shared):
    ProgramMember.objects.create(program=shared, user=None, named="nobody", role="editor")
    with pytest.raises(Http404):
        access.program_for(asking(), shared.member_key)
    with pytest.raises(Http404):
        access.program_for(asking(User.objects.create_user("nobody")), shared.member_key)


def test_after_its_last_day_a_program_is_gone_for_everybody(shared, people):
    today = timezone.localdate()
    for days, reached in ((0, True), (-1, False)):
        Program.objects.filter(pk=shared.pk).update(expires_on=today + dt.timedelta(days=days))
        for user, key in ((None, shared.token), (None, shared.read_token), (people["owner"], shared.member_key)):
            assert (access.find(asking(user), key) is not None) == reached
