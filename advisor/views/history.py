"""The versions of a program: what was saved when, as it was, and what has changed since."""

from itertools import pairwise
from typing import Any

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from advisor import access, difference, versions
from advisor.confidential import confidential
from advisor.engine.profile import ProfileError
from advisor.kept import outline
from advisor.models import ProgramVersion
from vendors import snapshot

PAGE = 25
FIRST = 10  # matches of a lane that an old version shows at once


@confidential
@require_safe
def versions_page(request, token):
    """Every version, the latest first, with what it changed; two can be ticked and compared."""
    program = access.program_for(request, token)
    # The database takes the few words out of the advice: the whole of it, of every version, would be megabytes.
    columns = ("number", "created_at", "author_name", "note", "catalogue_version", "advice__words", "advice__model__recommended")
    page = Paginator(program.versions.order_by("-number").values(*columns), PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    before = program.versions.filter(number=rows[-1]["number"] - 1).values(*columns).first() if rows else None
    shown = [{**row, "changes": changes(earlier, row)} for row, earlier in pairwise([*rows, before])]
    context = {"program": program, "page": page, "shown": shown, "latest": shown[0]["number"] if page.number == 1 and shown else None}
    return render(request, "advisor/versions.html", {**context, **access.rights(request, program)})


def changes(before: dict[str, Any] | None, after: dict[str, Any]) -> list[str] | None:
    """What one version changed against the one before it, in words; None for the first."""
    if before is None:
        return None
    rows = difference.changed_words(before["advice__words"], after["advice__words"])
    words = [f"{row['name']}: {row['before']} → {row['after']}" for row in rows]
    models = [one["advice__model__recommended"] for one in (before, after)]
    if models[0] != models[1]:
        words.append(f"Recommended: {models[0]} → {models[1]}")
    if before["catalogue_version"] != after["catalogue_version"]:
        words.append("The catalogue changed")
    return words


@confidential
@require_safe
def version(request, token, number):
    """One version as it was: the advice that was given then, stamped with the catalogue that it rests on."""
    program = access.program_for(request, token)
    found = get_object_or_404(program.versions, number=number)
    catalogue = snapshot.current()
    context = {
        "program": program,
        "version": found,
        "advice": found.advice,
        "lanes": [lane_of(found, lane) for lane in found.advice["lanes"]],
        "on_record": catalogue.place,
        "same_catalogue": catalogue.version == found.catalogue_version,
        "last": program.versions.order_by("-number").values_list("number", flat=True).first(),
        **access.rights(request, program),
    }
    return render(request, "advisor/version.html", context)


def lane_of(found: ProgramVersion, lane: dict[str, Any]) -> dict[str, Any]:
    """One lane of a version with its matches, those shown at once and the rest, and whom a must-have kept out."""
    matches = matches_of(found, lane["lane"])
    left_out = [row for row in found.advice["excluded"] if row["lane"] == lane["lane"]]
    return {**lane, "matches": matches, "first": matches[:FIRST], "rest": matches[FIRST:], "left_out": left_out}


def matches_of(found: ProgramVersion, lane: str) -> list[dict[str, Any]]:
    """The kept matches of a lane; each contribution with its name and in points of 100."""
    return [
        {
            **match,
            "parts": [
                {"name": match["criteria"][c["criterion"]], "weight": 100 * c["weight"], "known": 100 * c["weight"] * c["known"],
                 "possible": 100 * c["weight"] * c["possible"], "because": c["because"]}
                for c in match["contributions"]
            ],
        }
        for match in found.advice["matches"]
        if match["lane"] == lane
    ]  # fmt: skip


@confidential
@require_safe
def version_today(request, token, number):
    """What the advice on a version would be with the catalogue of today, against what it was."""
    program = access.program_for(request, token)
    found = get_object_or_404(program.versions, number=number)
    context: dict[str, Any] = {"program": program, "version": found, **access.rights(request, program)}
    try:
        today = difference.Side("Today", outline(versions.advice_of(found)))
    except ProfileError as error:
        return render(request, "advisor/version_today.html", {**context, "problems": error.problems}, status=409)
    context["difference"] = difference.compare(difference.Side(str(found), found.advice), today)
    return render(request, "advisor/version_today.html", context)


@confidential
@require_safe
def compare_versions(request, token):
    """Two versions of one program side by side; the address names them: `?v=1&v=3`."""
    program = access.program_for(request, token)
    asked = sorted({int(number) for number in request.GET.getlist("v") if number.isdecimal() and len(number) < 9})
    found = list(program.versions.filter(number__in=asked).order_by("number"))
    context: dict[str, Any] = {"program": program, "numbers": list(program.versions.order_by("number").values_list("number", flat=True))}
    context |= access.rights(request, program)
    if len(asked) > 2 or len(found) < len(asked):
        context["problem"] = "Choose two versions of this program."
    if len(found) == 2 and "problem" not in context:
        context["difference"] = difference.compare(*(difference.Side(str(one), one.advice) for one in found))
        context["versions"] = found
    return render(request, "advisor/versions_compare.html", context, status=422 if "problem" in context else 200)
