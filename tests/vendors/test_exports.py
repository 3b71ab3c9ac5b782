"""What leaves the portal as a file: all of what was asked for and no more, with its sources, and nothing that a spreadsheet would run."""

import csv
import io
import re

import openpyxl
import pytest

from tests.vendors.records import ai, record, source, store, store_vocabulary
from vendors import exports
from vendors.models import FACTS

pytestmark = pytest.mark.django_db
LIST = "/vendors/export"
COMPARISON = "/vendors/compare"


def fetch(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, address
    return response


def read_csv(response):
    """The sheets of a CSV file, each as its rows."""
    content = b"".join(response.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    sheets: list[list[list[str]]] = [[]]
    for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
        if row:
            sheets[-1].append(row)
        else:
            sheets.append([])
    return sheets


def read_xlsx(response):
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return [[["" if cell.value is None else cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book]


def workbook(*sheets):
    with exports.as_xlsx(sheets) as file:
        return openpyxl.load_workbook(io.BytesIO(file.read()))


def by_heading(sheet):
    return [dict(zip(sheet[0], row, strict=True)) for row in sheet[1:]]


READERS = pytest.mark.parametrize("form, read", [("csv", read_csv), ("xlsx", read_xlsx)])
RICH = {
    "name": "Zürich Labs",
    "slug": "zurich-labs",
    "aliases": ["Züri", "ZL"],
    "parent": "Holding; and more",
    "services": ["biostatistics", "bioanalysis"],
    "modalities": ["small-molecule"],
    "sites": [{"city": "Bern", "country": "CH", "what": "laboratory; store"}, {"city": "Bonn", "country": "DE", "what": ""}],
    "ai": ai(level="applied", uses=["trial-design-and-feasibility"], note="A note.", sources=[1], checked_on="2026-11-01"),
    "sources": [
        source(published="2024-05", supports=["services", "founded"]),
        source(url="https://news.example/2?a=1&b=2", title='A "quoted", title', supports=[], read_on="2026-10-10"),
    ],
}


@READERS
def test_a_list_comes_back_as_it_was_recorded(client, add_vendor, form, read):
    add_vendor(**RICH)
    vendors, sources, about = read(fetch(client, f"{LIST}.{form}"))
    (found,) = by_heading(vendors)
    expected = {
        "Name": "Zürich Labs", "Slug": "zurich-labs", "Other names": "Züri | ZL", "Type": "CRO", "Owner": "Holding; and more",
        "Website": "https://alpina.example", "Headquarters: city": "Basel", "Headquarters: country": "Switzerland", "Founded": "1998",
        "Employees, about": "450", "Employees: year": "2025", "Summary": "Runs early trials.",
        "Services": "Bioanalysis | Biostatistics and programming", "Stages": "Phase 1", "Therapeutic areas": "Oncology",
        "Modalities": "Small molecule", "Accreditations and inspections": found["Accreditations and inspections"],
        "Sites": "Bern, Switzerland (laboratory; store) | Bonn, Germany", "AI level": "Applied",
        "AI used for": found["AI used for"], "AI note": "A note.", "AI checked on": "2026-11-01",
        "Sources": "2", "Checked on": "2026-11-22",
    }  # fmt: skip
    assert {heading: str(value) for heading, value in found.items()} == expected
    assert found["AI used for"]
    assert [list(map(str, row)) for row in sources[1:]] == [
        ["Zürich Labs", "zurich-labs", "1", "Founded | Services", "About us", "Alpina", "2024-05", "2026-11-22", "https://alpina.example/about"],
        ["Zürich Labs", "zurich-labs", "2", "AI level", 'A "quoted", title', "Alpina", "", "2026-10-10", "https://news.example/2?a=1&b=2"],
    ]  # fmt: skip
    notes = {row[0]: row[1] for row in about}
    assert re.fullmatch(r"[0-9a-f]{12}", notes["Catalogue version"])
    assert notes["Filter"] == "none"
    assert "never means no" in notes["Empty cells"]


def test_every_fact_of_a_record_has_a_column():
    headings = " ".join(heading for heading, _ in exports.COLUMNS)
    words = {"name": "Name", "hq": "Headquarters", "ai": "AI level"}
    assert [fact for fact in FACTS if words.get(fact, FACTS[fact]) not in headings] == []


@READERS
def test_what_is_not_known_is_an_empty_cell(client, add_vendor, form, read):
    add_vendor(founded=None, employees=None, hq=None, parent=None, summary="", services=[], stages=[])
    (found,) = by_heading(read(fetch(client, f"{LIST}.{form}"))[0])
    unknown = ("Founded", "Employees, about", "Employees: year", "Headquarters: city", "Headquarters: country", "Owner", "Summary")
    assert {found[heading] for heading in (*unknown, "Services", "Stages", "AI level", "AI checked on")} == {""}


@READERS
def test_a_file_holds_what_the_filters_leave_in_the_order_of_the_list(client, add_vendor, form, read):
    add_vendor(name="Alpha", verified_on="2026-01-01")
    add_vendor(name="Beta", verified_on="2026-03-01")
    add_vendor(name="Pills", type="CMO")
    add_vendor(name="Draft", status="draft")
    sheets = read(fetch(client, f"{LIST}.{form}?type=CRO&sort=verified"))
    assert [row[0] for row in sheets[0][1:]] == ["Beta", "Alpha"]
    assert {row[0] for row in sheets[1][1:]} == {"Alpha", "Beta"}
    assert ["Filter", "Type: CRO"] in [row[:2] for row in sheets[2]]
    assert ["Address", "http://testserver/vendors/?type=CRO&sort=verified"] in [row[:2] for row in sheets[2]]


@READERS
def test_a_file_holds_all_pages(client, db, form, read):
    store_vocabulary()
    store(*(record(name=f"Vendor {number:02}") for number in range(40)))
    assert len(read(fetch(client, f"{LIST}.{form}?page=2"))[0]) == 41


@READERS
@pytest.mark.parametrize("query", ["type=cro", "services=nonsense", "colour=red", "page=x"])
def test_an_address_that_cannot_be_read_gives_no_file(client, add_vendor, form, read, query):
    add_vendor()
    response = fetch(client, f"{LIST}.{form}?{query}", status=422)
    assert "This address can’t be read" in response.content.decode()
    assert "Alpina" not in response.content.decode()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"])
def test_csv_keeps_a_spreadsheet_from_running_a_value(start):
    sheet = exports.Sheet("S", [f"{start}1+1"], [[f"{start}cmd|' /C calc'!A0", 5, None, "plain - text = here"]])
    written = b"".join(exports.as_csv([sheet])).decode("utf-8-sig")
    (heading,), row = list(csv.reader(io.StringIO(written, newline="")))
    assert heading == f"'{start}1+1"
    assert row == [f"'{start}cmd|' /C calc'!A0", "5", "", "plain - text = here"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_workbook_holds_such_a_value_as_text_and_unchanged(start):
    value = f"{start}SUM(1,2)"
    book = workbook(exports.Sheet("S", [value], [[value, 5]]))
    heading, cell = book["S"]["A1"], book["S"]["A2"]
    assert [(c.value, c.data_type, c.quotePrefix) for c in (heading, cell)] == [(value, "s", True)] * 2
    assert book["S"]["B2"].value == 5


def test_a_formula_in_a_record_stays_text_on_its_way_out(client, add_vendor):
    add_vendor(name="=HYPERLINK(1)", slug="sly", summary="@SUM(1)", sources=[source(title="+1")])
    vendors, sources, _ = read_csv(fetch(client, f"{LIST}.csv"))
    assert vendors[1][0] == "'=HYPERLINK(1)"
    assert sources[1][4] == "'+1"
    comparison, *_ = read_csv(fetch(client, f"{COMPARISON}.csv?v=sly"))
    assert "'=HYPERLINK(1)" in comparison[0]


def test_a_control_character_does_not_spoil_the_workbook():
    book = workbook(exports.Sheet("S", ["a"], [["x\x0by"]]))
    assert book["S"]["A2"].value == "x\N{REPLACEMENT CHARACTER}y"


@READERS
def test_the_file_is_named_after_the_catalogue_and_left_alone_by_robots(client, add_vendor, form, read):
    add_vendor()
    response = fetch(client, f"{LIST}.{form}")
    notes = {row[0]: row[1] for row in read(response)[2]}
    assert response.headers["Content-Disposition"] == f'attachment; filename="crossmatch-vendors-{notes["Catalogue version"]}.{form}"'
    assert response.headers["X-Robots-Tag"] == "noindex"


def test_a_list_too_long_for_a_workbook_is_offered_as_csv(client, add_vendor, monkeypatch):
    monkeypatch.setattr(exports, "XLSX_MOST", 1)
    add_vendor(name="Alpha")
    add_vendor(name="Beta")
    page = fetch(client, f"{LIST}.xlsx?type=CRO", status=422).content.decode()
    assert 'href="/vendors/export.csv?type=CRO"' in page
    assert len(read_csv(fetch(client, f"{LIST}.csv?type=CRO"))[0]) == 3


def test_rows_come_some_at_a_time_and_cost_the_same_each_time(client, add_vendor, monkeypatch, count_queries):
    """Neither the file nor its vendors are ever in memory together."""
    monkeypatch.setattr(exports, "AT_ONCE", 10)
    add_vendor(name="Alpha")

    def pieces_and_queries():
        client.get("/vendors/")  # the snapshot of this catalogue
        with count_queries() as counted:
            pieces = [len(piece) for piece in fetch(client, f"{LIST}.csv").streaming_content]
        return pieces, len(counted)

    few, for_one = pieces_and_queries()
    store(*(record(name=f"Vendor {number:02}") for number in range(29)))
    many, for_thirty = pieces_and_queries()
    assert len(many) > len(few)
    assert max(many) < sum(many) / 3
    per_piece = (for_thirty - for_one) / 2
    assert per_piece == int(per_piece)
    store(*(record(name=f"More {number:02}") for number in range(30)))
    assert pieces_and_queries()[1] == for_thirty + 3 * per_piece


@READERS
def test_a_comparison_leaves_as_it_stands(client, add_vendor, form, read):
    add_vendor(name="Alpha", founded=1990, services=["biostatistics"], sources=[source(supports=["founded", "services"])])
    add_vendor(name="Beta", founded=None, services=["clinical-operations"], type="CRO")
    comparison, sources, about = read(fetch(client, f"{COMPARISON}.{form}?v=beta&v=alpha"))
    assert comparison[0] == ["", "Fact", "Compared", "Beta", "Sources of Beta", "Alpha", "Sources of Alpha"]
    rows = {row[1]: [str(value) for value in row[2:]] for row in comparison[1:]}
    assert rows["Founded"] == ["not known of all", "", "", "1990", "1"]
    assert rows["Biostatistics and programming"] == ["not known of all", "not known", "", "shown", "1"]
    assert [row[0] for row in sources[1:]] == ["Beta", "Alpha"]
    assert ["Address", "http://testserver/vendors/compare/?v=beta&v=alpha"] in [row[:2] for row in about]
    fewer, *_ = read(fetch(client, f"{COMPARISON}.{form}?v=beta&v=alpha&only=differences"))
    assert "Founded" in {row[1] for row in fewer}
    assert len(fewer) < len(comparison)


@READERS
@pytest.mark.parametrize("query", ["", "?v=nobody", "?v=alpina-clinical&v=nobody", "?v=a&v=b&v=c&v=d&v=e&v=f"])
def test_a_comparison_of_nobody_knows_no_file(client, add_vendor, form, read, query):
    add_vendor()
    assert fetch(client, f"{COMPARISON}.{form}{query}", status=422).headers["Content-Type"].startswith("text/html")
