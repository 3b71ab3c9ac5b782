"""One program with all that its documents are written from, gathered from the database."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings

from advisor import result, versions
from advisor.documents.case import Answer, Case, Duty, Earlier, Fact, Shortlisted, Source, Stated, VendorFile, Version
from advisor.documents.decision import in_detail
from advisor.documents.rfi import asked
from advisor.engine.advice import Advice
from advisor.forms import CRITERION_NAMES
from advisor.models import DecisionRecord, GuideEntry, Program, ProgramVersion
from vendors import evidence, exports
from vendors.catalogue import Vocabulary
from vendors.models import FACTS, Vendor

# Which keys of the profile a row of the program in words rests on.
KEYS = {
    "Stages": ("stage", "through"), "Modality": ("modality",), "Therapeutic areas": ("therapeutic_areas",),
    "Needed from partners": ("services",), "Only wished": ("wished",), "Stays in house": ("in_house",), "Countries": ("countries",),
    "Must have": ("must_have",), "Priorities": ("priorities",), "Preferences": ("preferences",), "Own weights": ("weights",),
}  # fmt: skip
SHAPES_WEIGHTS = ("weights", "priorities", "preferences")


class NothingToDocument(Exception):
    """The program has no saved version yet."""


def program_id(program: Program) -> str:
    """What stands for a program in documents. It opens nothing."""
    return f"P-{program.pk}"


def case_of(program: Program, written_at: dt.datetime, record: DecisionRecord | None = None) -> Case:
    """The case of the version saved last. record: the draft that is being written or frozen.

    Raises NothingToDocument without a version, and ProfileError where the catalogue no longer knows a term of it.
    """
    saved = list(program.versions.defer("advice").order_by("number"))
    if not saved:
        raise NothingToDocument
    version = saved[-1]
    advice = versions.advice_of(version)
    shortlist = tuple(shortlisted(program))
    return Case(
        program=program.name,
        program_id=program_id(program),
        version=as_version(version),
        versions=tuple(as_version(each) for each in saved),
        advice=advice,
        written_at=written_at.astimezone(dt.UTC).replace(microsecond=0).isoformat(),
        software=f"Crossmatch {settings.SOFTWARE_VERSION}",
        intake=tuple(answers(advice, version)),
        criteria=CRITERION_NAMES,
        sure={ranking.lane: tuple(result.how_sure(ranking)) for ranking in advice.rankings},
        passages=dict(GuideEntry.objects.values_list("slug", "title")),
        shortlist=shortlist,
        files=vendor_files(in_detail(advice, [entry.vendor for entry in shortlist]), advice.catalogue.vocabulary),
        duties=tuple(duties(program, advice)),
        stated=tuple(stated(program, advice)),
        people=record.entries if record else {},
        corrects=record.corrects.number if record and record.corrects else None,
        correction_reason=record.correction_reason if record else "",
        earlier=tuple(earlier(program)),
    )


def as_version(version: ProgramVersion) -> Version:
    shaped = {key: version.profile.get(key) for key in SHAPES_WEIGHTS}
    return Version(
        version.number, iso(version.created_at), version.author_name or "somebody with the edit link", version.note,
        version.catalogue_version, json.dumps(shaped, sort_keys=True),
    )  # fmt: skip


def iso(moment: dt.datetime | None) -> str:
    return moment.astimezone(dt.UTC).isoformat() if moment else ""


def answers(advice: Advice, version: ProgramVersion) -> Iterable[Answer]:
    """The intake row by row, with where each value came from."""
    for label, value in result.program_words(advice):
        keys = KEYS.get(label, ())
        if label == "Needed from partners" and not version.profile.get("services"):
            yield Answer(label, value or "nothing", "default: proposed from stage and modality")
        else:
            given = [version.origins[key] for key in keys if key in version.origins]
            yield Answer(
                label,
                value or "nothing said",
                "; ".join(dict.fromkeys(map(origin, given))) or ("not recorded" if value else "nobody answered"),
            )


def origin(given: Any) -> str:
    """ "registry: NCT01234567, phases: PHASE1", in the words that `advisor.origins` keeps."""
    if not isinstance(given, Mapping):
        return str(given)
    where = ", ".join(str(given[key]) for key in ("trial", "field") if given.get(key))
    return ": ".join(str(part) for part in (given.get("from"), where, given.get("read")) if part)


def shortlisted(program: Program) -> Iterable[Shortlisted]:
    for entry in program.shortlist.order_by("position", "pk"):
        yield Shortlisted(
            entry.vendor, entry.vendor_name, entry.get_status_display().lower(), entry.reason, entry.gate_reason, entry.notes,
            iso(entry.first_contacted_at),
        )  # fmt: skip


def duties(program: Program, advice: Advice) -> Iterable[Duty]:
    """Every service at every stage: those needed from partners, and those that stay in house."""
    name = advice.catalogue.vocabulary.name
    written = {(duty.service, duty.stage): duty for duty in program.duties.all()}
    for service, stage, kept in cells(advice):
        duty = written.get((service, stage))
        words = name("services", service), name("stages", stage)
        if duty is None:
            yield Duty(*words, "retained" if kept else "")
        else:
            yield Duty(*words, duty.party, duty.partner, duty.subcontractor, duty.obligations, duty.agreement)


def cells(advice: Advice) -> Iterable[tuple[str, str, bool]]:
    """Service and stage of every row of the responsibility matrix, and whether it stays in house."""
    for need in advice.needs.needs:
        yield from ((need.service, stage, False) for stage in need.stages)
    for service in advice.needs.kept:
        yield from ((service, stage, True) for stage in advice.needs.stages)


def stated(program: Program, advice: Advice) -> Iterable[Stated]:
    """What vendors answered, each by its name and its question in words."""
    texts: dict[str, dict[str, str]] = {}
    for row in program.vendor_answers.all():
        place = advice.catalogue.place.get(row.vendor)
        questions = texts.setdefault(row.vendor, asked(advice, row.vendor))
        yield Stated(
            row.vendor if place is None else advice.catalogue.rows[place].name,
            f"{row.question}: {questions[row.question]}" if row.question in questions else row.question,
            row.answer,
            iso(row.stated_at)[:10],
        )


def earlier(program: Program) -> Iterable[Earlier]:
    for record in program.records.frozen().select_related("corrects").defer("content"):
        yield Earlier(
            record.number, iso(record.frozen_at), record.sha256, record.corrects and record.corrects.number, record.correction_reason
        )


def vendor_files(slugs: Iterable[str], vocabulary: Vocabulary) -> dict[str, VendorFile]:
    """What the catalogue holds of some vendors, with the sources of every fact."""
    wanted = list(slugs)
    verifiers = dict(Vendor.objects.filter(slug__in=wanted).values_list("slug", "verified_by"))
    return {record["slug"]: vendor_file(record, vocabulary, verifiers.get(record["slug"], "")) for record in exports.records(wanted)}


def vendor_file(record: Mapping[str, Any], vocabulary: Vocabulary, verifier: str) -> VendorFile:
    facts = [
        Fact(heading, str(value), tuple(place + 1 for place in evidence.supporting(record, fact)))
        for heading, fill in exports.COLUMNS
        if (fact := fact_of(heading)) and (value := fill(record, vocabulary))
    ]
    sources = tuple(
        Source(number, s["title"], s["publisher"], s["url"], s["published"] or "", s.get("read_on") or record["verified_on"] or "")
        for number, s in enumerate(record["sources"], 1)
    )
    return VendorFile(
        record["slug"], record["name"], record["type"], record["parent"] or "", record["verified_on"] or "", verifier, tuple(facts), sources
    )


def fact_of(heading: str) -> str:
    """The fact that a column of the exports shows; empty for a column that is none."""
    for fact, label in FACTS.items():
        if heading == label or heading.startswith((f"{label}:", f"{label},")):
            return fact
    return "ai" if heading.startswith("AI ") else ""
