"""One description, three files: each says all of it, the same content gives the same bytes, and nothing in it runs."""

import io
import json
import re
from dataclasses import replace

import pytest
import typst
from docx import Document as open_docx
from openpyxl import load_workbook

from advisor.documents import as_pdf as pdf_writer
from advisor.documents.as_docx import as_docx
from advisor.documents.as_pdf import TEMPLATE, as_data, as_pdf
from advisor.documents.as_xlsx import CELL_MOST, as_xlsx
from advisor.documents.case import Shortlisted
from advisor.documents.comparison import shortlist_comparison
from advisor.documents.content import Document, Facts, Paragraph, Section, Table, in_words
from advisor.documents.decision import decision_record, stamp
from advisor.engine.advice import advise
from tests.documents.cases import PROGRAM, case
from tests.documents.test_decision_record import texts
from tests.engine.builders import catalogue, real_catalogue, vendor

WRITERS = {"pdf": as_pdf, "docx": as_docx, "xlsx": as_xlsx}


def made_of(*blocks):
    return Document("decision-record", "A title", stamp(case(), "Draft"), (Section("One", "One", blocks),))


def pages(pdf: bytes) -> int:
    return int(re.findall(rb"/Type/Pages/Count (\d+)", pdf)[0])


@pytest.mark.parametrize("form", WRITERS)
def test_the_same_content_gives_the_same_bytes(form):
    document = decision_record(case())
    assert WRITERS[form](document) == WRITERS[form](Document.from_dict(json.loads(document.canonical)))


def cells_of(block):
    """Every text of a block on its own, line by line."""
    match block:
        case Facts(rows):
            cells = [cell for row in rows for cell in row]
        case Table(title, header, rows, _, empty):
            cells = [title, *header, *(in_words(cell) for row in rows for cell in row)] if rows else [title, empty]
        case _:
            cells = [block.text]
    return {line for cell in cells for line in cell.split("\n")} - {""}


def test_docx_says_all_of_it():
    document = decision_record(case())
    file = open_docx(io.BytesIO(as_docx(document)))
    found = {element.text for element in file.element.body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t")}
    assert {document.title, document.digest, *(section.title for section in document.sections)} <= found
    assert [line for _, block in document.walk() for line in cells_of(block) if line not in found] == []
    assert file.core_properties.title == document.title
    assert file.core_properties.keywords == f"crossmatch-sha256:{document.digest}"


def test_docx_repeats_the_header_of_a_table():
    xml = as_docx_xml(made_of(Table("T", ("A", "B"), (("x", "y"),) * 3)))
    assert xml.count("<w:tblHeader/>") == 1


def as_docx_xml(document):
    return open_docx(io.BytesIO(as_docx(document))).element.xml


def test_xlsx_says_all_of_it_with_figures_as_figures():
    document = decision_record(case())
    book = load_workbook(io.BytesIO(as_xlsx(document)))
    assert book.sheetnames == ["About", *(section.sheet for section in document.sections)]
    for section in document.sections:
        found = {cell.value for row in book[section.sheet].iter_rows() for cell in row}
        for block in section.blocks:
            if isinstance(block, Table):
                assert {value for row in block.rows for value in row} - {""} <= found
    assert any(isinstance(cell.value, float) for row in book["Weights"].iter_rows() for cell in row)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum", "=cmd|' /C calc'!A0", "\t=1", "＝1"])
def test_xlsx_runs_no_formula(text):
    book = load_workbook(io.BytesIO(as_xlsx(made_of(Facts(((text, text),)), Table("T", (text,), ((text,),)), Paragraph(text)))))
    cells = [cell for row in book["One"].iter_rows() for cell in row if cell.value not in (None, "One", "T")]
    assert [cell.value for cell in cells] == [text] * 5
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in cells)


def test_xlsx_cuts_no_text_that_is_longer_than_a_cell():
    long = "word " * 9_000
    book = load_workbook(io.BytesIO(as_xlsx(made_of(Facts((("Notes", long),))))))
    assert "".join(cell.value for cell in book["One"]["B"] if cell.value) == long
    assert len(long) > CELL_MOST


def test_pdf_is_given_every_cell_as_it_is_printed_and_sets_every_heading():
    document = decision_record(case())
    data = as_data(document)
    assert data["stamp_rows"][-1] == ["Hash of the content (SHA-256)", document.digest]
    for section, set_section in zip(document.sections, data["sections"], strict=True):
        for block, set_block in zip(section.blocks, set_section["blocks"], strict=True):
            if isinstance(block, Table):
                assert set_block["rows"] == [[in_words(cell) for cell in row] for row in block.rows]
    inputs = {"content": json.dumps(data)}
    headings = json.loads(typst.query(str(TEMPLATE), "heading.where(level: 2)", field="body", sys_inputs=inputs, ignore_system_fonts=True))
    assert [heading["text"] for heading in headings] == [section.title for section in document.sections]


