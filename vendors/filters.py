"""What a reader may ask of the catalogue, in the words of the address: one FilterSet for every page and format that lists vendors."""

from collections.abc import Mapping
from typing import Any, cast

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, Manager, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import QueryDict

from vendors import facets
from vendors.catalogue import Catalogue
from vendors.folding import fold
from vendors.models import AILevel, Site, Source, Vendor

LONGEST_SEARCH = 200  # characters; no name in the catalogue is longer than 120


def count_of(rows: Manager[Any]) -> Coalesce:
    """An expression: how many of these rows a vendor has, without joining them into the list."""
    numbers = rows.filter(vendor=OuterRef("pk")).order_by().values("vendor").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(numbers), 0)


# Orders by the word in the address: what a reader sees, and the columns; equal ones stand by name.
SORTS: Mapping[str, tuple[str, tuple]] = {
    "name": ("Name", ()),
    "services": ("Most services shown", (count_of(Vendor.services.through.objects).desc(),)),
    "sources": ("Most sources", (count_of(Source.objects).desc(),)),
    "verified": ("Recently verified", ("-verified_on",)),
}


def named_like(words: str) -> Q:
    """The vendors of which every word stands somewhere in the name or in an alias, whatever its case and accents."""
    found = Q()
    for word in fold(words).split():
        found &= Q(search_names__contains=word)
    return found


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

    def __init__(self, **options):
        # Choices come from the catalogue, whenever a FilterSet is made: asking for them costs no query.
        super().__init__(choices=(), **options)

    def filter(self, qs, value):
        return qs.filter(self.matching(value)) if value else qs

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


class NameSearch(django_filters.CharFilter):
    def filter(self, qs, value):
        return qs.filter(named_like(value)) if value else qs


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
    """Several values in one filter mean any of them, several filters mean all of them.

    Ask `is_valid()` first: `qs` would pass over a value that it can't read, and so show too much.
    """

    q = NameSearch(label="Name", max_length=LONGEST_SEARCH)
    type = AnyOfTypes(label="Type")
    services = AnyOf(field_name="services__slug", label="Service")
    stages = AnyOf(field_name="stages__slug", label="Stage")
    therapeutic_areas = AnyOf(field_name="therapeutic_areas__slug", label="Therapeutic area")
    modalities = AnyOf(field_name="modalities__slug", label="Modality")
    accreditations = AnyOf(field_name="accreditations__slug", label="Accreditation")
    ai = AnyOfLevels(label="AI adoption")
    country = AnyOfCountries(label="Country", help_text="Of the headquarters or of a site")

    class Meta:
        model = Vendor
        form = Address
        fields: list[str] = []

    def __init__(self, data, queryset, *, catalogue: Catalogue):
        super().__init__(data, queryset)
        for name in facets.DIMENSIONS:
            self.filters[name].extra["choices"] = list(facets.choices(catalogue, name).items())

    def filter_queryset(self, queryset):
        asked = self.form.cleaned_data
        for name, filter_ in self.filters.items():
            queryset = filter_.filter(queryset, asked[name])
        _, order = SORTS[asked["sort"] or "name"]
        return queryset.order_by(*order, "sort_name", "slug")
