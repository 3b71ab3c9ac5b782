"""How a program ends: its last day, the file to take along, and its deletion."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from advisor import access
from advisor.confidential import confidential
from advisor.export import as_dict
from advisor.program_forms import DeleteForm, LastDayForm


@confidential
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request, token):
    """Ask, offer the export, and then delete every row that belongs to the program."""
    program = access.program_for(request, token)
    access.allow(access.may_end(request, program))
    form = DeleteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        program.delete()
        messages.success(request, "The program is deleted, with everything that belonged to it.")
        return redirect("advisor:programs")
    context = {"program": program, "form": form, "counts": counts(program), "last_day": LastDayForm(instance=program)}
    context |= access.rights(request, program)
    return render(request, "advisor/delete.html", context, status=422 if form.errors else 200)


def counts(program) -> list[tuple[int, str]]:
    """How many rows of each kind go with a program, for the kinds of which there are some."""
    parts = [(getattr(program, str(part.get_accessor_name())).count(), part.related_model._meta) for part in program._meta.related_objects]
    return [(number, str(meta.verbose_name if number == 1 else meta.verbose_name_plural)) for number, meta in parts if number]


@confidential
@require_safe
def export(request, token):
    """Everything that is stored of the program as a JSON file; for whoever may change it, since it says all of it."""
    program = access.program_for(request, token, write=True)
    response = JsonResponse(as_dict(program), json_dumps_params={"indent": 1, "ensure_ascii": False})
    response.headers["Content-Disposition"] = f'attachment; filename="{slugify(program.name)[:60] or "program"}.json"'
    return response


@confidential
@require_POST
def last_day(request, token):
    """Set or lift the last day of a program."""
    program = access.program_for(request, token)
    access.allow(access.may_end(request, program))
    form = LastDayForm(request.POST, instance=program)
    if not form.is_valid():
        # The refused day must not show as the program's own.
        program.refresh_from_db(fields=["expires_on"])
        context = {"program": program, "form": DeleteForm(), "last_day": form, "counts": counts(program)}
        return render(request, "advisor/delete.html", context | access.rights(request, program), status=422)
    form.save()
    messages.success(request, f"The last day is {program.expires_on:%-d %B %Y}." if program.expires_on else "The program has no last day.")
    return redirect("advisor:delete", program.key)
