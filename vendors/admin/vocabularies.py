"""The closed vocabularies, which every record names its terms from."""

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.db import transaction
from django.db.models import Count
from django.utils.text import capfirst

from vendors import vocabulary
from vendors.admin.read_only import ReadOnly
from vendors.forms import Choices, CountryField
from vendors.models import (
    Accreditation,
    AIUse,
    CatalogueVersion,
    Country,
    FormerSlug,
    Modality,
    Service,
    ServiceGroup,
    Stage,
    TherapeuticArea,
)

LIST_NAMES = {table: name for name, table in vocabulary.TABLES.items()}


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

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.many_to_many:
            return db_field.formfield(widget=Choices, **kwargs)
        if db_field.many_to_one and db_field.related_model is Country:
            countries = dict(Country.objects.values_list("code", "name"))
            return CountryField(countries=countries, required=not db_field.blank, label=capfirst(db_field.verbose_name))
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
class CountryAdmin(ReadOnly):
    """To look up only: the list follows ISO 3166-1."""

    list_display = ["name", "code", "region"]
    list_filter = ["region"]
    search_fields = ["name", "code"]
