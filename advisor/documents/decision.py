"""The decision record: why this vendor and not that one, with everything that an inspector asks for.

ICH E6(R3) counts the documentation of selection, assessment and oversight of service providers among the essential
records, and asks for records that are identifiable and version controlled, with author, reviewer and approver. What the
record holds is the list at the end of section 6 of the domain notes; what nobody entered is printed as not recorded.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from advisor.documents.case import Case, VendorFile
from advisor.documents.content import (
    NOT_RECORDED,
    Block,
    Document,
    Facts,
    Heading,
    Paragraph,
    Section,
    Stamp,
    Table,
    in_utc,
    said,
    several,
)
from advisor.documents.responsibilities import duties_table
from advisor.engine.advice import Advice
from advisor.engine.ranking import DEFAULT_WEIGHTS, Match, Ranking, gates_of
from advisor.engine.references import REFERENCES
from advisor.engine.words import listed
from vendors.catalogue import STALE_AFTER, Lane, is_in

WHAT_IT_IS = (
    "This record states why vendors were selected. It does not qualify a vendor, it does not replace an audit, and it is not an "
    "electronic signature under 21 CFR Part 11: whoever signs it signs a copy, by hand or in a system validated for that."
)
# Of a longer list the first ones are printed, and how many more there are.
LONG_LIST = 250
# So many of each lane's order are shown fact by fact, beside the shortlist and the team.
IN_DETAIL = 3
LANES_IN_WORDS: dict[Lane, str] = {"research": "Research services", "making": "Development and manufacturing"}
GATE_WORDS = {"pass": "pass", "to confirm": "unknown, to confirm", "fail": "fail"}


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that only people know. `rows` of a text box; 0 for a single line, and `day` for a date."""

    key: str
    label: str
    help: str
    rows: int = 0
    day: bool = False


# By the part of the form, in its order. Keys are stored, so they never change.
ENTRIES: dict[str, tuple[Entry, ...]] = {
    "Decision": (
        Entry(
            "decision", "What was decided, and why", "The decision in your words. The order and its reasons are added from the advice.", 5
        ),
        Entry("override_reason", "Why not the first of the order", "Needed where a chosen vendor does not stand first in its lane.", 4),
        Entry("team_scores", "Scores of your team", "Who scored what, if you scored by hand beside the advice.", 4),
        Entry("dissent", "Dissent", "Who disagreed, and why. Write none if you asked and nobody did.", 3),
        Entry(
            "conflicts", "Conflicts of interest", "Ties of those who decided to a vendor. Write none if you asked and there were none.", 3
        ),
    ),
    "Weights": (Entry("weights_by", "Who fixed the weights", "Name and role. When they were fixed is taken from the versions."),),
    "Risks": (
        Entry("criticality", "How critical the services are", "For patients' safety, product quality and the reliability of data.", 3),
        Entry("subcontracting", "Subcontracting", "What the vendor passes on, to whom, and whether you agreed to it in writing.", 3),
        Entry("single_source", "Dependence on one source", "What happens when this vendor fails, and who could step in.", 3),
        Entry("mitigations", "Mitigations", "What is done about these risks, and by whom.", 4),
    ),
    "Planned qualification": (
        Entry("questionnaire", "Questionnaire", "Which one, sent when, answered when."),
        Entry("audit", "Audit", "Its type (on site, remote, paper), planned date, auditor."),
        Entry("quality_agreement", "Quality agreement", "Its state, and the date or reference."),
        Entry("requalification_on", "Re-qualification due", "The day by which it has to be done again.", day=True),
    ),
    "People": (
        Entry("author", "Author", "Name and role of who wrote this record."),
        Entry("reviewers", "Reviewers", "Names and roles.", 2),
        Entry("approver", "Approver", "Name and role."),
        Entry("approved_on", "Approved on", "The day of approval. Leave it empty if a copy is signed later.", day=True),
        Entry(
            "signature_meaning", "What the approver's signature means", "Such as: approves the choice of the vendor for qualification.", 2
        ),
    ),
}


def in_detail(advice: Advice, shortlist: Sequence[str]) -> tuple[str, ...]:
    """The vendors that the record shows fact by fact: the shortlist, the first of each lane, the team. Slugs, each once."""
    first = [match.vendor for ranking in advice.rankings for match in ranking.matches(0, IN_DETAIL)]
    team = [advice.catalogue.rows[place].slug for place in advice.team.vendors] if advice.team else []
    return tuple(slug for slug in dict.fromkeys([*shortlist, *first, *team]) if slug in advice.catalogue.place)


