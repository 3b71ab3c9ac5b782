"""A filtered list or a comparison as a file that leaves the portal: CSV and XLSX, with every source.

Both formats hold the same sheets: what was asked for, the sources, and where the file comes from. CSV has them one below
the other with an empty line between, the vendors first, so that a program finds its header in the first line.
An empty cell means not known, never no.
"""

import csv
import datetime as dt
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from vendors import facts
from vendors.catalogue import Catalogue, Vocabulary
from vendors.cells import Value, guarded, legal, typed
from vendors.compare import Comparison
from vendors.differences import Words
from vendors.models import FACTS, AILevel, Source, Vendor

AT_ONCE = 500  # vendors that are in memory at the same time
# A workbook is made whole before its first byte is sent, CSV goes out as it is made: this many are about a minute's work.
XLSX_MOST = 20_000
# Several values in one cell; a site's text holds commas and semicolons of its own.
BETWEEN = " | "
NOT_NO = ("Empty cells", "Not known. Empty never means no.")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file; rows may be read once only."""

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[Value]]


# The columns of a list, one for every fact of a record: heading, and how a record fills it.
Column = tuple[str, Callable[[Mapping[str, Any], Vocabulary], Value]]


def listed(key: str, dimension: str) -> Callable[[Mapping[str, Any], Vocabulary], str]:
    """Names of the terms under one key, in the order of reading."""

    def names(record: Mapping[str, Any], vocabulary: Vocabulary) -> str:
        terms = vocabulary.terms(dimension)
        values = record["ai"]["uses"] if key == "ai_uses" else record[key]
        place = {slug: number for number, slug in enumerate(terms)}
        return BETWEEN.join(terms[slug].name for slug in sorted(values, key=lambda slug: place[slug]))

    return names


def sites(record: Mapping[str, Any], vocabulary: Vocabulary) -> str:
    return BETWEEN.join(
        f"{site['city']}, {vocabulary.countries[site['country']].name}" + (f" ({site['what']})" if site["what"] else "")
        for site in record["sites"]
    )


def hq(record: Mapping[str, Any], vocabulary: Vocabulary) -> str | None:
    return vocabulary.countries[record["hq"]["country"]].name if record["hq"] else None


def ai_level(record: Mapping[str, Any], _: Vocabulary) -> str | None:
    return AILevel(record["ai"]["level"]).label if record["ai"]["level"] else None


COLUMNS: tuple[Column, ...] = (
    ("Name", lambda record, _: record["name"]),
    ("Slug", lambda record, _: record["slug"]),
    ("Other names", lambda record, _: BETWEEN.join(record["aliases"])),
    ("Type", lambda record, _: record["type"]),
    ("Owner", lambda record, _: record["parent"]),
    ("Website", lambda record, _: record["website"]),
    ("Headquarters: city", lambda record, _: record["hq"] and record["hq"]["city"]),
    ("Headquarters: country", hq),
    ("Founded", lambda record, _: record["founded"]),
    ("Employees, about", lambda record, _: record["employees"] and record["employees"]["about"]),
    ("Employees: year", lambda record, _: record["employees"] and record["employees"]["as_of"]),
    ("Summary", lambda record, _: record["summary"]),
    *((FACTS[key], listed(key, key)) for key in ("services", "stages", "therapeutic_areas", "modalities", "accreditations")),
    ("Sites", sites),
    ("AI level", ai_level),
    ("AI used for", listed("ai_uses", "ai_uses")),
    ("AI note", lambda record, _: record["ai"]["note"]),
    ("AI checked on", lambda record, _: record["ai"]["checked_on"]),
    ("Sources", lambda record, _: len(record["sources"])),
    ("Checked on", lambda record, _: record["verified_on"]),
)
SOURCE_HEADER = ("Vendor", "Slug", "Number", "Supports", "Title", "Publisher", "Published", "Read on", "Address")


def records(slugs: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    """The published records of these slugs in this order, some hundred at a time.

    No cursor stays open between them: a reader on a slow line must not hold back the database.
    """
    for some in batched(slugs, AT_ONCE):
        found = {record["slug"]: record for record in facts.dump(Vendor.objects.published().filter(slug__in=some))}
        yield from (found[slug] for slug in some if slug in found)


def source_rows(slugs: Iterable[str], vocabulary: Vocabulary) -> Iterator[Sequence[Value]]:
    """The sources of published vendors, vendor by vendor in this order, numbered as on a vendor's page."""
    words = Words(vocabulary)
    columns = (
        "vendor__slug", "vendor__name", "supports", "shows_ai_level", "title", "publisher", "published", "read_on", "vendor__verified_on",
        "url",
    )  # fmt: skip
    for some in batched(slugs, AT_ONCE):
        found: dict[str, list[tuple]] = {slug: [] for slug in some}
        published = Source.objects.filter(vendor__slug__in=some, vendor__status=Vendor.Status.PUBLISHED)
        for slug, *rest in published.order_by("position", "pk").values_list(*columns):
            found[slug].append(tuple(rest))
        for slug, sources in found.items():
            for number, (name, facts_, shows_ai_level, title, publisher, published_on, read_on, verified_on, url) in enumerate(sources, 1):
                supports = words.supported(facts_) + ["AI level"] * shows_ai_level
                yield name, slug, number, BETWEEN.join(supports), title, publisher, published_on, str(read_on or verified_on), url


