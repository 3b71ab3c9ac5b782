"""What the list of vendors can be narrowed down to."""

from django.conf import settings
from django.contrib import admin
from django.db.models import Q
from django.utils import timezone

from vendors import work_queue
from vendors.catalogue import STALE_AFTER
from vendors.models import AILevel, Country, Revision, ServiceGroup, Site, Vendor


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


class CheckedFilter(OneOf):
    """How long ago somebody looked. column: the day that says so."""

    column = ""

    def lookups(self, request, model_admin):
        return [("recent", "Within a year"), ("stale", "More than a year ago"), ("never", "Never")]

    def chosen(self, queryset, value):
        a_year_ago = timezone.localdate() - STALE_AFTER
        match value:
            case "stale":
                return queryset.filter(**{f"{self.column}__lt": a_year_ago})
            case "never":
                return queryset.filter(**{self.column: None})
            case _:
                return queryset.filter(**{f"{self.column}__gte": a_year_ago})


class VerifiedFilter(CheckedFilter):
    title = "verified"
    parameter_name = "verified"
    column = "verified_on"

    def lookups(self, request, model_admin):
        return [*super().lookups(request, model_admin), ("due", f"Published, and more than {settings.RECHECK_AFTER_DAYS} days ago")]

    def chosen(self, queryset, value):
        if value == "due":
            return queryset.filter(work_queue.due_for_recheck(timezone.localdate()))
        return super().chosen(queryset, value)


class AICheckFilter(CheckedFilter):
    title = "AI checked"
    parameter_name = "ai-checked"
    column = "ai_checked_on"

    def lookups(self, request, model_admin):
        return [*super().lookups(request, model_admin), ("due", "Never, or more than a year ago")]

    def chosen(self, queryset, value):
        if value == "due":
            return queryset.filter(work_queue.due_for_ai_check(timezone.localdate()))
        return super().chosen(queryset, value)


class UnsourcedFilter(OneOf):
    title = "sources"
    parameter_name = "sourced"

    def lookups(self, request, model_admin):
        return [("no", "Has facts without a source"), ("yes", "Every fact has a source")]

    def chosen(self, queryset, value):
        return queryset.filter(unsourced_number=0) if value == "yes" else queryset.filter(unsourced_number__gt=0)


class WaitingFilter(OneOf):
    title = "proposals"
    parameter_name = "waiting"

    def lookups(self, request, model_admin):
        return [("yes", "A change waits for review")]

    def chosen(self, queryset, value):
        return queryset.filter(pk__in=Revision.objects.waiting().order_by().values("vendor"))


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
