"""What readers suggested: to be taken up on the vendor's own form, or declined with a reason."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from vendors.desk.rows import DeskAdmin
from vendors.models import Suggestion
from vendors.revisions import name_of


class StatusFilter(SimpleListFilter):
    """Those that wait, unless others are asked for."""

    title = "status"
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return [(value, label) for value, label in Suggestion.Status.choices if value != Suggestion.Status.OPEN]

    def choices(self, changelist):
        first, *rest = super().choices(changelist)
        return [{**first, "display": "Waiting"}, *rest]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset.open()
        return queryset.filter(status=self.value())


class DecisionForm(forms.Form):
    decision = forms.CharField(
        label="Reason", max_length=500, required=False, widget=forms.Textarea({"rows": 2, "class": "vLargeTextField"}),
        help_text="Needed to decline. Readers don't see it.",
    )  # fmt: skip


@admin.register(Suggestion)
class SuggestionAdmin(DeskAdmin):
    list_display = ["vendor", "fact", "correction", "made_at", "status"]
    list_filter = [StatusFilter, "fact"]
    list_select_related = ["vendor"]
    search_fields = ["vendor__search_names", "correction"]
    list_per_page = 50

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The suggestion and its two ends. Accepting marks it and leads to the vendor's form, where the change is made and reviewed."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = get_object_or_404(Suggestion.objects.select_related("vendor"), pk=object_id)
        form = DecisionForm(request.POST or None)
        if request.method == "POST":
            if not self.has_change_permission(request):
                raise PermissionDenied
            if row.status == Suggestion.Status.OPEN and form.is_valid():
                reason = form.cleaned_data["decision"].strip()
                if "accept" in request.POST:
                    return self.decided(request, row, Suggestion.Status.ACCEPTED, reason)
                if reason:
                    return self.decided(request, row, Suggestion.Status.DECLINED, reason)
                form.add_error("decision", "Say why it is declined.")
        context = {"title": str(row), "row": row, "form": form, "may_change": self.has_change_permission(request)}
        return self.page(request, "suggestion.html", context, 422 if form.errors else 200)

    def decided(self, request, row, status, reason):
        row.status, row.decision = status, reason
        row.decided_by, row.decided_at = name_of(request.user), timezone.now()
        row.save()
        if status == Suggestion.Status.ACCEPTED:
            messages.info(
                request, f"Accepted: {row.get_fact_display()}: {row.correction} (shown by {row.source_url}). Make the change here."
            )
            return HttpResponseRedirect(reverse("admin:vendors_vendor_change", args=[row.vendor_id]) + f"?suggestion={row.pk}")
        messages.success(request, f"{row}: declined.")
        return HttpResponseRedirect(reverse("admin:vendors_suggestion_changelist"))
