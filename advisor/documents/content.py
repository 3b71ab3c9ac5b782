"""What a document says, described once; each writer sets the same description in its own way.

A document is a title, a stamp and sections of blocks. All of it is plain values, so that it can be stored as JSON, hashed,
and set again years later with the same words.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

# What a reader sees where nobody said anything. It is never filled in by us.
NOT_RECORDED = "not recorded"
# Control characters, which no file format may hold, and those that turn the direction of what follows, which could make a
# text read other than it is.
UNSETTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")

Cell = str | int | float
Kind = Literal["decision-record", "rfi", "responsibilities", "comparison"]
KINDS: Mapping[Kind, str] = {
    "decision-record": "Decision record",
    "rfi": "Request for information",
    "responsibilities": "Responsibility matrix",
    "comparison": "Shortlist comparison",
}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences. A note is set smaller; a warning must not be overlooked."""

    text: str
    tone: Literal["plain", "note", "warning"] = "plain"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels, each with its value."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header. widths: shares of the line, one a column; a figure with a fraction is shown with one decimal."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...] = ()
    empty: str = "None."

    def __post_init__(self) -> None:
        wrong = [row for row in self.rows if len(row) != len(self.header)]
        if wrong or (self.widths and len(self.widths) != len(self.header)):
            raise ValueError(f"The table {self.title!r} has {len(self.header)} columns, and not all of its rows do: {wrong[:1]}")


Block = Paragraph | Heading | Facts | Table
BLOCKS: Mapping[str, type[Block]] = {"paragraph": Paragraph, "heading": Heading, "facts": Facts, "table": Table}
NAMES: Mapping[type, str] = {block: name for name, block in BLOCKS.items()}


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a document. `sheet` is what its sheet in a workbook is called, at most 31 characters."""

    title: str
    sheet: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a document was made from, and when. written_at: ISO 8601, UTC, to the second."""

    program: str
    program_id: str
    version: int
    catalogue: str
    software: str
    written_at: str
    status: str

    def rows(self) -> tuple[tuple[str, str], ...]:
        return (
            ("Program", f"{self.program} ({self.program_id})"),
            ("Program version", str(self.version)),
            ("Catalogue version", self.catalogue),
            ("Software", self.software),
            ("Written", in_utc(self.written_at)),
            ("Status", self.status),
        )


@dataclass(frozen=True, slots=True)
class Document:
    """One document. `one_page`: set so tightly that it fits a page."""

    kind: Kind
    title: str
    stamp: Stamp
    sections: tuple[Section, ...]
    subtitle: str = ""
    one_page: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The description as JSON holds it; `digest` is over its canonical form."""
        return {
            "kind": self.kind,
            "title": settable(self.title),
            "subtitle": settable(self.subtitle),
            "one_page": self.one_page,
            "stamp": {name: settable(value) for name, value in asdict(self.stamp).items()},
            "sections": [
                {
                    "title": settable(section.title),
                    "sheet": section.sheet,
                    "blocks": [{"block": NAMES[type(block)], **cleaned(asdict(block))} for block in section.blocks],
                }
                for section in self.sections
            ],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Document":
        return cls(
            data["kind"], data["title"], Stamp(**data["stamp"]),
            tuple(
                Section(section["title"], section["sheet"], tuple(block_from(block) for block in section["blocks"]))
                for section in data["sections"]
            ),
            data["subtitle"], data["one_page"],
        )  # fmt: skip

    @property
    def canonical(self) -> str:
        """The description in the one form over which its hash is taken: keys sorted, no spaces."""
        return canonical(self.as_dict())

    @property
    def digest(self) -> str:
        """SHA-256 over the canonical form, 64 hexadecimal figures."""
        return digest_of(self.as_dict())

    def stamp_rows(self) -> tuple[tuple[str, str], ...]:
        """The stamp as it is printed, with the hash of all that is said."""
        return (*self.stamp.rows(), ("Hash of the content (SHA-256)", self.digest))

    def walk(self) -> Iterator[tuple[Section, Block]]:
        return ((section, block) for section in self.sections for block in section.blocks)


def canonical(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(data: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(data).encode()).hexdigest()


def block_from(data: Mapping[str, Any]) -> Block:
    """A block from its JSON."""
    values = {key: value for key, value in data.items() if key != "block"}
    for key in ("rows", "header", "widths"):
        if key in values:
            values[key] = tuple(tuple(item) if isinstance(item, list) else item for item in values[key])
    return BLOCKS[data["block"]](**values)


def settable[T](value: T) -> T | str:
    """A text without the characters that no format can hold; each leaves a mark, so that nothing goes silently."""
    return UNSETTABLE.sub("\N{REPLACEMENT CHARACTER}", value.replace("\r\n", "\n").replace("\r", "\n")) if isinstance(value, str) else value


def cleaned(value: Any) -> Any:
    """A block's values as JSON has them: lists for tuples, texts settable."""
    if isinstance(value, dict):
        return {key: cleaned(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [cleaned(item) for item in value]
    return settable(value)


def in_words(cell: Cell) -> str:
    """A cell as it is printed: figures with a fraction with one decimal."""
    return f"{cell:.1f}" if isinstance(cell, float) else str(cell)


def said(text: str | None) -> str:
    """What somebody said, or that nobody did."""
    return text.strip() if text and text.strip() else NOT_RECORDED


def in_utc(written_at: str) -> str:
    """ "2026-11-25T23:04:00+00:00" as "2026-11-25 23:04:00 UTC"."""
    return f"{written_at[:10]} {written_at[11:19]} UTC"


def several(texts: Sequence[str], nothing: str = NOT_RECORDED) -> str:
    return "; ".join(texts) if texts else nothing
