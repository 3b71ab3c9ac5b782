"""A document as DOCX, in named styles that whoever receives it can change as a whole.

Styles, page and properties are made with python-docx. The body is written as XML at once: through the library's objects a
long list of vendors takes minutes.
"""

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from xml.sax.saxutils import escape

from docx import Document as new_document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from advisor.documents.archive import with_one_time
from advisor.documents.content import KINDS, Block, Document, Facts, Heading, Paragraph, Table, in_words, settable

INK, QUIET = RGBColor(0x1C, 0x21, 0x26), RGBColor(0x55, 0x5D, 0x66)
PAGE, MARGIN = (Mm(210), Mm(297)), Mm(20)
TWIPS_ACROSS = 9_638  # between the margins, in twentieths of a point
TONES = {"plain": "Normal", "note": "Note", "warning": "Warning"}
# Name, size in points, bold, colour, space below. Word knows a style by its name without spaces.
STYLES = (
    ("Note", 9, False, QUIET, 4), ("Warning", 10, True, INK, 6), ("Table title", 10, True, INK, 2), ("After table", 4, False, INK, 2),
    ("Label", 10, False, QUIET, 1), ("Value", 10, False, INK, 1), ("Cell", 9, False, INK, 1), ("Cell heading", 9, True, INK, 1),
    ("Cell figure", 9, False, INK, 1),
)  # fmt: skip


def as_docx(document: Document) -> bytes:
    word = new_document()
    prepare(word, document)
    body = word.element.body
    written = parse_xml(f"<w:body {nsdecls('w')}>{''.join(body_of(document))}</w:body>")
    for element in list(written):
        body.insert_element_before(element, "w:sectPr")
    buffer = io.BytesIO()
    word.save(buffer)
    return with_one_time(buffer.getvalue(), document.stamp.written_at)


def prepare(word: WordDocument, document: Document) -> None:
    """Page, styles and properties."""
    page = word.sections[0]
    page.page_width, page.page_height = PAGE
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = MARGIN
    for name, font, size, color in (
        ("Normal", "Calibri", 10, INK), ("Title", "Cambria", 20, INK), ("Subtitle", "Cambria", 12, QUIET),
        ("Heading 1", "Cambria", 14, INK), ("Heading 2", "Cambria", 11, INK),
    ):  # fmt: skip
        style = word.styles[name]
        style.font.name, style.font.size, style.font.color.rgb, style.font.italic = font, Pt(size), color, False
        # The template's own headings take their font from a theme, which would win.
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in [key for key in fonts.attrib if key.endswith("Theme")]:
            del fonts.attrib[key]
        fonts.set(qn("w:cs"), font)
    title = word.styles["Title"].element.pPr
    title.remove(title.find(qn("w:pBdr")))
    word.styles["Normal"].paragraph_format.space_after = Pt(4)
    for name, size, bold, color, after in STYLES:
        style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = word.styles["Normal"]
        style.font.size, style.font.bold, style.font.color.rgb = Pt(size), bold, color
        style.paragraph_format.space_after = Pt(after)
    word.styles["Table title"].paragraph_format.keep_with_next = True
    word.styles["Table title"].paragraph_format.space_before = Pt(8)
    word.styles["Cell figure"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    written = datetime.fromisoformat(document.stamp.written_at).replace(tzinfo=None)
    properties = word.core_properties
    properties.title, properties.subject = settable(document.title)[:255], settable(document.subtitle)[:255]
    properties.author = properties.last_modified_by = "Crossmatch"
    properties.keywords = f"crossmatch-sha256:{document.digest}"
    properties.comments, properties.language, properties.revision = "", "en", 1
    properties.created = properties.modified = written
    footer = page.footer.paragraphs[0]
    footer.text = (
        f"{KINDS[document.kind]}, program {document.stamp.program_id} version {document.stamp.version}, content {document.digest[:12]}"
    )
    footer.runs[0].font.size, footer.runs[0].font.color.rgb = Pt(8), QUIET


def body_of(document: Document) -> Iterator[str]:
    """The XML of everything between the margins."""
    yield paragraph("Title", document.title)
    if document.subtitle:
        yield paragraph("Subtitle", document.subtitle)
    yield from block_xml(Facts(document.stamp_rows()))
    for section in document.sections:
        yield paragraph("Heading 1", section.title)
        for block in section.blocks:
            yield from block_xml(block)


def block_xml(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(text, tone):
            yield paragraph(TONES[tone], text)
        case Heading(text):
            yield paragraph("Heading 2", text)
        case Facts(rows):
            yield from grid([[("Label", label), ("Value", value)] for label, value in rows], (3, 9))
        case Table(title, header, rows, widths, empty):
            yield paragraph("Table title", title)
            if not rows:
                yield paragraph("Normal", empty)
                return
            heads = [("Cell heading", name) for name in header]
            cells = [[("Cell" if isinstance(value, str) else "Cell figure", in_words(value)) for value in values] for values in rows]
            yield from grid([heads, *cells], widths or (1,) * len(header), headed=True)


def grid(rows: Sequence[Sequence[tuple[str, str]]], widths: Sequence[int], *, headed: bool = False) -> Iterator[str]:
    """A table of cells, each with its style and its text; `headed` repeats the first row on every page and draws lines."""
    sizes = [round(TWIPS_ACROSS * width / sum(widths)) for width in widths]
    lines = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="B9C0C7"/>' for side in ("top", "bottom", "insideH"))
    yield f'<w:tbl><w:tblPr><w:tblW w:w="{sum(sizes)}" w:type="dxa"/>'
    yield f"<w:tblBorders>{lines}</w:tblBorders>" if headed else ""
    yield f'<w:tblLayout w:type="fixed"/><w:tblLook w:firstRow="{int(headed)}" w:noVBand="1"/></w:tblPr><w:tblGrid>'
    yield from (f'<w:gridCol w:w="{size}"/>' for size in sizes)
    yield "</w:tblGrid>"
    for place, row in enumerate(rows):
        yield f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if headed and not place else ''}</w:trPr>"
        for size, (style, text) in zip(sizes, row, strict=True):
            yield f'<w:tc><w:tcPr><w:tcW w:w="{size}" w:type="dxa"/></w:tcPr>{paragraph(style, text)}</w:tc>'
        yield "</w:tr>"
    # Two tables without a paragraph between them are one to Word.
    yield f"</w:tbl>{paragraph('After table', '')}"


def paragraph(style: str, text: str) -> str:
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in settable(text).split("\n"))
    return f'<w:p><w:pPr><w:pStyle w:val="{style.replace(" ", "")}"/></w:pPr><w:r>{lines}</w:r></w:p>'