def stamp(case: Case, status: str) -> Stamp:
    return Stamp(
        case.program or "Unnamed program",
        case.program_id,
        case.version.number,
        case.advice.catalogue.version,
        case.software,
        case.written_at,
        status,
    )


def points(share: float) -> float:
    """A share as points of 100, rounded beyond what any reader or spreadsheet tells apart."""
    return round(100 * share, 6)


def status_of(case: Case) -> str:
    if case.number is None:
        return "Draft, not frozen: it may still change"
    return f"Frozen as record {case.number}" + (f", corrects record {case.corrects}" if case.corrects else "")


def decision_record(case: Case) -> Document:
    """The whole record of one program version."""
    name = case.program or "Unnamed program"
    return Document(
        "decision-record",
        "Decision record: selection of outsourcing partners",
        stamp(case, status_of(case)),
        (
            decided(case),
            signed(case),
            intake(case),
            partner_model(case),
            services(case),
            responsibilities(case),
            weights(case),
            gates(case),
            long_list(case),
            shortlist(case),
            in_full(case),
            unknowns(case),
            robustness(case),
            team(case),
            risks(case),
            voices(case),
            qualification(case),
            data(case),
        ),
        name,
    )


def people(case: Case, *keys: str) -> tuple[tuple[str, str], ...]:
    labels = {entry.key: entry.label for entries in ENTRIES.values() for entry in entries}
    return tuple((labels[key], said(case.people.get(key))) for key in keys)


def overridden(case: Case) -> list[str]:
    """Where the sponsor chose otherwise than the order says, in words."""
    found = []
    for entry in case.chosen:
        ranked = list(matches_of(case, entry.vendor))
        if not ranked:
            found.append(f"{entry.name} stands in no order of this advice")
        found += [f"{entry.name} stands {place(ranking, match)}" for ranking, match in ranked if match.rank > 1]
    return found


def place(ranking: Ranking, match: Match) -> str:
    return f"{match.rank} of {len(ranking)} in {LANES_IN_WORDS[ranking.lane].lower()}"


def decided(case: Case) -> Section:
    """What was decided, where the chosen stand, and why not the first."""
    places = [f"{entry.name}: {place(*found)}" for entry in case.chosen for found in matches_of(case, entry.vendor)]
    reasons = [f"{entry.name}: {entry.reason}" for entry in case.chosen if entry.reason.strip()]
    override = several(overridden(case), "none: every chosen vendor stands first") if case.chosen else "nobody is chosen yet"
    rows = (
        ("Chosen", several([entry.name for entry in case.chosen], "nobody yet")),
        ("Reason, from the shortlist", several(reasons)),
        *people(case, "decision"),
        ("The advice in one sentence", case.advice.verdict),
        ("Place of the chosen", several(places, "not ranked")),
        ("Override", override),
        *people(case, "override_reason"),
    )
    return Section("Decision", "Decision", (Paragraph(WHAT_IT_IS, "warning"), Facts(rows)))


def signed(case: Case) -> Section:
    record = f"{case.program_id}-R{case.number}" if case.number else f"{case.program_id}, draft"
    rows = tuple(
        (role, said(case.people.get(key)), day, "", meaning)
        for role, key, day, meaning in (
            ("Author", "author", in_utc(case.written_at)[:10], "wrote this record"),
            ("Reviewer", "reviewers", "", "reviewed this record"),
            ("Approver", "approver", said(case.people.get("approved_on")), said(case.people.get("signature_meaning"))),
        )
    )
    return Section(
        "Identity and signatures",
        "Signatures",
        (
            Facts(
                (
                    ("Record", record),
                    ("Program", case.program_id),
                    ("Program version", str(case.version.number)),
                    ("Status", status_of(case)),
                    ("Written", in_utc(case.written_at)),
                    *people(case, "author", "reviewers", "approver", "approved_on", "signature_meaning"),
                )
            ),
            Table("Signatures", ("Role", "Name", "Date", "Signature", "Meaning of the signature"), rows, (2, 4, 2, 4, 4)),
        ),
    )


