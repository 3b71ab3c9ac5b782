"""What the list page says beside its vendors: choices with their counts, chips, what could not be read, ways out of nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import numpy as np
from django.core.exceptions import ValidationError

from vendors import facets
from vendors.catalogue import Bits, Catalogue, nearest
from vendors.filters import SORTS, VendorFilter, named_like
from vendors.models import Vendor

SHOWN = 8  # choices of a filter before "more"
EXPLAINED = 5  # unreadable values that are explained one by one
Selection = dict[str, list[str]]


@dataclass(frozen=True)
class Link:
    label: str
    query: str


@dataclass(frozen=True)
class Choice:
    slug: str
    name: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Group:
    """Choices behind a name that opens; open at once when one of them is chosen."""

    name: str
    choices: list[Choice]

    @property
    def chosen(self) -> int:
        return sum(choice.chosen for choice in self.choices)


@dataclass(frozen=True)
class Facet:
    """One filter: choices in sight, and the rest in groups."""

    name: str
    label: str
    choices: list[Choice]
    groups: list[Group]
    help: str = ""


@dataclass(frozen=True)
class Chip:
    """One thing that the reader asked for; the query is the list without it."""

    filter: str
    label: str
    query: str


@dataclass(frozen=True)
class Unreadable:
    """A value of the address that could not be read, and two ways out."""

    filter: str
    value: str
    message: str
    nearest: Link | None
    without: str


def query(selection: Mapping[str, list[str]]) -> str:
    """The address of a selection: names in the order of the filters, nothing that says nothing, no page."""
    names = [*VendorFilter.base_filters, "sort"]
    ordered = sorted((name for name in selection if name != "page"), key=lambda name: (names.index(name) if name in names else 99, name))
    pairs = [(name, value) for name in ordered for value in selection[name] if value and (name, value) != ("sort", "name")]
    return urlencode(pairs)


def without(selection: Selection, name: str, value: str, instead: str | None = None) -> Selection:
    """The selection without one value, or with another in its place."""
    kept = [instead if old == value else old for old in selection[name]]
    return {**selection, name: [old for old in dict.fromkeys(kept) if old is not None]}


def readable(text: str) -> str:
    """What was typed, fit to be shown: without control characters, and not longer than a line."""
    shown = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text[:61])
    return shown[:60] + "…" if len(shown) > 60 else shown


class Listing:
    """One request for the list: what was asked, what it leaves, how to change it."""

    def __init__(self, filters: VendorFilter, catalogue: Catalogue):
        self.filters, self.catalogue = filters, catalogue
        self.is_readable = filters.is_valid()
        self.asked: Selection = dict(filters.data.lists())
        cleaned = filters.form.cleaned_data
        self.words: str = cleaned.get("q") or ""
        self.sort: str = cleaned.get("sort") or "name"
        self.page: int = cleaned.get("page") or 1
        self.names = {name: facets.choices(catalogue, name) for name in facets.DIMENSIONS}
        self.chosen: Selection = {
            name: [slug for slug in dict.fromkeys(self.asked.get(name, [])) if slug in choices] for name, choices in self.names.items()
        }
        self.chosen = {name: slugs for name, slugs in self.chosen.items() if slugs}
        self.selection: Selection = {"q": [self.words], **self.chosen, "sort": [self.sort]}
        self.found = self._found_by_name()

    def _found_by_name(self) -> Bits | None:
        if not self.words:
            return None
        return facets.only(self.catalogue, Vendor.objects.published().filter(named_like(self.words)).values_list("slug", flat=True))

    @property
    def query(self) -> str:
        return query(self.selection)

    @property
    def is_filtered(self) -> bool:
        return bool(self.words or self.chosen)

    @property
    def chosen_count(self) -> int:
        return bool(self.words) + sum(map(len, self.chosen.values()))

    def label(self, name: str) -> str:
        return self.filters.filters[name].label

    def facets(self) -> Iterator[Facet]:
        left = facets.counts(self.catalogue, self.chosen, self.found)
        for name, names in self.names.items():
            choices = [Choice(slug, term, left[name][slug], slug in self.chosen.get(name, [])) for slug, term in names.items()]
            yield self._facet(name, choices)

    def _facet(self, name: str, choices: list[Choice]) -> Facet:
        if name in {"stages", "type", "ai"}:  # short, and in an order of their own
            return Facet(name, self.label(name), choices, [])
        if name == "country":
            everywhere = np.bitwise_count(facets.columns(self.catalogue, name)).sum(axis=1)
            choices = [choice for choice, vendors in zip(choices, everywhere, strict=True) if vendors or choice.chosen]
        ordered = sorted(choices, key=lambda choice: -choice.count)
        if name == "services":
            services = self.catalogue.vocabulary.services
            groups = [
                Group(group.name, [choice for choice in ordered if services[choice.slug].group == group.slug])
                for group in self.catalogue.vocabulary.groups.values()
            ]
            return Facet(name, self.label(name), [], [group for group in groups if group.choices])
        # A choice that is on stays in sight, wherever its count puts it.
        shown = [choice for place, choice in enumerate(ordered) if place < SHOWN or choice.chosen]
        more = [choice for choice in ordered if choice not in shown]
        groups = [Group(f"{len(more)} more", more)] if more else []
        return Facet(name, self.label(name), shown, groups, self.filters.filters[name].extra.get("help_text", ""))

    def chips(self) -> list[Chip]:
        chips = [Chip("Name", f"“{readable(self.words)}”", query(without(self.selection, "q", self.words)))] if self.words else []
        for name, slugs in self.chosen.items():
            chips += [Chip(self.label(name), self.names[name][slug], query(without(self.selection, name, slug))) for slug in slugs]
        return chips

    def clear(self) -> str:
        """The query with the order alone."""
        return query({"sort": [self.sort]})

    def sorts(self) -> list[tuple[Link, bool]]:
        return [(Link(label, query({**self.selection, "sort": [word]})), word == self.sort) for word, (label, _) in SORTS.items()]

    def hidden(self) -> dict[str, str]:
        """What the form of filters sends along without showing it."""
        return {} if self.sort == "name" else {"sort": self.sort}

    def ways_out(self) -> list[tuple[Link, int]]:
        """For an empty list: each filter that, taken off whole, would leave somebody, with how many; the best first."""
        everyone = self.catalogue.everyone
        bits = {name: facets.chosen(self.catalogue, name, slugs) for name, slugs in self.chosen.items()}
        if self.found is not None:
            bits["q"] = self.found
        ways = []
        for name in bits:
            rest = np.bitwise_and.reduce([everyone, *(other for key, other in bits.items() if key != name)])
            left = int(np.bitwise_count(rest).sum())
            if left:
                ways.append((Link(self.label(name), query({**self.selection, name: []})), left))
        return sorted(ways, key=lambda way: -way[1])

    def unreadable(self) -> list[Unreadable]:
        """What could not be read, the first few with the nearest thing that can."""
        errors = [(name, error) for name, errors in self.filters.form.errors.as_data().items() for error in errors]
        return [self._unreadable(name, error) for name, error in errors[:EXPLAINED]]

    def more_unreadable(self) -> int:
        return max(0, sum(map(len, self.filters.form.errors.as_data().values())) - EXPLAINED)

    def _unreadable(self, name: str, error: ValidationError) -> Unreadable:
        params = error.params or {}
        if error.code == "name":
            value = params["value"]
            known = {field: self.filters.form.fields[field].label or field for field in self.filters.form.fields}
            right = nearest(value, known)
            renamed = {**{key: values for key, values in self.asked.items() if key != value}}
            link = Link(right, query({**renamed, right: [*renamed.get(right, []), *self.asked[value]]})) if right else None
            return Unreadable("", readable(value), "is not the name of a filter", link, query(renamed))
        value = params["value"] if error.code in {"unreadable", "twice"} else self.asked[name][-1]
        label = {"sort": "Sort", "page": "Page"}.get(name) or self.label(name)
        choices = {word: text for word, (text, _) in SORTS.items()} if name == "sort" else self.names.get(name, {})
        if error.code == "twice":
            first = query({**self.asked, name: [value]})
            return Unreadable(label, readable(", ".join(self.asked[name])), "is more than one value", Link(readable(value), first), first)
        right = nearest(value, choices) if choices else None
        link = Link(choices[right], query(without(self.asked, name, value, right))) if right else None
        return Unreadable(label, readable(value), self._reason(name), link, query(without(self.asked, name, value)))

    @staticmethod
    def _reason(name: str) -> str:
        if name == "page":
            return "is not the number of a page"
        return "can't be searched for" if name == "q" else "is not in the list"
