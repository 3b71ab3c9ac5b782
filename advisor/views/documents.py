"""The documents of one program: what can be taken, what people add to them, and the records that stay."""

from functools import wraps

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from advisor import access, difference, records
from advisor.confidential import confidential
from advisor.document_forms import DutyForm, GridForm, RecordForm
from advisor.documents.case import Case
from advisor.documents.comparison import shortlist_comparison
from advisor.documents.content import Document
from advisor.documents.decision import decision_record, overridden, stamp
from advisor.documents.responsibilities import RULE, responsibility_matrix, responsible
from advisor.documents.rfi import asked, rfi_pack, statements
from advisor.engine.advice import Advice, advise
from advisor.engine.profile import ProfileError
from advisor.gathering import NothingToDocument, case_of, cells
from advisor.kept import kept
from advisor.models import DecisionRecord, Program


def of_a_version(view):
    """Decorator: a page that rests on the saved version, and says so where there is none that can be advised on."""

    @confidential
    @wraps(view)
    def answer(request, token, *args, **kwargs):
        try:
            return view(request, token, *args, **kwargs)
        except NothingToDocument:
            return render(request, "advisor/unfinished.html", status=409)
        except ProfileError as error:
            program = access.program_for(request, token)
            context = {"program": program, "problems": error.problems, **access.rights(request, program)}
            return render(request, "advisor/outdated.html", context, status=409)

    return answer


def opened(request, token: str, *, write: bool = False) -> tuple[Program, Case]:
    """The program and its case, with the draft of its record. Raises what `case_of` raises.

    To the minute, so that whoever takes a file again and again takes the same one.
    """
    program = access.program_for(request, token, write=write)
    return program, case_of(program, timezone.now().replace(second=0), records.draft_of(program))


def address(name: str, program: Program, *more) -> str:
    return reverse(f"advisor:{name}", args=[program.key, *more])


@of_a_version
@require_safe
def documents(request, token):
    """What can be taken, and every record with its state."""
    program, case = opened(request, token)
    names = {row.slug: row.name for row in case.advice.catalogue.rows} | {entry.vendor: entry.name for entry in case.shortlist}
    offered = [entry.vendor for entry in case.shortlist] or [match.vendor for r in case.advice.rankings for match in r.matches(0, 3)]
    context = {
        "program": program,
        "case": case,
        **access.rights(request, program),
        "draft": records.draft_of(program),
        "frozen": program.records.frozen().select_related("corrects", "corrected_by", "version").defer("content"),
        "vendors": [(slug, names[slug]) for slug in dict.fromkeys(offered) if slug in case.advice.catalogue.place],
        "answered": program.vendor_answers.exists(),
        "moved": case.version.catalogue != case.advice.catalogue.version,
    }
    return render(request, "advisor/documents.html", context)


@of_a_version
@require_safe
def document(request, token, kind, form):
    """One document of the program as it is now, as a file; an RFI for the vendor named in the address."""
    program, case = opened(request, token)
    if form not in records.WRITERS:
        raise Http404
    return download(program, written(case, kind, request.GET.get("vendor", "")), form, case.version.number)


def written(case: Case, kind: str, vendor: str) -> Document:
    match kind:
        case "decision-record":
            return decision_record(case)
        case "comparison":
            return shortlist_comparison(case, stamp(case, "As of the time it was written"))
        case "responsibilities":
            return responsibility_matrix(case, stamp(case, "As of the time it was written"))
        case "rfi" if vendor in case.advice.catalogue.place:
            name = case.advice.catalogue.rows[case.advice.catalogue.place[vendor]].name
            return rfi_pack(case, vendor, name, stamp(case, "Sent by the sponsor; not verified by this portal"))
        case _:
            raise Http404


def download(program: Program, document: Document, form: str, version: int, record: DecisionRecord | None = None) -> HttpResponse:
    response = HttpResponse(records.issue(program, document, form, version, record), content_type=records.WRITERS[form][1])
    number = f"-record-{record.number}" if record else ""
    # Without the program's name: a file's name travels further than the file.
    name = f"crossmatch-{document.kind}-{document.stamp.program_id}-v{version}{number}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@confidential
@require_safe
def record_file(request, token, number, form):
    """A frozen record as a file: what was frozen, set again."""
    program = access.program_for(request, token)
    record = get_object_or_404(program.records.frozen().select_related("version"), number=number)
    if form not in records.WRITERS:
        raise Http404
    return download(program, Document.from_dict(record.content), form, record.version.number, record)


@of_a_version
@require_http_methods(["GET", "HEAD", "POST"])
def record_draft(request, token):
    """What only people know of the decision: saved as a draft, then frozen for good."""
    program, case = opened(request, token, write=True)
    freezing = request.POST.get("do") == "freeze"
    draft = records.draft_of(program) or DecisionRecord(program=program)
    against = overridden(case)
    form = RecordForm(request.POST or None, record=draft, freezing=freezing, overridden=bool(against))
    problem, status = "", 200
    if request.method == "POST":
        if form.is_valid():
            draft = records.start(program)
            draft.entries, draft.correction_reason = form.entries, form.cleaned_data.get("correction_reason", "")
            draft.save(update_fields=["entries", "correction_reason"])
            if not freezing:
                return redirect(f"{address('record-draft', program)}?saved=1")
            try:
                records.freeze(draft, timezone.now())
            except records.CatalogueMoved:
                problem, status = "moved", 409
            else:
                return redirect(f"{address('documents', program)}#records")
        else:
            status = 422
    context = {
        **access.rights(request, program),
        "program": program, "case": case, "form": form, "draft": draft, "overridden": against, "problem": problem,
        "saved": "saved" in request.GET and request.method != "POST",
        "next_number": 1 + max((record.number for record in case.earlier), default=0),
    }  # fmt: skip
    return render(request, "advisor/record_draft.html", context, status=status)


