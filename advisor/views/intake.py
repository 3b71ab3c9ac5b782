"""From the answers of a sponsor to a program."""

from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from advisor import access, versions
from advisor.confidential import private
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
            return redirect(versions.new_program(form.profile, by=request.user))
        return private(render(request, "advisor/intake.html", {"form": form}, status=422))
    earlier = access.find(request, request.GET.get("from", ""))
    form = ProgramForm(initial=ProgramForm.initial_of(earlier.profile) if earlier and earlier.profile else None, vocabulary=vocabulary)
    response = render(request, "advisor/intake.html", {"form": form, "earlier": earlier})
    return private(response) if earlier else response
