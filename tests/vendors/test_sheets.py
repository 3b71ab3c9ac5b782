"""Records as sheets: what goes out comes back, and what is wrong is named by sheet, row and column."""

import csv
import datetime as dt
import io
import zipfile
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from tests.vendors.records import REAL_FILES, REAL_VOCABULARY, ai, record, source, store, store_vocabulary
from vendors import facts, sheets
from vendors.cells import FORMULA_STARTS, guarded, unguarded
from vendors.differences import Words
from vendors.models import Vendor
from vendors.vocabulary import stored_vocabulary

FORMS = pytest.mark.parametrize("form", sheets.FORMS)


@pytest.fixture
def small_vocabulary(db):
    store_vocabulary()


def workbook(**pages):
    """A workbook whose sheets have these rows."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in pages.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def planned(content, form=sheets.XLSX):
    return facts.complete(facts.plan(sheets.read(content, form)))


def changes(plan):
    """What the first row would change: key, before and after in words."""
    row = plan.rows[0]
    return [(each.key, each.before, each.after) for each in Words(plan.vocabulary).differences(row.stored, row.known_after)]


def said(plan):
    return [(problem.where, problem.value, problem.message) for problem in plan.problems]


@FORMS
def test_the_whole_real_catalogue_comes_back_as_it_went_out(form, db):
    store_vocabulary(REAL_VOCABULARY)
    for file in REAL_FILES:
        assert not facts.load_file(file).problems
    dumped = list(facts.dump(Vendor.objects.all()))
    content = sheets.write(dumped, form)
    entries = sheets.read(content, form)
    assert [entry.record for entry in entries] == dumped
    assert not [problem for entry in entries for problem in entry.problems]
    Vendor.objects.all().delete()
    assert facts.load(entries).created == len(dumped) > 200
    assert list(facts.dump(Vendor.objects.all())) == dumped


TRICKY = record(
    name="=cmd|' /C calc'!A0", slug="tricky", aliases=["a|b", "c\\", "| d", "'=e", "''+f", "@g", "-1", "\\|"], parent="+49 Holding",
    summary="@first\r\nsecond, with \"quotes\"; and\ttab\n-third", hq={"city": "", "country": "CH"}, founded=None, employees=None,
    sites=[{"city": "-Basel", "country": "CH", "what": "'=1"}, {"city": "1998", "country": "US", "what": "#1"}],
    sources=[source(title="=HYPERLINK(1)", read_on="2026-01-02"), source(url="https://b.example", supports=[])],
    ai=ai(level="applied", uses=["manufacturing-and-quality"], note="=x", sources=[1], checked_on="2026-02-03"), status="draft",
)  # fmt: skip


@FORMS
def test_successor_and_former_addresses_come_back_and_an_empty_cell_takes_them_away(form, small_vocabulary):
    gone = record(name="Gone", status="archived", successor="alpina-clinical", former_slugs=["went", "before"])
    store(record(), gone)
    dumped = list(facts.dump(Vendor.objects.all()))
    entries = sheets.read(sheets.write(dumped, form), form)
    assert [entry.record for entry in entries] == dumped
    assert {row.state for row in facts.plan(entries).rows} == {"unchanged"}
    [entry] = sheets.read(b"slug,successor,former_slugs,status\ngone,,,\n", sheets.CSV)
    assert changes(facts.plan([entry])) == [("successor", "alpina-clinical", ""), ("former_slugs", "before; went", "")]


@FORMS
def test_what_a_spreadsheet_would_run_or_change_comes_back_as_it_went_out(form, small_vocabulary):
    [entry] = sheets.read(sheets.write([TRICKY], form), form)
    assert entry.record == TRICKY
    assert facts.load([entry]).created == 1


def test_no_cell_of_a_csv_file_begins_a_formula():
    content = sheets.write([TRICKY], sheets.CSV).decode("utf-8-sig")
    cells = [cell for row in csv.reader(StringIO(content, newline="")) for cell in row]
    assert "'=cmd|' /C calc'!A0" in cells
    assert not [cell for cell in cells if cell.startswith(FORMULA_STARTS)]


def test_no_cell_of_a_workbook_is_a_formula():
    book = load_workbook(io.BytesIO(sheets.write([TRICKY], sheets.XLSX)))
    cells = [cell for page in book for row in page for cell in row if cell.value]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert all(cell.quotePrefix for cell in cells if str(cell.value).startswith(FORMULA_STARTS))


@settings(max_examples=200)
@given(st.text())
def test_every_text_is_given_back_by_what_guards_it(text):
    assert unguarded(str(guarded(text))) == text
    assert not str(guarded(text)).startswith(FORMULA_STARTS)


@settings(max_examples=200)
@given(st.lists(st.text(alphabet="ab|\\ ,;'\n", min_size=1).map(str.strip).filter(bool)))
def test_every_list_is_given_back_by_what_joins_it(values):
    assert sheets.split(sheets.joined(values)) == values


@FORMS
def test_a_file_that_was_filled_into_the_template_is_read(form, small_vocabulary):
    content = sheets.template(form, stored_vocabulary())
    assert sheets.read(content, form) == []
    if form == sheets.XLSX:
        book = load_workbook(io.BytesIO(content))
        for title, rows in {sheet.title: sheet.rows for sheet in sheets.sheets_of([record()])}.items():
            for row in rows:
                book[title].append(row)
        file = io.BytesIO()
        book.save(file)
        [entry] = sheets.read(file.getvalue(), form)
        assert entry.record == record()


def test_the_template_offers_the_values_of_every_closed_list(small_vocabulary):
    book = load_workbook(io.BytesIO(sheets.template(sheets.XLSX, stored_vocabulary())))
    for title, columns in sheets.SHEETS.items():
        offered = {str(rule.sqref): rule.formula1 for rule in book[title].data_validations.dataValidation}
        places = {name: number for number, name in enumerate(columns)}
        closed = {"type", "hq_country", "country", "status", "ai_level", *facts.LIST_KEYS, "ai_uses", "supports"} & columns.keys()
        for name in closed:
            assert any(cells.startswith(f"{chr(65 + places[name])}3:") for cells in offered), name
    found = [cell.value for row in book["lists"] for cell in row]
    assert {"clinical-operations", "CH", "Switzerland", "none-disclosed"} <= set(found)


def test_terms_may_be_written_by_name_and_days_and_numbers_as_a_spreadsheet_has_them(small_vocabulary):
    header = ["Slug", "name", "type", "hq_country", "services", "founded", "verified_on"]
    row = ["alpina", "Alpina", "CRO", "switzerland", "Clinical operations and monitoring | bioanalysis", 1998.0, dt.date(2026, 1, 2)]
    sources = [list(sheets.SOURCES), ["alpina", "https://a.example", "A", "A", 2024, None, "name | services", "x"]]
    [entry] = sheets.read(workbook(vendors=[header, row], sources=sources), sheets.XLSX)
    found = entry.record or {}
    assert found["hq"] == {"city": "", "country": "CH"}
    assert (found["services"], found["founded"], found["verified_on"]) == (["clinical-operations", "bioanalysis"], 1998, "2026-01-02")
    assert found["sources"][0]["published"] == "2024"
    assert found["ai"]["sources"] == [0]


def test_what_a_file_does_not_have_stays_as_it_is_stored(small_vocabulary):
    store(record(name="Alpha", employees={"about": 5, "as_of": 2020}), record(name="Beta"))
    plan = planned(b"slug;verified_on;employees\nalpha;2026-10-01;7\n\n", sheets.CSV)
    assert changes(plan) == [("employees", "about 5 in 2020", "about 7 in 2020"), ("verified_on", "2026-11-22", "2026-10-01")]
    [row] = planned(b"slug,name,parent\nalpha,Alpha,\n", sheets.CSV).rows
    assert row.state == "unchanged"


def test_a_value_that_is_wrong_is_named_by_sheet_row_and_column(small_vocabulary):
    vendors: list[list] = [list(sheets.VENDORS), ["# remark"], *(sheets.vendor_row(record(name=name)) for name in ("Alpha", "Beta"))]
    vendors[3][list(sheets.VENDORS).index("founded")] = "about 1998"
    sites = [list(sheets.SITES), ["alpha", "Basel", "CH", ""], [], ["alpha", "Genf", "Swizerland", ""], ["gamma", "Bonn", "DE", ""]]
    sources: list[list] = [list(sheets.SOURCES), *(next(sheets.source_rows(record(name=name))) for name in ("Alpha", "Beta"))]
    sources[2][4] = "May 2024"
    plan = planned(workbook(vendors=vendors, sites=sites, sources=sources))
    assert said(plan) == [
        ("sheet sites, row 4, column country", "Swizerland", "Not in the vocabulary; the nearest is Switzerland (CH)."),
        ("sheet vendors, row 4, column founded", "about 1998", "Write a whole number without a separator, or leave the cell empty."),
        ("sheet sources, row 3, column published", "May 2024", "Write YYYY-MM-DD, YYYY-MM or YYYY."),
        ("sheet sites, row 5, column vendor", "gamma", "No row of vendors has this slug; the nearest is alpha."),
    ]
    assert [row.state for row in plan.rows] == ["refused", "refused", "refused"]


def test_a_formula_is_refused_and_the_other_rows_are_read_all_the_same(small_vocabulary):
    store(record(name="Alpha"), record(name="Beta"))
    plan = planned(workbook(vendors=[["slug", "founded", "name"], ["alpha", "=1000+998", "Alpha"], ["beta", 1990, "Beta"]]))
    assert [row.state for row in plan.rows] == ["refused", "changed"]
    [(where, value, message)] = said(plan)
    assert (where, value) == ("sheet vendors, row 2, column founded", "=1000+998")
    assert "formula" in message


@pytest.mark.parametrize(
    "header,said_of_it",
    [
        (["slug", "nam"], "There is no such column; the nearest is name."),
        (["slug", "name", "name"], "The column is there twice."),
        (["name", "type"], "The column is missing"),
    ],
)
def test_a_heading_that_is_wrong_is_refused_before_any_value(header, said_of_it, small_vocabulary):
    [(where, _, message)] = said(planned(workbook(vendors=[header, ["a", "b", "c"][: len(header)]])))
    assert where == "sheet vendors, row 1"
    assert message.startswith(said_of_it)


def test_a_value_under_no_heading_is_refused_rather_than_lost(small_vocabulary):
    store(record(name="Alpha"))
    [(where, value, message)] = said(planned(b"slug,name\nalpha,Alpha,more\n", sheets.CSV))
    assert (where, value, message) == ("table vendors, row 2, column column C", "more", "The column has no heading.")


def bomb():
    """A workbook of some kilobytes whose sheet unpacks to far more than is read."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(vendors=[["slug"]]))) as good, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in good.infolist():
            content = good.read(part)
            if part.filename.endswith("sheet1.xml"):
                content += b" " * (sheets.UNPACKED_MOST + 1)
            packed.writestr(part.filename, content)
    return file.getvalue()


