"""What the answers so far imply: a glance at the advice while a program is still being described."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from advisor.engine.advice import advise
from advisor.engine.profile import Profile, ProfileError
from advisor.result import LANE_TITLES
from vendors.catalogue import Catalogue

NAMED = 3  # vendors of a lane
NOT_YET = "Choose the stage, and a modality or a service: then the advice begins to show here."


@dataclass(frozen=True)
class LaneSoFar:
    """One lane: how many vendors are left in it, how many a must-have keeps out, and who comes first."""

    title: str
    left: int
    out: int
    first: list[dict[str, Any]]


@dataclass(frozen=True)
class Implied:
    """`verdict` is empty while too little is known; `missing` then says what."""

    verdict: str = ""
    missing: str = ""
    services: int = 0
    proposed: bool = False
    lanes: list[LaneSoFar] = field(default_factory=list)
    vendors: int = 0


def implied(answers: Mapping[str, Any], catalogue: Catalogue) -> Implied:
    """What a profile that may still be incomplete leads to."""
    try:
        profile = Profile.from_dict(answers, catalogue.vocabulary)
    except ProfileError:
        return Implied(missing=NOT_YET)
    advice = advise(profile, catalogue)
    lanes = [
        LaneSoFar(
            LANE_TITLES[ranking.lane], len(ranking), len(ranking.failed),
            [{"slug": match.vendor, "name": match.name, "type": match.type} for match in ranking.matches(0, NAMED)],
        )
        for ranking in advice.rankings
    ]  # fmt: skip
    return Implied(advice.verdict, "", len(advice.needs.needs), not profile.services, lanes, len(catalogue))
