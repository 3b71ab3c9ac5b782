"""From the answers of a sponsor to a program: the intake, its drafts, and a registered trial as a start."""

from typing import Any

from django.conf import settings
from django.http import HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from advisor import access, drafts, origins, versions
from advisor.confidential import confidential, private
from advisor.forms import ProgramForm
from advisor.implied import implied
from advisor.intake import BY_SLUG
from advisor.models import Program
from advisor.trials import registry
from advisor.trials.prefill import FIELD_NAMES, Prefill, prefill
from advisor.trials.record import TrialError, open_record
from vendors import snapshot


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def new_program(request):
    """The intake form; with `?from=KEY` it starts from a stored program."""
    if request.method == "POST":
        return answered(request, None)
    earlier = access.find(request, request.GET.get("from", ""))
    vocabulary = snapshot.current().vocabulary
    form = drafts.form_of(earlier, vocabulary) if earlier else ProgramForm(vocabulary=vocabulary)
    response = page(request, form, None, earlier=earlier)
    return private(response) if earlier else response


@confidential
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def edit_program(request, token):
    """The intake form with the program's answers, or its draft; what is sent becomes its next version."""
    program = access.program_for(request, token, write=True)
    if request.method == "POST":
        return answered(request, program)
    return page(request, drafts.form_of(program, snapshot.current().vocabulary, request.GET.get("at", "")), program)


def answered(request, program: Program | None):
    """What was sent: kept as a draft and gone on with (`go` names the section), or made a version and advised on."""
    vocabulary, at = snapshot.current().vocabulary, request.POST.get("go", "")
    if at in BY_SLUG:
        kept = drafts.keep(program, request.POST, by=request.user)
        if program is None:
            access.remember(request, kept)
        return HttpResponseRedirect(f"{reverse('advisor:edit', args=[kept.key])}?at={at}#{at}")
    form = ProgramForm(request.POST, vocabulary=vocabulary)
    if not form.is_valid():
        return private(page(request, form, program, status=422))
    found = origins.origins_of(form.profile, form.read)
    if program is None:
        program = versions.new_program(form.profile, by=request.user, origins=found)
        access.remember(request, program)
    else:
        versions.save_version(program, form.profile, by=request.user, origins=found)
    return redirect(program)


@confidential
@sensitive_post_parameters()
@require_POST
def so_far(request, token=None):
    """The intake as it was sent, with what it implies; nothing is stored."""
    program = access.program_for(request, token, write=True) if token else None
    form = ProgramForm(request.POST, vocabulary=snapshot.current().vocabulary, draft=True, at=request.POST.get("at", ""))
    return page(request, form, program)


@confidential
@sensitive_post_parameters()
@require_POST
def from_trial(request, token=None):
    """The intake as it was sent, with what a registered trial says filled in where nothing else was typed; nothing is stored."""
    program = access.program_for(request, token, write=True) if token else None
    vocabulary = snapshot.current().vocabulary
    given: dict[str, Any] = {"trial_number": request.POST.get("trial_number", "")}
    try:
        found = prefill(study_of(request), vocabulary)
    except TrialError as error:
        form = ProgramForm(request.POST, vocabulary=vocabulary, draft=True)
        return page(request, form, program, status=422, trial_error=str(error), **given)
    form = ProgramForm(filled(request.POST, found, vocabulary), vocabulary=vocabulary, draft=True)
    form.is_valid()
    return page(request, form, program, trial=found, **told(form, found))


def study_of(request):
    """The study that was uploaded or asked for by its number. Raises TrialError."""
    if "trial_record" in request.FILES:
        # Read in memory, and gone with the request: the body's size is limited, and no upload is ever written.
        return open_record(request.FILES["trial_record"].read())
    number = request.POST.get("trial_number", "")
    if not number.strip():
        raise TrialError("Write an NCT number, or choose the file of a study record.")
    if not settings.REGISTRY_FETCH:
        raise TrialError(f"This portal does not ask the registry. {registry.UPLOAD}")
    return registry.fetch(number)


def filled(post: QueryDict, found: Prefill, vocabulary) -> QueryDict:
    """The answers with those of a trial in the fields that are empty, or that hold what an earlier trial gave."""
    form = ProgramForm(post, vocabulary=vocabulary, draft=True)
    data = post.copy()
    initial = ProgramForm.initial_of(found.profile)
    taken = {}
    for key, read in origins.read_from(found).items():
        if form.now(key) and not form.origin_of(key):
            continue
        data.setlist(key, initial[key] if key == "therapeutic_areas" else [form.fields[key].prepare_value(initial[key])])
        taken[key] = read
    kept = {key: read for key, read in form.read.items() if key not in taken and form.origin_of(key)}
    data["origins"] = origins.signed({**kept, **taken})
    return data


def told(form: ProgramForm, found: Prefill) -> dict[str, Any]:
    """Which fields a trial filled, and which it left, in words."""
    mine = [key for key in found.profile if not form.origin_of(key)]
    return {
        "trial_filled": [FIELD_NAMES[key] for key in FIELD_NAMES if key in found.profile and key not in mine],
        "trial_kept": [FIELD_NAMES[key] for key in FIELD_NAMES if key in mine],
        "trial_left": [(FIELD_NAMES[key], found.left[key]) for key in FIELD_NAMES if key in found.left and not form.now(key)],
    }


def page(request, form: ProgramForm, program: Program | None, *, earlier: Program | None = None, status: int = 200, **more: Any):
    """The page of the intake. A form that was sent shows what it leads to, one that was not what its program leads to."""
    source = program or earlier
    # A form in error knows what could be read all the same.
    answers = form.profile_json() if form.is_bound and form.errors is not None else (source and source.profile) or {}
    context = {
        "form": form,
        "program": program,
        "earlier": earlier,
        "so_far": implied(answers, snapshot.current()),
        "registry_fetch": settings.REGISTRY_FETCH,
        **more,
    }
    return render(request, "advisor/intake.html", context, status=status)