def packed(**parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, text in parts.items():
            made.writestr(name, text)
    return file.getvalue()


UNREADABLE = {
    "a workbook that unpacks to too much": (bomb, sheets.XLSX, "unpacks to more than 200 MB"),
    "a packed file that is no workbook": (lambda: packed(a="b"), sheets.XLSX, "no workbook"),
    "a text under the name of a workbook": (lambda: b"slug,name\n", sheets.XLSX, "can't be read"),
    "half a workbook": (lambda: workbook(vendors=[["slug"]])[:2000], sheets.XLSX, "can't be read"),
    "a sheet that is none of ours": (lambda: workbook(Tabelle1=[["slug"]]), sheets.XLSX, "no sheet 'Tabelle1'"),
    "a workbook without vendors": (lambda: workbook(sites=[list(sheets.SITES)]), sheets.XLSX, "no sheet vendors"),
    "too many columns": (lambda: workbook(vendors=[[f"c{n}" for n in range(200)]]), sheets.XLSX, "more than 100 columns"),
    "a text that is no table": (lambda: b"Dear all,\nhere are the vendors\n", sheets.CSV, "no header of ours"),
    "another encoding": (lambda: "slug,name\na,Zürich\n".encode("latin-1"), sheets.CSV, "UTF-8"),
    "a quote that never ends": (lambda: b'slug,name\na,"Alpha\n', sheets.CSV, "Not readable as CSV"),
    "nothing": (lambda: b"", sheets.CSV, "no sheet vendors"),
}


@pytest.mark.parametrize("content,form,message", UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_is_none_of_ours_is_refused_in_words(content, form, message, small_vocabulary):
    with pytest.raises(sheets.Unreadable, match=message):
        sheets.read(content(), form)


def test_a_text_longer_than_a_cell_is_never_cut_off():
    with pytest.raises(ValueError, match="alpina-clinical: summary has 40,000 characters"):
        sheets.write([record(summary="x" * 40_000)], sheets.XLSX)


@FORMS
def test_the_commands_write_and_read_sheets(form, small_vocabulary, tmp_path):
    store(record(name="Alpha"), TRICKY)
    before = list(facts.dump(Vendor.objects.all()))
    file = tmp_path / f"vendors.{form}"
    with file.open("w", encoding="utf-8") as out:
        call_command("dump_vendors", format=form, stdout=out)
    Vendor.objects.all().delete()
    said = StringIO()
    call_command("load_vendors", file, stdout=said)
    assert said.getvalue() == f"{file}: 2 new, 0 changed, 0 unchanged\n"
    assert list(facts.dump(Vendor.objects.all())) == before


def test_the_command_names_sheet_row_and_column_and_loads_nothing(small_vocabulary, tmp_path):
    file = tmp_path / "vendors.csv"
    file.write_bytes(sheets.write([record(name="Alpha"), record(name="Beta", type="CDM")], sheets.CSV))
    err = StringIO()
    with pytest.raises(CommandError):
        call_command("load_vendors", file, stderr=err)
    assert err.getvalue() == f'{file}: table vendors, row 3, column type: beta: "CDM": Write CRO, CMO or CDMO; the nearest is CDMO.\n'
    assert not Vendor.objects.exists()
