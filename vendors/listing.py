"""What the list page says beside its vendors: choices with their counts, chips, what could not be read, ways out of nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from urllib.parse import urlencode

import numpy as np
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse

from vendors import facets
from vendors.catalogue import Bits, Catalogue, nearest
from vendors.filters import MODES, SORTS, VendorFilter
from vendors.models import Vendor

SHOWN = 8  # choices of a filter before "more"
IN_ORDER = frozenset({"type", "stages", "ai", "region", "size", "verified"})  # short, and in an order of their own
MODE = "_mode"  # ends the names of the switches between any and all
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
    has_modes: bool = False
    all_of: bool = False

    def __len__(self) -> int:
        return len(self.choices) + sum(len(group.choices) for group in self.groups)


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
    # The order that holds anyway says nothing: the best match for a text, else the name.
    unsaid = {("sort", "best")} if any(selection.get("q", [])) else {("sort", "best"), ("sort", "name")}
    pairs = [(name, value) for name in ordered for value in selection[name] if value and (name, value) not in unsaid]
    chosen = {name for name, _ in pairs}
    idle = {name + MODE for name in facets.LISTS - chosen}
    return urlencode([(name, value) for name, value in pairs if name not in idle and not (is_mode(name) and value == "any")])


def is_mode(name: str) -> bool:
    """Whether an address says with this name that all chosen values of a list are asked for, or any."""
    return name.endswith(MODE) and name.removesuffix(MODE) in facets.LISTS


def without(selection: Selection, name: str, value: str, instead: str | None = None) -> Selection:
    """The selection without one value, or with another in its place."""
    kept = [instead if old == value else old for old in selection[name]]
    return {**selection, name: [old for old in dict.fromkeys(kept) if old is not None]}


def mid_sentence(label: str) -> str:
    """A label as it stands within a sentence: "Therapeutic area" becomes "therapeutic area", "AI adoption" stays."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def readable(text: str) -> str:
    """What was typed, fit to be shown: without control characters, and not longer than a line."""
    shown = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text[:61])
    return shown[:60] + "…" if len(shown) > 60 else shown


class FoundVendors(Sequence):
    """The vendors of a list as a sequence that a paginator can cut: the catalogue says who they are, and in which order, so
    that the database is asked for the rows of one page only, however long the list is.
    """

    def __init__(self, catalogue: Catalogue, bits: Bits, sort: str, rows: QuerySet[Vendor]):
        self.catalogue, self.bits, self.sort, self.rows = catalogue, bits, sort, rows

    def __len__(self):
        return int(np.bitwise_count(self.bits).sum(dtype=np.int64))

    def __getitem__(self, part):
        places = facets.sorted_places(self.catalogue, self.bits, self.sort, part.start or 0, min(part.stop or len(self), len(self)))
        slugs = [self.catalogue.rows[place].slug for place in places]
        # Whoever left the catalogue a moment ago is not in the database any more.
        rows = {vendor.slug: vendor for vendor in self.rows.filter(slug__in=slugs)}
        return [rows[slug] for slug in slugs if slug in rows]


