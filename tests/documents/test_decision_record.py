"""The decision record holds all that section 6 of the domain notes asks for, and says what nobody recorded."""

import re
from dataclasses import replace

import pytest

from advisor.documents.case import Shortlisted
from advisor.documents.content import NOT_RECORDED, Facts, Heading, Paragraph, Table, in_words
from advisor.documents.decision import ENTRIES, decision_record, in_detail
from advisor.engine.advice import advise
from tests.documents.cases import FIELD, PROGRAM, case, version
from tests.engine.builders import catalogue, profile, vendor

PEOPLE = {entry.key: f"said of {entry.key}" for entries in ENTRIES.values() for entry in entries}


def texts(block):
    match block:
        case Paragraph(text, _) | Heading(text):
            return [text]
        case Facts(rows):
            return [f"{label}: {value}" for label, value in rows]
        case Table(title, header, rows, _, empty):
            return [title, " | ".join(header), *(" | ".join(map(in_words, row)) for row in rows), *([] if rows else [empty])]


def section(document, title):
    """One section as lines of text."""
    found = next(section for section in document.sections if section.title == title)
    return "\n".join(line for block in found.blocks for line in texts(block))


# What a decision record must hold, the section in which it stands, and words that show it there.
ITEMS = [
    ("record id", "Identity and signatures", r"Record: P-17-R2"),
    ("version", "Identity and signatures", r"Program version: 2"),
    ("program id", "Identity and signatures", r"Program: P-17"),
    ("status", "Identity and signatures", r"Status: Frozen as record 2"),
    ("date and time", "Identity and signatures", r"Written: 2026-11-25 10:30:00 UTC"),
    ("author", "Identity and signatures", r"Author: said of author"),
    ("reviewers", "Identity and signatures", r"Reviewers: said of reviewers"),
    ("approver and date", "Identity and signatures", r"Approver \| said of approver \| said of approved_on"),
    ("signature meaning", "Identity and signatures", r"Approver .* said of signature_meaning"),
    ("intake with origin of each field", "Intake", r"Modality \| Small molecule \| registry: NCT01234567, interventions"),
    ("in-house capability", "Intake", r"In-house capability: Biostatistics"),
    ("model decision", "Which kind of partner", r"Recommended: CRO\+CDMO"),
    ("fired rules", "Which kind of partner", r"Rule 3: The process is not fixed.*\nFired because: The process is not fixed yet"),
    ("sources of rules", "Which kind of partner", r"Sources: .*https://cellcarta\.com"),
    ("opposing sources", "Which kind of partner", r"Opposing sources: When to start is disputed[^\n]*https://"),
    ("services outsourced", "Services outsourced and retained", r"Oral solid dose[^|]* \| Development and man.* \| asked for"),
    ("services retained", "Services outsourced and retained", r"Retained in house:"),
    ("responsibility matrix", "Responsibility matrix", r"Formulation \| Phase 1 \| Partner: Makers \| none \| .* plan FD-3"),
    ("criteria and weights", "Criteria and weights", r"Services needed \| \d+\.\d \| 34\.0"),
    ("weights: when fixed", "Criteria and weights", r"Weights fixed: 2026-11-11 09:00:00 UTC, with version 1"),
    ("weights: by whom", "Criteria and weights", r"Fixed by: said of weights_by \(the version was saved by R\. Ortega\)"),
    ("weights: before vendor contact", "Criteria and weights", r"before vendor contact: the first recorded one was 2026-11-20"),
    ("gates: pass and unknown", "Gates", r"Makers \| .*GMP.* \| pass\n(.*\n)*Quiet-Works \| .*GMP.* \| unknown, to confirm"),
    ("long list", "Long list and exclusions", r"1 \| Makers \| CDMO \| \d+\.\d"),
    ("exclusions with reason", "Long list and exclusions", r"1 of the 4 vendors of the catalogue are left out because"),
    ("per-vendor scores", "Vendors in full", r"place 1 of 3, \d+\.\d of 100, possible \d+\.\d"),
    ("contributions", "Vendors in full", r"Modality \| \d+\.\d \| \d+\.\d \| \d+\.\d \| Experience with small molecule"),
    ("facts", "Vendors in full", r"Services \| Formulation; Oral solid dose \| 1"),
    ("source address and retrieved date", "Vendors in full", r"Capabilities, Makers \| 2026-01 \| 2026-11-20 \| https://makers\.example"),
    ("verifier", "Vendors in full", r"Record checked on: 2026-11-22\nChecked by: curator A"),
    ("unknowns", "Unknown and stale facts", r"Quiet-Works \| Services needed \| formulation development"),
    ("statements, apart from facts", "Unknown and stale facts", r"not verified.*\n.*\nMakers \| QUA-03: .*\? \| Yes \| 2026-11-24"),
    ("stale facts", "Unknown and stale facts", r"Quiet-Works \| Whole record \| 2024-01-05"),
    ("robustness", "Robustness", r"Makers comes first in 97 of 100 weightings"),
    ("nearest flip", "Robustness", r"Nearest flip: \w+"),
    ("team", "Team", r"Makers \| .*Oral solid dose"),
    ("criticality of service", "Risk assessment", r"said of criticality"),
    ("subcontracting", "Risk assessment", r"said of subcontracting"),
    ("single source", "Risk assessment", r"said of single_source"),
    ("mitigations", "Risk assessment", r"said of mitigations"),
    ("override with reason", "Decision", r"Override: none: every chosen.*\nWhy not the first of the order: said of override_"),
    ("team scores", "Scores, dissent and conflicts of interest", r"said of team_scores"),
    ("dissent", "Scores, dissent and conflicts of interest", r"said of dissent"),
    ("conflicts of interest", "Scores, dissent and conflicts of interest", r"said of conflicts"),
    ("questionnaire", "Planned qualification", r"said of questionnaire"),
    ("audit type", "Planned qualification", r"said of audit"),
    ("quality agreement", "Planned qualification", r"said of quality_agreement"),
    ("re-qualification date", "Planned qualification", r"said of requalification_on"),
    ("data version", "Data, software and change log", rf"Catalogue version: {FIELD.version}, 4 vendors"),
    ("software version", "Data, software and change log", r"Software: Crossmatch 0\.1\.0"),
    ("change log", "Data, software and change log", r"This record corrects: record 1: The audit date was wrong\.\n(.*\n)*1 \| 2026-11-01"),
    ("what it is not", "Decision", r"does not qualify a vendor, it does not replace an audit, and it is not .* Part 11"),
]  # fmt: skip


