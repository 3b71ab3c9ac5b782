"""Vendor records as sheets, for people who keep them in a spreadsheet: CSV and XLSX in and out, without loss.

Three sheets: `vendors` with one row a vendor, `sites` and `sources` with one row each and the vendor's slug before it. A workbook
has them as sheets; a CSV file has them one below the other, as every CSV file of the portal, each begun by its header.
Several values in one cell stand with ` | ` between them; a stroke or a backslash within a value has a backslash before it.
A row that begins with # is a remark. A sheet or a column that a file does not have leaves what is stored as it is; an empty cell says
that nothing is known. Rows end as records of `vendors.facts`, which alone says what is right.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NewType

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from vendors import exports, facts, packed
from vendors.catalogue import Vocabulary, nearest
from vendors.cells import Value, unguarded
from vendors.exports import BETWEEN, Sheet
from vendors.folding import fold
from vendors.models import FACTS, AILevel, Type, Vendor
from vendors.vocabulary import stored_vocabulary

Form = NewType("Form", str)
CSV, XLSX = Form("csv"), Form("xlsx")
FORMS = (CSV, XLSX)

# What a workbook may unpack to, and how much of it is read: a small file can hold a sheet of a thousand million cells.
UNPACKED_MOST = 200 * 2**20  # bytes
ROWS_MOST = 500_000
COLUMNS_MOST = 100
CELL_MOST = 32_767  # characters, by Excel's own rule; what is longer it would cut off

# Column by column: what to write, for the template.
VENDORS = {
    "slug": "name in addresses: small letters, figures, hyphens; never changes",
    "name": "as the company writes it today",
    "aliases": "former names, short forms, brands; several with | between",
    "type": "CRO, CMO or CDMO: what it is mainly hired for",
    "parent": "name of the owning company; empty: unknown, or none",
    "website": "address that begins with http:// or https://",
    "hq_city": "headquarters: city",
    "hq_country": "headquarters: country, two letters, see lists",
    "founded": "year, four figures",
    "employees": "about how many, a whole number",
    "employees_as_of": "the year of that figure",
    "summary": "one or two sentences in our own words",
    "services": "see lists; several with | between",
    "stages": "see lists; several with | between",
    "therapeutic_areas": "see lists; several with | between",
    "modalities": "see lists; several with | between",
    "accreditations": "see lists; several with | between",
    "ai_level": "none-disclosed, exploring, applied or embedded; empty: nobody has looked",
    "ai_uses": "see lists; several with | between",
    "ai_note": "what was found, in a sentence",
    "ai_checked_on": "the day somebody looked, YYYY-MM-DD",
    "verified_on": "the day the record was compared with its sources, YYYY-MM-DD",
    "status": "draft, published or archived; empty: as it is, and of a new one as verified_on has it",
    "successor": "slug of the vendor that an archived one went into",
    "former_slugs": "slugs that it had before; several with | between",
}
SITES = {
    "vendor": "the vendor's slug",
    "city": "city, where needed with its state",
    "country": "two letters, see lists",
    "what": "what is there; may be empty",
}
SOURCES = {
    "vendor": "the vendor's slug",
    "url": "address that begins with http:// or https://",
    "title": "title of the page",
    "publisher": "who published it",
    "published": "YYYY-MM-DD, YYYY-MM or YYYY; empty: not known",
    "read_on": "the day it was read, YYYY-MM-DD; empty: the day the record was verified",
    "supports": "the facts that it shows, see lists; several with | between",
    "shows_ai_level": "yes, where it shows the AI level",
}
SHEETS: dict[str, dict[str, str]] = {"vendors": VENDORS, "sites": SITES, "sources": SOURCES}
OTHER_SHEETS = {"lists"}  # of the template; not read
LISTS = {"aliases": None, **{key: key for key in facts.LIST_KEYS}, "ai_uses": "ai_uses", "former_slugs": None, "supports": None}
TERMS = {"hq_country": "countries", "country": "countries", "ai_level": "ai_levels", "type": "types"}
NUMBERS = {"founded", "employees", "employees_as_of"}
NULLABLE = {"parent", "website", "published", "ai_level", "ai_checked_on", "verified_on", "read_on", "successor"}
# The columns whose name differs from the key of a record.
COLUMN_OF = {
    "hq": "hq_country", "hq.city": "hq_city", "hq.country": "hq_country", "employees.about": "employees",
    "employees.as_of": "employees_as_of", "ai": "ai_level", "ai.level": "ai_level", "ai.uses": "ai_uses", "ai.note": "ai_note",
    "ai.checked_on": "ai_checked_on", "ai.sources": "shows_ai_level",
}  # fmt: skip
YES, NO = {"yes", "true", "1", "x"}, {"", "no", "false", "0"}


class Unreadable(ValueError):
    """The file is none of ours, or too large; the message says why and what to do."""


# Out


def joined(values: Iterable[str]) -> str:
    return BETWEEN.join(re.sub(r"([\\|])", r"\\\1", value) for value in values)


def split(cell: str) -> list[str]:
    """The values of a cell; `joined` undone."""
    pieces = re.findall(r"(?:\\.|[^\\|]|\\$)+", cell, re.DOTALL)
    return [value for piece in pieces if (value := re.sub(r"\\(.)", r"\1", piece.strip(), flags=re.DOTALL))]


def vendor_row(record: Mapping[str, Any]) -> list[Value]:
    hq, employees, ai = record["hq"] or {}, record["employees"] or {}, record["ai"]
    values = {
        **record, "aliases": joined(record["aliases"]), "hq_city": hq.get("city"), "hq_country": hq.get("country"),
        "employees": employees.get("about"), "employees_as_of": employees.get("as_of"),
        **{key: joined(record[key]) for key in facts.LIST_KEYS},
        "ai_level": ai["level"], "ai_uses": joined(ai["uses"]), "ai_note": ai["note"], "ai_checked_on": ai["checked_on"],
        "former_slugs": joined(record.get("former_slugs", [])),
    }  # fmt: skip
    return [values.get(column) for column in VENDORS]


def site_rows(record: Mapping[str, Any]) -> Iterator[list[Value]]:
    for site in record["sites"]:
        yield [record["slug"], site["city"], site["country"], site["what"]]


def source_rows(record: Mapping[str, Any]) -> Iterator[list[Value]]:
    for number, source in enumerate(record["sources"]):
        shows = "yes" if number in record["ai"]["sources"] else None
        values = {**source, "vendor": record["slug"], "supports": joined(source["supports"]), "shows_ai_level": shows}
        yield [values.get(column) for column in SOURCES]


def sheets_of(records: Sequence[Mapping[str, Any]]) -> list[Sheet]:
    """The three sheets of these records. Raises ValueError for a text that is longer than a cell of a spreadsheet."""
    sheets = [
        Sheet("vendors", list(VENDORS), [vendor_row(record) for record in records]),
        Sheet("sites", list(SITES), [row for record in records for row in site_rows(record)]),
        Sheet("sources", list(SOURCES), [row for record in records for row in source_rows(record)]),
    ]
    for sheet in sheets:
        for row in sheet.rows:
            for column, value in zip(sheet.header, row, strict=True):
                if isinstance(value, str) and len(value) > CELL_MOST:
                    raise ValueError(
                        f"{row[0]}: {column} has {len(value):,} characters and a cell holds {CELL_MOST:,}; "
                        "take the file as JSON Lines, which has no such limit."
                    )
    return sheets


def write(records: Sequence[Mapping[str, Any]], form: Form) -> bytes:
    """A whole file of these records; `read` gives them back."""
    sheets = sheets_of(records)
    if form == CSV:
        return b"".join(exports.as_csv(sheets))
    with exports.as_xlsx(sheets) as file:
        return file.read()


def template(form: Form, vocabulary: Vocabulary) -> bytes:
    """An empty file to fill in: headers, a remark that explains each column and, in a workbook, lists to choose from."""
    sheets = []
    for title, columns in SHEETS.items():
        first, *rest = columns.values()
        sheets.append(Sheet(title, list(columns), [[f"# {first}", *rest]]))
    return b"".join(exports.as_csv(sheets)) if form == CSV else workbook(sheets, vocabulary)


def workbook(sheets: Iterable[Sheet], vocabulary: Vocabulary) -> bytes:
    """The template as a workbook, whose cells offer the values that they may have."""
    lists: dict[str, Mapping[str, str]] = {
        **{name: vocabulary.names[name] for name in (*facts.LIST_KEYS, "ai_uses", "countries")},
        "type": dict(Type.choices), "ai_level": dict(AILevel.choices), "status": dict(Vendor.Status.choices), "supports": FACTS,
        "shows_ai_level": {"yes": "yes"},
    }  # fmt: skip
    book = Workbook()
    book.remove(book.active)
    pages = {sheet.title: book.create_sheet(sheet.title) for sheet in sheets}
    choices = book.create_sheet("lists")
    ranges: dict[str, str] = {}
    for place, (name, values) in enumerate(lists.items()):
        column = 2 * place + 1
        choices.cell(1, column, name).font = Font(bold=True)
        for row, pair in enumerate(values.items(), 2):
            for beside, text in enumerate(pair):
                choices.cell(row, column + beside, text)
        letter = get_column_letter(column)
        choices.column_dimensions[letter].width = choices.column_dimensions[get_column_letter(column + 1)].width = 26
        ranges[name] = f"lists!${letter}$2:${letter}${len(values) + 1}"
    choices.freeze_panes = "A2"
    for sheet in sheets:
        page = pages[sheet.title]
        for values_of_row in (sheet.header, *sheet.rows):
            page.append(list(values_of_row))
        for place, heading in enumerate(sheet.header, 1):
            page.column_dimensions[get_column_letter(place)].width = 24
            page.cell(1, place).font = Font(bold=True)
            page.cell(2, place).font = Font(italic=True, color="00595959")
            page.cell(2, place).alignment = Alignment(wrap_text=True, vertical="top")
            known = ranges.get("countries" if TERMS.get(heading) == "countries" else heading)
            if known:
                # A cell that takes several values can only offer them: a spreadsheet knows no list of several.
                several = heading in LISTS
                rule = DataValidation(
                    type="list", formula1=known, allow_blank=True, showErrorMessage=not several, showInputMessage=True,
                    errorTitle="Not in the list", error="Choose a value of the list; the sheet lists has them all.",
                    promptTitle=heading, prompt=SHEETS[sheet.title][heading],
                )  # fmt: skip
                page.add_data_validation(rule)
                letter = get_column_letter(place)
                rule.add(f"{letter}3:{letter}5000")
        page.freeze_panes = "B3"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


# In


@dataclass
class Row:
    """One row of a sheet. A cell that can't be taken as it is has its reason under `refused`."""

    number: int
    cells: dict[str, str]
    refused: dict[str, tuple[object, str]] = field(default_factory=dict)