@confidential
@require_POST
def record_correct(request, token, number):
    """Begin the record that corrects a frozen one; of two corrections only the first begins."""
    program = access.program_for(request, token, write=True)
    record = get_object_or_404(program.records.frozen(), number=number)
    if DecisionRecord.objects.filter(corrects=record).frozen().exists():
        raise Http404
    records.start(program, record)
    return redirect(address("record-draft", program))


@confidential
@require_POST
def record_discard(request, token):
    """Throw the draft away; frozen records stay."""
    program = access.program_for(request, token, write=True)
    program.records.drafts().delete()
    return redirect(address("documents", program))


@of_a_version
@require_http_methods(["GET", "HEAD", "POST"])
def responsibilities(request, token):
    """Who carries what, service by service and stage by stage."""
    program, case = opened(request, token, write=request.method == "POST")
    forms = duty_forms(request, program, case.advice)
    wrong = [form for form in forms if form.is_bound and not form.is_valid()]
    if request.method == "POST" and not wrong:
        with transaction.atomic():
            for form in forms:
                form.keep(program)
        return redirect(f"{address('responsibilities', program)}?saved=1")
    context = {
        "program": program, "case": case, "forms": forms, "wrong": wrong, "rule": RULE,
        "rows": [{"service": duty.service, "stage": duty.stage, "responsible": responsible(duty)} for duty in case.duties],
        **access.rights(request, program),
        "saved": "saved" in request.GET and request.method != "POST",
    }  # fmt: skip
    return render(request, "advisor/responsibilities.html", context, status=422 if wrong else 200)


def duty_forms(request, program: Program, advice: Advice) -> list[DutyForm]:
    """One form a row of the matrix, each with its own prefix; what stays in house begins as that."""
    name = advice.catalogue.vocabulary.name
    stored = {(duty.service, duty.stage): duty for duty in program.duties.all()}
    forms = []
    for service, stage, in_house in cells(advice):
        duty = stored.get((service, stage)) or program.duties.model(service=service, stage=stage, party="retained" if in_house else "")
        words = {"service": name("services", service), "stage": name("stages", stage)}
        forms.append(DutyForm(request.POST if request.method == "POST" else None, instance=duty, prefix=f"{service}.{stage}", **words))
    return forms


@of_a_version
@require_http_methods(["GET", "HEAD", "POST"])
def vendor_answers(request, token):
    """What vendors stated, and what the order would be if it is true. Nothing of it reaches the catalogue."""
    program, case = opened(request, token, write=request.method == "POST")
    advice = case.advice
    form = GridForm(request.POST, request.FILES, advice=advice) if request.method == "POST" else GridForm(advice=advice)
    if form.is_bound and form.is_valid():
        with transaction.atomic():
            program.vendor_answers.filter(vendor=form.filled.vendor).delete()
            program.vendor_answers.bulk_create(
                program.vendor_answers.model(program=program, vendor=form.filled.vendor, question=key, answer=answer)
                for key, answer in form.filled.answers.items()
            )
        return redirect(address("vendor-answers", program))
    given: dict[str, dict[str, str]] = {}
    for row in program.vendor_answers.all():
        given.setdefault(row.vendor, {})[row.question] = row.answer
    context = {
        "program": program,
        "form": form,
        **access.rights(request, program),
        "vendors": [shown_answers(advice, vendor, answers) for vendor, answers in given.items()],
        "difference": stated_difference(advice, given) if given else None,
    }
    return render(request, "advisor/vendor_answers.html", context, status=422 if form.errors else 200)


def stated_difference(advice: Advice, given: dict[str, dict[str, str]]) -> dict:
    """The order as it is on record beside the order if what vendors stated is true."""
    before, after = kept(advice), kept(as_stated(advice, given))
    # It is the same catalogue, read with other eyes.
    sides = difference.Side("As on record", before), difference.Side("As stated, not verified", after | {"catalogue": before["catalogue"]})
    return difference.compare(*sides)


def as_stated(advice: Advice, given: dict[str, dict[str, str]]) -> Advice:
    """The advice if what vendors stated is true."""
    stated = list(statements(given, advice.catalogue.vocabulary))
    employees = {one.vendor: int(one.term) for one in stated if one.dimension == "employees"}
    terms = [(one.vendor, one.dimension, one.term, one.holds) for one in stated if one.dimension != "employees"]
    return advise(advice.profile, advice.catalogue.as_stated(terms, employees))


def shown_answers(advice: Advice, vendor: str, answers: dict[str, str]) -> dict:
    texts = asked(advice, vendor)
    place = advice.catalogue.place.get(vendor)
    return {
        "slug": vendor,
        "name": advice.catalogue.rows[place].name if place is not None else vendor,
        "answers": [(key, texts.get(key, "A question of an earlier pack"), answer) for key, answer in answers.items()],
    }


@confidential
@require_POST
def forget_answers(request, token, vendor):
    """Delete what one vendor stated."""
    program = access.program_for(request, token, write=True)
    program.vendor_answers.filter(vendor=vendor).delete()
    return redirect(address("vendor-answers", program))
