"""One description of a document: canonical, hashed, stored as JSON and read again."""

import json
from dataclasses import replace

import pytest

from advisor.documents.content import Document, Paragraph, Section, Stamp, Table, settable

STAMP = Stamp("ZX-1", "P-1", 3, "abc", "Crossmatch 0.1.0", "2026-11-25T10:30:00+00:00", "Draft")


def document(*blocks, **values):
    return Document("decision-record", "A title", STAMP, (Section("One", "One", blocks or (Paragraph("Hello."),)),), **values)


def test_a_description_comes_back_from_its_json_with_the_same_hash():
    made = document(Table("Names", ("A", "B"), (("x", 1.5), ("y", 2))), Paragraph("Ω", "note"), subtitle="ZX-1")
    assert Document.from_dict(json.loads(json.dumps(made.as_dict()))).digest == made.digest


@pytest.mark.parametrize("other", [
    document(Paragraph("Hello!")),
    document(Paragraph("Hello.", "warning")),
    replace(document(), title="Another title"),
    replace(document(), stamp=replace(STAMP, version=4)),
    replace(document(), stamp=replace(STAMP, written_at="2026-11-25T10:30:01+00:00")),
])  # fmt: skip
def test_whatever_is_said_otherwise_changes_the_hash(other):
    assert other.digest != document().digest


def test_a_row_that_does_not_fit_its_header_is_refused():
    with pytest.raises(ValueError, match="has 2 columns"):
        Table("Names", ("A", "B"), (("only one",),))


def test_characters_that_no_file_can_hold_leave_a_mark_and_line_breaks_stay():
    assert settable("a\x00b\x1bc\u202ed\r\ne\tf") == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c\N{REPLACEMENT CHARACTER}d\ne\tf"
