"""The pages of a program's documents: what can be taken and by whom, and what people add."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from advisor import versions
from advisor.models import DecisionRecord, Program
from tests.engine.builders import profile, vendor

pytestmark = pytest.mark.django_db
FILES = [(kind, form) for kind in ("decision-record", "comparison", "responsibilities", "rfi") for form in ("pdf", "docx", "xlsx")]


@pytest.fixture
def program(desk):
    made = versions.new_program(profile(name="ZX-1", services=["formulation", "oral-solid-dose"]))
    made.read_token = "read-this"
    made.save()
    made.shortlist.create(vendor="makers", vendor_name="Makers", position=1, status="chosen")
    return made


def at(name, program, *more, key=None):
    return reverse(f"advisor:{name}", args=[key or program.token, *more])


def test_the_page_lists_files_and_says_that_no_decision_is_on_record(client, program):
    page = client.get(at("documents", program)).content.decode()
    for kind, form in FILES:
        assert at("document", program, kind, form) in page
    assert "No decision is on record yet" in page


@pytest.mark.parametrize("kind, form", FILES)
def test_every_file_can_be_taken_by_the_read_link_and_stored_by_no_cache(client, program, kind, form):
    response = client.get(at("document", program, kind, form, key="read-this"), {"vendor": "makers"} if kind == "rfi" else {})
    assert response.status_code == 200
    assert response.content[:4] == (b"%PDF" if form == "pdf" else b"PK\x03\x04")
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"].startswith("noindex")
    assert response["Content-Disposition"].startswith("attachment")
    assert "ZX-1" not in response["Content-Disposition"]


@pytest.mark.parametrize("address", [
    ("document", "nonsense", "pdf"), ("document", "comparison", "exe"), ("document", "rfi", "pdf"), ("record-file", 1, "pdf"),
    ("record-file", 99999999999999999999, "pdf"),
])  # fmt: skip
def test_what_is_not_there_is_not_found(client, program, address):
    assert client.get(at(address[0], program, *address[1:])).status_code == 404


def test_a_program_without_a_version_has_no_documents_and_says_so(client, desk):
    response = client.get(at("documents", Program.objects.create()))
    assert response.status_code == 409
    assert "no advice here yet" in response.content.decode()


def test_a_program_that_names_what_is_no_more_says_what(client, program):
    gone = {**program.profile, "services": ["phlebotomy"]}
    program.versions.create(number=2, profile=gone, advice={}, catalogue_version="x", software_version="x")
    response = client.get(at("documents", program))
    assert response.status_code == 409
    assert "phlebotomy" in response.content.decode()


@pytest.mark.parametrize("name, more, data", [
    ("record-draft", (), {"do": "save"}), ("record-draft", (), {"do": "freeze"}), ("record-discard", (), {}), ("responsibilities", (), {}),
    ("vendor-answers", (), {}), ("forget-answers", ("makers",), {}), ("record-correct", (1,), {}),
])  # fmt: skip
def test_the_read_link_changes_nothing_and_a_stranger_finds_nothing(client, program, name, more, data):
    assert client.post(at(name, program, *more, key="read-this"), data).status_code == 403
    assert client.post(at(name, program, *more, key="no-such-key"), data).status_code == 404
    assert not DecisionRecord.objects.exists()


@pytest.mark.parametrize("name", ["documents", "responsibilities", "vendor-answers"])
def test_the_read_link_reads_without_a_form_to_send(client, program, name):
    response = client.get(at(name, program, key="read-this"))
    assert response.status_code == 200
    assert "csrfmiddlewaretoken" not in response.content.decode()
    assert program.token not in response.content.decode()


def test_a_draft_is_saved_frozen_and_corrected(client, program):
    client.post(at("record-draft", program), {"do": "save", "mitigations": "A second source.", "approved_on": "2026-11-25"})
    page = client.get(at("record-draft", program)).content.decode()
    assert "A second source." in page
    assert 'value="2026-11-25"' in page
    response = client.post(at("record-draft", program), {"do": "freeze", "mitigations": "A second source.", "author": "R. Ortega"})
    assert response.status_code == 302
    record = DecisionRecord.objects.get()
    assert (record.number, record.frozen) == (1, True)
    assert client.get(at("record-file", program, 1, "pdf", key="read-this")).content.startswith(b"%PDF")
    assert client.post(at("record-correct", program, 1)).status_code == 302
    response = client.post(at("record-draft", program), {"do": "freeze", "author": "R. Ortega"})
    assert response.status_code == 422
    assert "Say why the earlier record is corrected" in response.content.decode()
    client.post(at("record-draft", program), {"do": "freeze", "author": "R. Ortega", "correction_reason": "Forgot the audit."})
    page = client.get(at("documents", program)).content.decode()
    assert "corrects record 1: Forgot the audit." in page
    assert "corrected by record 2" in page
    assert client.post(at("record-correct", program, 1)).status_code == 404


def test_an_override_is_frozen_with_a_reason_only(client, program):
    program.shortlist.update(vendor="quiet-works", vendor_name="Quiet-Works")
    response = client.post(at("record-draft", program), {"do": "freeze", "dissent": "None."})
    assert response.status_code == 422
    assert "does not stand first" in response.content.decode()
    assert "None." in response.content.decode()
    assert client.post(at("record-draft", program), {"do": "freeze", "override_reason": "They know us."}).status_code == 302


def test_a_moved_catalogue_keeps_the_draft_and_says_what_to_do(client, program, add_vendors):
    add_vendors(vendor("newcomer", services=["formulation"]))
    response = client.post(at("record-draft", program), {"do": "freeze", "dissent": "None."})
    assert response.status_code == 409
    assert "Saved, and not frozen" in response.content.decode()
    assert DecisionRecord.objects.get().entries == {"dissent": "None."}
    assert "to freeze a record, save a new version first" in client.get(at("documents", program)).content.decode()


def test_a_draft_can_be_thrown_away_and_a_frozen_record_can_not(client, program):
    client.post(at("record-draft", program), {"do": "freeze"})
    client.post(at("record-draft", program), {"do": "save"})
    client.post(at("record-discard", program))
    assert [record.number for record in DecisionRecord.objects.all()] == [1]


def test_what_is_transferred_is_written_down_and_what_is_not_stays_the_sponsors(client, program):
    first = "formulation.phase-1"
    response = client.post(at("responsibilities", program), {f"{first}-party": "partner", f"{first}-partner": ""})
    assert response.status_code == 422
    assert "Name the partner." in response.content.decode()
    said = {"party": "partner", "partner": "Makers", "obligations": "All of plan FD-3", "agreement": "MSA 4"}
    written = {f"{first}-{name}": value for name, value in said.items()}
    assert client.post(at("responsibilities", program), written).status_code == 302
    page = client.get(at("responsibilities", program, key="read-this")).content.decode()
    assert "Partner: Makers" in page
    assert "Sponsor: not written as transferred" in page
    assert program.duties.count() == 1
    client.post(at("responsibilities", program), {f"{first}-party": ""})
    assert program.duties.count() == 0


def grid(client, program, slug, answers):
    """The grid of one vendor as it is handed out, with answers filled in."""
    book = load_workbook(io.BytesIO(client.get(at("document", program, "rfi", "xlsx"), {"vendor": slug}).content))
    for row in book["This program"].iter_rows():
        if row[0].value in answers:
            row[3].value = answers[row[0].value]
    buffer = io.BytesIO()
    book.save(buffer)
    return SimpleUploadedFile("grid.xlsx", buffer.getvalue())


def test_a_filled_grid_shows_the_new_order_and_leaves_the_catalogue_alone(client, program):
    answers = {"FIT-services-formulation": "yes", "FIT-services-oral-solid-dose": "yes", "FIT-stages-phase-1": "Yes, 4 programs"}
    before = client.get(at("documents", program)).context["case"].advice.catalogue.version
    assert client.post(at("vendor-answers", program), {"grid": grid(client, program, "quiet-works", answers)}).status_code == 302
    response = client.get(at("vendor-answers", program, key="read-this"))
    page = response.content.decode()
    assert "stated by the vendor, not verified" in page
    assert "Yes, 4 programs" in page
    after = response.context["difference"]["after"].advice["matches"]
    assert next(match for match in after if match["vendor"] == "quiet-works")["score"] > 0.5
    assert client.get(at("documents", program)).context["case"].advice.catalogue.version == before
    client.post(at("forget-answers", program, "quiet-works"))
    assert not program.vendor_answers.exists()


def test_a_grid_that_can_not_be_read_is_refused_with_every_problem(client, program):
    wrong = grid(client, program, "quiet-works", {"FIT-services-formulation": "perhaps", "FIT-services-oral-solid-dose": "maybe"})
    response = client.post(at("vendor-answers", program), {"grid": wrong})
    assert response.status_code == 422
    assert response.content.decode().count("begin the answer with yes, no or unknown") >= 2
    assert client.post(at("vendor-answers", program), {"grid": SimpleUploadedFile("a.xlsx", b"hello")}).status_code == 422
    assert client.post(at("vendor-answers", program), {}).status_code == 422


def test_the_number_of_queries_does_not_grow(client, program, django_assert_max_num_queries):
    client.get(at("documents", program))
    with django_assert_max_num_queries(40) as few:
        client.get(at("document", program, "comparison", "docx"))
    for number in range(2, 12):
        program.shortlist.create(vendor=f"gone-{number}", vendor_name=f"Gone {number}", position=number)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(at("document", program, "comparison", "docx"))
