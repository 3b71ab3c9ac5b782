"""Decision records: drafts, frozen for good, corrected by pointing back; files known again."""

import io

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from docx import Document as open_docx
from openpyxl import load_workbook

from advisor import records, versions
from advisor.documents.content import Document
from advisor.documents.decision import decision_record
from advisor.export import as_dict
from advisor.gathering import NothingToDocument, case_of, vendor_file
from advisor.models import DecisionRecord, IssuedFile, NeverChanged, Program
from tests.engine.builders import VOCABULARY, profile, vendor
from tests.vendors.records import record, source
from vendors.models import Vendor

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(desk):
    origins = {"stage": {"from": "registry", "trial": "NCT01234567", "field": "phases", "read": "PHASE1"}, "services": {"from": "typed"}}
    made = versions.new_program(profile(name="ZX-1", services=["formulation", "oral-solid-dose"]), origins=origins)
    entry = {"vendor": "makers", "vendor_name": "Makers", "status": "chosen", "reason": "A free slot."}
    made.shortlist.create(**entry, position=1, first_contacted_at=timezone.now())
    return made


def frozen(program, corrects=None, **entries):
    draft = records.start(program, corrects)
    draft.entries, draft.correction_reason = entries, "A wrong date." if corrects else ""
    draft.save()
    return records.freeze(draft, timezone.now())


def test_a_source_of_one_value_stands_at_the_list_that_holds_it():
    about, news = source(supports=["name"]), source(url="https://alpina.example/news", supports=["services:bioanalysis"])
    file = vendor_file(record(sources=[about, news], services=["bioanalysis"]), VOCABULARY, "")
    assert [fact.sources for fact in file.facts if fact.label.startswith("Services")] == [(2,)]


def test_the_case_holds_what_the_database_does(program):
    case = case_of(program, timezone.now())
    intake = {answer.label: (answer.value, answer.origin) for answer in case.intake}
    assert intake["Stages"] == ("phase 1", "registry: NCT01234567, phases: PHASE1")
    assert intake["Needed from partners"] == ("Formulation development; Oral solid dose", "typed")
    assert intake["Modality"] == ("Small molecule", "not recorded")
    assert [(entry.name, entry.status, entry.reason) for entry in case.shortlist] == [("Makers", "chosen", "A free slot.")]
    assert case.first_contact > case.version.saved_at
    assert {fact.label: fact.value for fact in case.files["makers"].facts}["Services"] == "Formulation development | Oral solid dose"
    assert case.files["makers"].sources[0].address == "https://example.org/"
    assert [(duty.service, duty.transferred) for duty in case.duties] == [("Formulation development", False), ("Oral solid dose", False)]
    assert program.token not in decision_record(case).canonical


def test_a_fact_is_tied_to_the_sources_that_show_it(add_vendors, guide_rows):
    source = {"url": "https://example.org/", "title": "A page", "publisher": "Example", "published": None, "supports": ["services"]}
    add_vendors(vendor("makers", services=["formulation"], stages=["phase-1"], sources=[source]))
    made = versions.new_program(profile(services=["formulation"]))
    facts = {fact.label: fact.sources for fact in case_of(made, timezone.now()).files["makers"].facts}
    assert (facts["Services"], facts["Stages"]) == ((1,), ())


def test_without_a_version_there_is_nothing_to_document(desk):
    with pytest.raises(NothingToDocument):
        case_of(Program.objects.create(), timezone.now())


def test_a_frozen_record_says_what_it_said_and_gives_its_hash(program):
    record = frozen(program, mitigations="A second source.")
    stored = DecisionRecord.objects.get()
    assert stored.content
    assert (stored.number, stored.sha256) == (1, Document.from_dict(stored.content).digest)
    assert "A second source." in str(stored.content)
    assert stored.sha256 == record.sha256


def test_a_frozen_record_is_never_changed(program):
    record = frozen(program)
    record.entries = {"dissent": "None, we now say."}
    with pytest.raises(NeverChanged):
        record.save()
    with pytest.raises(NeverChanged):
        DecisionRecord.objects.filter(pk=record.pk).update(sha256="0" * 64)


@pytest.mark.parametrize("column", ["content = NULL", "sha256 = 'x'", "number = 9", "entries = '{}'", "frozen_at = NULL"])
def test_the_database_itself_refuses_to_change_it(program, column):
    frozen(program)
    with pytest.raises(DatabaseError, match="frozen record is never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE advisor_decisionrecord SET {column}")  # noqa: S608


def test_a_correction_points_back_and_the_old_one_says_so(program):
    first = frozen(program, mitigations="A second source.")
    second = frozen(program, corrects=first)
    assert (second.number, second.corrects, first.corrected_by) == (2, first, second)
    text = str(second.content)
    assert "record 1: A wrong date." in text
    assert first.sha256 in text


def test_a_correction_begins_with_what_was_said(program):
    first = frozen(program, mitigations="A second source.")
    assert records.start(program, first).entries == {"mitigations": "A second source."}


def test_a_record_is_not_frozen_over_a_catalogue_that_moved(program, add_vendors):
    draft = records.start(program)
    add_vendors(vendor("newcomer", services=["formulation"]))
    with pytest.raises(records.CatalogueMoved):
        records.freeze(draft, timezone.now())
    assert records.draft_of(program) == draft


