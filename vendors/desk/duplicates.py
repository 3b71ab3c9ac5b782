"""Suspected duplicates: two records side by side, to be merged or told apart."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from vendors import duplicates, facts, merging, revisions
from vendors.desk.rows import CURATES, REFUSALS, DeskAdmin, words_of
from vendors.differences import LABELS, Words
from vendors.models import CatalogueVersion, Duplicate, DuplicateSearch, Revision, Vendor
from vendors.vocabulary import stored_vocabulary


class JudgedFilter(SimpleListFilter):
    """Those that wait, unless the others are asked for."""

    title = "judged"
    parameter_name = "judged"

    def lookups(self, request, model_admin):
        return [("dismissed", "Not a duplicate")]

    def choices(self, changelist):
        first, *rest = super().choices(changelist)
        return [{**first, "display": "Waiting"}, *rest]

    def queryset(self, request, queryset):
        match self.value():
            case None:
                return queryset.open()
            case "dismissed":
                return queryset.filter(dismissed_at__isnull=False)
        return queryset.none()


class ApartForm(forms.Form):
    dismissal = forms.CharField(
        label="Why they are two", max_length=300, widget=forms.TextInput({"class": "vTextField"}),
        help_text="The pair is not shown again; who said so, and why, is kept.",
    )  # fmt: skip


class MergeForm(forms.Form):
    """Which record stays, what it says where the two differ, and why."""

    reason = forms.CharField(
        label="Reason", max_length=1000, widget=forms.Textarea({"rows": 3, "class": "vLargeTextField"}),
        help_text="How you know that they are one vendor, and where it was read.",
    )  # fmt: skip

    def __init__(self, conflicts, words, names, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.picks = [conflict.key for conflict in conflicts]
        for conflict in conflicts:
            key = "ai.level" if conflict.key == "ai" else conflict.key
            values = (("survivor", conflict.survivor), ("other", conflict.other))
            self.fields[f"pick_{conflict.key}"] = forms.ChoiceField(
                label=LABELS[key], initial="survivor", widget=forms.RadioSelect,
                choices=[(side, f"{words.value(key, value)} ({names[side]})") for side, value in values],
            )  # fmt: skip
        self.order_fields([f"pick_{key}" for key in self.picks])

    def chosen(self) -> dict[str, str]:
        """The choices made so far; an unreadable one is as if none had been made."""
        sides = {key: self.data.get(f"pick_{key}", "survivor") for key in self.picks}
        return {key: side for key, side in sides.items() if side in {"survivor", "other"}}


@admin.register(Duplicate)
class DuplicateAdmin(DeskAdmin):
    list_display = ["pair", "points", "why", "judgement"]
    list_filter = [JudgedFilter]
    list_select_related = ["first", "second"]
    search_fields = ["first__search_names", "second__search_names"]
    list_per_page = 50
    change_list_template = "admin/vendors/desk/duplicates.html"

    def get_urls(self):
        look = self.admin_site.admin_view(require_POST(self.look_again))
        merge = self.admin_site.admin_view(self.merge)
        return [path("look-again/", look, name="vendors_duplicate_look"), path("merge/", merge, name="vendors_merge"), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        search = DuplicateSearch.objects.first()
        stale = search is None or search.version != CatalogueVersion.current()
        title = "Suspected duplicates"
        return super().changelist_view(request, {"title": title, "search": search, "stale": stale, **(extra_context or {})})

    def look_again(self, request):
        if not request.user.has_perm(CURATES):
            raise PermissionDenied
        search = duplicates.refresh()
        messages.success(request, f"{search.vendors} vendors compared; {Duplicate.objects.open().count()} pairs wait for you.")
        return HttpResponseRedirect(reverse("admin:vendors_duplicate_changelist"))

    @admin.display(description="Pair")
    def pair(self, row):
        return f"{row.first} and {row.second}"

    @admin.display(description="Why")
    def why(self, row):
        return "; ".join(row.reasons)

    @admin.display(description="Judgement")
    def judgement(self, row):
        if not row.dismissed_at:
            return ""
        return f"Not a duplicate: {row.dismissal} ({row.dismissed_by}, {row.dismissed_at:%Y-%m-%d})"

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The two side by side. 422 without a reason why they are two."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        pair = get_object_or_404(Duplicate.objects.select_related("first", "second"), pk=object_id)
        form = ApartForm(request.POST or None)
        if request.method == "POST":
            if not self.has_change_permission(request):
                raise PermissionDenied
            if form.is_valid():
                pair.dismissed_at, pair.dismissed_by = timezone.now(), revisions.name_of(request.user)
                pair.dismissal = form.cleaned_data["dismissal"]
                pair.save()
                messages.success(request, f"{pair}: not a duplicate.")
                return HttpResponseRedirect(reverse("admin:vendors_duplicate_changelist"))
        records = {record["slug"]: record for record in facts.dump(Vendor.objects.filter(pk__in=[pair.first_id, pair.second_id]))}
        one, other = records[pair.first.slug], records[pair.second.slug]
        context = {
            "title": str(pair),
            "pair": pair,
            "form": form,
            "judgement": self.judgement(pair),
            "beside": side_by_side(one, other),
            "may_change": self.has_change_permission(request),
        }
        return self.page(request, "duplicate.html", context, 422 if form.errors else 200)

    def merge(self, request):
        """Two records become one: ?survivor= and ?other= by slug. Shown first, then proposed with a reason."""
        if not request.user.has_perm(CURATES):
            raise PermissionDenied
        asked = {side: get_object_or_404(Vendor, slug=request.GET.get(side, "")) for side in ("survivor", "other")}
        if asked["survivor"] == asked["other"]:
            messages.error(request, "Choose two different vendors.")
            return HttpResponseRedirect(reverse("admin:vendors_duplicate_changelist"))
        records = {side: next(facts.dump(Vendor.objects.filter(pk=vendor.pk))) for side, vendor in asked.items()}
        words = Words(stored_vocabulary())
        found = merging.conflicts(records["survivor"], records["other"])
        names = {side: vendor.name for side, vendor in asked.items()}
        form = MergeForm(found, words, names, request.POST or None)
        one = merging.merged(records["survivor"], records["other"], form.chosen())
        gone = merging.archived(records["other"], records["survivor"]["slug"])
        said, status = [], 200
        if "confirm" in request.POST:
            status = 422
            if form.is_valid():
                try:
                    made = revisions.submit_all(
                        [one, gone], by=request.user, reason=form.cleaned_data["reason"], origin=Revision.Origin.MERGE
                    )
                except REFUSALS as error:
                    said = words_of(error)
                else:
                    waits = any(revision.status == Revision.Status.PROPOSED for revision in made)
                    messages.success(
                        request,
                        f"{asked['other']} goes into {asked['survivor']}: " + ("both changes wait for review." if waits else "done."),
                    )
                    return HttpResponseRedirect(reverse("admin:vendors_vendor_change", args=[asked["survivor"].pk]))
        elif request.method == "POST":
            form.errors.clear()  # Only a choice was made; what is missing is asked for at the end.
        context = {
            "title": f"Merge {asked['other']} into {asked['survivor']}",
            **asked,
            "form": form,
            "picks": [form[f"pick_{key}"] for key in form.picks],
            "differences": words.differences(records["survivor"], one),
            "said": said,
        }
        return self.page(request, "merge.html", context, status)


def side_by_side(one, other):
    """Fact by fact what each of the two says, and whether it is the same."""
    words = Words(stored_vocabulary())
    mine, its = ({each.key: each for each in words.differences(None, record)} for record in (one, other))
    for key, label in LABELS.items():
        pair = [found[key].after if key in found else "" for found in (mine, its)]
        if any(pair):
            yield label, *pair, pair[0] == pair[1]