def intake(case: Case) -> Section:
    kept = [case.advice.catalogue.vocabulary.name("services", slug) for slug in case.advice.profile.in_house]
    return Section(
        "Intake",
        "Intake",
        (
            Paragraph(
                f"The answers of version {case.version.number}, saved {in_utc(case.version.saved_at)} by {said(case.version.saved_by)}."
            ),
            Table(
                "Answers and where each came from",
                ("Question", "Answer", "Origin"),
                tuple((answer.label, answer.value, answer.origin) for answer in case.intake),
                (3, 7, 4),
            ),
            Facts((("In-house capability", several(kept, "nothing is named as in house")),)),
        ),
    )


def partner_model(case: Case) -> Section:
    """The kinds of partner, with every rule that fired, its sources and who disagrees."""
    model = case.advice.model
    first, second = model.options[:2]
    call = (
        f"Too close to call: {second.model} follows by {model.margin:.2f}."
        if model.close_call
        else f"{second.model} follows by {model.margin:.2f}."
    )
    reasons = {reason.rule.id: reason for option in model.options for reason in option.reasons}
    rules: list[Block] = []
    for reason in sorted(reasons.values(), key=lambda reason: reason.rule.number):
        rule = reason.rule
        against = [f"{objection.text} {addresses(objection.sources)}".strip() for objection in rule.against]
        rules += [
            Heading(f"Rule {rule.number}: {rule.condition}"),
            Facts(
                (
                    ("Fired because", reason.because),
                    ("Speaks for", ", ".join(rule.models)),
                    ("Shift", f"{reason.shift:+.2f}"),
                    ("Passage of the guide", case.passages.get(rule.guide or "", rule.guide or NOT_RECORDED)),
                    ("Sources", addresses(rule.sources)),
                    ("Opposing sources", "\n".join(against) if against else "none known"),
                )
            ),
        ]
    return Section(
        "Which kind of partner",
        "Partner model",
        (
            Paragraph(f"Recommended: {first.model}. {call} {case.advice.verdict}"),
            Table(
                "Options",
                ("Option", "Score", "Rules that speak for it"),
                tuple(
                    (option.model, f"{option.score:.3f}", listed([str(reason.rule.number) for reason in option.reasons], 20) or "none")
                    for option in model.options
                ),
                (3, 2, 9),
            ),
            *rules,
        ),
    )


def addresses(keys: Sequence[str]) -> str:
    return "\n".join(f"{source.title}, {source.publisher}: {source.url}" for source in (REFERENCES[key] for key in keys))


def services(case: Case) -> Section:
    name, needs = case.advice.catalogue.vocabulary.name, case.advice.needs
    rows = tuple(
        (
            name("services", need.service),
            LANES_IN_WORDS[need.lane],
            ", ".join(name("stages", stage) for stage in need.stages),
            f"proposed: {need.proposed_because}" if need.proposed_because else "asked for",
        )
        for need in needs.needs
    )
    return Section(
        "Services outsourced and retained",
        "Services",
        (
            Table("Outsourced", ("Service", "Lane", "Stages", "Why"), rows, (4, 3, 4, 5)),
            Facts((("Retained in house", several([name("services", slug) for slug in needs.kept], "none of what was asked for")),)),
        ),
    )


def responsibilities(case: Case) -> Section:
    return Section("Responsibility matrix", "Responsibilities", duties_table(case.duties))


def weights(case: Case) -> Section:
    fixed, contact = case.weights_fixed_by, case.first_contact
    if not contact:
        order = "no contact with a vendor is recorded on the shortlist"
    elif fixed.saved_at <= contact:
        order = f"before vendor contact: the first recorded one was {in_utc(contact)}"
    else:
        order = f"AFTER vendor contact: the first recorded one was {in_utc(contact)}"
    tables: list[Block] = []
    for ranking in case.advice.rankings:
        own = case.advice.profile.weights
        tables.append(
            Table(
                f"{LANES_IN_WORDS[ranking.lane]}: criteria and weights",
                ("Criterion", "Points of 100", "Starting point", "Set by"),
                tuple(
                    (
                        case.criteria[name],
                        points(weight),
                        float(DEFAULT_WEIGHTS[ranking.lane][name]),
                        "the sponsor" if name in own else "starting point, shaped by priorities",
                    )
                    for name, weight in ranking.weights.items()
                ),
                (6, 3, 3, 6),
            )
        )
    return Section(
        "Criteria and weights",
        "Weights",
        (
            Facts(
                (
                    ("Weights fixed", f"{in_utc(fixed.saved_at)}, with version {fixed.number}; unchanged since"),
                    ("Fixed by", f"{said(case.people.get('weights_by'))} (the version was saved by {said(fixed.saved_by)})"),
                    ("Before or after vendor contact", order),
                )
            ),
            *tables,
            Paragraph(
                "The starting points are ours, never a survey's result. Criteria of which the answers say nothing have no weight.", "note"
            ),
        ),
    )


