"""From the answers of a sponsor to a program."""

from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from advisor import access, versions
from advisor.confidential import confidential, private
from advisor.forms import ProgramForm
from vendors import snapshot


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_program(request):
    """The intake form; with `?from=KEY` it starts from a stored program."""
    vocabulary = snapshot.current().vocabulary
    if request.method == "POST":
        form = ProgramForm(request.POST, vocabulary=vocabulary)
        if form.is_valid():
            program = versions.new_program(form.profile, by=request.user)
            access.remember(request, program)
            return redirect(program)
        return private(render(request, "advisor/intake.html", {"form": form}, status=422))
    earlier = access.find(request, request.GET.get("from", ""))
    form = ProgramForm(initial=ProgramForm.initial_of(earlier.profile) if earlier and earlier.profile else None, vocabulary=vocabulary)
    response = render(request, "advisor/intake.html", {"form": form, "earlier": earlier})
    return private(response) if earlier else response


@confidential
@require_http_methods(["GET", "HEAD", "POST"])
def edit_program(request, token):
    """The intake form with the program's answers; what is sent becomes its next version."""
    program = access.program_for(request, token, write=True)
    vocabulary = snapshot.current().vocabulary
    if request.method == "POST":
        form = ProgramForm(request.POST, vocabulary=vocabulary)
        if form.is_valid():
            versions.save_version(program, form.profile, by=request.user)
            return redirect(program)
        return render(request, "advisor/intake.html", {"form": form, "program": program}, status=422)
    form = ProgramForm(initial=ProgramForm.initial_of(program.profile or {}), vocabulary=vocabulary)
    return render(request, "advisor/intake.html", {"form": form, "program": program})
