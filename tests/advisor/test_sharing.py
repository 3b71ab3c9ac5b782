"""Links that are made and revoked, colleagues, and programs that change hands."""

import re

import pytest
from django.contrib.auth.models import User

from advisor import versions
from advisor.models import Program
from tests.engine.builders import profile


@pytest.fixture
def ana(client, db):
    """The account that `client` is signed in with."""
    user = User.objects.create_user("ana")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return user


@pytest.fixture
def mine(desk, ana):
    return versions.new_program(profile(name="ABC-1", services=["formulation"]), by=ana)


def page_of(response):
    assert response.status_code == 200
    return response.content.decode()


def test_the_read_only_link_is_made_shown_made_anew_and_revoked(client, desk):
    program = versions.new_program(profile(services=["formulation"]))
    sharing = f"/programs/{program.token}/sharing/"
    assert client.post(f"{sharing}link/", {"link": "read", "do": "make"}).url == sharing
    program.refresh_from_db()
    first = program.read_token
    assert f"http://testserver/programs/{first}/" in page_of(client.get(sharing))
    assert "Keep it" not in page_of(client.get(f"/programs/{first}/?what_if=1&stage=phase-2"))
    client.post(f"{sharing}link/", {"link": "read", "do": "make"})
    program.refresh_from_db()
    assert client.get(f"/programs/{first}/").status_code == 404
    assert client.get(f"/programs/{program.read_token}/").status_code == 200
    client.post(f"{sharing}link/", {"link": "read", "do": "revoke"})
    assert client.get(f"/programs/{program.read_token}/").status_code == 404


def test_the_edit_link_of_an_owned_program_can_be_made_and_revoked(client, mine):
    sharing = f"/programs/{mine.member_key}/sharing/"
    client.post(f"{sharing}link/", {"link": "edit", "do": "make"})
    mine.refresh_from_db()
    client.logout()
    assert client.get(f"/programs/{mine.token}/").status_code == 200
    client.force_login(mine.owner, "django.contrib.auth.backends.ModelBackend")
    # Whoever came by the link that goes is led on by another address.
    assert client.post(f"/programs/{mine.token}/sharing/link/", {"link": "edit", "do": "revoke"}).url == sharing
    client.logout()
    assert client.get(f"/programs/{mine.token}/").status_code == 404


def test_the_only_key_can_be_renewed_but_not_revoked(client, desk):
    program = versions.new_program(profile(services=["formulation"]))
    address = f"/programs/{program.token}/sharing/link/"
    assert client.post(address, {"link": "edit", "do": "revoke"}).status_code == 403
    response = client.post(address, {"link": "edit", "do": "make"})
    fresh = Program.objects.get().token
    assert response.url == f"/programs/{fresh}/sharing/"
    assert fresh != program.token


def test_a_colleague_finds_the_program_in_the_list(client, mine):
    ben = User.objects.create_user("ben")
    client.post(f"/programs/{mine.member_key}/sharing/members/", {"named": "Ben", "role": "editor"})
    client.force_login(ben, "django.contrib.auth.backends.ModelBackend")
    page = page_of(client.get("/programs/"))
    assert "ABC-1" in page
    assert "editor" in page
    assert client.get(f"/programs/{mine.member_key}/edit/").status_code == 200
    assert client.post(f"/programs/{mine.member_key}/leave/").url == "/programs/"
    assert client.get(f"/programs/{mine.member_key}/").status_code == 404


def test_sharing_does_not_tell_who_has_an_account(client, mine):
    User.objects.create_user("zz-real")
    User.objects.create_user("zz-gone", is_active=False)
    pages = set()
    for name in ("zz-real", "zz-none", "zz-gone"):
        answer = client.post(f"/programs/{mine.member_key}/sharing/members/", {"named": name, "role": "viewer"}, follow=True)
        member = mine.members.get()
        assert (member.user is not None) == (name == "zz-real")
        page = re.sub(r'(?<=csrfmiddlewaretoken" value=")\w+', "", page_of(answer))
        pages.add(page.replace(name, "…").replace(f"members/{member.pk}/", "members/…/"))
        member.delete()
    assert len(pages) == 1


def test_an_account_made_later_under_a_shared_name_gets_nothing(client, mine):
    client.post(f"/programs/{mine.member_key}/sharing/members/", {"named": "later", "role": "editor"})
    later = User.objects.create_user("later")
    client.force_login(later, "django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/programs/{mine.member_key}/").status_code == 404
    assert "ABC-1" not in page_of(client.get("/programs/"))


def test_a_name_that_is_missing_is_said_and_the_page_stays(client, mine):
    response = client.post(f"/programs/{mine.member_key}/sharing/members/", {"named": " ", "role": "editor"})
    assert response.status_code == 422
    assert "Type the user name of your colleague." in response.content.decode()


def test_a_role_is_changed_and_taken_away(client, mine):
    ben = User.objects.create_user("ben")
    client.post(f"/programs/{mine.member_key}/sharing/members/", {"named": "ben", "role": "viewer"})
    member = mine.members.get()
    address = f"/programs/{mine.member_key}/sharing/members/{member.pk}/"
    client.post(address, {"do": "role", "role": "editor"})
    member.refresh_from_db()
    assert (member.role, member.user) == ("editor", ben)
    assert client.post(address, {"do": "role", "role": "owner"}).status_code == 403
    client.post(address, {"do": "remove"})
    assert not mine.members.exists()


def test_a_member_of_another_program_is_out_of_reach(client, mine):
    other = versions.new_program(profile(), by=User.objects.create_user("ben"))
    member = other.members.create(named="cat", role="viewer")
    assert client.post(f"/programs/{mine.member_key}/sharing/members/{member.pk}/", {"do": "remove"}).status_code == 404
    assert other.members.exists()


def test_a_program_of_nobody_is_claimed_once(client, desk, ana):
    program = versions.new_program(profile(name="ABC-1", services=["formulation"]))
    assert "Make this program mine" in page_of(client.get(f"/programs/{program.token}/sharing/"))
    assert client.post(f"/programs/{program.token}/claim/").url == f"/programs/{program.member_key}/sharing/"
    program.refresh_from_db()
    assert program.owner == ana
    assert "ABC-1" in page_of(client.get("/programs/"))
    ben = User.objects.create_user("ben")
    client.force_login(ben, "django.contrib.auth.backends.ModelBackend")
    # The link works until its owner revokes it, but gives nobody else the program.
    assert client.get(f"/programs/{program.token}/").status_code == 200
    assert client.post(f"/programs/{program.token}/claim/").status_code == 403


def test_what_a_signed_in_sponsor_describes_is_theirs(client, desk, ana):
    response = client.post("/programs/new/", {"stage": "phase-1", "modality": "mrna"})
    program = Program.objects.get()
    assert (program.owner, program.token) == (ana, None)
    assert response.url == f"/programs/{program.member_key}/"
    assert client.get(response.url).status_code == 200


def test_the_list_says_how_it_works_without_an_account(client, db):
    page = page_of(client.get("/programs/"))
    assert "?next=/programs/" in page
    assert "the address of a program is its only key" in page


def test_the_list_is_paged_and_asks_no_more_for_more(client, mine, count_queries):
    client.get("/programs/")
    with count_queries() as few:
        page = page_of(client.get("/programs/"))
    assert "Phase 1" in page
    assert "CDMO" in page
    for _ in range(30):
        versions.new_program(profile(), by=mine.owner)
    client.get("/programs/")
    with count_queries() as many:
        page = page_of(client.get("/programs/"))
    assert len(few) == len(many) <= 8
    assert page.count('<th scope="row">') == 25
