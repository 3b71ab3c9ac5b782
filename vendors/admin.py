"""Curation: the pages on which a person keeps the catalogue true."""

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.options import BaseModelAdmin
from django.db import models, transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.html import format_html

from vendors import search, vocabulary
from vendors.catalogue import STALE_AFTER
from vendors.desk import bulk
from vendors.folding import fold
from vendors.forms import Choices, PlacedForm, PlacedFormSet, SourceForm, SourceFormSet, VendorForm
from vendors.models import (
    Accreditation,
    AILevel,
    AIUse,
    CatalogueVersion,
    Country,
    FormerSlug,
    Modality,
    Service,
    ServiceGroup,
    Site,
    Source,
    Stage,
    TherapeuticArea,
    Vendor,
)

admin.site.site_header = "Crossmatch: curation"
admin.site.site_title = "Crossmatch curation"
LIST_NAMES = {table: name for name, table in vocabulary.TABLES.items()}

admin.site.index_title = "What the portal knows, and who may change it"


def number_of(rows: models.QuerySet, column: str = "vendor"):
    """How many of `rows` point at the row at hand by `column`; a query of its own, so that several do not multiply."""
    counted = rows.filter(**{column: OuterRef("pk")}).order_by().values(column).annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)


class ChangesCatalogue(admin.ModelAdmin):
    """Says that the catalogue changed, in the transaction of the change, so that every snapshot is built anew."""

    def save_related(self, request, form, formsets, change):
        # Last of all that a form or an edited list saves, and within its transaction.
        super().save_related(request, form, formsets, change)
        CatalogueVersion.bump()

    def delete_model(self, request, obj):
        with transaction.atomic():
            super().delete_model(request, obj)
            CatalogueVersion.bump()

    def delete_queryset(self, request, queryset):
        with transaction.atomic():
            super().delete_queryset(request, queryset)
            CatalogueVersion.bump()


class SlugStays(admin.ModelAdmin):
    """The slug is proposed from the name when a record is new, and never changes after that."""

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["name"]}

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return ["slug", *fields] if obj else fields


class ChoosesTerms(BaseModelAdmin):
    """Terms are ticked, and countries and groups chosen, in place.

    Without the admin's links to add another beside each: the lists are closed, and have pages of their own.
    """

    class Media:
        css = {"all": ["css/admin.css"]}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.many_to_many:
            return db_field.formfield(widget=Choices, **kwargs)
        if db_field.many_to_one:
            field = db_field.formfield(**kwargs)
            field.choices = list(field.choices)  # read once, not once a row
            return field
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class TermAdmin(ChoosesTerms, ChangesCatalogue, SlugStays):
    """One closed vocabulary. A term that is in use cannot be deleted, since its records would silently lose it."""

    list_display = ["name", "order", "used_by", "slug"]
    list_editable = ["order"]
    search_fields = ["name", "slug", "description"]
    users = "vendors"

    def get_readonly_fields(self, request, obj=None):
        """A slug is in files, addresses and stored programs, so only a superuser may change it."""
        fields = [name for name in super().get_readonly_fields(request, obj) if name != "slug" or not request.user.is_superuser]
        return [*fields, "used_by"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        if change and request.user.is_superuser:
            kwargs["help_texts"] = {
                "slug": "Addresses with the old slug will lead to the new one. Files and stored programs that name the old one will not: "
                "they have to be changed too."
            }
        return super().get_form(request, obj, change=change, **kwargs)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and "slug" in form.changed_data:
            vocabulary.rename(LIST_NAMES[type(obj)], form.initial["slug"], obj.slug)

    def get_fields(self, request, obj=None):
        own = [field.name for field in self.opts.concrete_fields if field.name not in {"id", "name", "slug", "order", "description"}]
        return ["name", "slug", *own, "order", "description", *(["used_by"] if obj else [])]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(number_of_users=Count(self.users))

    @admin.display(description="Used by", ordering="number_of_users")
    def used_by(self, term):
        number = term.number_of_users
        return f"{number} {self.users.removesuffix('s')}{'' if number == 1 else 's'}"

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or not getattr(obj, self.users).exists())

    def get_deleted_objects(self, objs, request):
        """Name the terms in use instead of speaking of permissions."""
        objects, counts, lacking, protected = super().get_deleted_objects(objs, request)
        used = [f"{term}: used by {self.used_by(term)}" for term in objs if getattr(term, "number_of_users", 0)]
        if used:
            return objects, counts, lacking - {self.opts.verbose_name}, used
        return objects, counts, lacking, protected


