"""Every save of a program is a version, with the advice as it was given that day."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from advisor.engine.advice import Advice, advise
from advisor.engine.profile import Profile
from advisor.kept import kept
from advisor.models import Program, ProgramVersion
from advisor.origins import origins_of, read_of
from vendors import snapshot


def new_program(profile: Profile, *, by=None, origins: Mapping[str, Any] | None = None, note: str = "") -> Program:
    """Store a program with its first version. Whoever is signed in owns it, and it then has no edit link until one is made."""
    with transaction.atomic():
        program = Program.objects.create(name=profile.name, **ownership(by))
        save_version(program, profile, by=by, origins=origins, note=note)
    return program


def ownership(by) -> dict[str, Any]:
    """The owner and the edit link of a program that is made by somebody: signed in, or not."""
    return {"owner": by, "token": None} if signed_in(by) else {}


def save_version(
    program: Program, profile: Profile, *, by=None, origins: Mapping[str, Any] | None = None, note: str = ""
) -> ProgramVersion:
    """Make a profile the program's present one, and keep it as a version with the advice on it.

    by: the user who saves, or None or an anonymous one for somebody with the edit link. origins: where each value of the
    profile comes from, by its key; without it what was read from a trial stays so as long as its value does. A draft is used up by it.
    """
    advice = advise(profile, snapshot.current())
    written = profile.as_dict()
    with transaction.atomic():
        # Two who save at once get two numbers.
        earlier = Program.objects.select_for_update().get(pk=program.pk)
        if origins is None:
            origins = origins_of(profile, read_of(earlier.profile, earlier.origins))
        number = 1 + (earlier.versions.aggregate(last=Max("number"))["last"] or 0)
        version = ProgramVersion.objects.create(
            program=program, number=number, profile=written, origins=dict(origins), advice=kept(advice),
            catalogue_version=advice.catalogue.version, software_version=settings.SOFTWARE_VERSION,
            author=by if signed_in(by) else None, author_name=name_of(by), note=note.strip(),
        )  # fmt: skip
        program.name, program.profile, program.origins, program.draft = profile.name, written, dict(origins), {}
        program.save(update_fields=["name", "profile", "origins", "draft", "changed_at"])
    return version


def advice_of(version: ProgramVersion | Program) -> Advice:
    """The advice on a version's profile with the catalogue of today; `version.advice` is the one that was given.

    Raises ProfileError where the profile names what the catalogue no longer has.
    """
    catalogue = snapshot.current()
    return advise(Profile.from_dict(version.profile, catalogue.vocabulary), catalogue)


def signed_in(user) -> bool:
    return user is not None and user.is_authenticated


def name_of(user) -> str:
    """Who saves, in words that outlive the account; empty for somebody with the edit link."""
    return (user.get_full_name() or user.get_username())[:160] if signed_in(user) else ""
