"""What the drawings in `templates/partials/` need beyond the template language: words and figures out of values."""

import datetime as dt
from collections.abc import Collection, Iterable
from urllib.parse import urlsplit

from django import template
from django.core.paginator import Paginator

register = template.Library()


@register.filter
def slugs(terms: Iterable) -> set[str]:
    """The slugs of vocabulary entries, or of a queryset of them."""
    return {term.slug for term in terms}


@register.filter
def short_stage(name: str) -> str:
    """One character for a stage: the figure in its name, else its first letter."""
    return next((letter for letter in name if letter.isdigit()), name[:1])


@register.filter
def of_100(share: float) -> int:
    """0 to 1 as a whole number of hundredths, as readers see it."""
    return round(share * 100)


@register.filter
def share(part: float) -> str:
    """0 to 1 as a width for SVG, the same in every language: 0.853 becomes "85.3%"."""
    return f"{part * 100:.1f}%"


@register.simple_tag
def place_range(best: int, now: int, worst: int, places: int) -> dict[str, float]:
    """Where places stand on a line from the first to the last, each as a stretch of its own: 0 to 1.

    best, span: where the range begins and how long it is. now: the middle of the present place.
    """
    return {"best": (best - 1) / places, "span": (worst - best + 1) / places, "now": (now - 0.5) / places}


@register.simple_tag
def stage_words(stages: Iterable, served: Collection[str], needed: Collection[str] = ()) -> str:
    """The stage strip for those who can't see it."""
    stages = list(stages)
    shown = [stage.name for stage in stages if stage.slug in served]
    words = f"Stages shown by a source: {', '.join(shown)}." if shown else "No source shows a stage."
    if needed:
        open_ = [stage.name for stage in stages if stage.slug in needed and stage.slug not in served]
        words += f" Needed and not known: {', '.join(open_)}." if open_ else " All that are needed are shown."
    return words


@register.filter
def shown_pages(paginator: Paginator, number: int) -> list[int | None]:
    """The page numbers to offer around `number`; None stands where some are left out."""
    return [page if isinstance(page, int) else None for page in paginator.get_elided_page_range(number, on_each_side=2, on_ends=1)]


@register.simple_tag
def first_terms(terms: Iterable, chosen: Collection[str], most: int) -> tuple[list, int]:
    """The first terms of a list, those that were asked for in front, and how many are left out."""
    ordered = sorted(terms, key=lambda term: term.slug not in chosen)
    return ordered[:most], max(0, len(ordered) - most)


@register.inclusion_tag("partials/_source_notes.html")
def source_notes(vendor, fact: str, what: str, *, alone: bool = False) -> dict:
    """The sources of one fact of a vendor, numbered as on its page. Reads the prefetched sources: no query."""
    return {"numbers": vendor.source_numbers(fact), "what": what, "alone": alone}


@register.inclusion_tag("partials/_value_notes.html")
def value_notes(vendor, key: str, value: str, what: str) -> dict:
    """The sources that support one value of a list by itself; what supports the whole list stands under the list."""
    fact = f"{key}:{value}"
    numbers = [number for number, source in enumerate(vendor.sources.all(), 1) if fact in source.supports]
    return {"numbers": numbers, "what": what, "unsourced": fact in vendor.unsourced and bool(vendor.source_numbers(key))}


@register.filter
def fact_names(source, vendor) -> list[str]:
    """What a source supports, in the words of the page of its vendor."""
    names = vendor.names_of(source.supports)
    return [*names, "AI level"] if source.shows_ai_level else names


@register.filter
def is_stale(vendor, today) -> bool:
    """Whether the record was last checked more than a year before `today`; the language itself can't pass an argument."""
    return vendor.is_stale(today)


@register.filter
def lower_first(text: str) -> str:
    """A sentence to go on with after a colon; what begins with an abbreviation such as AI stays."""
    return text if text[:2].isalpha() and text[:2].isupper() else text[:1].lower() + text[1:]


@register.filter
def thousands(number: int) -> str:
    """93000 as "93,000"."""
    return f"{number:,}"


@register.filter
def host(address: str) -> str:
    """The name of a web site: "https://www.example.org/en" becomes "example.org"."""
    return (urlsplit(address).hostname or address).removeprefix("www.")


@register.filter
def partial_date(text: str) -> str:
    """YYYY-MM-DD, YYYY-MM or YYYY as readers write it; a date that no calendar has stays as it is."""
    try:
        day = dt.date.fromisoformat(f"{text}-01" if len(text) == len("YYYY-MM") else text)
    except ValueError:
        return text
    return f"{day:%b %Y}" if len(text) == len("YYYY-MM") else f"{day.day} {day:%b %Y}"