class Listing:
    """One request for the list: what was asked, what it leaves, how to change it."""

    def __init__(self, filters: VendorFilter, catalogue: Catalogue):
        self.filters, self.catalogue = filters, catalogue
        self.is_readable = filters.is_valid()
        self.asked: Selection = dict(filters.data.lists())
        cleaned = filters.form.cleaned_data
        self.words: str = cleaned.get("q") or ""
        self.sort = filters.sort
        self.search = filters.search
        self.page: int = cleaned.get("page") or 1
        self.today = filters.today
        self.names = {name: facets.choices(catalogue, name) for name in facets.NAMES}
        self.chosen: Selection = {
            name: [slug for slug in dict.fromkeys(self.asked.get(name, [])) if slug in choices] for name, choices in self.names.items()
        }
        self.chosen = {name: slugs for name, slugs in self.chosen.items() if slugs}
        # Only where something is chosen: a switch alone asks for nothing, and stays as it is in the form.
        self.switched = {name for name in facets.LISTS if cleaned.get(name + MODE) == "all"}
        self.all_of = {name for name in self.switched if name in self.chosen}
        self.selection: Selection = {
            "q": [self.words], **self.chosen, **{name + MODE: ["all"] for name in self.all_of}, "sort": [self.sort]
        }  # fmt: skip
        self.found = self._found_by_text()

    def _found_by_text(self) -> Bits | None:
        if not self.search:
            return None
        found = self.search.within(Vendor.objects.published()).order_by()
        return facets.only(self.catalogue, found.values_list("slug", flat=True))

    def vendors(self) -> Sequence[Vendor] | QuerySet[Vendor]:
        """Who is on the list, in its order. The best match is a matter of the text, which only the database has."""
        if self.sort == "best":
            return self.filters.qs
        bits = np.bitwise_and.reduce([self.catalogue.everyone, *self.parts().values()])
        return FoundVendors(self.catalogue, bits, self.sort, self.filters.queryset)

    def show_words(self, vendors: Sequence[Vendor]) -> None:
        """Give each vendor of a page its `marked_summary` and its `elsewhere`: where what was typed stands."""
        where = self.search.snippets(vendors) if self.search else {}
        for vendor in vendors:
            snippets = where.get(vendor.pk, [])
            summary = next((snippet.parts for snippet in snippets if snippet.fact == "summary"), None)
            vars(vendor).update(marked_summary=summary, elsewhere=[snippet for snippet in snippets if snippet.fact != "summary"])

    @property
    def corrections(self) -> list[tuple[str, str]]:
        """What was typed wrong, and what was searched for instead."""
        corrected = self.search.corrected if self.search else {}
        return [(readable(typed), " or ".join(f"“{word}”" for word in meant)) for typed, meant in corrected.items()]

    @property
    def query(self) -> str:
        return query(self.selection)

    def address(self, page: int = 1) -> str:
        """Where this list is found, the shortest way to say it."""
        parts = [self.query, f"page={page}" if page > 1 else ""]
        asked = "&".join(filter(None, parts))
        return reverse("vendors:list") + (f"?{asked}" if asked else "")

    def said(self, count: int, pages: int) -> str:
        """What changed, for those who hear the page; the same words as long as nothing did."""
        if not self.is_readable:
            return "This address can't be read"
        if self.page > pages:
            return f"There is no page {self.page}"
        words = [f"{count} vendor{'' if count == 1 else 's'}"]
        if self.page > 1:
            words.append(f"page {self.page} of {pages}")
        if self.sort != self.filters.usual_sort:
            words.append(f"sorted: {mid_sentence(SORTS[self.sort][0])}")
        return ", ".join(words)

    @property
    def is_filtered(self) -> bool:
        return bool(self.words or self.chosen)

    @property
    def chosen_count(self) -> int:
        return bool(self.words) + sum(map(len, self.chosen.values()))

    def label(self, name: str) -> str:
        return self.filters.filters[name].label

    def facets(self) -> Iterator[Facet]:
        left = facets.counts(self.catalogue, self.chosen, self.found, all_of=self.all_of, today=self.today)
        for name, names in self.names.items():
            choices = [Choice(slug, term, left[name][slug], slug in self.chosen.get(name, [])) for slug, term in names.items()]
            yield self._facet(name, choices)

    def _facet(self, name: str, choices: list[Choice]) -> Facet:
        """Choices that would leave nobody stand last. Countries without any vendor in the whole catalogue are not offered."""
        said = {
            "help": self.filters.filters[name].extra.get("help_text", ""),
            "has_modes": name in facets.LISTS,
            "all_of": name in self.switched,
        }
        if name in IN_ORDER:
            return Facet(name, self.label(name), sorted(choices, key=lambda choice: not choice.count and not choice.chosen), [], **said)
        if name == "country":
            everywhere = self.catalogue.totals["countries"]
            choices = [choice for choice, vendors in zip(choices, everywhere, strict=True) if vendors or choice.chosen]
        ordered = sorted(choices, key=lambda choice: -choice.count)
        if name == "services":
            services = self.catalogue.vocabulary.services
            groups = [
                Group(group.name, [choice for choice in ordered if services[choice.slug].group == group.slug])
                for group in self.catalogue.vocabulary.groups.values()
            ]
            return Facet(name, self.label(name), [], [group for group in groups if group.choices], **said)
        # A choice that is on stays in sight, wherever its count puts it.
        shown = [choice for place, choice in enumerate(ordered) if place < SHOWN or choice.chosen]
        more = [choice for choice in ordered if choice not in shown]
        groups = [Group(f"{len(more)} more", more)] if more else []
        return Facet(name, self.label(name), shown, groups, **said)

    def chips(self) -> list[Chip]:
        chips = [Chip(self.label("q"), f"“{readable(self.words)}”", query(without(self.selection, "q", self.words)))] if self.words else []
        for name, slugs in self.chosen.items():
            chips += [Chip(self.label(name), self.names[name][slug], query(without(self.selection, name, slug))) for slug in slugs]
            if name in self.all_of and len(slugs) > 1:
                chips.append(Chip("", f"{self.label(name)}: all of these", query({**self.selection, name + MODE: []})))
        return chips

    def clear(self) -> str:
        """The query with the order alone."""
        return query({"sort": [self.sort]})

    def sorts(self) -> list[tuple[Link, bool]]:
        offered = {word: label for word, (label, _) in SORTS.items() if word != "best" or self.words}
        return [(Link(label, query({**self.selection, "sort": [word]})), word == self.sort) for word, label in offered.items()]

    def hidden(self) -> dict[str, str]:
        """What the form of filters sends along without showing it."""
        return {} if self.sort == self.filters.usual_sort else {"sort": self.sort}

    def ways_out(self) -> list[tuple[Link, int]]:
        """For an empty list: what to loosen and how many vendors that would leave, the best first.

        One filter taken off, or, where all of several values were asked for, one of them, or any of them instead of all.
        Where no single one helps, two filters at once.
        """
        parts = self.parts()
        ways = []
        for name, slugs in self.chosen.items():
            if name in self.all_of and len(slugs) > 1:
                for slug in slugs:
                    changed = without(self.selection, name, slug)
                    rest = facets.chosen(self.catalogue, name, changed[name], today=self.today, all_of=True)
                    ways.append((f"Without {self.names[name][slug]}", changed, self._left({**parts, name: rest})))
                rest = facets.chosen(self.catalogue, name, slugs, today=self.today)
                ways.append((f"{self.label(name)}: any of these", {**self.selection, name + MODE: []}, self._left({**parts, name: rest})))
        for off in [*combinations(parts, 1), *combinations(parts, 2)]:
            if len(off) > 1 and any(left for _, _, left in ways):
                break
            labels = " and ".join(mid_sentence(self.label(name)) for name in off)
            others = {name: bits for name, bits in parts.items() if name not in off}
            ways.append((f"Without {labels}", {**self.selection, **{name: [] for name in off}}, self._left(others)))
        return [(Link(label, query(changed)), left) for label, changed, left in sorted(ways, key=lambda way: -way[2]) if left]

    def parts(self) -> dict[str, Bits]:
        """The vendors that each filter in use leaves by itself."""
        parts = {
            name: facets.chosen(self.catalogue, name, slugs, today=self.today, all_of=name in self.all_of)
            for name, slugs in self.chosen.items()
        }
        return parts if self.found is None else {"q": self.found, **parts}

    def _left(self, parts: Mapping[str, Bits]) -> int:
        rest = np.bitwise_and.reduce([self.catalogue.everyone, *parts.values()])
        return int(np.bitwise_count(rest).sum())

    def renamed(self) -> str | None:
        """The query with the slugs of today in the place of former ones; None when it holds none of those."""
        today = {name: self.catalogue.vocabulary.former.get(dimension, {}) for name, dimension in facets.DIMENSIONS.items()}
        changed = {
            name: list(dict.fromkeys(slug if slug in self.names.get(name, {}) else today.get(name, {}).get(slug, slug) for slug in slugs))
            for name, slugs in self.asked.items()
        }
        return urlencode(changed, doseq=True) if any(set(changed[name]) != set(self.asked[name]) for name in changed) else None

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
            known = {field: self.filters.form.fields[field].label or field for field in self.filters.form.fields if not is_mode(field)}
            right = nearest(value, known)
            renamed = {**{key: values for key, values in self.asked.items() if key != value}}
            link = Link(right, query({**renamed, right: [*renamed.get(right, []), *self.asked[value]]})) if right else None
            return Unreadable("", readable(value), "is not the name of a filter", link, query(renamed))
        value = params["value"] if error.code in {"unreadable", "twice"} else self.asked[name][-1]
        label = {"sort": "Sort", "page": "Page"}.get(name) or self.label(name)
        words = {word: text for word, (text, _) in SORTS.items()}
        choices = words if name == "sort" else MODES if is_mode(name) else self.names.get(name, {})
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
