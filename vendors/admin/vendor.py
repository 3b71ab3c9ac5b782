"""Vendors: one with all that is known of it, and the list that says what needs a look. Changes go by `vendors.revisions`."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import csrf_protect_m
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models, transaction
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst

from vendors import evidence, facts, revisions, snapshot
from vendors.admin.filters import (
    AICheckFilter,
    AILevelFilter,
    CountryFilter,
    ServiceGroupFilter,
    UnsourcedFilter,
    VerifiedFilter,
    WaitingFilter,
)
from vendors.admin.vocabularies import ChoosesTerms
from vendors.desk import bulk
from vendors.differences import Words, lost
from vendors.folding import fold
from vendors.forms import (
    FactsSourceForm,
    PlacedFormSet,
    ReasonForm,
    SiteForm,
    SourceForm,
    SourceFormSet,
    SuccessorField,
    Suggested,
    VendorForm,
    record_of,
)
from vendors.models import FACTS, Country, FormerFact, Revision, Site, Source, Suggestion, Vendor
from vendors.views import vendor_page
from vendors.vocabulary import stored_vocabulary

PER_PAGE = 50
MOST_SUGGESTED = 20


def number_of(rows: models.QuerySet, column: str = "vendor"):
    """How many of `rows` point at the row at hand by `column`; a query of its own, so that several do not multiply."""
    counted = rows.filter(**{column: OuterRef("pk")}).order_by().values(column).annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)


def may_change(user, vendor: Vendor | None) -> bool:
    """Whether the form is there to be filled in: for a draft to be changed at once, for another to propose a change."""
    draft, proposal = user.has_perm("vendors.change_vendor"), user.has_perm("vendors.propose_revision")
    if vendor is None:
        return draft or proposal
    return draft if vendor.status == Vendor.Status.DRAFT else proposal


class RowsOfVendor(admin.options.InlineModelAdmin):
    """Rows that are changed with their vendor, by whoever may change that one."""

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("vendors.view_vendor") or may_change(request.user, obj)

    def has_change_permission(self, request, obj=None):
        return may_change(request.user, obj) if obj else request.user.has_perm("vendors.add_vendor")

    def has_add_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)


class SiteInline(RowsOfVendor, ChoosesTerms, admin.TabularInline):
    model = Site
    form = SiteForm
    formset = PlacedFormSet
    fields = ["place", "city", "country", "what"]
    verbose_name_plural = "sites: where it works, the main ones"

    def get_extra(self, request, obj=None, **kwargs):
        return 1  # so that a site can be added without script


class SourceInline(RowsOfVendor, admin.StackedInline):
    model = Source
    form = SourceForm
    formset = SourceFormSet
    fields = ["url", ("title", "publisher"), ("published", "read_on", "place"), "supports", "shows_ai_level"]
    min_num = 1
    verbose_name_plural = "sources: where the facts above were read"

    def get_extra(self, request, obj=None, **kwargs):
        return 1 if obj else 0

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.words = request.words  # type: ignore[attr-defined]
        return formset


class Looked(Exception):
    """Somebody asked for a preview, not for a change; it is ready."""

    def __init__(self, response: HttpResponse):
        self.response = response


def preview(request, record, stored_as: str = "") -> HttpResponse:
    """The page as readers would see it with this record. Raises Refused."""
    stages = snapshot.current().vocabulary.stages.values()
    with revisions.for_a_moment(record, stored_as=stored_as) as vendor:
        return vendor_page(request, vendor, stages, preview=True)


@admin.register(Vendor)
class VendorAdmin(ChoosesTerms, admin.ModelAdmin):
    """The form makes a record of what was typed and submits it; it never writes a vendor itself."""

    form = VendorForm
    inlines = [SiteInline, SourceInline]
    fieldsets = [
        ("Curation", {"fields": [("verified_on", "status"), "successor", ("verified_by", "changed_at")]}),
        ("Who it is", {"fields": ["name", "slug", "aliases", "type", "parent", "website"]}),
        ("Size and place", {"fields": [("hq_city", "hq_country"), "founded", ("employees", "employees_year")]}),
        (
            "What it is hired for",
            {"fields": ["summary", "services", "stages", "therapeutic_areas", "modalities", "accreditations"]},
        ),
        ("AI adoption", {"fields": [("ai_level", "ai_checked_on"), "ai_uses", "ai_note"]}),
    ]
    readonly_fields = ["verified_by", "changed_at"]
    radio_fields = {"type": admin.HORIZONTAL, "status": admin.HORIZONTAL}
    save_on_top = True

    list_display = ["name", "type", "status", "verified", "source_number", "service_number", "unsourced_facts"]
    list_filter = [
        "status", WaitingFilter, VerifiedFilter, UnsourcedFilter, AICheckFilter, "type", AILevelFilter, ServiceGroupFilter, CountryFilter,
    ]  # fmt: skip
    search_fields = ["search_names", "parent", "slug"]
    search_help_text = "Name, other names or owner"
    actions = ["publish", "archive", bulk.change_many]

    class Media:
        js = ["js/suggest.js"]

    # The form

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["name"]}

    def get_readonly_fields(self, request, obj=None):
        """A stored vendor is renamed by curators only; its old address then leads to the new one."""
        fields = list(super().get_readonly_fields(request, obj))
        if obj and obj.status != Vendor.Status.DRAFT and not request.user.has_perm("vendors.curate_vendor"):
            return ["slug", "successor", *fields]
        return fields

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return [("Curation", {"fields": [("verified_on", "status")]}), *self.fieldsets[1:]]
        return self.fieldsets

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "successor":
            return SuccessorField(required=False, label="Successor", help_text=db_field.help_text)
        if db_field.name == "parent":
            kwargs["widget"] = Suggested(asked="owners")
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_form(self, request, obj=None, change=False, **kwargs):
        if change:
            kwargs["help_texts"] = {"slug": "The address of a renamed vendor leads to the new one; files that name the old one will not."}
        form = super().get_form(request, obj, change=change, **kwargs)
        form.before, form.refused = request.stored, getattr(request, "refused", ())  # type: ignore[attr-defined]
        if request.amended:
            form.base_fields["reason"].initial, form.base_fields["former_as"].initial = request.amended.reason, request.amended.former_as
        return form

    def has_change_permission(self, request, obj=None):
        return may_change(request.user, obj)

    def has_delete_permission(self, request, obj=None):
        """What readers saw is archived, which keeps its record and its address; a draft may go."""
        return request.user.is_superuser and (obj is None or obj.status == Vendor.Status.DRAFT)

    def get_deleted_objects(self, objs, request):
        """Name what readers saw instead of speaking of permissions."""
        objects, counts, lacking, protected = super().get_deleted_objects(objs, request)
        seen = [f"{vendor}: archive it instead" for vendor in objs if vendor.status != Vendor.Status.DRAFT]
        return objects, counts, lacking - {self.opts.verbose_name} if seen else lacking, seen or protected

    def delete_queryset(self, request, queryset):
        super().delete_queryset(request, queryset.filter(status=Vendor.Status.DRAFT))

    @csrf_protect_m
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """The form; with `amend` in the address that of a proposal that waits, as it would be stored."""
        # Asked for before anything else: what is stored for a moment only must not come into the snapshot.
        request.words = Words(snapshot.current().vocabulary)
        key = object_id if str(object_id).isdecimal() else None
        request.stored = next(facts.dump(Vendor.objects.filter(pk=key)), None) if key else None
        request.amended = amended = self.amended(request, key)
        if request.method == "POST":
            try:
                return super().changeform_view(request, object_id, form_url, extra_context)
            except Looked as looked:
                return looked.response
            except revisions.Refused as refused:
                request.refused = refused.problems
            except (revisions.NotAllowed, revisions.Decided) as error:
                request.refused = [facts.Problem(0, "", "", "", str(error))]
            return super().changeform_view(request, object_id, form_url, extra_context)
        if amended is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        stored_as = amended.before["slug"] if amended.before else ""
        try:
            with revisions.for_a_moment(amended.after, stored_as=stored_as) as vendor:
                context = {**(extra_context or {}), "amended": amended}
                page: Any = super().changeform_view(request, str(vendor.pk), form_url, context)
                return page.render()
        except revisions.Refused as refused:
            self.message_user(request, f"This proposal can't be opened any more: {refused}", messages.ERROR)
            return redirect("admin:vendors_revision_change", amended.pk)

    def amended(self, request, key) -> Revision | None:
        """The proposal that the address names, if it is this person's, of this vendor, and still waits."""
        if not (asked := request.GET.get("amend", "")).isdecimal():
            return None
        return get_object_or_404(Revision.objects.waiting(), pk=asked, author=request.user, vendor=key)

    def get_changeform_initial_data(self, request):
        return {**super().get_changeform_initial_data(request), "status": Vendor.Status.DRAFT}

    def save_model(self, request, obj, form, change):
        """Nothing yet: the record is whole only with its sites and sources."""

    def save_related(self, request, form, formsets, change):
        sites, sources = formsets
        record = record_of(form.cleaned_data, sites, sources, form.before)
        if "_preview" in request.POST:
            raise Looked(preview(request, record, form.before["slug"] if form.before else ""))
        former_as, reason = form.cleaned_data["former_as"], form.cleaned_data["reason"]
        if form.before and not former_as and (gone := lost(form.before, record)):
            names = "; ".join(f"{FACTS[evidence.key_of(fact)]}: {request.words.fact(fact, form.before)}" for fact in gone)
            raise revisions.Refused([facts.Problem(0, "", "former_as", "", f"This removes or replaces: {names}. Say what becomes of it.")])
        if request.amended:
            request.made = revisions.amend(request.amended, record, by=request.user, reason=reason, former_as=former_as)
        else:
            vendor = Vendor.objects.get(pk=form.instance.pk) if change else None
            request.made = revisions.submit(record, by=request.user, reason=reason, vendor=vendor, former_as=former_as)

    def construct_change_message(self, request, form, formsets, add=False):
        return form.cleaned_data["reason"]

    def log_addition(self, request, obj, message):
        if request.made and request.made.vendor:
            super().log_addition(request, request.made.vendor, message)

    def log_change(self, request, obj, message):
        if request.made:
            words = "Draft changed" if request.made.status == Revision.Status.APPLIED else "Proposed"
            super().log_change(request, obj, f"{words}: {message}")

    def response_add(self, request, obj, post_url_continue=None):
        return self.response_change(request, obj)

    def response_change(self, request, obj):
        made = request.made
        if made is None:
            self.message_user(request, "Nothing was changed: the record says all of this already.", messages.INFO)
            return redirect("admin:vendors_vendor_change" if obj.pk else "admin:vendors_vendor_changelist", *([obj.pk] if obj.pk else []))
        if made.status == Revision.Status.PROPOSED:
            self.message_user(request, f"{made.name}: your change waits for somebody else to approve it. Readers see the record as it was.")
            return redirect("admin:vendors_revision_change", made.pk)
        self.message_user(request, f"{made.name}: the draft was saved.")
        if "_continue" in request.POST:
            return redirect("admin:vendors_vendor_change", made.vendor.pk)
        return redirect("admin:vendors_vendor_add" if "_addanother" in request.POST else "admin:vendors_vendor_changelist")

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        context |= {
            "countries": list(Country.objects.values_list("name", flat=True)),
            "change_fields": [form[name] for name in ("former_as", "reason") if name in form.fields and (name == "reason" or form.before)],
            "at_once": obj is None or obj.status == Vendor.Status.DRAFT,
        }
        if obj and obj.pk:
            stored = Vendor.objects.filter(pk=obj.pk)
            context |= {
                "waiting": list(Revision.objects.waiting().filter(vendor=obj.pk)),
                "suggestions": list(Suggestion.objects.beside(obj.pk, request.GET.get("suggestion", ""))),
                "former_facts": list(FormerFact.objects.filter(vendor=obj.pk)),
                "unsourced_number": stored.values_list("unsourced_number", flat=True).first(),
                "may_verify": request.user.has_perm("vendors.curate_vendor"),
                "today": timezone.localdate(),
            }
        response = super().render_change_form(request, context, add, change, form_url, obj)
        if request.method == "POST":
            response.status_code = 422
        return response

    # The list

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .annotate(
                number_of_sources=number_of(Source.objects.all()),
                number_of_services=number_of(Vendor.services.through.objects.all()),
            )
        )

    def get_search_results(self, request, queryset, search_term):
        """As typed, or folded as names are stored: "Zürich" finds "Zurich" and the other way round."""
        typed, duplicates = super().get_search_results(request, queryset, search_term)
        folded, _ = super().get_search_results(request, queryset, fold(search_term))
        return typed | folded, duplicates

    @admin.display(description="Verified", ordering=F("verified_on").asc(nulls_first=True))
    def verified(self, vendor):
        if vendor.verified_on is None:
            return "never"
        day = vendor.verified_on.isoformat()
        return format_html("{} <strong>stale</strong>", day) if vendor.is_stale(timezone.localdate()) else day

    @admin.display(description="Sources", ordering="number_of_sources")
    def source_number(self, vendor):
        return vendor.number_of_sources

    @admin.display(description="Services", ordering="number_of_services")
    def service_number(self, vendor):
        return vendor.number_of_services

    @admin.display(description="Unsourced facts", ordering="unsourced_number")
    def unsourced_facts(self, vendor):
        address = reverse("admin:vendors_vendor_facts", args=[vendor.pk])
        return format_html('<a href="{}">{}</a>', address, vendor.unsourced_number) if vendor.unsourced_number else "0"

    def view_on_site(self, vendor):
        """The address of the page that readers see, or None while there is none."""
        return vendor.get_absolute_url() if vendor.status == Vendor.Status.PUBLISHED else None

    # Actions of the list

    def has_curate_permission(self, request):
        return request.user.has_perm("vendors.curate_vendor")

    @admin.action(description="Propose to publish the selected vendors", permissions=["curate"])
    def publish(self, request, queryset):
        unverified = [str(vendor) for vendor in queryset.filter(verified_on=None)]
        response = self.propose_status(request, queryset.exclude(verified_on=None), Vendor.Status.PUBLISHED)
        if unverified and response is None:
            self.message_user(
                request,
                f"Not proposed, since nobody has verified them yet: {', '.join(unverified)}. "
                "Compare each with its sources and verify it first.",
                messages.WARNING,
            )
        return response

    @admin.action(description="Propose to archive the selected vendors", permissions=["curate"])
    def archive(self, request, queryset):
        return self.propose_status(request, queryset, Vendor.Status.ARCHIVED)

    def propose_status(self, request, queryset, status: Vendor.Status) -> HttpResponse | None:
        """A proposal a vendor, once the person said why; until then the page that asks."""
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        vendors = Vendor.objects.filter(pk__in=queryset.values("pk")).exclude(status=status)
        if not vendors:
            self.message_user(request, f"{status.label} already: nothing to propose.", messages.INFO)
            return None
        if not form.is_valid():
            context = {
                **self.admin_site.each_context(request),
                "title": f"Propose: {status.label.lower()}",
                "opts": self.opts,
                "form": form,
                "action": request.POST["action"],
                "vendors": vendors,
                "media": self.media,
            }
            page = TemplateResponse(request, "admin/vendors/vendor/reason.html", context)
            page.status_code = 422 if form.is_bound else 200
            return page
        records = [{**record, "status": str(status)} for record in facts.dump(vendors)]
        try:
            made = revisions.submit_all(records, by=request.user, reason=form.cleaned_data["reason"], origin=Revision.Origin.BULK)
        except revisions.Refused as refused:
            self.message_user(request, f"Nothing was proposed. {refused}", messages.ERROR)
            return None
        self.message_user(request, f"{len(made)} proposal{'' if len(made) == 1 else 's'} wait{'s' if len(made) == 1 else ''} for review.")
        return None

    # Further pages

    def get_urls(self):
        def page(route: str, view, name: str):
            return path(route, self.admin_site.admin_view(view), name=f"vendors_vendor_{name}")

        return [
            page("suggest/", self.suggest, "suggest"),
            page("unsourced/", self.unsourced_view, "unsourced"),
            page("<int:key>/verify/", self.verify_view, "verify"),
            page("<int:key>/facts/", self.facts_view, "facts"),
            page("<int:key>/source/", self.source_view, "source"),
            page("<int:key>/preview/", self.preview_view, "preview"),
            *super().get_urls(),
        ]

    def page(self, request, template: str, title: str, status: int = 200, **context: Any) -> TemplateResponse:
        vendor = context.get("vendor")
        whole = {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": str(vendor) if vendor else None,
            "opts": self.opts,
            "media": self.media,
            **context,
        }
        return TemplateResponse(request, f"admin/vendors/vendor/{template}", whole, status=status)

    def looked_at(self, request, key: int) -> Vendor:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return get_object_or_404(Vendor, pk=key)

    def suggest(self, request):
        """Names that contain what was typed, for `suggest.js`: of vendors with their slugs, or of owners too."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        typed = fold(request.GET.get("q", ""))[:120]
        vendors = Vendor.objects.filter(sort_name__contains=typed) if typed else Vendor.objects.none()
        found: list[tuple[str, str]] = list(vendors.order_by("sort_name").values_list("slug", "name")[:MOST_SUGGESTED])
        if request.GET.get("of") == "owners":
            owners = Vendor.objects.filter(parent__icontains=request.GET.get("q", "")[:120]).exclude(parent="") if typed else vendors
            names = [*owners.order_by("parent").values_list("parent", flat=True).distinct()[:MOST_SUGGESTED], *(name for _, name in found)]
            found = [(name, "") for name in dict.fromkeys(names)][:MOST_SUGGESTED]
        return JsonResponse({"found": [{"value": value, "label": label} for value, label in found]})

    def verify_view(self, request, key):
        """One click: this person compared the record with its sources today."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        vendor = get_object_or_404(Vendor, pk=key)
        with transaction.atomic():
            made = revisions.verify(vendor, by=request.user)
            if made:
                super().log_change(request, vendor, made.reason)
        by = f" by {vendor.verified_by}" if vendor.verified_by else ""
        self.message_user(request, f"{vendor}: verified today." if made else f"{vendor} was verified today already{by}.")
        return redirect("admin:vendors_vendor_change", key)

    def preview_view(self, request, key):
        vendor = self.looked_at(request, key)
        [record] = facts.dump(Vendor.objects.filter(pk=vendor.pk))
        return preview(request, record, vendor.slug)

    def history_view(self, request, object_id, extra_context=None):
        """Who changed what, when and why, before and after; the latest first."""
        vendor = self.looked_at(request, int(object_id) if str(object_id).isdecimal() else 0)
        words = Words(stored_vocabulary())
        page = Paginator(vendor.revisions.all(), 20).get_page(request.GET.get("p"))
        lines = [(revision, words.differences(revision.before, revision.after)) for revision in page]
        return self.page(request, "history.html", "History", vendor=vendor, original=vendor, page=page, lines=lines)

    def facts_view(self, request, key):
        """Every fact of a record with the sources that support it, and those that it held once."""
        vendor = self.looked_at(request, key)
        [record] = facts.dump(Vendor.objects.filter(pk=vendor.pk))
        words = Words(snapshot.current().vocabulary)
        groups = []
        for fact_key, name in FACTS.items():
            rows = [
                (fact, words.fact(fact, record), [(i, record["sources"][i]) for i in evidence.supporting(record, fact)])
                for fact in evidence.facts_of(record, [fact_key])
            ]
            if rows:
                groups.append((name, rows))
        sources = [(source, words.supported(source["supports"])) for source in record["sources"]]
        return self.page(
            request, "facts.html", "Facts and their sources", vendor=vendor, groups=groups, sources=sources,
            former=vendor.former_facts.select_related("revision"), may_change=may_change(request.user, vendor),
        )  # fmt: skip

    def source_view(self, request, key):
        """Add a source and tick what it supports; with `place` in the address the same for one that is there."""
        vendor = self.looked_at(request, key)
        if not may_change(request.user, vendor):
            raise PermissionDenied
        [record] = facts.dump(Vendor.objects.filter(pk=vendor.pk))
        asked = request.GET.get("place", "")
        place = int(asked) if asked.isdecimal() and int(asked) < len(record["sources"]) else None
        initial = {"supports": request.GET.getlist("fact")} if place is None else {}
        form = FactsSourceForm(record, Words(stored_vocabulary()), place, request.POST or None, initial=initial)
        if request.method == "POST" and form.is_valid():
            try:
                made = revisions.submit(form.changed_record(), by=request.user, reason=form.cleaned_data["reason"])
            except revisions.Refused as refused:
                form.add_error(None, str(refused))
            else:
                if made and made.status == Revision.Status.PROPOSED:
                    self.message_user(request, "The source waits for somebody else to approve it.")
                    return redirect("admin:vendors_revision_change", made.pk)
                self.message_user(request, "The source was saved." if made else "Nothing was changed.")
                return redirect("admin:vendors_vendor_facts", key)
        title = "Add a source" if place is None else "What a source supports"
        return self.page(request, "source.html", title, 422 if form.errors else 200, vendor=vendor, form=form)

    def unsourced_view(self, request):
        """The facts of all vendors that need a source and have none; most of them first. Some queries however many vendors."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        words = Words(snapshot.current().vocabulary)
        asked = request.GET.get("of", "")
        of = asked if asked in FACTS and asked not in evidence.IDENTITY else ""
        vendors = Vendor.objects.filter(unsourced_number__gt=0).exclude(status=Vendor.Status.ARCHIVED)
        if of:
            written = models.functions.Cast("unsourced", models.TextField())
            vendors = vendors.filter(models.lookups.Contains(written, f'"{of}'))
        vendors = vendors.order_by("-unsourced_number", "sort_name", "pk").only("name", "type", "status", "unsourced", "unsourced_number")
        page = Paginator(vendors, PER_PAGE).get_page(request.GET.get("p"))
        rows = []
        for vendor in page:
            missing = [fact for fact in evidence.to_be_found(vendor.unsourced) if not of or evidence.key_of(fact) == of]
            rows.append((vendor, [(fact, said(words, fact)) for fact in missing]))
        kinds = [(key, name) for key, name in FACTS.items() if key not in evidence.IDENTITY]
        return self.page(request, "unsourced.html", "Facts without a source", page=page, rows=rows, kinds=kinds, of=of)


def said(words: Words, fact: str) -> str:
    """A fact without its record: "Services: Bioanalysis", or "Founded"."""
    key = evidence.key_of(fact)
    return f"{FACTS[key]}: {capfirst(words.fact(fact))}" if evidence.value_of(fact) else FACTS[key]