@admin.register(ServiceGroup)
class ServiceGroupAdmin(TermAdmin):
    list_display = ["name", "lane", "order", "used_by", "slug"]
    users = "services"


@admin.register(Service)
class ServiceAdmin(TermAdmin):
    list_display = ["name", "group", "order", "used_by", "slug"]
    list_filter = ["group"]


admin.site.register([Stage, TherapeuticArea, Modality, Accreditation, AIUse], TermAdmin)


@admin.register(FormerSlug)
class FormerSlugAdmin(ChangesCatalogue):
    """Written when a slug is changed; to correct, or to catch what other sites still link to."""

    list_display = ["old", "new", "vocabulary"]
    list_filter = ["vocabulary"]
    search_fields = ["old", "new"]


@admin.register(Country)
class CountryAdmin(admin.ModelAdmin):
    """To look up only: the list follows ISO 3166-1."""

    list_display = ["name", "code", "region"]
    list_filter = ["region"]
    search_fields = ["name", "code"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class OneOf(admin.SimpleListFilter):
    """A filter whose unreadable value shows nothing, rather than everything."""

    def chosen(self, queryset, value):
        """The vendors that one of the lookups means."""
        raise NotImplementedError

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        if self.value() not in {str(value) for value, _ in self.lookup_choices}:
            return queryset.none()
        return self.chosen(queryset, self.value())


class VerifiedFilter(OneOf):
    title = "verified"
    parameter_name = "verified"

    def lookups(self, request, model_admin):
        return [("recent", "Within a year"), ("stale", "More than a year ago"), ("never", "Never")]

    def chosen(self, queryset, value):
        today = timezone.localdate()
        match value:
            case "stale":
                return queryset.stale(today)
            case "never":
                return queryset.filter(verified_on=None)
            case _:
                return queryset.filter(verified_on__gte=today - STALE_AFTER)


class AILevelFilter(OneOf):
    title = "AI level"
    parameter_name = "ai"

    def lookups(self, request, model_admin):
        return [*AILevel.choices, ("not-checked", "Nobody has looked yet")]

    def chosen(self, queryset, value):
        return queryset.filter(ai_level="" if value == "not-checked" else value)


class CountryFilter(OneOf):
    """Headquarters or a site in the country, as in the catalogue that readers see."""

    title = "country"
    parameter_name = "country"

    def lookups(self, request, model_admin):
        used = Vendor.objects.values("hq_country").union(Site.objects.values("country"))
        return list(Country.objects.filter(code__in=used).values_list("code", "name"))

    def chosen(self, queryset, value):
        there = Site.objects.filter(country=value).values("vendor")
        return queryset.filter(Q(hq_country=value) | Q(pk__in=there))


class ServiceGroupFilter(OneOf):
    title = "services in"
    parameter_name = "group"

    def lookups(self, request, model_admin):
        return list(ServiceGroup.objects.values_list("slug", "name"))

    def chosen(self, queryset, value):
        return queryset.filter(pk__in=Vendor.services.through.objects.filter(service__group__slug=value).values("vendor"))


class SiteInline(ChoosesTerms, admin.TabularInline):
    model = Site
    form = PlacedForm
    formset = PlacedFormSet
    fields = ["place", "city", "country", "what"]
    verbose_name_plural = "sites: where it works, the main ones"

    def get_extra(self, request, obj=None, **kwargs):
        return 1  # so that a site can be added without script


class SourceInline(admin.StackedInline):
    model = Source
    form = SourceForm
    formset = SourceFormSet
    fields = ["url", ("title", "publisher"), ("published", "read_on", "place"), "supports", "shows_ai_level"]
    min_num = 1
    verbose_name_plural = "sources: where the facts above were read"

    def get_extra(self, request, obj=None, **kwargs):
        return 1 if obj else 0


@admin.register(Vendor)
class VendorAdmin(ChoosesTerms, ChangesCatalogue, SlugStays):
    """One vendor with all that is known of it, and the list that says what needs a look."""

    form = VendorForm
    inlines = [SiteInline, SourceInline]
    fieldsets = [
        ("Curation", {"fields": [("verified_on", "status"), "changed_at"]}),
        ("Who it is", {"fields": ["name", "slug", "aliases", "type", "parent", "website"]}),
        ("Size and place", {"fields": [("hq_city", "hq_country"), "founded", ("employees", "employees_year")]}),
        (
            "What it is hired for",
            {"fields": ["summary", "services", "stages", "therapeutic_areas", "modalities", "accreditations"]},
        ),
        ("AI adoption", {"fields": [("ai_level", "ai_checked_on"), "ai_uses", "ai_note"]}),
    ]
    readonly_fields = ["changed_at"]
    radio_fields = {"type": admin.HORIZONTAL, "status": admin.HORIZONTAL}
    save_on_top = True

    list_display = ["name", "type", "status", "verified", "source_number", "service_number"]
    list_filter = ["status", VerifiedFilter, "type", AILevelFilter, ServiceGroupFilter, CountryFilter]
    search_fields = ["search_names", "parent", "slug"]
    search_help_text = "Name, other names or owner"
    actions = ["publish", "archive", bulk.change_many]

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return [("Curation", {"fields": [("verified_on", "status")]}), *self.fieldsets[1:]]
        return self.fieldsets

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .annotate(
                number_of_sources=number_of(Source.objects.all()),
                number_of_services=number_of(Vendor.services.through.objects.all()),
            )
        )

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        search.index([form.instance.pk])

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

    def view_on_site(self, vendor):
        """The address of the page that readers see, or None while there is none."""
        return vendor.get_absolute_url() if vendor.status == Vendor.Status.PUBLISHED else None

    def has_curate_permission(self, request):
        return request.user.has_perm("vendors.curate_vendor")

    def has_delete_permission(self, request, obj=None):
        """A vendor that is no longer wanted is archived, which keeps its record and its address."""
        return request.user.is_superuser

    @admin.action(description="Publish the selected vendors", permissions=["change"])
    def publish(self, request, queryset):
        unverified = [str(vendor) for vendor in queryset.filter(verified_on=None)]
        self.move(request, queryset.exclude(verified_on=None), Vendor.Status.PUBLISHED)
        if unverified:
            self.message_user(
                request,
                f"Not published, since nobody has verified them yet: {', '.join(unverified)}. "
                "Compare each with its sources and enter the day under “verified on” first.",
                messages.WARNING,
            )

    @admin.action(description="Archive the selected vendors", permissions=["change"])
    def archive(self, request, queryset):
        self.move(request, queryset, Vendor.Status.ARCHIVED)

    def move(self, request, queryset, status: Vendor.Status):
        """Give those vendors a status, leave a line in each one's history, and say what was done."""
        with transaction.atomic():
            moved = list(queryset.exclude(status=status))
            for vendor in moved:
                vendor.status = status
                vendor.save(update_fields=["status", "changed_at"])
            if moved:
                LogEntry.objects.log_actions(request.user.pk, moved, CHANGE, f"{status.label}.")
                CatalogueVersion.bump()
        number = len(moved)
        self.message_user(
            request, f"{status.label}: {number} vendor{'' if number == 1 else 's'}.", messages.SUCCESS if moved else messages.INFO
        )
