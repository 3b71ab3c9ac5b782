"""Everybody tries everything: each page of a program, with each way in, and with every way that should not be one."""

import datetime as dt
from contextlib import contextmanager

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from advisor import records, versions
from advisor.models import Program, ProgramMember, ShortlistEntry
from advisor.urls import urlpatterns
from tests.engine.builders import profile

# By name of the URL, and of the variant where there are several: method, query, what is posted.
ACTIONS = {
    "program": ("get", "", {}),
    "edit": ("get", "", {}),
    "edit: send": ("post", "", {"stage": "phase-2", "modality": "mrna"}),
    "edit: go on": ("post", "", {"stage": "phase-2", "go": "work"}),
    "edit-so-far": ("post", "", {"stage": "phase-2", "modality": "mrna"}),
    "edit-from-trial": ("post", "", {}),
    "keep": ("post", "?what_if=1&stage=phase-2&services=formulation", {}),
    "versions": ("get", "", {}),
    "version": ("get", "", {}),
    "version-today": ("get", "", {}),
    "versions-compare": ("get", "?v=1&v=2", {}),
    "shortlist": ("get", "", {}),
    "shortlist: add": ("post", "", {"vendor": "makers"}),
    "shortlist-change": ("post", "", {"do": "remove"}),
    "sharing": ("get", "", {}),
    "link": ("post", "", {"link": "read", "do": "make"}),
    "link: edit link": ("post", "", {"link": "edit", "do": "revoke"}),
    "add-member": ("post", "", {"named": "stranger", "role": "editor"}),
    "change-member": ("post", "", {"do": "remove"}),
    "claim": ("post", "", {}),
    "leave": ("post", "", {}),
    "last-day": ("post", "", {"expires_on": "2999-01-01"}),
    "export": ("get", "", {}),
    "delete": ("get", "", {}),
    "delete: send": ("post", "", {"sure": "on"}),
    "documents": ("get", "", {}),
    "document": ("get", "", {}),
    "record-file": ("get", "", {}),
    "record-draft": ("get", "", {}),
    "record-draft: send": ("post", "", {"do": "freeze", "dissent": "None."}),
    "record-correct": ("post", "", {}),
    "record-discard": ("post", "", {}),
    "responsibilities": ("get", "", {}),
    "responsibilities: send": ("post", "", {"formulation.phase-2-party": "retained"}),
    "vendor-answers": ("get", "", {}),
    "vendor-answers: send": ("post", "", {}),
    "forget-answers": ("post", "", {}),
}
READING = {
    "program": 200, "versions": 200, "version": 200, "version-today": 200, "versions-compare": 200, "sharing": 200,
    "shortlist": 200, "documents": 200, "document": 200, "record-file": 200, "responsibilities": 200, "vendor-answers": 200,
}  # fmt: skip
WRITING = {
    **READING, "edit": 200, "edit: send": 302, "edit: go on": 302, "edit-so-far": 200, "edit-from-trial": 422,
    "keep": 302, "export": 200, "shortlist: add": 302, "shortlist-change": 302,
    "record-draft": 200, "record-draft: send": 302, "record-correct": 302, "record-discard": 302,
    "responsibilities: send": 302, "vendor-answers: send": 422, "forget-answers": 302,
}  # fmt: skip
SHARING = {**WRITING, "link": 302, "add-member": 302, "change-member": 302}
ENDING = {"last-day": 302, "delete": 200, "delete: send": 302}
# What each may do; whatever is not named is refused with 403, since they know that the program is there.
OPEN = {
    "read link": READING,
    "viewer": {**READING, "leave": 302},
    "edit link": WRITING,
    "editor": {**SHARING, "leave": 302},
    "owner": {**SHARING, **ENDING, "link: edit link": 302},
    "edit link, no owner": {**WRITING, **ENDING, "link": 302},
    "signed in with the edit link, no owner": {**WRITING, **ENDING, "link": 302, "claim": 302},
}
# These find nothing at all, whatever they ask for.
SHUT = (
    "a guess", "stranger", "nobody with the members' address", "revoked read link", "revoked edit link", "expired edit link",
    "expired read link", "expired owner",
)  # fmt: skip