def test_deleting_the_program_deletes_its_records_and_leaves_no_trace(program):
    first = frozen(program)
    frozen(program, corrects=first)
    records.issue(program, decision_record(case_of(program, timezone.now())), "pdf", 1)
    program.delete()
    assert not DecisionRecord.objects.exists()
    assert not IssuedFile.objects.exists()


def test_a_program_is_exported_with_its_records(program):
    frozen(program)
    assert as_dict(program)["records"][0]["number"] == 1


# Known again


def issued(program, form, record=None):
    record = record or frozen(program, mitigations="A second source.")
    assert record.content
    return records.issue(program, Document.from_dict(record.content), form, 1, record)


def saved(file):
    buffer = io.BytesIO()
    file.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("form", ["pdf", "docx", "xlsx"])
def test_a_file_as_it_was_handed_out_is_confirmed_byte_for_byte(program, form):
    verdict = records.verify(issued(program, form))
    assert verdict.outcome == "confirmed"
    assert "Byte for byte" in verdict.lines[1]
    assert "The stored record 1 gives the same hash." in verdict.lines


def test_handing_the_same_file_out_twice_leaves_one_row(program):
    record = frozen(program)
    assert issued(program, "pdf", record) == issued(program, "pdf", record)
    assert IssuedFile.objects.count() == 1


def test_a_file_saved_again_is_confirmed_by_its_text_and_no_further(program):
    record = frozen(program)
    for form, opened in (("docx", open_docx), ("xlsx", load_workbook)):
        again = saved(opened(io.BytesIO(issued(program, form, record))))
        verdict = records.verify(again)
        assert verdict.outcome == "confirmed"
        assert "neither layout nor formatting" in verdict.lines[1]


def test_a_changed_word_is_found_and_shown(program):
    file = open_docx(io.BytesIO(issued(program, "docx")))
    cell = next(cell for table in file.tables for row in table.rows for cell in row.cells if cell.text == "A second source.")
    cell.paragraphs[0].runs[0].text = "No risk."
    verdict = records.verify(saved(file))
    assert verdict.outcome == "changed"
    assert verdict.lines[2:] == ("Not there any more: A second source.", "Not written by this portal: No risk.")


def test_a_changed_figure_of_a_workbook_is_found(program):
    book = load_workbook(io.BytesIO(issued(program, "xlsx")))
    cell = next(cell for row in book["Long list"].iter_rows() for cell in row if isinstance(cell.value, (int, float)) and cell.value > 10)
    cell.value = 99.9
    verdict = records.verify(saved(book))
    assert verdict.outcome == "changed"
    assert any("99.9" in line for line in verdict.lines)


def test_a_changed_byte_of_a_pdf_is_found(program):
    data = issued(program, "pdf")
    middle = len(data) // 2
    verdict = records.verify(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
    assert verdict.outcome == "changed"
    assert "byte for byte" in verdict.lines[1]


def test_a_changed_word_of_a_file_that_was_no_record_is_found_too(program):
    document = decision_record(case_of(program, timezone.now()))
    file = open_docx(io.BytesIO(records.issue(program, document, "docx", 1)))
    file.paragraphs[0].runs[0].text = "Another title"
    assert records.verify(saved(file)).outcome == "changed"


def test_a_file_with_something_added_that_hides_is_changed(program):
    file = open_docx(io.BytesIO(issued(program, "docx")))
    file.paragraphs[0].runs[0].font.strike = True
    verdict = records.verify(saved(file))
    assert (verdict.outcome, "struck text" in verdict.lines[1]) == ("changed", True)


def test_a_stranger_is_unknown(program, desk):
    elsewhere = decision_record(case_of(program, timezone.now()))
    assert records.verify(records.WRITERS["pdf"][0](elsewhere)).outcome == "unknown"
    assert records.verify(records.WRITERS["docx"][0](elsewhere)).outcome == "unknown"


def test_a_corrected_record_is_confirmed_and_said_to_be_corrected(program):
    first = frozen(program)
    data = issued(program, "pdf", first)
    frozen(program, corrects=first)
    verdict = records.verify(data)
    assert verdict.outcome == "confirmed"
    assert verdict.lines[-1] == "It was corrected by record 2: A wrong date."


@pytest.mark.parametrize("make, code, head", [
    (lambda data: data, 0, "CONFIRMED"), (lambda data: data + b"x", 1, "CHANGED"), (lambda data: b"hello", 2, "UNKNOWN"),
])  # fmt: skip
def test_the_command_says_it_and_exits_with_it(program, tmp_path, capsys, make, code, head):
    path = tmp_path / "file"
    path.write_bytes(make(issued(program, "pdf")))
    with pytest.raises(SystemExit) as done:
        call_command("verify_record", str(path))
    assert done.value.code == code
    assert capsys.readouterr().out.startswith(head)


def test_a_vendor_taken_out_of_the_catalogue_stays_in_the_record_by_name(program):
    program.shortlist.create(vendor="gone", vendor_name="Gone Ltd", position=2)
    Vendor.objects.filter(slug="gone").delete()
    assert "Gone Ltd" in decision_record(case_of(program, timezone.now())).canonical
