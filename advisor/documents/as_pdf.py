"""A document as PDF: archival (PDF/A-2a), accessible (PDF/UA-1), and for the same content the same bytes."""

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import typst

from advisor.documents.content import KINDS, NAMES, Document, Table, in_words, settable

TEMPLATE = Path(__file__).with_name("document.typ")
STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
# What the compiler says of a letter that no font has. The standards above make it an error, so that none becomes an empty box.
MISSING = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
ESCAPE = re.compile(r"\\u\{([0-9a-fA-F]+)\}|\\(.)")
NOTE = (
    "Letters that no font of this machine has are printed as their Unicode numbers, such as ‹U+4E2D›. The Word and Excel files of "
    "this document hold the letters themselves."
)


def as_pdf(document: Document) -> bytes:
    """The document as PDF. Letters outside the fonts that come with the compiler are looked for among the machine's own."""
    data = as_data(document)
    for system_fonts in (False, True):
        try:
            return compiled(data, system_fonts)
        except typst.TypstError as error:
            lacking = missing(error)
            if not lacking:
                raise
    return compiled(spelled_out(data, lacking), True)


def compiled(data: dict[str, Any], system_fonts: bool) -> bytes:
    inputs = {"content": json.dumps(data, ensure_ascii=False)}
    return typst.compile(str(TEMPLATE), format="pdf", sys_inputs=inputs, ignore_system_fonts=not system_fonts, pdf_standards=[*STANDARDS])


def as_data(document: Document) -> dict[str, Any]:
    """What the template is given: the description with every cell as it is printed, and which columns hold figures."""
    return {
        "title": settable(document.title),
        "subtitle": settable(document.subtitle),
        "kind_name": KINDS[document.kind],
        "one_page": document.one_page,
        "digest": document.digest,
        "stamp": {name: settable(value) for name, value in asdict(document.stamp).items()},
        "stamp_rows": printed(document.stamp_rows()),
        "sections": [
            {"title": settable(section.title), "blocks": [set_block(block) for block in section.blocks]} for section in document.sections
        ],
    }


def set_block(block: Any) -> dict[str, Any]:
    values = {"block": NAMES[type(block)], **{key: settable(value) for key, value in asdict(block).items()}}
    if "rows" in values:
        values["rows"] = printed(block.rows)
    if isinstance(block, Table):
        values["header"] = [settable(title) for title in block.header]
        values["widths"] = list(block.widths or (1,) * len(block.header))
        values["numeric"] = [
            bool(block.rows) and all(not isinstance(row[column], str) for row in block.rows) for column in range(len(block.header))
        ]
    return values


def printed(rows: Iterable[tuple]) -> list[list[str]]:
    return [[settable(in_words(cell)) for cell in row] for row in rows]


def missing(error: typst.TypstError) -> set[str]:
    """The characters that no font has, out of the compiler's messages."""
    texts = MISSING.findall(getattr(error, "diagnostic", "") or str(error))
    return {char for text in texts for char in ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], text)}


def spelled_out(data: dict[str, Any], lacking: set[str]) -> dict[str, Any]:
    """The data with every lacking letter as its number, and a note that says so."""
    runs = re.compile(f"[{re.escape(''.join(sorted(lacking)))}]+")

    def spelled(value: Any) -> Any:
        if isinstance(value, str):
            value = unicodedata.normalize("NFC", value)
            return runs.sub(lambda run: "‹" + " ".join(f"U+{ord(char):04X}" for char in run[0]) + "›", value)
        if isinstance(value, dict):
            return {key: spelled(item) for key, item in value.items()}
        return [spelled(item) for item in value] if isinstance(value, list) else value

    changed = spelled(data)
    last = changed["sections"][-1]
    last["blocks"].append({"block": "paragraph", "text": NOTE, "tone": "note"})
    return changed