@pytest.fixture
def cast(desk):
    """Every actor, with the key and the program that it comes to."""
    people = {name: User.objects.create_user(name) for name in ("owner", "editor", "viewer", "stranger")}

    def program(**columns):
        made = versions.new_program(profile(name="ABC-1", services=["formulation"]), by=people["owner"])
        versions.save_version(made, profile(name="ABC-1", stage="phase-2", services=["formulation"]), by=people["owner"])
        for role in ("editor", "viewer"):
            ProgramMember.objects.create(program=made, user=people[role], named=role, role=role)
        ShortlistEntry.objects.create(program=made, vendor="quiet-works", vendor_name="Quiet-Works", position=1)
        records.freeze(records.start(made), timezone.now())
        for column, value in columns.items():
            setattr(made, column, value)
        made.save()
        return made

    owned = program(token="edit-key-of-owned", read_token="read-key-of-owned")
    free = program(owner=None, token="edit-key-of-free")
    expired = program(token="edit-key-of-expired", read_token="read-key-of-expired", expires_on=timezone.localdate() - dt.timedelta(days=1))
    return {
        "read link": (None, owned.read_token, owned),
        "viewer": (people["viewer"], owned.member_key, owned),
        "edit link": (None, owned.token, owned),
        "editor": (people["editor"], owned.member_key, owned),
        "owner": (people["owner"], owned.member_key, owned),
        "edit link, no owner": (None, free.token, free),
        "signed in with the edit link, no owner": (people["stranger"], free.token, free),
        "a guess": (None, "guess", owned),
        "stranger": (people["stranger"], owned.member_key, owned),
        "nobody with the members' address": (None, owned.member_key, owned),
        "revoked read link": (None, "read-key-of-before", owned),
        "revoked edit link": (None, "edit-key-of-before", owned),
        "expired edit link": (None, expired.token, expired),
        "expired read link": (None, expired.read_token, expired),
        "expired owner": (people["owner"], expired.member_key, expired),
    }


def client_of(user):
    client = Client()
    if user:
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


@contextmanager
def undone():
    """What happens inside leaves no trace in the database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def address(action, key, program):
    name = action.partition(":")[0]
    more = {
        "version": [1], "version-today": [1], "change-member": [program.members.order_by("pk").last().pk],
        "shortlist-change": [program.shortlist.get().pk],
        "document": ["comparison", "docx"], "record-file": [1, "docx"], "record-correct": [1], "forget-answers": ["makers"],
    }  # fmt: skip
    return reverse(f"advisor:{name}", args=[key, *more.get(name, [])]) + ACTIONS[action][1]


def everything(actors):
    """Each actor's answer to each action."""
    for who, (user, key, program) in actors.items():
        client = client_of(user)
        for action, (method, _, data) in ACTIONS.items():
            with undone():
                yield who, action, program, getattr(client, method)(address(action, key, program), data)


def test_no_page_of_a_program_is_forgotten():
    pages = {pattern.name for pattern in urlpatterns if "token" in pattern.pattern.converters}
    assert pages == {action.partition(":")[0] for action in ACTIONS}


def test_each_may_do_what_is_theirs_and_nothing_else(cast):
    assert set(cast) == {*OPEN, *SHUT}
    wrong = []
    for who, action, _, response in everything(cast):
        expected = 404 if who in SHUT else OPEN[who].get(action, 403)
        if response.status_code != expected:
            wrong.append(f"{who}: {action}: {response.status_code}, not {expected}")
    assert wrong == []


def test_nobody_is_shown_a_key_that_opens_more_than_their_own(cast):
    for who, action, program, response in everything({name: cast[name] for name in ("read link", "viewer", "editor", "edit link")}):
        page = response.content.decode(errors="replace") + str(response.headers)
        hidden = {
            "read link": (program.token, program.member_key),
            "viewer": (program.token, program.read_token),
            "editor": (program.token,),
            "edit link": (),
        }[who]
        assert not [key for key in hidden if key in page], (who, action)


def test_no_page_of_a_program_is_kept_indexed_or_told_to_others(cast):
    for who, action, _, response in everything({name: cast[name] for name in ("owner", "viewer", "a guess")}):
        assert "no-store" in response.headers["Cache-Control"], (who, action, response.status_code)
        if response.status_code in {200, 302}:
            assert "noindex" in response.headers["X-Robots-Tag"], (who, action)
        assert response.headers["Referrer-Policy"] == "same-origin"


def test_a_way_in_that_is_none_learns_nothing(cast):
    """The page is the same whether there is such a program or not."""
    pages = {
        (action, response.content)
        for _, action, _, response in everything({name: cast[name] for name in ("a guess", "stranger", "expired owner")})
    }
    assert len({content for _, content in pages}) <= 2  # signed in, or not


@pytest.mark.parametrize("who", ["read link", "viewer", "edit link", "stranger", "a guess"])
def test_two_programs_are_compared_by_those_only_who_reach_both(cast, who):
    user, key, _ = cast[who]
    mine = versions.new_program(profile(services=["formulation"]))
    response = client_of(user).get(f"/programs/compare/?a={key}&b={mine.token}")
    assert response.status_code == (404 if who in SHUT else 200)


@pytest.mark.parametrize("who", ["stranger", "a guess", "expired owner"])
def test_a_program_is_not_copied_by_those_who_do_not_reach_it(cast, who):
    user, key, _ = cast[who]
    page = client_of(user).get(f"/programs/new/?from={key}").content.decode()
    assert "ABC-1" not in page
    assert "checked" not in page.partition("priority_")[0]


def test_a_program_can_be_copied_from_the_read_only_link(cast):
    _, key, _ = cast["read link"]
    page = Client().get(f"/programs/{key}/").content.decode()
    assert f"/programs/new/?from={key}" in page
    assert "ABC-1" in Client().get(f"/programs/new/?from={key}").content.decode()
    assert Program.objects.count() == 3
