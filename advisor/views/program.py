"""The advice for one program, and two programs compared."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from advisor import access, difference, guide, result, versions
from advisor.confidential import confidential
from advisor.engine.advice import Advice, advise
from advisor.engine.partner_model import deciders
from advisor.engine.profile import Profile, ProfileError
from advisor.forms import WhatIfForm
from advisor.kept import outline
from advisor.models import GuideEntry
from vendors import snapshot


@confidential
@require_safe
def program(request, token):
    """The advice for one program; with `?what_if=1` and changes in the address, the advice for the changed program."""
    stored = access.program_for(request, token)
    if stored.profile is None:
        # Only a draft so far: whoever may go on with it is led there.
        return redirect("advisor:edit", token) if access.may_write(request, stored) else render(request, "advisor/unfinished.html")
    catalogue = snapshot.current()
    try:
        profile = Profile.from_dict(stored.profile, catalogue.vocabulary)
    except ProfileError as error:
        context = {"program": stored, "problems": error.problems, **access.rights(request, stored)}
        return render(request, "advisor/outdated.html", context, status=409)
    advice = advise(profile, catalogue)
    form = what_if(request.GET, advice)
    context = {
        **tried(advice, form, request.GET),
        "program": stored,
        "kept_query": result.query_without_pages(request.GET),
        "add_to": reverse("advisor:shortlist", args=[stored.key]) if access.may_write(request, stored) else None,
        "colleagues": stored.owner_id is not None,
        **access.rights(request, stored),
    }
    return render(request, "advisor/program.html", context, status=422 if form.errors else 200)


def tried(advice: Advice, form: WhatIfForm, query: Mapping[str, str]) -> dict[str, Any]:
    """What the result page shows of an advice, or with a valid form of changes, of the advice on the changed program.

    query: which pages of the lanes are asked for.
    """
    changed = advise(form.profile, advice.catalogue) if form.is_bound and form.is_valid() else None
    shown = changed or advice
    vocabulary = shown.catalogue.vocabulary
    entries = {entry.slug: entry for entry in GuideEntry.objects.all()}
    return {
        "advice": shown,
        "headline": result.headline(shown),
        "reasons": result.reasons(shown, entries),
        "not_needed": result.not_needed(shown),
        "deciders": deciders(shown.profile, vocabulary) if shown.model.close_call else [],
        "table": guide.table(entries.values(), shown.model.first.types, partial(result.note, shown)),
        "guide": guide.GUIDE,
        "lanes": result.lanes(shown, query),
        "team": result.team(shown),
        "questions": result.questions(shown),
        "asked": result.asked(shown),
        "stages": vocabulary.stages.values(),
        "what_if": form,
        "difference": changed
        and difference.compare(difference.Side("As stored", outline(advice)), difference.Side("As changed", outline(changed))),
    }


def what_if(given: QueryDict, advice: Advice) -> WhatIfForm:
    """The form of changes to a program, bound when there are some."""
    needed = [need.service for need in advice.needs.needs]
    data = given if "what_if" in given else None
    return WhatIfForm(data, base=advice.profile, needed=needed, vocabulary=advice.catalogue.vocabulary)


@confidential
@require_POST
def keep_variant(request, token):
    """Keep a changed program as its next version; the changes are those of the address."""
    stored = access.program_for(request, token, write=True)
    try:
        advice = versions.advice_of(stored)
    except ProfileError:
        return redirect(stored)
    form = what_if(request.GET, advice)
    if not (form.is_bound and form.is_valid()):
        return redirect(stored)
    versions.save_version(stored, form.profile, by=request.user)
    return redirect(stored)


@confidential
@require_safe
def compare(request):
    """Two programs, or two versions of one, side by side; whoever asks has to have both addresses."""
    given = [request.GET.get(side, "").strip() for side in ("a", "b")]
    # Whole addresses are taken too: that is what people have at hand.
    tokens = [value.split("?")[0].rstrip("/").rsplit("/", 1)[-1] for value in given]
    found = {token: program for token in tokens if (program := access.find(request, token))}
    context: dict[str, Any] = {"given": given, "missing": [g for g, t in zip(given, tokens, strict=True) if g and t not in found]}
    if all(token in found for token in tokens):
        try:
            sides = [
                difference.Side(str(one), outline(versions.advice_of(one)), one.get_absolute_url())
                for one in (found[token] for token in tokens)
            ]
            context["difference"] = difference.compare(*sides)
        except ProfileError as error:
            context["problems"] = error.problems
    return render(request, "advisor/compare.html", context, status=404 if context["missing"] else 200)