def test_pdf_is_tagged_archival_and_carries_its_fonts():
    pdf = as_pdf(made_of(Paragraph("Hello.")))
    assert b"/StructTreeRoot" in pdf
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"/FontFile" in pdf


@pytest.mark.parametrize("name", ["Ελληνική Εταιρεία", "Завод Пётр", "Ördög Kft. ąęłńśźż şğıİ", "عربية", "≥ ± − × µ"])
def test_letters_of_europe_need_no_other_font(name):
    assert pdf_writer.compiled(as_data(made_of(Paragraph(name))), system_fonts=False)


def test_letters_that_no_font_has_are_spelled_out_with_a_note_and_stay_letters_in_the_other_files(monkeypatch):
    """On a machine without fonts of its own; where one has the letters they are set with it."""
    tried = []
    compile_ = pdf_writer.compiled

    def without_fonts_of_its_own(data, system_fonts):
        tried.append(data)
        return compile_(data, False)

    monkeypatch.setattr(pdf_writer, "compiled", without_fonts_of_its_own)
    document = made_of(Paragraph("Partner 中外製薬, Tokyo"))
    assert as_pdf(document)
    blocks = tried[-1]["sections"][0]["blocks"]
    assert blocks[0]["text"] == "Partner ‹U+4E2D U+5916 U+88FD U+85AC›, Tokyo"
    assert "printed as their Unicode numbers" in blocks[-1]["text"]
    assert "中外製薬" in as_docx_xml(document)


@pytest.mark.parametrize(
    "text", ['#import "/etc/passwd"', "$x$ *b* _i_ \\ `raw` <label> @ref // no", "a\x00b", "x" * 3_000, "\u202e txt", "</w:t>&amp;"]
)
@pytest.mark.parametrize("form", WRITERS)
def test_no_text_is_taken_for_source(form, text):
    assert WRITERS[form](made_of(Paragraph(text), Facts(((text, text),)), Table(text, (text,), ((text,),))))


def comparison(count):
    field = real_catalogue()
    advice = advise(
        replace(
            PROGRAM,
            countries=("US", "JP"),
            preferences={"size": "large", "focus": "specialist", "biomarkers": "deep"},
            priorities={**PROGRAM.priorities, "ai": 5},
        ),
        field,
    )
    first = [match for ranking in advice.rankings for match in ranking.matches(0, 4)][:count]
    return case(
        advice=advice, shortlist=tuple(Shortlisted(m.vendor, m.name, "considering", "Because of this and that. " * 40) for m in first)
    )


@pytest.mark.parametrize("count", [0, 1, 5])
def test_the_comparison_is_one_page(count):
    made = comparison(count)
    assert pages(as_pdf(shortlist_comparison(made, stamp(made, "Draft")))) == 1


def test_the_comparison_is_one_page_for_a_program_that_needs_much():
    services = [
        "formulation",
        "oral-solid-dose",
        "process-development",
        "analytical-development",
        "small-molecule-api",
        "packaging",
        "clinical-operations",
        "data-management",
        "biostatistics",
        "regulatory-affairs",
        "pharmacovigilance",
        "medical-writing",
        "bioanalysis",
        "toxicology",
        "first-in-human",
    ]
    made = replace(comparison(5), advice=advise(replace(PROGRAM, services=tuple(services), countries=("US", "JP")), real_catalogue()))
    assert pages(as_pdf(shortlist_comparison(made, stamp(made, "Draft")))) == 1


def test_the_comparison_names_those_that_it_has_no_room_for():
    made = comparison(7)
    document = shortlist_comparison(made, stamp(made, "Draft"))
    left = [entry.name for entry in made.shortlist[5:]]
    text = "\n".join(line for _, block in document.walk() for line in texts(block))
    assert f"and not on this page: {left[0]} and {left[1]}" in text


def test_a_vendor_that_left_the_catalogue_is_named():
    made = case(shortlist=(Shortlisted("gone", "Gone Ltd", "considering"),), advice=advise(PROGRAM, catalogue(vendor("makers"))))
    text = "\n".join(line for _, block in shortlist_comparison(made, stamp(made, "Draft")).walk() for line in texts(block))
    assert "Gone Ltd" in text
