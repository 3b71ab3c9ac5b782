"""What a DOCX, XLSX or PDF file says: read back, so that a changed word is found in a file that was saved again.

Of a DOCX and an XLSX all text is read, wherever it stands, and what hides or adds to it is named. Of a PDF only the hash
that it carries is read: a PDF is compared byte for byte.
"""

import hashlib
import io
import re
import warnings
from dataclasses import dataclass
from pathlib import PurePath

from docx import Document as open_docx
from docx.oxml.ns import qn
from openpyxl import load_workbook

from advisor.documents.archive import Unreadable, parts_of

# In a workbook the place of the cell stands before its text.
PRINTED = re.compile(r"Hash of the content \(SHA-256\)\s(?:\S+ )?([0-9a-f]{64})\b")
IN_PDF = re.compile(rb"crossmatch-sha256:([0-9a-f]{64})")
# What we never write, by the local name of its element, and what it does to the text.
HIDING = {
    "vanish": "hidden text", "webHidden": "hidden text", "specVanish": "hidden text", "strike": "struck text", "dstrike": "struck text",
    "del": "tracked changes", "ins": "tracked changes", "moveFrom": "tracked changes", "moveTo": "tracked changes", "drawing": "a drawing",
    "pict": "a drawing", "object": "an embedded object", "altChunk": "an embedded document", "commentReference": "comments",
    "fldSimple": "a field", "instrText": "a field", "sym": "a symbol in place of text",
}  # fmt: skip
SHEET_PARTS = {
    "xl/drawings/": "a drawing", "xl/media/": "a picture", "xl/comments": "comments", "xl/threadedComments/": "comments",
    "xl/embeddings/": "an embedded object", "xl/externalLinks/": "a link to another file", "xl/vbaProject": "a macro",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says. lines: all of its text in order. additions: what we never write. printed: the hash in its stamp."""

    format: str
    lines: tuple[str, ...]
    additions: tuple[str, ...]
    printed: str

    @property
    def digest(self) -> str:
        """SHA-256 over the text; empty for a PDF, whose text is not read."""
        return hashlib.sha256("\n".join([self.format, *self.lines]).encode()).hexdigest() if self.lines else ""


def read(data: bytes) -> Reading:
    """Read a file by what it is, whatever it is called. Raises Unreadable."""
    if data.startswith(b"%PDF-"):
        keyword = IN_PDF.search(data)
        return Reading("pdf", (), (), keyword[1].decode() if keyword else "")
    names = parts_of(data)
    try:
        if "word/document.xml" in names:
            lines, additions = docx_text(data)
            kind = "docx"
        elif "xl/workbook.xml" in names:
            lines, additions = xlsx_text(data, names)
            kind = "xlsx"
        else:
            raise Unreadable("It is neither PDF nor DOCX nor XLSX.")
    except Unreadable:
        raise
    except Exception as error:
        # Both libraries fail in many ways on a damaged file, and none of them matters here.
        raise Unreadable("It is damaged: its parts can't be read.") from error
    found = PRINTED.search("\n".join(lines))
    return Reading(kind, lines, additions, found[1] if found else "")


def docx_text(data: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The paragraphs of every part in order, and what hides or adds to them."""
    word = open_docx(io.BytesIO(data))
    lines: list[str] = []
    additions: list[str] = []
    # The body first, then headers, footers, notes and comments by name.
    parts = sorted(word.part.package.iter_parts(), key=lambda part: (part is not word.part, str(part.partname)))
    for part in parts:
        element = getattr(part, "element", None)
        if element is None or PurePath(str(part.partname)).name in {"styles.xml", "settings.xml", "numbering.xml"}:
            continue
        lines += filter(None, (paragraph_text(paragraph).strip() for paragraph in element.iter(qn("w:p"))))
        for found in element.iter():
            name = found.tag.rpartition("}")[2] if isinstance(found.tag, str) else ""
            # `w:strike w:val="0"` takes a strike off.
            if name in HIDING and found.get(qn("w:val")) not in {"0", "false", "off"}:
                additions.append(HIDING[name])
    return tuple(lines), tuple(dict.fromkeys(additions))


def paragraph_text(paragraph) -> str:
    """The text of one paragraph; what a text box within it holds comes as paragraphs of its own."""
    parts = []
    for element in paragraph.iter(qn("w:t"), qn("w:br"), qn("w:tab"), qn("w:noBreakHyphen")):
        if next(element.iterancestors(qn("w:p"))) is not paragraph or element.getparent().tag == qn("w:tabs"):
            continue
        parts.append({qn("w:br"): "\n", qn("w:tab"): "\t", qn("w:noBreakHyphen"): "-"}.get(element.tag, element.text or ""))
    return "".join(parts)


def xlsx_text(data: bytes, names: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Every cell that holds something, with its place, and what hides or adds to them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(data))
    lines = []
    additions = [words for start, words in SHEET_PARTS.items() if any(name.startswith(start) for name in names)]
    for page in book.worksheets:
        if page.sheet_state != "visible":
            additions.append("a hidden sheet")
        if any(row.hidden for row in page.row_dimensions.values()) or any(column.hidden for column in page.column_dimensions.values()):
            additions.append("hidden rows or columns")
        for row in page.iter_rows():
            for cell in row:
                if cell.value is not None and cell.value != "":
                    lines.append(f"{page.title}!{cell.coordinate} {cell_text(cell)}")
                    additions += ["a formula"] * (cell.data_type == "f")
    return tuple(lines), tuple(dict.fromkeys(additions))


def cell_text(cell) -> str:
    """A cell's value; of a number the format as well, which can show it as something else."""
    if isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool):
        return f"{float(cell.value):.10g} {'' if cell.number_format == 'General' else cell.number_format}".rstrip()
    return str(cell.value)
