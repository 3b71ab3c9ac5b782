"""Two pieces of advice side by side: two programs, two versions of one, a version and today, or a program and a change that is tried out.

What is compared is the advice as versions keep it, see `advisor.kept`: so an old version is compared as it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from advisor.kept import MOST_MATCHES
from advisor.result import LANE_TITLES

HEAD = 5  # places of a lane that are compared


@dataclass(frozen=True)
class Side:
    """One side of a comparison: what it is called, its advice as kept, and where its page is."""

    title: str
    advice: Mapping[str, Any]
    address: str = ""

    @property
    def model(self) -> str:
        return self.advice["model"]["recommended"]

    @property
    def team(self) -> list[str]:
        """The names of the team's members."""
        return next(([member["name"] for member in team["vendors"]] for team in self.advice["teams"] if team["chosen"]), [])

    def matches(self, lane: str) -> list[Mapping[str, Any]]:
        return [match for match in self.advice["matches"] if match["lane"] == lane]

    def has(self, lane: str) -> bool:
        return any(each["lane"] == lane for each in self.advice["lanes"])


def compare(before: Side, after: Side) -> dict[str, Any]:
    """What two pieces of advice have in common and what not: program, model, first five of each lane, team."""
    return {
        "before": before,
        "after": after,
        "program": changed_words(before.advice["words"], after.advice["words"]),
        "lanes": [lane_difference(lane, before, after) for lane in LANE_TITLES if before.has(lane) or after.has(lane)],
        "model_changed": before.model != after.model,
        "teams": [before.team, after.team],
        "catalogue_changed": before.advice["catalogue"]["version"] != after.advice["catalogue"]["version"],
    }


def changed_words(before: list, after: list) -> list[dict[str, str]]:
    """The rows of two programs in words, see `result.program_words`, that differ."""
    old, new = dict(before), dict(after)
    return [
        {"name": name, "before": old.get(name) or "nothing", "after": new.get(name) or "nothing"}
        for name in {**new, **old}
        if (old.get(name) or "") != (new.get(name) or "")
    ]


def lane_difference(lane: str, before: Side, after: Side) -> dict[str, Any]:
    """The first of one lane on both sides, with the place that each had before; None where it was not among those that are kept."""
    old, new = before.matches(lane), after.matches(lane)
    was, now = ({match["vendor"]: match["rank"] for match in matches} for matches in (old, new))
    first = {match["vendor"] for match in new[:HEAD]}
    return {
        "title": LANE_TITLES[lane],
        "moved": [{"match": match, "was": was.get(match["vendor"])} for match in new[:HEAD]],
        "gone": [{"match": match, "now": now.get(match["vendor"])} for match in old[:HEAD] if match["vendor"] not in first],
        "same": [match["vendor"] for match in old[:HEAD]] == [match["vendor"] for match in new[:HEAD]],
        "most": MOST_MATCHES,
    }