def origin(catalogue: Catalogue, written_on: dt.date, address: str, *more: tuple[str, Value]) -> Sheet:
    """Where a file comes from, and how it is to be read."""
    notes = (("Catalogue version", catalogue.version), ("Written on", written_on.isoformat()), ("Address", address), *more, NOT_NO)
    return Sheet("About this file", ("About this file", ""), notes)


def list_sheets(slugs: Sequence[str], catalogue: Catalogue, about: Sheet) -> list[Sheet]:
    """One row a vendor in the order given, and one row a source."""
    vocabulary = catalogue.vocabulary
    return [
        Sheet(
            "Vendors",
            [heading for heading, _ in COLUMNS],
            ([fill(record, vocabulary) for _, fill in COLUMNS] for record in records(slugs)),
        ),
        Sheet("Sources", SOURCE_HEADER, source_rows(slugs, vocabulary)),
        about,
    ]


STATE_WORDS = {"differs": "differs", "open": "not known of all", "same": "same", "unknown": "not known"}


def comparison_sheets(comparison: Comparison, vocabulary: Vocabulary, about: Sheet) -> list[Sheet]:
    """Facts as rows and vendors as columns, as on the page; beside each vendor the numbers of its sources."""
    header = ["", "Fact", "Compared", *(title for vendor in comparison.vendors for title in (vendor.name, f"Sources of {vendor.name}"))]
    slugs = [vendor.slug for vendor in comparison.vendors]
    sources = Sheet("Sources", SOURCE_HEADER, source_rows(slugs, vocabulary))
    return [Sheet("Comparison", header, compared(comparison)), sources, about]


def compared(comparison: Comparison) -> Iterator[Sequence[Value]]:
    state = len(comparison.vendors) > 1
    for group, part, row in comparison.rows():
        cells = [
            value
            for cell in row.cells
            for value in (cell.words if cell.cover or cell.values else None, ", ".join(map(str, cell.sources or ())))
        ]
        yield (part or group.title, row.label, STATE_WORDS[row.state] if state else None, *cells)


def as_csv(sheets: Iterable[Sheet]) -> Iterator[bytes]:
    """The sheets one below the other, in pieces of some hundred lines.

    UTF-8 with a byte order mark: without it Excel takes the file for one in the machine's own code page and spoils every
    accent, and what reads CSV for a living knows the mark (`utf-8-sig`). Lines end as RFC 4180 has it.
    """
    buffer = io.StringIO()
    write = csv.writer(buffer).writerow
    buffer.write("\ufeff")
    for place, sheet in enumerate(sheets):
        if place:
            write([])
        write([guarded(title) for title in sheet.header])
        for some in batched(sheet.rows, AT_ONCE):
            for row in some:
                write([guarded(value) for value in row])
            yield taken(buffer)
    yield taken(buffer)


def taken(buffer: io.StringIO) -> bytes:
    """What was written so far; the buffer is empty afterwards."""
    written = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return written


def as_xlsx(sheets: Iterable[Sheet]) -> IO[bytes]:
    """A workbook in a temporary file, at its beginning. Rows go to the disk as they come, so memory does not grow with them."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.title)
        page.freeze_panes = "B2"
        for place in range(1, len(sheet.header) + 1):
            page.column_dimensions[get_column_letter(place)].width = 28
        heads = [typed(page, title) or WriteOnlyCell(page, title) for title in sheet.header]
        for head in heads:
            head.font = Font(bold=True)
        page.append(heads)
        for row in sheet.rows:
            page.append([typed(page, value) or legal(value) for value in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115 the response that sends it closes it
    book.save(file)
    file.seek(0)
    return file
