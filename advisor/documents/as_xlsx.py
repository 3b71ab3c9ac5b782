"""A document as XLSX: a sheet a section, every figure a figure, nothing that runs as a formula."""

import io
from collections.abc import Iterator, Sequence
from datetime import datetime

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from advisor.documents.archive import with_one_time
from advisor.documents.content import Block, Cell, Document, Facts, Heading, Paragraph, Table, settable
from vendors.cells import typed

# More characters do not fit a cell; the rest goes into the cell below.
CELL_MOST = 32_000
WIDE, NARROW = 44, 22
TOP = Alignment(wrap_text=True, vertical="top")


def as_xlsx(document: Document) -> bytes:
    book = Workbook(write_only=True)
    stamp = (Heading(document.title), *((Paragraph(document.subtitle),) if document.subtitle else ()), Facts(document.stamp_rows()))
    write_sheet(book, "About", "", stamp)
    for section in document.sections:
        write_sheet(book, section.sheet, section.title, section.blocks)
    properties = book.properties
    properties.title, properties.subject = settable(document.title), settable(document.subtitle)
    properties.creator = properties.lastModifiedBy = "Crossmatch"
    properties.keywords = f"crossmatch-sha256:{document.digest}"
    properties.created = datetime.fromisoformat(document.stamp.written_at).replace(tzinfo=None)
    buffer = io.BytesIO()
    book.save(buffer)
    return with_one_time(buffer.getvalue(), document.stamp.written_at)


def write_sheet(book: Workbook, name: str, title: str, blocks: Sequence[Block]) -> None:
    page = book.create_sheet(name)
    page.sheet_view.showGridLines = False
    page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    across = max((len(block.header) for block in blocks if isinstance(block, Table)), default=2)
    for place in range(across):
        page.column_dimensions[get_column_letter(place + 1)].width = WIDE if place in {0, across - 1} or across < 4 else NARROW
    if title:
        append(page, [title], Font(bold=True, size=14))
    for block in blocks:
        write_block(page, block)


def write_block(page, block: Block) -> None:
    match block:
        case Paragraph(text, tone):
            append(page, [text], Font(bold=tone == "warning", italic=tone == "note"), wrap=False)
        case Heading(text):
            append(page, [])
            append(page, [text], Font(bold=True, size=12), wrap=False)
        case Facts(rows):
            for row in rows:
                append(page, row)
        case Table():
            append(page, [])
            append(page, [block.title], Font(bold=True), wrap=False)
            append(page, block.header, Font(bold=True))
            for values in block.rows:
                append(page, values)
            if not block.rows:
                append(page, [block.empty])


def append(page, values: Sequence[Cell], font: Font | None = None, *, wrap: bool = True) -> None:
    """One row, and below it what did not fit its cells."""
    for row in fitting([settable(value) for value in values]):
        cells = []
        for value in row:
            cell = typed(page, value) or WriteOnlyCell(page, value)
            # A long text that runs over its neighbours is read in the line; in a column it would make a row of great height.
            cell.alignment = TOP if wrap else Alignment(vertical="top")
            if isinstance(value, float):
                cell.number_format = "0.0"
            if font:
                cell.font = font
            cells.append(cell)
        page.append(cells)


def fitting(values: Sequence[Cell]) -> Iterator[list[Cell | None]]:
    """The row as it is, and as many more rows as its longest text needs."""
    pieces = [
        [value[start : start + CELL_MOST] for start in range(0, len(value), CELL_MOST)] if isinstance(value, str) and value else [value]
        for value in values
    ]
    for number in range(max(map(len, pieces), default=1)):
        yield [piece[number] if number < len(piece) else None for piece in pieces]
