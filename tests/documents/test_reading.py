"""What a file says is read back whole: a word changed, hidden or added shows, and saving it again does not."""

import io
import zipfile

import pytest
from docx import Document as open_docx
from openpyxl import load_workbook

from advisor.documents.archive import Unreadable
from advisor.documents.as_docx import as_docx
from advisor.documents.as_pdf import as_pdf
from advisor.documents.as_xlsx import as_xlsx
from advisor.documents.decision import decision_record
from advisor.documents.reading import read
from tests.documents.cases import case

DOCUMENT = decision_record(case())


@pytest.fixture(scope="module")
def docx():
    return as_docx(DOCUMENT)


@pytest.fixture(scope="module")
def xlsx():
    return as_xlsx(DOCUMENT)


def saved(file):
    buffer = io.BytesIO()
    file.save(buffer)
    return buffer.getvalue()


def replaced(archive, name, old, new):
    """The archive with some bytes of one part changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as before, zipfile.ZipFile(buffer, "w") as after:
        for part in before.namelist():
            content = before.read(part)
            if part == name:
                assert old in content
                content = content.replace(old, new, 1)
            after.writestr(part, content)
    return buffer.getvalue()


def test_every_format_carries_the_hash_of_its_content(docx, xlsx):
    assert {read(data).printed for data in (docx, xlsx, as_pdf(DOCUMENT))} == {DOCUMENT.digest}


def test_saving_again_changes_the_bytes_and_not_the_text(docx, xlsx):
    for data, again in ((docx, saved(open_docx(io.BytesIO(docx)))), (xlsx, saved(load_workbook(io.BytesIO(xlsx))))):
        assert again != data
        assert read(again).digest == read(data).digest
        assert read(again).additions == ()


@pytest.mark.parametrize("old, new", [
    (b"The audit date was wrong.", b"The audit date was right."),
    (b"not recorded", b"recorded"),
    (b"<w:p>", b'<w:p><w:r><w:t>One more sentence.</w:t></w:r></w:p><w:p>'),
])  # fmt: skip
def test_a_changed_word_of_a_docx_shows(docx, old, new):
    assert read(replaced(docx, "word/document.xml", old, new)).digest != read(docx).digest


def test_text_in_the_footer_of_a_docx_is_read_too(docx):
    file = open_docx(io.BytesIO(docx))
    file.sections[0].header.paragraphs[0].text = "Approved by everybody"
    assert read(saved(file)).digest != read(docx).digest


@pytest.mark.parametrize("markup, words", [
    (b"<w:rPr><w:vanish/></w:rPr>", "hidden text"), (b"<w:rPr><w:strike/></w:rPr>", "struck text"),
])  # fmt: skip
def test_hidden_and_struck_text_is_named(docx, markup, words):
    changed = read(replaced(docx, "word/document.xml", b"<w:r><w:t", b"<w:r>" + markup + b"<w:t"))
    assert changed.digest == read(docx).digest
    assert changed.additions == (words,)


def test_a_changed_cell_of_a_workbook_shows(xlsx):
    book = load_workbook(io.BytesIO(xlsx))
    book["Weights"]["B9"].value = 99.0
    assert read(saved(book)).digest != read(xlsx).digest


def test_a_number_shown_as_another_shows(xlsx):
    book = load_workbook(io.BytesIO(xlsx))
    cell = next(cell for row in book["Weights"].iter_rows() for cell in row if isinstance(cell.value, float))
    cell.number_format = '"99.0"'
    assert read(saved(book)).digest != read(xlsx).digest


def test_what_hides_in_a_workbook_is_named(xlsx):
    book = load_workbook(io.BytesIO(xlsx))
    book["Risks"].sheet_state = "hidden"
    book["Gates"].row_dimensions[3].hidden = True
    book["Team"]["J1"] = "=1+1"
    assert set(read(saved(book)).additions) == {"a hidden sheet", "hidden rows or columns", "a formula"}


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04 broken", "Ω".encode() * 100])
def test_a_file_that_is_none_of_them_is_refused_in_words(data):
    with pytest.raises(Unreadable, match=r"no DOCX or XLSX|damaged"):
        read(data)


def test_an_archive_of_something_else_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "a")
    with pytest.raises(Unreadable, match="neither"):
        read(buffer.getvalue())


def test_an_archive_that_would_grow_without_measure_is_not_opened():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * 70_000_000)
    with pytest.raises(Unreadable, match="beyond measure"):
        read(buffer.getvalue())


def test_a_damaged_part_is_refused_in_words(docx):
    with pytest.raises(Unreadable, match="damaged"):
        read(replaced(docx, "word/document.xml", b"<w:body>", b"<w:body"))
