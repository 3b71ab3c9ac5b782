"""The shortlist of a program, and adding to it from wherever a vendor is met."""

from typing import Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from advisor import access, coverage, shortlist, versions
from advisor.confidential import confidential
from advisor.engine.advice import Advice
from advisor.engine.profile import ProfileError
from advisor.models import Program, ShortlistEntry
from advisor.shortlist_forms import MOST_PROGRAMS, AddForm, EntryForm
from vendors import snapshot


def advice_on(program: Program) -> Advice | None:
    """The advice of today; None while there is only a draft, or where the profile names what the catalogue no longer has."""
    if program.profile is None:
        return None
    try:
        return versions.advice_of(program)
    except ProfileError:
        return None


@confidential
@require_http_methods(["GET", "HEAD", "POST"])
def page(request, token):
    """The list with what each vendor on it is to the program; posted to, it adds `vendor`, `added_from` and `gate_reason`."""
    if request.method == "POST":
        program = access.program_for(request, token, write=True)
        return added(request, program, request.POST.getlist("vendor")[: shortlist.MOST], request.POST)
    return render_page(request, access.program_for(request, token))


def added(request, program: Program, slugs: list[str], given) -> Any:
    """Add vendors to a program's shortlist, and answer: with the list, or with what is in the way of one of them."""
    advice = advice_on(program)
    if advice is None:
        messages.error(request, "There is no advice on this program yet, so nothing can be compared with it. Finish its answers first.")
        return redirect(program)
    found = [one for one in (shortlist.standing(advice, slug) for slug in slugs) if one]
    if not found:
        raise Http404
    sources = ShortlistEntry.AddedFrom.values
    added_from = given.get("added_from", "")
    refused = []
    for vendor in found:
        try:
            shortlist.add(
                program, vendor, added_from=added_from if added_from in sources else "browse", gate_reason=given.get("gate_reason", "")
            )
        except ValueError as error:
            refused.append((vendor, str(error)))
    access.remember(request, program)
    if refused:
        return render_page(request, program, advice=advice, refused=refused, status=422)
    messages.success(request, f"On the shortlist: {', '.join(vendor.name for vendor in found)}.")
    return redirect("advisor:shortlist", program.key)


def render_page(request, program: Program, *, advice: Advice | None = None, refused=(), wrong: EntryForm | None = None, status: int = 200):
    """refused: vendors that were not added, each with the reason. wrong: the form of an entry that was refused."""
    advice = advice or advice_on(program)
    entries = list(program.shortlist.all())
    may_write = access.may_write(request, program)
    shown = []
    for entry in entries:
        vendor = shortlist.standing(advice, entry.vendor) if advice else None
        form = None
        if may_write:
            mine = wrong is not None and wrong.instance.pk == entry.pk
            form = wrong if mine else EntryForm(instance=entry, is_first=bool(vendor and vendor.is_first), prefix=f"entry-{entry.pk}")
        shown.append({"entry": entry, "vendor": vendor, "form": form, "wrong": form is wrong and wrong is not None})
    place = advice.catalogue.place if advice else {}
    running = [entry.vendor for entry in entries if entry.status in shortlist.OPEN and entry.vendor in place]
    context = {
        "program": program,
        "advice": advice,
        "shown": shown,
        "refused": refused,
        "wrong": wrong,
        "sides": shortlist.side_by_side(advice, entries) if advice else None,
        "coverage": coverage.matrix(advice, running) if advice and running else None,
        **access.rights(request, program),
    }
    return render(request, "advisor/shortlist.html", context, status=status)


@confidential
@require_POST
def change(request, token, pk):
    """Change one entry. Posted `do`: "up", "down", "remove", or nothing for the form of the entry."""
    program = access.program_for(request, token, write=True)
    entry = get_object_or_404(program.shortlist, pk=pk)
    do = request.POST.get("do")
    if do in {"up", "down"}:
        shortlist.move(entry, entry.position + (-1 if do == "up" else 1))
    elif do == "remove":
        shortlist.remove(entry)
        messages.success(request, f"{entry.vendor_name} is off the shortlist.")
        return redirect("advisor:shortlist", program.key)
    else:
        was = entry.status
        advice = advice_on(program)
        vendor = shortlist.standing(advice, entry.vendor) if advice else None
        form = EntryForm(request.POST, instance=entry, is_first=bool(vendor and vendor.is_first), prefix=f"entry-{entry.pk}")
        if not form.is_valid():
            return render_page(request, program, advice=advice, wrong=form, status=422)
        shortlist.keep(entry, was=was)
        shortlist.move(entry, form.cleaned_data["place"])
    return redirect(f"{program.get_absolute_url()}shortlist/#entry-{entry.pk}")


@confidential
@require_http_methods(["GET", "HEAD", "POST"])
def add(request):
    """Add vendors to one of the programs at hand, or to one by its address: `?vendor=SLUG&vendor=SLUG&from=browse`."""
    catalogue = snapshot.current()
    given = request.POST if request.method == "POST" else request.GET
    slugs = [slug for slug in dict.fromkeys(given.getlist("vendor")) if slug in catalogue.place][: shortlist.MOST]
    if not slugs:
        raise Http404
    form = AddForm(request.POST if request.method == "POST" else None, programs=at_hand(request))
    if form.is_valid():
        program = access.find(request, form.key)
        if program and access.may_write(request, program):
            return added(request, program, slugs, request.POST)
        form.add_error("address", "No program that you may change has this address. Copy it whole from the page of the program.")
    context = {
        "form": form,
        "vendors": [catalogue.rows[catalogue.place[slug]] for slug in slugs],
        "added_from": given.get("added_from") or given.get("from", "browse"),
    }
    return render(request, "advisor/shortlist_add.html", context, status=422 if form.errors else 200)


def at_hand(request) -> list[Program]:
    """The programs that the reader may change without pasting an address: of the account, or the one used last by its link."""
    if request.user.is_authenticated:
        mine = Program.objects.editable_by(request.user).alive(timezone.localdate()).order_by("-changed_at", "-pk")
        programs = list(mine.only("name", "member_key", "owner")[:MOST_PROGRAMS])
        for program in programs:
            program.reached_by = program.member_key
        return programs
    last = access.remembered(request)
    return [last] if last else []
