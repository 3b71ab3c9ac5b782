"""The shortlist on one page, for a committee."""

from advisor.documents.case import Case, Shortlisted
from advisor.documents.content import NOT_RECORDED, Block, Document, Paragraph, Section, Stamp, Table
from advisor.documents.decision import GATE_WORDS, LANES_IN_WORDS, matches_of
from advisor.engine.words import listed
from vendors.catalogue import is_in

# More columns do not fit a page that is still read.
MOST = 5
STATES = {"known": "shown", "possible": "not known", "none": "not expected"}
# A note or a reason is cut to this many characters here, with a sign; the decision record has all of it.
NOTE_MOST = 110


def shortlist_comparison(case: Case, stamp: Stamp) -> Document:
    """The first vendors of the shortlist side by side."""
    shown = [entry for entry in case.shortlist if entry.vendor in case.advice.catalogue.place][:MOST]
    left = [entry.name for entry in case.shortlist if entry not in shown]
    blocks: list[Block] = [Paragraph(case.advice.verdict)]
    if shown:
        header = ("", *(entry.name for entry in shown))
        widths = (4, *(4,) * len(shown))
        blocks += [
            Table("Standing", header, tuple(standing(case, shown)), widths),
            Table("Services needed", header, tuple(coverage(case, shown)), widths, "No service is needed from a partner."),
        ]
    else:
        blocks.append(Paragraph("Nobody is on the shortlist."))
    if left:
        blocks.append(Paragraph(f"Also on the shortlist, and not on this page: {listed(left, 40)}.", "warning"))
    blocks.append(Paragraph(
        "Points of 100: what sources show, and in brackets what could still be true. Not known is not no. This page compares; it does not "
        "qualify a vendor and does not replace an audit.", "note",
    ))  # fmt: skip
    title = case.program or "Unnamed program"
    return Document(
        "comparison", "Shortlist comparison", stamp, (Section("The shortlist", "Comparison", tuple(blocks)),), title, one_page=True
    )


def standing(case: Case, shown: list[Shortlisted]):
    """One row a question, one column a vendor."""
    catalogue = case.advice.catalogue
    rows = [catalogue.rows[catalogue.place[entry.vendor]] for entry in shown]
    yield ("Type", *(row.type for row in rows))
    yield ("Owner", *(row.organization for row in rows))
    yield ("Status", *(entry.status for entry in shown))
    yield ("Reason", *(shortened(entry.reason) for entry in shown))
    matches = {entry.vendor: {ranking.lane: (ranking, match) for ranking, match in matches_of(case, entry.vendor)} for entry in shown}
    for ranking in case.advice.rankings:
        lane = LANES_IN_WORDS[ranking.lane]
        found = [matches[entry.vendor].get(ranking.lane) for entry in shown]
        if not any(found):
            continue
        yield (f"{lane}: place", *(f"{pair[1].rank} of {len(ranking)}" if pair else "not ranked" for pair in found))
        yield (
            "Points, shown (possible)",
            *(f"{100 * pair[1].score:.1f} ({100 * pair[1].possible:.1f})" if pair else "–" for pair in found),
        )
        yield ("First in, of 100 weightings", *(f"{100 * pair[1].shares.first:.0f}" if pair else "–" for pair in found))
        for name, weight in ranking.weights.items():
            if name == "services":
                continue
            parts = [next(c for c in pair[1].contributions if c.criterion == name) if pair else None for pair in found]
            cells = (f"{100 * c.weight * c.known:.1f} ({100 * c.weight * c.possible:.1f})" if c else "–" for c in parts)
            yield (f"{case.criteria[name]}, of {100 * weight:.0f}", *cells)
        for place, gate in enumerate(next(pair[1].gates for pair in found if pair)):
            yield (f"Must have: {gate.name}", *(GATE_WORDS[pair[1].gates[place].status] if pair else "–" for pair in found))
    yield (
        "Questions that could change the order",
        *(str(sum(q.vendor == entry.vendor and q.to_rank is not None for q in case.advice.questions)) for entry in shown),
    )
    yield ("Record checked on", *(row.verified_on.isoformat() if row.verified_on else NOT_RECORDED for row in rows))


def coverage(case: Case, shown: list[Shortlisted]):
    """Of every needed service, how each vendor stands to it."""
    catalogue = case.advice.catalogue
    for need in case.advice.needs.needs:
        known, possible = catalogue.known("services", need.service), catalogue.possible("services", need.service)
        places = [catalogue.place[entry.vendor] for entry in shown]
        states = ("known" if is_in(known, place) else "possible" if is_in(possible, place) else "none" for place in places)
        yield (catalogue.vocabulary.name("services", need.service), *(STATES[state] for state in states))


def shortened(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        return NOT_RECORDED
    return text if len(text) <= NOTE_MOST else text[: NOTE_MOST - 30].rstrip() + " … (whole in the record)"