def gates(case: Case) -> Section:
    """Every must-have for every vendor shown in detail, and for the field as a whole."""
    rows, field = [], []
    for ranking in case.advice.rankings:
        for slug in in_detail(case.advice, [entry.vendor for entry in case.shortlist]):
            place = case.advice.catalogue.place[slug]
            if is_in(ranking.eligible, place):
                row = case.advice.catalogue.rows[place]
                rows += [
                    (row.name, LANES_IN_WORDS[ranking.lane], gate.name, GATE_WORDS[gate.status])
                    for gate in gates_of(ranking.question, place)
                ]
        field.append((LANES_IN_WORDS[ranking.lane], len(ranking), len(ranking.failed)))
    added = tuple((entry.name, entry.gate_reason) for entry in case.shortlist if entry.gate_reason.strip())
    return Section(
        "Gates",
        "Gates",
        (
            Table("Must-haves by vendor", ("Vendor", "Lane", "Must-have", "Result"), tuple(rows), (5, 4, 5, 3), "No must-have was set."),
            Table("The field", ("Lane", "Left in", "Out by a must-have"), tuple(field), (6, 3, 3)),
            Table("Added to the shortlist although a must-have fails", ("Vendor", "Reason"), added, (4, 10)),
            Paragraph("Unknown is not no: a vendor of which a must-have is not known stays in and is asked.", "note"),
        ),
    )


def long_list(case: Case) -> Section:
    catalogue = case.advice.catalogue
    blocks: list[Block] = []
    for ranking in case.advice.rankings:
        lane = LANES_IN_WORDS[ranking.lane]
        shown = ranking.matches(0, min(LONG_LIST, len(ranking)))
        rows = tuple((m.rank, m.name, m.type, points(m.score), points(m.possible)) for m in shown)
        blocks += [
            Heading(lane),
            Table("Long list", ("Place", "Vendor", "Type", "Shown, of 100", "Possible, of 100"), rows, (2, 8, 2, 3, 3)),
        ]
        if len(ranking) > len(shown):
            blocks.append(
                Paragraph(
                    f"{len(ranking) - len(shown)} more stand below these, the best of them at no more than {100 * shown[-1].score:.1f}.",
                    "warning",
                )
            )
        failed = tuple(
            (
                catalogue.rows[place].name,
                "known to fail: " + listed([g.name for g in gates_of(ranking.question, place) if g.status == "fail"], 20),
            )
            for place in ranking.failed[:LONG_LIST].tolist()
        )
        blocks.append(Table("Excluded by a must-have", ("Vendor", "Reason"), failed, (5, 9)))
        if len(ranking.failed) > LONG_LIST:
            blocks.append(Paragraph(f"{len(ranking.failed) - LONG_LIST} more are known to fail a must-have.", "warning"))
        outside = len(catalogue) - len(ranking) - len(ranking.failed)
        blocks.append(
            Paragraph(
                f"{outside} of the {len(catalogue)} vendors of the catalogue are left out because none of the services needed here is "
                "shown of them or expected of their type."
            )
        )
    return Section("Long list and exclusions", "Long list", tuple(blocks))


def shortlist(case: Case) -> Section:
    rows = tuple(
        (
            entry.name,
            entry.status,
            said(entry.reason),
            in_utc(entry.first_contacted_at) if entry.first_contacted_at else NOT_RECORDED,
            said(entry.notes),
        )
        for entry in case.shortlist
    )
    return Section(
        "Shortlist",
        "Shortlist",
        (
            Table(
                "Vendors considered",
                ("Vendor", "Status", "Reason", "First contacted", "Notes"),
                rows,
                (4, 3, 5, 3, 5),
                "Nobody is on the shortlist.",
            ),
        ),
    )