@dataclass
class Table:
    """One sheet as it was read."""

    title: str
    columns: list[str]
    rows: list[Row] = field(default_factory=list)
    problems: list[facts.Problem] = field(default_factory=list)
    word: str = "sheet"

    def where(self, row: int, column: str = "") -> str:
        return f"{self.word} {self.title}, row {row}" + (f", column {column}" if column else "")


def begin(title: str, header: Sequence[str], number: int, word: str) -> Table:
    """A table with its columns, and what is wrong with them."""
    known = SHEETS[title]
    table = Table(title, [name.strip().casefold() for name in header], word=word)

    def refuse(value: object, message: str):
        table.problems.append(facts.Problem(number, "", "header", value, message, where=table.where(number)))

    for place, column in enumerate(table.columns):
        if column and column not in known:
            refuse(column, f"There is no such column; the nearest is {nearest(column, list(known))}.")
        if column and column in table.columns[:place]:
            refuse(column, "The column is there twice.")
    # One row of a sheet of sites or sources is told from another by all its values, so it needs them all.
    for column in ["slug"] if title == "vendors" else known:
        if column not in table.columns:
            refuse(column, "The column is missing; add it, and leave its cells empty where nothing is known.")
    return table


def named_title(header: Iterable[str]) -> str:
    """The sheet that a header begins in a CSV file, or "" where the row is no header."""
    names = [name.strip().casefold() for name in header if name.strip()]
    for title, columns in SHEETS.items():
        key = next(iter(columns))
        # One wrong name does not make it a row of values.
        if key in names and len(names) > 1 and sum(name in columns for name in names) * 2 > len(names):
            return title
    return ""


