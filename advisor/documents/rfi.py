"""The request for information to one vendor: one fixed structure, and the questions on which this program's order depends.

An id, once used, always means the same question: answers of years are compared by it. A question that is no longer asked
leaves its id unused. What a vendor reads here says nothing of other vendors, of weights or of places in the order.
"""

import io
import json
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from openpyxl import load_workbook

from advisor.documents.archive import Unreadable, parts_of
from advisor.documents.case import Case
from advisor.documents.content import Block, Document, Facts, Paragraph, Section, Stamp, Table, several
from advisor.documents.decision import LANES_IN_WORDS
from advisor.engine.advice import Advice
from advisor.engine.criteria import in_words, softer_points
from advisor.engine.questions import SUBJECTS
from advisor.engine.ranking import Ranking
from advisor.engine.references import REFERENCES
from advisor.engine.words import sentence
from vendors.catalogue import LANES, Lane, is_in

HEADER = ("Id", "Question", "Why we ask", "Answer", "Details and evidence")
WIDTHS = (3, 6, 4, 3, 5)
ROWS_MOST = 2_000
ANSWER_MOST = 4_000
# The dimension of the catalogue in which an answer to a criterion's question counts.
DIMENSION_OF = {
    "services": "services", "stages": "stages", "therapeutic_areas": "therapeutic_areas", "modality": "modalities",
    "countries": "countries", "accreditations": "accreditations", "biomarkers": "services",
}  # fmt: skip
YES, NO, OPEN = (
    frozenset({"yes", "y", "true"}),
    frozenset({"no", "n", "false"}),
    frozenset({"", "unknown", "not known", "n/a", "na", "-", "–"}),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the fixed part. lanes: the work for which it is asked; sources: keys of `references.REFERENCES`."""

    id: str
    text: str
    why: str
    sources: tuple[str, ...] = ()
    lanes: tuple[Lane, ...] = LANES


def read_questions() -> dict[str, tuple[Asked, ...]]:
    parts = json.loads(Path(__file__).with_name("rfi_questions.json").read_text(encoding="utf-8"))
    return {
        title: tuple(Asked(row["id"], row["text"], row["why"], tuple(row["sources"]), tuple(row.get("lanes", LANES))) for row in rows)
        for title, rows in parts.items()
    }


# The fixed part by heading, in the order in which it is asked.
GENERAL: Mapping[str, tuple[Asked, ...]] = read_questions()


@dataclass(frozen=True, slots=True)
class Specific:
    """A question to one vendor on what its record does not show. `dimension` and `term` say where a yes or no counts."""

    id: str
    text: str
    why: str
    lane: Lane
    criterion: str
    dimension: str = ""
    term: str = ""


def specific(advice: Advice, vendor: str) -> tuple[Specific, ...]:
    """The unknowns of one vendor that carry weight, and the preferences of which no record holds anything; each once."""
    found: dict[str, Specific] = {}
    place = advice.catalogue.place.get(vendor)
    for ranking in advice.rankings:
        if place is None or not is_in(ranking.eligible, place):
            continue
        for question in (*unknown_terms(ranking, place), *preferences(ranking)):
            found.setdefault(question.id, question)
    return tuple(found.values())


def asked(advice: Advice, vendor: str) -> dict[str, str]:
    """What every question to one vendor asks, by its id."""
    fixed = {question.id: question.text for questions in GENERAL.values() for question in questions}
    return fixed | {question.id: question.text for question in specific(advice, vendor)}


def unknown_terms(ranking: Ranking, place: int) -> Iterator[Specific]:
    catalogue = ranking.question.catalogue
    why = "Your public record does not show it, and it counts for this program."
    for criterion in ranking.weights:
        dimension = DIMENSION_OF.get(criterion, "")
        slugs = (
            {in_words(catalogue.vocabulary, dimension, slug): slug for slug in catalogue.vocabulary.terms(dimension)} if dimension else {}
        )
        for name in ranking.values[criterion].unknown(place) if criterion in SUBJECTS else ():
            term = slugs.get(name, "")
            text = sentence(SUBJECTS[criterion].format(name))
            yield Specific(f"FIT-{criterion}-{term or 'record'}", text, why, ranking.lane, criterion, dimension, term)


def preferences(ranking: Ranking) -> Iterator[Specific]:
    for point in softer_points(ranking.question):
        yield Specific(
            f"PRE-{point.about}-{ranking.lane}",
            point.text,
            "We have a preference, and no public record shows it.",
            ranking.lane,
            point.about,
        )


def general(advice: Advice) -> dict[str, tuple[Asked, ...]]:
    """The fixed part for the work that is needed, by heading."""
    lanes = {ranking.lane for ranking in advice.rankings}
    asked = {title: tuple(q for q in questions if lanes & set(q.lanes)) for title, questions in GENERAL.items()}
    return {title: questions for title, questions in asked.items() if questions}


def rfi_pack(case: Case, vendor: str, name: str, stamp: Stamp) -> Document:
    """The pack for one vendor: to be read as PDF or DOCX, and as XLSX the grid in which it is answered."""
    advice, term = case.advice, case.advice.catalogue.vocabulary.name
    own = tuple((q.id, q.text, q.why, "", "") for q in specific(advice, vendor))
    needs = tuple(
        (term("services", need.service), LANES_IN_WORDS[need.lane], ", ".join(term("stages", stage) for stage in need.stages))
        for need in advice.needs.needs
    )
    profile = advice.profile
    about: tuple[Block, ...] = (
        Facts((
            ("To", name),
            ("Vendor id", vendor),
            ("Modality", term("modalities", profile.modality) if profile.modality else "to be discussed"),
            ("Therapeutic areas", several([term("therapeutic_areas", slug) for slug in profile.therapeutic_areas], "to be discussed")),
            ("Countries", several([term("countries", slug) for slug in profile.countries], "to be discussed")),
        )),
        Table("Work in question", ("Service", "Kind", "Stages"), needs, (5, 4, 5)),
        Paragraph(
            "Please answer in the column Answer. The workbook (XLSX) of this pack is the one that is read back; leave its ids as they "
            "are. Where a question begins with FIT, begin the answer with yes, no or unknown."
        ),
        Paragraph("What you state is taken as stated, until it has been verified. This request is no offer and no order.", "note"),
    )  # fmt: skip
    sections = [Section("About this request", "About the request", about)]
    for title, questions in general(advice).items():
        rows = tuple((q.id, q.text, with_sources(q), "", "") for q in questions)
        sections.append(Section(title, title, (Table(f"{title}: questions", HEADER, rows, WIDTHS),)))
    sections.append(Section("This program", "This program", (
        Table("Questions for you alone", HEADER, own, WIDTHS, "Your public record answers all that counts for this program."),
    )))  # fmt: skip
    return Document("rfi", "Request for information", stamp, tuple(sections), f"{case.program or 'Unnamed program'}, to {name}")


def with_sources(question: Asked) -> str:
    publishers = dict.fromkeys(REFERENCES[key].publisher for key in question.sources)
    return f"{question.why} ({', '.join(publishers)})" if publishers else question.why


@dataclass(frozen=True, slots=True)
class Grid:
    """What a filled grid holds: the vendor, and the answers that are not empty, by question id."""

    vendor: str
    answers: Mapping[str, str]


def read_grid(data: bytes, advice: Advice) -> Grid:
    """Read a filled grid back. Raises Unreadable with everything that is wrong, each with sheet and row."""
    parts_of(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            sheets = [(page.title, list(page.iter_rows(max_row=ROWS_MOST, max_col=12, values_only=True))) for page in book.worksheets]
    except Exception as error:
        raise Unreadable("It can't be read as a workbook; open it in a spreadsheet and save it as .xlsx again.") from error
    vendor = next((text(row[1]) for _, rows in sheets for row in rows if len(row) > 1 and text(row[0]) == "Vendor id"), "")
    if not vendor:
        raise Unreadable("It has no row “Vendor id”; take the grid from this page, and fill in that one.")
    if vendor not in advice.catalogue.place:
        raise Unreadable(f"Vendor id: {vendor!r} is not in the catalogue; take the grid of the vendor from this page.")
    known = asked(advice, vendor)
    problems, answers = [], {}
    for title, rows in sheets:
        columns: dict[str, int] = {}
        for number, row in enumerate(rows, 1):
            heads = [text(value) for value in row]
            if "Id" in heads and "Answer" in heads:
                columns = {name: heads.index(name) for name in HEADER if name in heads}
                continue
            if not columns or not (key := heads[columns["Id"]]):
                columns = columns if any(heads) else {}
                continue
            answer = heads[columns["Answer"]]
            details = heads[columns["Details and evidence"]] if "Details and evidence" in columns else ""
            if not (answer or details):
                continue
            where = f"{title}, row {number}: {key}"
            if not re.fullmatch(r"[A-Z]{3}-[A-Za-z0-9_-]+", key):
                continue
            if key not in known and not key.startswith(("FIT-", "PRE-")):
                problems.append(f"{where}: there is no such question; leave the ids as they are.")
            elif key.startswith("FIT-") and (fault := answer_fault(key, answer)):
                problems.append(f"{where}: {fault}")
            elif len(answer) + len(details) > ANSWER_MOST - 3:
                problems.append(f"{where}: {len(answer) + len(details):,} characters; at most {ANSWER_MOST:,} are kept. Attach the rest.")
            else:
                answers[key] = f"{answer} | {details}" if details else answer
    if problems:
        raise Unreadable("\n".join(problems))
    if not answers:
        raise Unreadable("It holds no answer yet; fill in the column Answer.")
    return Grid(vendor, answers)


def text(value: object) -> str:
    return "" if value is None else str(value).strip()


def answer_fault(key: str, answer: str) -> str:
    if key.startswith("FIT-size"):
        return "" if people(answer) or said_first(answer) in OPEN else f"{answer!r}: write the number of people, such as 1200, or unknown."
    return "" if said_first(answer) in YES | NO | OPEN else f"{answer!r}: begin the answer with yes, no or unknown."


def said_first(answer: str) -> str:
    """The word with which an answer begins, or the whole of it where it is one of the ways to say nothing."""
    folded = answer.strip().casefold()
    return folded if folded in OPEN else re.split(r"[\s,.;:|(]", folded, maxsplit=1)[0]


def people(answer: str) -> int | None:
    """A number of employees out of an answer, such as "about 1,200"."""
    found = re.search(r"\d[\d,. ]*", answer)
    number = int(re.sub(r"\D", "", found[0])) if found else 0
    return number if 0 < number <= 10_000_000 else None


@dataclass(frozen=True, slots=True)
class Statement:
    """An answer that counts: a term of a dimension, stated to hold or not; for employees the number in `term`."""

    vendor: str
    dimension: str
    term: str
    holds: bool


def statements(answers: Mapping[str, Mapping[str, str]], vocabulary) -> Iterator[Statement]:
    """What answers state that the advice can count. answers: by vendor and question id."""
    for vendor, given in answers.items():
        for key, answer in given.items():
            kind, _, rest = key.partition("-")
            criterion, _, term = rest.partition("-")
            word = said_first(answer.partition(" | ")[0])
            if kind != "FIT":
                continue
            if criterion == "size" and (number := people(answer.partition(" | ")[0])):
                yield Statement(vendor, "employees", str(number), True)
            elif (dimension := DIMENSION_OF.get(criterion)) and term in vocabulary.terms(dimension) and word in YES | NO:
                yield Statement(vendor, dimension, term, word in YES)