def matches_of(case: Case, slug: str) -> Iterator[tuple[Ranking, Match]]:
    """The vendor's match in each lane in which it stands."""
    for ranking in case.advice.rankings:
        if rank := ranking.rank_of(slug):
            yield ranking, ranking.matches(rank - 1, rank)[0]


def in_full(case: Case) -> Section:
    blocks: list[Block] = [
        Paragraph(
            "The shortlist, the first of each lane, and the team. Points are weight times what sources show; possible adds what "
            "nothing rules out."
        )
    ]
    for slug in in_detail(case.advice, [entry.vendor for entry in case.shortlist]):
        row = case.advice.catalogue.rows[case.advice.catalogue.place[slug]]
        blocks.append(Heading(f"{row.name} ({row.type})"))
        found = list(matches_of(case, slug))
        if not found:
            blocks.append(
                Paragraph("Stands in no order: a must-have rules it out, or none of the services needed is expected of its type.")
            )
        for ranking, match in found:
            standing = f"{LANES_IN_WORDS[ranking.lane]}: place {match.rank} of {len(ranking)}"
            blocks.append(
                Table(
                    f"{standing}, {100 * match.score:.1f} of 100, possible {100 * match.possible:.1f}",
                    ("Criterion", "Weight", "Points", "Possible", "Because"),
                    tuple(
                        (case.criteria[c.criterion], points(c.weight), points(c.weight * c.known), points(c.weight * c.possible), c.because)
                        for c in match.contributions
                    ),
                    (4, 2, 2, 2, 9),
                )
            )
        blocks += evidence(case.files.get(slug))
    return Section("Vendors in full", "Vendors", tuple(blocks))


def evidence(file: VendorFile | None) -> Iterator[Block]:
    """The facts of one vendor, each with its sources."""
    if file is None:
        yield Paragraph("The record of this vendor could not be read when this was written.", "warning")
        return
    yield Facts((("Owner", said(file.owner)), ("Record checked on", said(file.verified_on)), ("Checked by", said(file.verifier))))
    facts = tuple((fact.label, fact.value, ", ".join(map(str, fact.sources)) or "unsourced") for fact in file.facts)
    yield Table("Facts", ("Fact", "Value", "Sources"), facts, (4, 11, 2), "No fact is recorded.")
    sources = tuple((s.number, f"{s.title}, {s.publisher}", said(s.published), said(s.read_on), s.address) for s in file.sources)
    yield Table(
        "Sources", ("No.", "Title, publisher", "Published", "Read on", "Address"), sources, (1, 6, 2, 2, 7), "No source is recorded."
    )


def unknowns(case: Case) -> Section:
    """What was not known, and what was known but old, when this was written."""
    slugs = in_detail(case.advice, [entry.vendor for entry in case.shortlist])
    open_, stale = [], []
    today = dt.date.fromisoformat(case.written_at[:10])
    for slug in slugs:
        place = case.advice.catalogue.place[slug]
        row = case.advice.catalogue.rows[place]
        for ranking, _ in matches_of(case, slug):
            lacking = {name: ranking.values[name].unknown(place) for name in ranking.weights}
            open_ += [(row.name, case.criteria[name], listed(terms, 50)) for name, terms in lacking.items() if terms]
        if row.verified_on is None or row.verified_on < today - STALE_AFTER:
            stale.append((row.name, "Whole record", row.verified_on.isoformat() if row.verified_on else "never checked"))
        stale += [
            (row.name, f"Source {source.number}", source.read_on)
            for source in (case.files[slug].sources if slug in case.files else ())
            if source.read_on and dt.date.fromisoformat(source.read_on) < today - STALE_AFTER
        ]
    asked = tuple((q.name, LANES_IN_WORDS[q.lane], q.text, q.effect) for q in case.advice.questions)
    return Section(
        "Unknown and stale facts",
        "Unknown and stale",
        (
            Table(
                "Not known when this was written",
                ("Vendor", "Criterion", "Not known"),
                tuple(dict.fromkeys(open_)),
                (4, 4, 8),
                "Nothing that counts is unknown.",
            ),
            Table("Not checked for a year", ("Vendor", "What", "Checked on"), tuple(stale), (6, 4, 4), "Nothing is stale."),
            Table("Questions that could change the order", ("Vendor", "Lane", "Question", "If answered yes"), asked, (4, 3, 7, 4)),
            Table(
                "Stated by vendors, not verified, and not counted in this order",
                ("Vendor", "Question", "Stated", "On"),
                tuple((one.name, one.question, one.answer, one.stated_on) for one in case.stated),
                (4, 6, 6, 2),
            ),
        ),
    )


