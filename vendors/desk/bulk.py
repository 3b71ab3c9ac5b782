"""One change for many vendors: chosen on the list, shown field by field, and submitted with a reason."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone

from vendors import bulk, facts, revisions
from vendors.desk.rows import REFUSALS, words_of
from vendors.differences import Words
from vendors.facts import LIST_KEYS
from vendors.models import FACTS, Revision, Vendor
from vendors.vocabulary import stored_vocabulary

KINDS = {
    "add": "Add terms",
    "remove": "Take terms away",
    "verified_on": "Set the day of verification",
    "status": "Set the status",
    "owner": "Change the owner",
}
# What a kind of change asks for.
NEEDS: Mapping[str, tuple[str, ...]] = {
    "add": ("terms",),
    "remove": ("terms",),
    "verified_on": ("verified_on",),
    "status": ("status",),
    "owner": ("url", "title", "publisher"),
}


class ManyForm(forms.Form):
    """What to change. Only what belongs to the kind of change is read."""

    kind = forms.ChoiceField(label="What to change", choices=KINDS, widget=forms.RadioSelect)
    terms = forms.MultipleChoiceField(
        label="Terms", required=False, widget=forms.SelectMultiple({"size": 12}), help_text="Of one list or several.",
    )  # fmt: skip
    verified_on = forms.DateField(
        label="Verified on", required=False, widget=forms.DateInput({"type": "date"}),
        help_text="The day on which all of them were compared with their sources. Not in the future.",
    )  # fmt: skip
    status = forms.ChoiceField(label="Status", required=False, choices=[("", "Choose"), *Vendor.Status.choices])
    owner = forms.CharField(label="New owner", required=False, max_length=120, help_text="Empty: owned by nobody any more.")
    url = forms.URLField(label="Address of the source", required=False, max_length=1000, help_text="Where the change of owner was read.")
    title = forms.CharField(label="Title of the source", required=False, max_length=300)
    publisher = forms.CharField(label="Publisher", required=False, max_length=120)
    published = forms.CharField(
        label="Published", required=False, max_length=10, help_text="YYYY-MM-DD, YYYY-MM or YYYY. Empty: not known."
    )
    reason = forms.CharField(
        label="Reason", required=False, max_length=1000, widget=forms.Textarea({"rows": 3, "class": "vLargeTextField"}),
        help_text="Needed to submit. It stands in the history of every record.",
    )  # fmt: skip

    def __init__(self, vocabulary, *args, **kwargs):
        super().__init__(*args, **kwargs)
        terms: Any = self.fields["terms"]
        terms.choices = [(FACTS[key], [(f"{key}:{slug}", name) for slug, name in vocabulary.names[key].items()]) for key in LIST_KEYS]

    def clean_verified_on(self):
        day = self.cleaned_data["verified_on"]
        if day and day > timezone.localdate():
            raise ValidationError("The day is in the future.")
        return day

    def clean(self):
        for name in NEEDS.get(self.cleaned_data.get("kind", ""), ()):
            if name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, "This is needed for the change that you chose.")
        return self.cleaned_data

    def changes(self) -> list[bulk.Change]:
        """What to do with each record, in turn."""
        data = self.cleaned_data
        match data["kind"]:
            case "add" | "remove":
                change = bulk.with_terms if data["kind"] == "add" else bulk.without_terms
                chosen: dict[str, list[str]] = {}
                for term in data["terms"]:
                    key, _, slug = term.partition(":")
                    chosen.setdefault(key, []).append(slug)
                return [change(key, slugs) for key, slugs in chosen.items()]
            case "verified_on":
                return [bulk.verified_on(data["verified_on"].isoformat())]
            case "status":
                return [bulk.status(data["status"])]
        source = {key: data[key] for key in ("url", "title", "publisher")}
        read_on = timezone.localdate().isoformat()
        return [bulk.owned_by(data["owner"] or None, {**source, "published": data["published"] or None, "read_on": read_on})]


@admin.action(description="Change the selected vendors…", permissions=["curate"])
def change_many(modeladmin, request, queryset):
    """Ask what to change, show what comes of it, and submit it. 422 where something is missing."""
    vocabulary = stored_vocabulary()
    sent = "kind" in request.POST
    form = ManyForm(vocabulary, request.POST if sent else None)
    vendors = Vendor.objects.filter(pk__in=queryset.values("pk"))
    number = vendors.count()
    if number > bulk.MOST:
        modeladmin.message_user(
            request, f"{number:,} vendors are too many at once; choose at most {bulk.MOST}, or use an import.", messages.ERROR
        )
        return None
    said: list[str] = []
    plan = None
    if sent and form.is_valid():
        plan, said = planned(vendors, form.changes())
        if "submit" in request.POST and not said:
            if not form.cleaned_data["reason"].strip():
                form.add_error("reason", "Say why.")
            else:
                try:
                    made = submit(plan, form, request.user)
                except REFUSALS as error:
                    said = words_of(error)
                else:
                    waiting = sum(revision.status == Revision.Status.PROPOSED for revision in made)
                    modeladmin.message_user(
                        request, f"{len(made) - waiting} stored, {waiting} waiting for review, {number - len(made)} unchanged."
                    )
                    return HttpResponseRedirect(request.get_full_path())
    words = Words(vocabulary)
    context: dict[str, Any] = {
        **modeladmin.admin_site.each_context(request),
        "title": f"Change {number} vendor{'' if number == 1 else 's'}",
        "opts": modeladmin.opts,
        "form": form,
        "said": said,
        "vendors": vendors,
        "checkbox": ACTION_CHECKBOX_NAME,
        "shown": [(row, words.differences(row.stored, row.known_after)) for row in plan.rows_that("changed")] if plan else None,
    }
    return TemplateResponse(request, "admin/vendors/desk/bulk.html", context, status=422 if form.errors or said else 200)


def planned(vendors, changes: list[bulk.Change]) -> tuple[facts.Plan, list[str]]:
    """What would become of these records, and what speaks against it."""
    records = list(facts.dump(vendors))
    for change in changes:
        records = [change(record) for record in records]
    plan = facts.complete(facts.plan(facts.Entry(line, record) for line, record in enumerate(records, 1)))
    return plan, [f"{problem.slug}: {problem.key}: {problem.message}" for problem in plan.problems]


def submit(plan: facts.Plan, form: ManyForm, by) -> list[Revision]:
    """A former owner is kept as history: it was true until now."""
    former_as = Revision.Former.SUPERSEDED if form.cleaned_data["kind"] == "owner" else ""
    records = [row.record for row in plan.rows_that("changed")]
    return revisions.submit_all(records, by=by, reason=form.cleaned_data["reason"], origin=Revision.Origin.BULK, former_as=str(former_as))
