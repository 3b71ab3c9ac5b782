"""Two pieces of advice side by side: two programs, two versions of one, or a program and a change that is tried out."""

from dataclasses import dataclass
from typing import Any

from advisor.engine.advice import Advice
from advisor.result import LANE_TITLES, program_words


@dataclass(frozen=True)
class Side:
    """One side of a comparison: what it is called, its advice, and where its page is."""

    title: str
    advice: Advice
    address: str = ""


def compare(before: Side, after: Side) -> dict[str, Any]:
    """What two pieces of advice have in common and what not: program, model, first five of each lane, team."""
    old, new = before.advice, after.advice
    return {
        "before": before,
        "after": after,
        "program": [row for row in program_rows(old, new) if row["before"] != row["after"]],
        "lanes": [lane_difference(lane, old, new) for lane in LANE_TITLES if any(r.lane == lane for a in (old, new) for r in a.rankings)],
        "model_changed": old.model.first.model != new.model.first.model,
        "teams": [[one.catalogue.rows[vendor].name for vendor in one.team.vendors] if one.team else [] for one in (old, new)],
    }


def lane_difference(lane: str, old: Advice, new: Advice) -> dict[str, Any]:
    """The first five of one lane on both sides, with the place that each had before."""
    sides = [next((ranking for ranking in one.rankings if ranking.lane == lane), None) for one in (old, new)]
    heads = [ranking.matches(0, 5) if ranking else [] for ranking in sides]
    moved = [{"match": match, "was": sides[0].rank_of(match.vendor) if sides[0] else None} for match in heads[1]]
    gone = [match for match in heads[0] if match.vendor not in {other.vendor for other in heads[1]}]
    return {
        "title": LANE_TITLES[lane],
        "moved": moved,
        "gone": [{"match": match, "now": sides[1].rank_of(match.vendor) if sides[1] else None} for match in gone],
        "same": [m.vendor for m in heads[0]] == [m.vendor for m in heads[1]],
    }


def program_rows(old: Advice, new: Advice) -> list[dict[str, str]]:
    """Both programs in words, row by row."""
    return [
        {"name": name, "before": before or "nothing", "after": after or "nothing"}
        for (name, before), (_, after) in zip(program_words(old), program_words(new), strict=True)
    ]