def robustness(case: Case) -> Section:
    blocks: list[Block] = []
    for ranking in case.advice.rankings:
        rows = tuple(
            (
                m.rank,
                m.name,
                points(m.shares.first),
                points(m.shares.top5),
                "{} to {}".format(*ranking.rank_range(case.advice.catalogue.place[m.vendor])),
            )
            for m in ranking.matches(0, 10)
        )
        flip = ranking.flip
        nearest = (
            f"{case.criteria[flip.criterion]} from {100 * flip.before:.1f} to {100 * flip.after:.1f} points of 100"
            if flip
            else "no change of a single weight brings the second level with the first"
        )
        blocks += [
            Heading(LANES_IN_WORDS[ranking.lane]),
            *(Paragraph(text) for text in case.sure.get(ranking.lane, ())),
            Facts((("Nearest flip", nearest),)),
            Table(
                "Of 100 sampled weightings", ("Place", "Vendor", "First in", "Among five in", "Best to worst place"), rows, (2, 7, 2, 3, 4)
            ),
        ]
    note = "Every weight was drawn between half and one and a half times its size and the draw renormalized, 1,000 times, seeded."
    return Section("Robustness", "Robustness", (*blocks, Paragraph(note, "note")))


def team(case: Case) -> Section:
    advice, name = case.advice, case.advice.catalogue.vocabulary.name
    if not advice.team:
        return Section("Team", "Team", (Paragraph("Nobody is known to cover any of the needed services at the needed stages."),))
    rows = tuple(
        (advice.catalogue.rows[member.vendor].name, ", ".join(dict.fromkeys(name("services", cell.service) for cell in member.cells)))
        for member in advice.team.members
    )
    uncovered = dict.fromkeys(name("services", cell.service) for cell in advice.teams.uncovered)
    return Section(
        "Team",
        "Team",
        (
            Table("The set of vendors that covers the program", ("Vendor", "Carries"), rows, (5, 10)),
            Facts(
                (
                    ("Covered by nobody known", several(list(uncovered), "nothing")),
                    ("Sizes compared", several([f"{len(one.members)}: fit {100 * one.fit:.1f}" for one in advice.teams.by_size])),
                )
            ),
        ),
    )


def risks(case: Case) -> Section:
    return Section("Risk assessment", "Risks", (Facts(people(case, "criticality", "subcontracting", "single_source", "mitigations")),))


def voices(case: Case) -> Section:
    return Section("Scores, dissent and conflicts of interest", "Voices", (Facts(people(case, "team_scores", "dissent", "conflicts")),))


def qualification(case: Case) -> Section:
    return Section(
        "Planned qualification",
        "Qualification",
        (
            Paragraph("Selection is not qualification: what follows is what the sponsor plans."),
            Facts(people(case, "questionnaire", "audit", "quality_agreement", "requalification_on")),
        ),
    )


def data(case: Case) -> Section:
    moved = case.version.catalogue != case.advice.catalogue.version
    versions = tuple((v.number, in_utc(v.saved_at), said(v.saved_by), v.catalogue, said(v.note)) for v in case.versions)
    earlier = tuple(
        (e.number, in_utc(e.frozen_at), f"record {e.corrects}: {e.reason}" if e.corrects else "nothing", e.digest) for e in case.earlier
    )
    return Section(
        "Data, software and change log",
        "Data and changes",
        (
            Facts(
                (
                    ("Catalogue version", f"{case.advice.catalogue.version}, {len(case.advice.catalogue)} vendors"),
                    (
                        "Catalogue of the saved version",
                        f"{case.version.catalogue}: the advice was worked out anew for this document" if moved else "the same",
                    ),
                    ("Software", case.software),
                    ("Hash", "in the stamp: SHA-256 over everything that this document says"),
                    (
                        "This record corrects",
                        f"record {case.corrects}: {said(case.correction_reason)}" if case.corrects else "no earlier record",
                    ),
                )
            ),
            Table("Versions of the program", ("Version", "Saved", "By", "Catalogue", "Note"), versions, (2, 4, 4, 3, 5)),
            Table("Earlier records", ("Record", "Frozen", "Corrects", "Hash"), earlier, (2, 4, 5, 9)),
        ),
    )
