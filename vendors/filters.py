"""What a reader may ask of the catalogue, in the words of the address: one FilterSet for every page and format that lists vendors."""

import datetime as dt
from collections.abc import Mapping
from functools import cached_property
from typing import Any, cast

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, Manager, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import QueryDict

from vendors import facets
from vendors.catalogue import SIZES, VERIFIED_WITHIN, Catalogue
from vendors.folding import fold
from vendors.models import AILevel, Country, Site, Source, Vendor
from vendors.search import Search, read

LONGEST_SEARCH = 200  # characters; no name in the catalogue is longer than 120


def count_of(rows: Manager[Any]) -> Coalesce:
    """An expression: how many of these rows a vendor has, without joining them into the list."""
    numbers = rows.filter(vendor=OuterRef("pk")).order_by().values("vendor").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(numbers), 0)


# Orders by the word in the address: what a reader sees, and the columns; equal ones stand by name.
SORTS: Mapping[str, tuple[str, tuple]] = {
    "best": ("Best match", ("-relevance",)),  # only of a text, and then the one taken unless another is asked for
    "name": ("Name", ()),
    "services": ("Most services shown", (count_of(Vendor.services.through.objects).desc(),)),
    "sources": ("Most sources", (count_of(Source.objects).desc(),)),
    "verified": ("Recently verified", ("-verified_on",)),
}


class AnyOfField(forms.MultipleChoiceField):
    """Slugs out of a closed list. All unreadable ones are named, not only the first; an empty text says nothing."""

    def to_python(self, value):
        return [slug for slug in dict.fromkeys(super().to_python(value)) if slug]

    def validate(self, value):
        if unreadable := [slug for slug in value if not self.valid_value(slug)]:
            raise ValidationError([ValidationError("Not in the list.", "unreadable", {"value": slug}) for slug in unreadable])


class AnyOf(django_filters.MultipleChoiceFilter):
    """Vendors that have any of the chosen values; `field_name` is the lookup that leads to the slug."""

    field_class = AnyOfField
    today: dt.date  # given by the FilterSet

    def __init__(self, **options):
        # Choices come from the catalogue, whenever a FilterSet is made: asking for them costs no query.
        super().__init__(choices=(), **options)

    def filter(self, qs, value, *, all_of=False):
        for slugs in [[slug] for slug in value] if all_of else filter(None, [value]):
            qs = qs.filter(self.matching(slugs))
        return qs

    def matching(self, slugs: list[str]) -> Q:
        # A subquery, since a join for every filter would multiply the rows that they have in common.
        return Q(pk__in=Vendor.objects.filter(**{f"{self.field_name}__in": slugs}).order_by().values("pk"))


class AnyOfTypes(AnyOf):
    def matching(self, slugs):
        return Q(type__in=slugs)


class AnyOfLevels(AnyOf):
    def matching(self, slugs):
        return Q(ai_level__in=["" if slug == facets.NOT_CHECKED else AILevel(slug) for slug in slugs])


class AnyOfCountries(AnyOf):
    def matching(self, slugs):
        return Q(hq_country__in=slugs) | Q(pk__in=Site.objects.filter(country__in=slugs).order_by().values("vendor"))


class AnyOfRegions(AnyOfCountries):
    def matching(self, slugs):
        names = [name for slug, name in self.extra["choices"] if slug in slugs]
        return super().matching(Country.objects.filter(region__in=names).order_by().values("code"))


class AnyOfSizes(AnyOf):
    def matching(self, slugs):
        found = Q(pk__in=[])
        upper = [*list(SIZES.values())[1:], None]
        for (slug, least), next_class in zip(SIZES.items(), upper, strict=True):
            if slug in slugs:
                found |= Q(employees__gte=least) & (Q() if next_class is None else Q(employees__lt=next_class))
        return found | Q(employees=None) if "not-known" in slugs else found


class AnyOfDays(AnyOf):
    def matching(self, slugs):
        found = Q(pk__in=[])
        for slug, days in VERIFIED_WITHIN.items():
            if slug in slugs:
                found |= Q(verified_on__gte=self.today - dt.timedelta(days=days))
        if "older" in slugs:
            found |= Q(pk__in=Vendor.objects.stale(self.today).order_by().values("pk"))
        return found | Q(verified_on=None) if "never" in slugs else found


MODES = {"any": "any of these", "all": "all of these"}