def csv_tables(content: bytes) -> list[Table]:
    """The tables of a CSV file. Raises Unreadable."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("The file is not in UTF-8; save it as “CSV UTF-8”, or as a workbook (.xlsx).") from error
    first = next((line for line in text.splitlines() if line.strip(", ;\t") and not line.startswith("#")), "")
    # A spreadsheet writes what its country has between figures.
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    tables: list[Table] = []
    before = 0
    try:
        for cells in reader:
            number, before = before + 1, reader.line_num
            cells = [unguarded(cell) for cell in cells]
            if not any(cell.strip() for cell in cells) or cells[0].startswith("#"):
                continue
            if len(cells) > COLUMNS_MOST:
                raise Unreadable(f"Line {number} has {len(cells)} columns; a sheet has at most {COLUMNS_MOST}.")
            if title := named_title(cells):
                tables.append(begin(title, cells, number, "table"))
            elif not tables:
                raise Unreadable(f"Line {number} is no header of ours; a file begins with the headings of the template.")
            else:
                add(tables[-1], number, cells)
    except csv.Error as error:
        raise Unreadable(f"Not readable as CSV near line {reader.line_num}: {error}.") from error
    return tables


def add(table: Table, number: int, cells: Sequence[Any]):
    """One row of values to a table. Values beyond the last column are refused rather than lost."""
    row = Row(number, {column: "" for column in table.columns if column})
    for place, cell in enumerate(cells):
        column = table.columns[place] if place < len(table.columns) else ""
        try:
            text = as_text(cell)
        except ValueError as error:
            text = ""
            row.refused[column] = (str(getattr(cell, "value", cell)), str(error))
        if not column and text.strip():
            row.refused[f"column {get_column_letter(place + 1)}"] = (text, "The column has no heading.")
        elif column:
            row.cells[column] = text.strip()
    if row.refused or any(row.cells.values()):
        table.rows.append(row)


def as_text(cell: Any) -> str:
    """What a person would type for the value of a cell. Raises ValueError for a formula and for an error."""
    kind, value = getattr(cell, "data_type", "s"), getattr(cell, "value", cell)
    if kind == "f":
        raise ValueError("It is a formula, and formulas are not worked out here; write the value in its place.")
    if kind == "e":
        raise ValueError("The spreadsheet has an error here; write the value, or leave the cell empty.")
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case dt.datetime():
            return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
        case float() if value.is_integer():
            return str(int(value))
        case str():
            # How a workbook writes what XML would not keep.
            return value.replace("_x000D_", "\r")
        case _:
            return str(value)


def xlsx_tables(content: bytes) -> list[Table]:
    """The sheets of a workbook. Raises Unreadable; nothing is unpacked before its size is known."""
    try:
        names = packed.names(content, UNPACKED_MOST)
        if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
            raise Unreadable("It is a packed file, but no workbook; save it as .xlsx.")
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    except Unreadable:
        raise
    except packed.TooMuch as error:
        raise Unreadable(f"The workbook unpacks to more than {UNPACKED_MOST // 2**20} MB; divide it.") from error
    # A damaged file makes openpyxl fail in many ways: all of them mean the same to whoever sent it.
    except Exception as error:
        raise Unreadable("The workbook can't be read; open it in a spreadsheet and save it as .xlsx again.") from error
    tables: list[Table] = []
    try:
        for page in book.worksheets:
            title = page.title.strip().casefold()
            if title in OTHER_SHEETS:
                continue
            if title not in SHEETS:
                raise Unreadable(f"There is no sheet {page.title!r} here; a workbook has the sheets {', '.join(SHEETS)}.")
            tables += sheet_table(page, title)
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable("The workbook can't be read; open it in a spreadsheet and save it as .xlsx again.") from error
    finally:
        book.close()
    return tables


def sheet_table(page: Any, title: str) -> Iterator[Table]:
    """The table of one sheet; none where the sheet is empty."""
    page.reset_dimensions()  # What a file says of its size may be wrong, in either direction.
    table = None
    for number, cells in enumerate(page.iter_rows(max_col=COLUMNS_MOST + 1), 1):
        if number > ROWS_MOST:
            raise Unreadable(f"The sheet {title} has more than {ROWS_MOST:,} rows; divide it.")
        if len(cells) > COLUMNS_MOST and any(cell.value is not None for cell in cells[COLUMNS_MOST:]):
            raise Unreadable(f"The sheet {title} has more than {COLUMNS_MOST} columns; take out those that are no part of a record.")
        if not any(cell.value is not None for cell in cells) or str(cells[0].value).startswith("#"):
            continue
        if table is None:
            table = begin(title, [str(cell.value or "") for cell in cells], number, "sheet")
        else:
            add(table, number, cells)
    if table:
        yield table


def read(content: bytes, form: Form) -> list[facts.Entry]:
    """The records of a file, to be planned. Raises Unreadable where the file is no such file at all."""
    tables = csv_tables(content) if form == CSV else xlsx_tables(content)
    found = {table.title: table for table in tables}
    if len(found) < len(tables):
        raise Unreadable(f"A table is there twice; a file has {', '.join(SHEETS)} once each.")
    if "vendors" not in found:
        raise Unreadable("There is no sheet vendors; take the template, or a file that was exported here.")
    return list(Reading(found, stored_vocabulary()).entries())


class Reading:
    """Turns the rows of three tables into records, and remembers where each value stood."""

    def __init__(self, tables: Mapping[str, Table], vocabulary: Vocabulary):
        self.tables, self.vocabulary = tables, vocabulary
        self.vendors = tables["vendors"]
        self.by_name = {
            dimension: {fold(term.name): slug for slug, term in vocabulary.terms(dimension).items()}
            for dimension in {*facts.LIST_KEYS, "ai_uses", "countries", "ai_levels"}
        }
        self.rows: dict[str, dict[str, list[Row]]] = {}
        for title in ("sites", "sources"):
            for row in tables[title].rows if title in tables else []:
                self.rows.setdefault(title, {}).setdefault(row.cells.get("vendor", ""), []).append(row)

    def entries(self) -> Iterator[facts.Entry]:
        for table in self.tables.values():
            if table.problems:
                yield facts.Entry(table.problems[0].line, None, table.problems)
        if any(table.problems for table in self.tables.values()):
            return  # Under a wrong heading every row would be wrong.
        stored = facts.stored_records([slug for row in self.vendors.rows if (slug := row.cells["slug"])])
        for row in self.vendors.rows:
            yield self.entry(row, stored.get(row.cells["slug"]))
        named = {row.cells["slug"] for row in self.vendors.rows}
        for title, rows in self.rows.items():
            for slug in rows.keys() - named:
                for row in rows[slug]:
                    yield self.stray(self.tables[title], row, slug, named)

    def stray(self, table: Table, row: Row, slug: str, named: set[str]) -> facts.Entry:
        right = nearest(slug, named)
        message = f"No row of vendors has this slug; {f'the nearest is {right}' if right else 'there is none'}."
        problem = facts.Problem(row.number, slug, "vendor", slug, message, where=table.where(row.number, "vendor"))
        return facts.Entry(row.number, None, [problem])

    def entry(self, row: Row, stored: Mapping | None) -> facts.Entry:
        slug = row.cells["slug"]
        problems: list[facts.Problem] = []
        own = {title: self.rows.get(title, {}).get(slug, []) for title in ("sites", "sources")}

        def values(table: Table, each: Row) -> dict[str, Any]:
            made = {}
            for column, cell in each.cells.items():
                try:
                    made[column] = self.value(column, cell)
                except ValueError as error:
                    each.refused[column] = (cell, str(error))
                    made[column] = None
            for column, (value, message) in each.refused.items():
                problems.append(facts.Problem(each.number, slug, column, value, message, where=table.where(each.number, column)))
            return made

        record = self.record(values(self.vendors, row), stored)
        if "sites" in self.tables:
            sites = [values(self.tables["sites"], each) for each in own["sites"]]
            record["sites"] = [{key: site[key] for key in ("city", "country", "what")} for site in sites]
        if "sources" in self.tables:
            sources = [values(self.tables["sources"], each) for each in own["sources"]]
            record["ai"]["sources"] = [place for place, source in enumerate(sources) if source["shows_ai_level"]]
            record["sources"] = [
                {
                    **{key: source[key] for key in facts.NESTED_KEYS["sources"]},
                    **({"read_on": source["read_on"]} if source["read_on"] else {}),
                }
                for source in sources
            ]
        return facts.Entry(row.number, record, problems, partial(self.locate, row, own))

    def value(self, column: str, cell: str) -> Any:
        """One cell as a record has it. Raises ValueError with what to write instead."""
        if column in LISTS:
            dimension = LISTS[column]
            return [self.term(dimension, each) if dimension else each for each in split(cell)]
        if column in NUMBERS:
            if cell and not re.fullmatch(r"-?[0-9]{1,12}", cell):
                raise ValueError("Write a whole number without a separator, or leave the cell empty.")
            return int(cell) if cell else None
        if column == "shows_ai_level":
            if cell.casefold() not in YES | NO:
                raise ValueError("Write yes, or leave the cell empty.")
            return cell.casefold() in YES
        if dimension := TERMS.get(column):
            return self.term(dimension, cell) or None
        return cell or (None if column in NULLABLE else "")

    def term(self, dimension: str, cell: str) -> str:
        """The slug of a term that was written by slug or by name; what is neither stays, to be refused by the one rule for all files."""
        if cell in self.vocabulary.terms(dimension):
            return cell
        return self.by_name.get(dimension, {}).get(fold(cell), cell)

    def record(self, row: Mapping[str, Any], stored: Mapping | None) -> dict[str, Any]:
        """The record of a row of vendors, its sites and sources as stored; what the row does not have stays as it is stored."""
        kept: Mapping[str, Any] = stored or {
            **dict.fromkeys(facts.KEYS), "name": "", "summary": "",
            **{key: [] for key in ("aliases", "sites", "sources", *facts.LIST_KEYS)},
            "ai": {"level": None, "uses": [], "note": "", "sources": [], "checked_on": None},
        }  # fmt: skip
        made = {**kept, **{key: row[key] for key in facts.KEYS if key in row and key not in facts.NESTED_KEYS}}
        made["ai"] = {key: row.get(f"ai_{key}", value) for key, value in kept["ai"].items()}
        if {"hq_city", "hq_country"} & row.keys():
            hq = kept["hq"] or {"city": "", "country": None}
            hq = {key: row.get(f"hq_{key}", hq[key]) for key in ("city", "country")}
            made["hq"] = hq if any(hq.values()) else None
        if {"employees", "employees_as_of"} & row.keys():
            employees = kept["employees"] or {"about": None, "as_of": None}
            employees = {"about": row.get("employees", employees["about"]), "as_of": row.get("employees_as_of", employees["as_of"])}
            made["employees"] = employees if any(value is not None for value in employees.values()) else None
        # A record without one of these keeps what is stored, so that an empty cell has to say that there is none.
        nothing: Mapping[str, Any] = {"successor": None, "former_slugs": []}
        for key in facts.OPTIONAL_KEYS[""]:
            if row.get(key):
                made[key] = row[key]
            elif key in row and key in kept and key in nothing:
                made[key] = nothing[key]
            elif key in row:
                made.pop(key, None)
        return made

    def locate(self, vendor: Row, own: Mapping[str, Sequence[Row]], problem: facts.Problem) -> str:
        """Sheet, row and column of the value that a problem is about."""
        title, _, key = problem.key.partition(".")
        if title in own and title in self.tables:
            if problem.index is not None and problem.index < len(own[title]):
                return self.tables[title].where(own[title][problem.index].number, key)
            return self.tables[title].where(own[title][0].number) if own[title] else self.vendors.where(vendor.number)
        column = COLUMN_OF.get(problem.key, problem.key)
        return self.vendors.where(vendor.number, column)


def load_file(path: Path) -> facts.Outcome:
    """Load one CSV file or workbook; see `facts.load`. Problems name the file."""
    form = Form(path.suffix.casefold().removeprefix("."))
    try:
        outcome = facts.load(read(path.read_bytes(), form))
    except (OSError, Unreadable) as error:
        outcome = facts.Outcome(problems=[facts.Problem(0, "", "file", path.name, f"The file can't be read: {error}")])
    return outcome.named(str(path))
