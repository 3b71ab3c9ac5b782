"""The request for information: stable ids, nothing given away, and answers read back as statements."""

import io
import re

import pytest
from openpyxl import load_workbook

from advisor.documents.archive import Unreadable
from advisor.documents.as_docx import as_docx
from advisor.documents.as_pdf import as_pdf
from advisor.documents.as_xlsx import as_xlsx
from advisor.documents.decision import stamp
from advisor.documents.rfi import GENERAL, Statement, general, read_grid, rfi_pack, specific, statements
from advisor.engine.advice import advise
from advisor.engine.references import REFERENCES
from tests.documents.cases import FIELD, PROGRAM, case
from tests.documents.test_decision_record import texts
from tests.engine.builders import VOCABULARY, catalogue, profile, vendor

ADVICE = advise(PROGRAM, FIELD)
# The ids that were ever given out, and of what each asks. Lines may be added; none may be changed or taken for something else.
GIVEN_OUT = {
    "GEN-01": "Legal name", "GEN-02": "change of ownership", "GEN-03": "Financial statements", "GEN-04": "share of your revenue",
    "EXP-01": "Programs like this one", "EXP-02": "Two sponsors", "EXP-03": "enrolment", "EXP-04": "technology transfers",
    "QUA-01": "Inspections", "QUA-02": "certificates", "QUA-03": "quality agreement", "QUA-04": "Deviations", "QUA-05": "audits",
    "QUA-06": "serious breaches", "CAP-01": "slot", "CAP-02": "On-time delivery", "CAP-03": "Scales", "CAP-04": "volumes or dates",
    "TEA-01": "lead", "TEA-02": "problem raised", "SUB-01": "passed on", "SUB-02": "stability", "SUB-03": "obligations",
    "DAT-01": "audit trail", "DAT-02": "AI", "SUP-01": "second site", "SUP-02": "materials", "COM-01": "change orders", "COM-02": "exit",
}  # fmt: skip


def pack(slug="second-works"):
    made = case()
    return rfi_pack(made, slug, slug.title(), stamp(made, "Sent"))


def filled(answers, slug="second-works", sheet=None):
    """The grid of a vendor with some answers written into it, as bytes."""
    book = load_workbook(io.BytesIO(as_xlsx(pack(slug))))
    for page in book.worksheets:
        columns = {}
        for row in page.iter_rows():
            values = [cell.value for cell in row]
            if "Id" in values:
                columns = {value: cell.column for value, cell in zip(values, row, strict=True)}
            elif columns and values[0] in answers:
                page.cell(row[0].row, columns["Answer"]).value = answers[values[0]]
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_an_id_always_means_the_same_question():
    asked = {question.id: question.text for questions in GENERAL.values() for question in questions}
    assert {key: words for key, words in GIVEN_OUT.items() if words not in asked.get(key, words)} == {}
    assert set(asked) <= set(GIVEN_OUT)
    assert sum(len(questions) for questions in GENERAL.values()) == len(asked)


def test_every_question_says_why_and_its_sources_exist():
    for question in (question for questions in GENERAL.values() for question in questions):
        assert question.why
        assert set(question.sources) <= set(REFERENCES)


def test_only_the_work_in_question_is_asked_about():
    making = general(advise(profile(services=["oral-solid-dose"]), FIELD))
    assert "EXP-03" not in {q.id for part in making.values() for q in part}
    assert "EXP-04" in {q.id for part in making.values() for q in part}


def test_what_the_record_does_not_show_is_asked_once_each_with_its_term_in_the_id():
    ids = [question.id for question in specific(ADVICE, "second-works")]
    assert {"FIT-services-oral-solid-dose", "FIT-modality-small-molecule", "FIT-accreditations-gmp"} <= set(ids)
    assert len(ids) == len(set(ids))
    assert "FIT-services-oral-solid-dose" not in {question.id for question in specific(ADVICE, "makers")}


def test_a_vendor_learns_nothing_of_others_of_weights_or_of_its_place():
    text = "\n".join(line for _, block in pack().walk() for line in texts(block))
    assert not re.search(r"Makers|Trialists|[Ww]eight|would rise|[Rr]ank|of 100", text)