class Mode(django_filters.ChoiceFilter):
    """Whether any of the chosen values of a list will do, or all are asked for; the FilterSet reads it with that list."""

    def __init__(self, lists: str):
        super().__init__(choices=list(MODES.items()), label=f"{lists}: any or all")

    def filter(self, qs, value):
        return qs


class TextSearch(django_filters.CharFilter):
    def filter(self, qs, value):
        if not self.parent.search:
            return qs
        return self.parent.search.ranked(qs) if self.parent.sort == "best" else self.parent.search.within(qs)


class Address(forms.Form):
    """What an address may hold beside the filters, and what it may not: a name that we do not know, or one value twice."""

    sort = forms.ChoiceField(choices=[(word, label) for word, (label, _) in SORTS.items()], required=False)
    page = forms.IntegerField(min_value=1, required=False)

    def clean_q(self):
        words = self.cleaned_data["q"]
        if words and not fold(words):
            raise ValidationError("There is no letter or figure in it.", "empty")
        return words

    def clean(self):
        for name, values in cast(QueryDict, self.data).lists():
            if name not in self.fields:
                self.add_error(None, ValidationError("There is no such filter.", "name", {"value": name}))
            elif len(values) > 1 and not isinstance(self.fields[name], AnyOfField):
                self.add_error(name, ValidationError("It is there more than once.", "twice", {"value": values[0]}))
        return self.cleaned_data


class VendorFilter(django_filters.FilterSet):
    """Several values in one filter mean any of them, or all of them with `<filter>_mode=all`; several filters mean all of them.

    today: the day that "verified within" is counted back from.
    Ask `is_valid()` first: `qs` would pass over a value that it can't read, and so show too much.
    """

    q = TextSearch(label="Words", max_length=LONGEST_SEARCH)
    type = AnyOfTypes(label="Type")
    services = AnyOf(field_name="services__slug", label="Service")
    services_mode = Mode("Services")
    stages = AnyOf(field_name="stages__slug", label="Stage")
    stages_mode = Mode("Stages")
    therapeutic_areas = AnyOf(field_name="therapeutic_areas__slug", label="Therapeutic area")
    therapeutic_areas_mode = Mode("Therapeutic areas")
    modalities = AnyOf(field_name="modalities__slug", label="Modality")
    modalities_mode = Mode("Modalities")
    accreditations = AnyOf(field_name="accreditations__slug", label="Accreditation")
    accreditations_mode = Mode("Accreditations")
    ai = AnyOfLevels(label="AI adoption")
    ai_uses = AnyOf(field_name="ai_uses__slug", label="AI used for")
    ai_uses_mode = Mode("AI uses")
    country = AnyOfCountries(label="Country", help_text="Of the headquarters or of a site")
    country_mode = Mode("Countries")
    region = AnyOfRegions(label="Region", help_text="Of the headquarters or of a site")
    size = AnyOfSizes(label="Size", help_text="By the number of employees")
    verified = AnyOfDays(label="Checked against its sources")

    class Meta:
        model = Vendor
        form = Address
        fields: list[str] = []

    def __init__(self, data, queryset, *, catalogue: Catalogue, today: dt.date):
        super().__init__(data, queryset)
        for name in facets.NAMES:
            self.filters[name].extra["choices"] = list(facets.choices(catalogue, name).items())
            self.filters[name].today = today
        self.today = today

    @cached_property
    def search(self) -> Search | None:
        """What was typed; None when nothing was, or nothing that can be read. Takes the queries of `search.read`."""
        typed = self.form.cleaned_data.get("q")
        return read(typed) if typed else None

    @property
    def usual_sort(self) -> str:
        """The word of SORTS that holds where none is asked for."""
        return "best" if self.form.cleaned_data.get("q") else "name"

    @property
    def sort(self) -> str:
        """The word of SORTS that holds; without a text there is no best match."""
        asked = self.form.cleaned_data.get("sort")
        return self.usual_sort if asked in {None, "", "best"} else asked

    def filter_queryset(self, queryset):
        asked = self.form.cleaned_data
        for name, filter_ in self.filters.items():
            options = {"all_of": True} if asked.get(f"{name}_mode") == "all" else {}
            queryset = filter_.filter(queryset, asked[name], **options)
        _, order = SORTS[self.sort]
        return queryset.order_by(*order, "sort_name", "slug")
