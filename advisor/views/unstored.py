"""Advice without storing anything: the answers come with each request and are gone with it."""

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from advisor import access, origins, versions
from advisor.confidential import confidential
from advisor.engine.advice import advise
from advisor.engine.profile import Problem, Profile, ProfileError
from advisor.forms import ProgramForm
from advisor.views import intake
from advisor.views.program import tried, what_if
from vendors import snapshot
from vendors.catalogue import Vocabulary


@confidential
@sensitive_post_parameters()
@require_POST
def unstored(request):
    """The result page for the answers of the intake, or for `profile` as an earlier such page sent it; no row is written.

    With `what_if` the changes beside it are tried out. Only `do` = "save" stores the program, with its first version.
    """
    catalogue = snapshot.current()
    if "profile" not in request.POST:
        form = ProgramForm(request.POST, vocabulary=catalogue.vocabulary)
        if not form.is_valid():
            return intake.page(request, form, None, status=422)
        profile = form.profile
    else:
        try:
            profile = profile_of(request.POST, catalogue.vocabulary)
        except ProfileError as error:
            return render(request, "advisor/unreadable.html", {"problems": error.problems}, status=422)
    if request.POST.get("do") == "save":
        found = origins.origins_of(profile, origins.unsigned(request.POST.get("origins", "")))
        program = versions.new_program(profile, by=request.user, origins=found)
        access.remember(request, program)
        messages.success(request, "The program is saved, with this advice as its first version.")
        return redirect(program)
    changes = what_if(request.POST, advise(profile, catalogue))
    context = tried(advise(profile, catalogue), changes, pages_of(request.POST))
    context |= {
        "profile_json": as_text(profile),
        "shown_json": as_text(context["advice"].profile),
        "signed_origins": request.POST.get("origins", ""),
    }
    return render(request, "advisor/unstored.html", context, status=422 if changes.errors else 200)


def as_text(profile: Profile) -> str:
    return json.dumps(profile.as_dict(), ensure_ascii=False)


def profile_of(given: QueryDict, vocabulary: Vocabulary) -> Profile:
    """The program that a page like this sent along. Raises ProfileError."""
    try:
        data: Any = json.loads(given.get("profile", ""))
    except (ValueError, RecursionError) as error:
        raise ProfileError([Problem("profile", given["profile"], "This is no JSON.")]) from error
    return Profile.from_dict(data, vocabulary)


def pages_of(given: QueryDict) -> Mapping[str, str]:
    """Which pages of the lanes a button asks for: `page` is "all", or the name of a lane, and a number."""
    lane, _, number = given.get("page", "").partition(" ")
    return {"all": number} if lane == "all" else {lane: number, **({"all": lane} if "every" in given else {})}
