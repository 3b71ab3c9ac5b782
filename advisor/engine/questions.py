"""Which unknowns could change the order: what to ask whom, and what the answer would do."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from advisor.engine.criteria import softer_points
from advisor.engine.ranking import Ranking
from advisor.engine.words import sentence
from vendors.catalogue import Lane

# Questions go to the vendors at the top: further down, one answer hardly ever makes a difference.
ASKED = 15
MOST = 12
SUBJECTS: Mapping[str, str] = {
    "services": "Do you offer {}?",
    "stages": "Which programs at {} have you carried in the last three years?",
    "therapeutic_areas": "Which studies in {} have you run in the last three years?",
    "modality": "Which programs of this modality have you carried: {}?",
    "countries": "Where do you work in {}?",
    "accreditations": "Which evidence can you show for {}?",
    "ai": "Where do you use AI, and under which procedure?",
    "biomarkers": "How deep is your work on {}?",
    "size": "How many people do you employ?",
}


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask one vendor. `to_rank` is where it would stand if the answer is yes; None for a softer point."""

    lane: Lane
    vendor: str
    name: str
    about: str
    text: str
    from_rank: int
    to_rank: int | None

    @property
    def effect(self) -> str:
        if self.to_rank is None:
            return "a preference of yours on which no fact is recorded"
        return f"would rise from {self.from_rank} to {self.to_rank}"

    @property
    def rise(self) -> int:
        return self.from_rank - self.to_rank if self.to_rank else 0


def questions(ranking: Ranking) -> list[Question]:
    """The unknowns of the first vendors that would lift them if evidenced, the largest rise first; ties by rank."""
    # Whoever stands above a raised score stands above the vendor itself, so the others need not be looked at.
    places = ranking.head(ASKED)
    head = ranking.score[places]
    gaps = {name: ranking.weights[name] * (possible - known) for name, (known, possible) in ranking.values_of(0, ASKED).items()}
    found = []
    for rank, place in enumerate(places.tolist(), 1):
        row = ranking.question.catalogue.rows[place]
        score = float(head[rank - 1])
        for criterion in ranking.weights:
            value = ranking.values[criterion]
            gap = float(gaps[criterion][rank - 1])
            # Not even the whole gap would lift it past the one before.
            if criterion not in SUBJECTS or gap <= 0 or rank == 1 or score + gap + 1e-12 < head[rank - 2]:
                continue
            unknown = value.unknown(place)
            if not unknown:
                continue
            # One answer settles one unknown; unknowns of a criterion share its gap.
            raised = score + gap / len(unknown)
            to_rank = 1 + int(np.count_nonzero(head > raised + 1e-12))
            if to_rank < rank:
                found += [
                    Question(ranking.lane, row.slug, row.name, criterion, sentence(SUBJECTS[criterion].format(term)), rank, to_rank)
                    for term in unknown
                ]
    return sorted(found, key=lambda question: (-question.rise, question.from_rank))[:MOST]


def softer(ranking: Ranking) -> list[Question]:
    """What the sponsor prefers and no record holds: asked of the first three, never guessed."""
    found = []
    for rank, place in enumerate(ranking.head(3).tolist(), 1):
        row = ranking.question.catalogue.rows[place]
        found += [
            Question(ranking.lane, row.slug, row.name, point.about, point.text, rank, None) for point in softer_points(ranking.question)
        ]
    return found