@pytest.fixture(scope="module")
def record():
    return decision_record(case(people=PEOPLE))


@pytest.mark.parametrize("item, title, words", ITEMS, ids=[item for item, _, _ in ITEMS])
def test_the_record_holds(record, item, title, words):
    assert re.search(words, section(record, title)), section(record, title)


def test_what_people_can_say_is_all_printed(record):
    everything = "\n".join(section(record, part.title) for part in record.sections)
    assert [key for key, value in PEOPLE.items() if value not in everything] == []


def test_what_nobody_said_is_not_recorded_and_never_invented():
    record = decision_record(case())
    for title, label in (
        ("Decision", "What was decided, and why"),
        ("Risk assessment", "Mitigations"),
        ("Identity and signatures", "Approver"),
    ):
        assert f"{label}: {NOT_RECORDED}" in section(record, title)


def test_a_chosen_vendor_that_is_not_first_is_an_override():
    record = decision_record(case(shortlist=(Shortlisted("second-works", "Second-Works", "chosen"),)))
    assert "Override: Second-Works stands 2 of 3 in development and manufacturing" in section(record, "Decision")


def test_a_chosen_vendor_outside_the_order_is_an_override_too():
    field = catalogue(vendor("makers", services=["oral-solid-dose"]), vendor("elsewhere", type="CRO"))
    advice = advise(profile(services=["oral-solid-dose"]), field)
    record = decision_record(case(advice=advice, shortlist=(Shortlisted("elsewhere", "Elsewhere", "chosen"),)))
    assert "Override: Elsewhere stands in no order of this advice" in section(record, "Decision")


@pytest.mark.parametrize(
    "saved, words", [("2026-11-19T09:00:00+00:00", "before vendor contact"), ("2026-11-21T09:00:00+00:00", "AFTER vendor contact")]
)
def test_weights_changed_after_the_first_contact_are_called_that(saved, words):
    changed = version(2, saved_at=saved, weights="services 40")
    assert words in section(decision_record(case(version=changed, versions=(version(1), changed))), "Criteria and weights")


def test_without_recorded_contact_nothing_is_claimed():
    record = decision_record(case(shortlist=()))
    assert "no contact with a vendor is recorded" in section(record, "Criteria and weights")


def test_a_known_fail_is_excluded_by_name_and_gate():
    only = replace(PROGRAM, must_accreditations=(), must_countries=("JP",))
    field = catalogue(vendor("makers", services=["formulation"]), vendor("trialists", type="CRO", services=["clinical-operations"]))
    advice = advise(only, field)
    text = section(decision_record(case(advice=advice, shortlist=())), "Gates")
    assert "Makers | Development and manufacturing | Japan | unknown, to confirm" in text


def test_a_long_list_beyond_what_is_printed_says_how_many_more():
    field = catalogue(*(vendor(f"maker-{number:04}", services=["formulation"]) for number in range(300)))
    text = section(decision_record(case(advice=advise(profile(services=["formulation"]), field), shortlist=())), "Long list and exclusions")
    assert "250 | Maker-0249" in text
    assert "50 more stand below these, the best of them at no more than" in text


def test_a_moved_catalogue_is_said():
    record = decision_record(case(version=version(2, catalogue="older")))
    assert "older: the advice was worked out anew for this document" in section(record, "Data, software and change log")


def test_the_shortlist_the_first_and_the_team_are_shown_in_full():
    assert in_detail(advise(PROGRAM, FIELD), ["quiet-works"])[0] == "quiet-works"
    assert set(in_detail(advise(PROGRAM, FIELD), ["gone", "quiet-works"])) == {"quiet-works", "makers", "second-works", "trialists"}