@pytest.mark.parametrize("write", [as_pdf, as_docx, as_xlsx])
def test_the_pack_comes_in_every_format(write):
    assert write(pack())


def test_a_filled_grid_is_read_back():
    grid = read_grid(filled({"FIT-services-oral-solid-dose": "Yes, at two sites", "QUA-03": "Template attached"}), ADVICE)
    assert grid.vendor == "second-works"
    assert grid.answers == {"FIT-services-oral-solid-dose": "Yes, at two sites", "QUA-03": "Template attached"}


def test_a_grid_without_answers_or_without_a_vendor_says_so():
    with pytest.raises(Unreadable, match="no answer yet"):
        read_grid(as_xlsx(pack()), ADVICE)
    book = load_workbook(io.BytesIO(filled({"QUA-03": "x"})))
    for row in book["About the request"].iter_rows():
        for cell in row:
            if cell.value == "second-works":
                cell.value = "nobody"
    buffer = io.BytesIO()
    book.save(buffer)
    with pytest.raises(Unreadable, match="Vendor id: 'nobody' is not in the catalogue"):
        read_grid(buffer.getvalue(), ADVICE)


def test_every_answer_that_can_not_count_is_named_with_its_place():
    wrong = filled({"FIT-services-oral-solid-dose": "perhaps", "FIT-modality-small-molecule": "of course"})
    with pytest.raises(Unreadable) as refused:
        read_grid(wrong, ADVICE)
    lines = str(refused.value).split("\n")
    assert len(lines) == 2
    assert re.match(r"This program, row \d+: FIT-services-oral-solid-dose: 'perhaps': begin the answer with yes, no or unknown\.", lines[0])


def test_answers_become_statements_and_unknown_becomes_none():
    given = {"acme": {
        "FIT-services-oral-solid-dose": "yes | two sites", "FIT-countries-JP": "No.", "FIT-stages-phase-1": "unknown",
        "FIT-size-record": "about 1,200", "QUA-03": "yes", "FIT-services-nonsense": "yes",
    }}  # fmt: skip
    assert list(statements(given, VOCABULARY)) == [
        Statement("acme", "services", "oral-solid-dose", True),
        Statement("acme", "countries", "JP", False),
        Statement("acme", "employees", "1200", True),
    ]


def test_a_stated_yes_lifts_a_vendor_and_a_stated_no_lowers_what_is_possible_and_the_catalogue_stays():
    before = advise(PROGRAM, FIELD).as_dict()
    field = catalogue(vendor("a", services=["formulation"]), vendor("b", services=["formulation"]))
    program = profile(services=["formulation", "oral-solid-dose"])
    plain = advise(program, field).rankings[0].matches()
    stated = field.as_stated(
        [
            ("b", "services", "oral-solid-dose", True),
            ("a", "services", "oral-solid-dose", False),
            ("gone", "services", "oral-solid-dose", True),
        ]
    )
    after = advise(program, stated).rankings[0].matches()
    assert [match.vendor for match in plain] == ["a", "b"]
    assert [match.vendor for match in after] == ["b", "a"]
    assert after[1].possible < plain[0].possible
    assert after[1].score == plain[0].score
    assert stated.version != field.version
    assert [match.vendor for match in advise(program, field).rankings[0].matches()] == ["a", "b"]
    assert advise(PROGRAM, FIELD).as_dict() == before


def test_a_stated_no_takes_nothing_away_that_a_source_shows():
    field = catalogue(vendor("a", services=["formulation"]))
    stated = field.as_stated([("a", "services", "formulation", False)])
    assert (stated.possible("services", "formulation") & field.known("services", "formulation")).any()


def test_a_stated_number_of_employees_counts():
    field = catalogue(vendor("a", services=["formulation"]), vendor("b", services=["formulation"]))
    program = profile(services=["formulation"], preferences={"size": "large"})
    after = advise(program, field.as_stated([], {"b": 9_000})).rankings[0].matches()
    assert after[0].vendor == "b"
