"""Import and export: a file is sent, looked at value by value, and only then proposed or stored."""

import json

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone

from vendors import facts, sheets, uploads
from vendors.desk.rows import CURATES, REFUSALS, DeskAdmin, words_of
from vendors.differences import Words
from vendors.models import Revision, Upload, Vendor
from vendors.revisions import made_at_once
from vendors.vocabulary import stored_vocabulary

PER_PAGE = 50
TYPES = {
    "jsonl": "application/jsonl",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
STATES = {"new": "New", "changed": "Changed", "unchanged": "Unchanged", "refused": "Refused"}


class FileForm(forms.Form):
    file = forms.FileField(label="File", help_text="CSV in UTF-8, XLSX or JSON Lines.", max_length=200)

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.MAX_UPLOAD_BYTES:
            raise ValidationError(
                f"The file has {file.size // 1024:,} kB; at most {settings.MAX_UPLOAD_BYTES // 1024:,} kB are taken. "
                "Divide it, or use `manage.py load_vendors`."
            )
        return file


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Reason", max_length=1000, widget=forms.Textarea({"rows": 3, "class": "vLargeTextField"}),
        help_text="Why, and where it was read. It stands in the history of every record.",
    )  # fmt: skip


@admin.register(Upload)
class ImportAdmin(DeskAdmin):
    """For curators alone; a file is shown to nobody but who sent it."""

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(CURATES)

    def get_urls(self):
        def own(view):
            return self.admin_site.admin_view(view)

        return [
            path("", own(self.start), name="vendors_upload_changelist"),
            path("template.<str:form>", own(self.template), name="vendors_upload_template"),
            path("vendors.<str:form>", own(self.export), name="vendors_upload_export"),
            path("<int:pk>/", own(self.preview), name="vendors_upload_change"),
        ]

    def require(self, request):
        if not request.user.has_perm(CURATES):
            raise PermissionDenied

    def start(self, request):
        """Where a file is sent, and where the template and the whole catalogue are fetched. 422 for a file that is none of ours."""
        self.require(request)
        form = FileForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                upload = uploads.keep(request.user, file.name, file.read())
            except sheets.Unreadable as error:
                form.add_error("file", str(error))
            else:
                return HttpResponseRedirect(reverse("admin:vendors_upload_change", args=[upload.pk]))
        context = {
            "title": "Import and export",
            "form": form,
            "kept": uploads.of_owner(request.user).defer("content").order_by("-made_at"),
            "hours": uploads.KEPT_FOR.seconds // 3600,
            "most_kb": settings.MAX_UPLOAD_BYTES // 1024,
            "most": uploads.RECORDS_MOST,
        }
        return self.page(request, "import.html", context, status=422 if form.errors else 200)

    def template(self, request, form):
        self.require(request)
        if form not in sheets.FORMS:
            raise Http404
        return attachment(sheets.template(sheets.Form(form), stored_vocabulary()), f"crossmatch-template.{form}", form)

    def export(self, request, form):
        """Every record, drafts and archived ones too, as the import takes them."""
        self.require(request)
        name = f"crossmatch-records-{timezone.localdate()}.{form}"
        if form not in TYPES:
            raise Http404
        records = list(facts.dump(Vendor.objects.all()))
        if form == uploads.JSON_LINES:
            return attachment("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in records).encode(), name, form)
        try:
            return attachment(sheets.write(records, sheets.Form(form)), name, form)
        except ValueError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(reverse("admin:vendors_upload_changelist"))

    def preview(self, request, pk):
        """What the file would do, row by row, and the confirmation. A file of somebody else, or one that is too old, is not there."""
        self.require(request)
        upload = get_object_or_404(uploads.of_owner(request.user), pk=pk)
        form, said, status = ReasonForm(request.POST or None), [], 200
        if "discard" in request.POST:
            upload.delete()
            messages.info(request, f"{upload.name} is forgotten; nothing was stored.")
            return HttpResponseRedirect(reverse("admin:vendors_upload_changelist"))
        if request.method == "POST":
            status = 422
            if form.is_valid():
                try:
                    reason, fingerprint = form.cleaned_data["reason"], request.POST.get("fingerprint", "")
                    made = uploads.carry_out(upload, fingerprint=fingerprint, by=request.user, reason=reason)
                except uploads.Changed:
                    said = ["The catalogue has changed since this was shown. Below is what the file would do now: look, and confirm again."]
                    status = 409
                except (*REFUSALS, sheets.Unreadable, ValidationError) as error:
                    said = words_of(error)
                else:
                    self.tell(request, upload, made)
                    return HttpResponseRedirect(reverse("admin:vendors_upload_changelist"))
        try:
            now = uploads.preview(upload)
        except sheets.Unreadable as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(reverse("admin:vendors_upload_changelist"))
        return self.page(request, "import_preview.html", self.shown(request, upload, now, form, said), status)

    def tell(self, request, upload, made):
        waiting = sum(revision.status == Revision.Status.PROPOSED for revision in made)
        messages.success(request, f"{upload.name}: {len(made) - waiting} stored, {waiting} waiting for review.")

    def shown(self, request, upload, now, form, said):
        rows = now.plan.rows
        state = request.GET.get("state")
        state = state if state in STATES else ("refused" if now.plan.problems else None)
        chosen = now.plan.rows_that(state) if state else now.plan.rows_that("new", "changed", "refused")
        page = Paginator(chosen, PER_PAGE).get_page(request.GET.get("p"))
        words = Words(now.plan.vocabulary)
        return {
            "title": f"Import: {upload.name}",
            "upload": upload,
            "until": upload.made_at + uploads.KEPT_FOR,
            "counts": [(key, label, len(now.plan.rows_that(key))) for key, label in STATES.items()],
            "state": state,
            "query": f"state={state}&" if state else "",
            "rows": len(rows),
            "page": page,
            "listed": [(row, row_differences(row, words), becomes(row)) for row in page],
            "refused": bool(now.plan.problems),
            "nothing": not now.plan.rows_that("new", "changed"),
            "fingerprint": now.fingerprint,
            "form": form,
            "said": said,
        }


def row_differences(row, words):
    """Field by field what a row would change."""
    return words.differences(row.stored, row.known_after) if row.state in ("new", "changed") else []


def becomes(row) -> str:
    """What would come of a row that is taken."""
    if row.state not in ("new", "changed"):
        return ""
    return "Stored at once, as no reader sees it" if made_at_once(row.stored, row.known_after) else "Waits for review"


def attachment(content: bytes, name: str, form: str) -> HttpResponse:
    response = HttpResponse(content, content_type=TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
