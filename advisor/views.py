"""The guide, the intake form and the result page."""

from functools import partial

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from advisor import guide, result
from advisor.engine.advice import advise
from advisor.engine.profile import Profile, ProfileError
from advisor.forms import ProgramForm
from advisor.models import GuideEntry, Program
from vendors import snapshot


@require_safe
def guide_page(request):
    """The CRO / CMO / CDMO guide, with what disagrees with it."""
    sections = guide.sections()
    rows = [passage.entry for _, passages in sections for passage in passages]
    return render(request, "advisor/guide.html", {"sections": sections, "table": guide.table(rows), "guide": guide.GUIDE})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_program(request):
    """The intake form; with `?from=TOKEN` it starts from a stored program."""
    vocabulary = snapshot.current().vocabulary
    if request.method == "POST":
        form = ProgramForm(request.POST, vocabulary=vocabulary)
        if form.is_valid():
            profile = form.profile
            return redirect(Program.objects.create(name=profile.name, profile=profile.as_dict()))
        return private(render(request, "advisor/intake.html", {"form": form}, status=422))
    earlier = Program.objects.filter(token=request.GET["from"]).first() if "from" in request.GET else None
    form = ProgramForm(initial=ProgramForm.initial_of(earlier.profile) if earlier else None, vocabulary=vocabulary)
    response = render(request, "advisor/intake.html", {"form": form, "earlier": earlier})
    return private(response) if earlier else response


@never_cache
@require_safe
def program(request, token):
    """The advice for one program: model, the guide's table beside it, and the ranked matches of each lane."""
    stored = get_object_or_404(Program, token=token)
    catalogue = snapshot.current()
    try:
        profile = Profile.from_dict(stored.profile, catalogue.vocabulary)
    except ProfileError as error:
        context = {"program": stored, "problems": error.problems}
        return private(render(request, "advisor/outdated.html", context, status=409))
    advice = advise(profile, catalogue)
    entries = {entry.slug: entry for entry in GuideEntry.objects.all()}
    context = {
        "program": stored,
        "advice": advice,
        "headline": result.headline(advice),
        "reasons": result.reasons(advice, entries),
        "not_needed": result.not_needed(advice),
        "table": guide.table(entries.values(), advice.model.first.types, partial(result.note, advice)),
        "guide": guide.GUIDE,
        "lanes": result.lanes(advice, request.GET),
        "asked": result.asked(advice),
        "stages": catalogue.vocabulary.stages.values(),
    }
    return private(render(request, "advisor/program.html", context))


def private(response):
    """A program is confidential: no search engine may keep its page. That no other site learns its address is the settings' care."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
