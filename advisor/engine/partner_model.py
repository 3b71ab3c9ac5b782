"""Which kinds of partner a program needs: CRO, CMO, CDMO, a combination, or nobody.

Rules are data. Three of them look at cells of service x stage and say how well each type fits a cell; the others look at
the whole program and shift an option. An option's score is the mean fit of its best type over the cells of each lane,
averaged over the lanes, less what a second or an idle partner costs, plus the shifts of the rules that fired, held within
0 and 1.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from advisor.engine.needs import Need, Needs, needs_of
from advisor.engine.profile import Profile
from advisor.engine.rules import MODELS, RULES, Model, Rule, Situation, openness
from advisor.engine.words import mid_sentence
from vendors.catalogue import LANES, Vocabulary

# Below this distance between the first two options the answer is "too close to call".
CLOSE = 0.05
# What a kind of partner costs that no part of the program needs.
UNNEEDED = 0.3
# What a second partner costs in handoffs, at neutral priorities; a wish for a single vendor doubles it.
HANDOFF = 0.06

# Services that a type outside the lane also carries, and how well: laboratories that test, chemists who scale up.
ALSO_CARRIED: Mapping[tuple[str, str], float] = {
    ("CRO", "analytical-development"): 0.7,
    ("CRO", "quality-control-release"): 0.6,
    ("CRO", "clinical-supply-logistics"): 0.4,
    ("CDMO", "medicinal-chemistry"): 0.4,
    ("CDMO", "regulatory-affairs"): 0.4,
    ("CDMO", "bioanalysis"): 0.3,
}
# How well a maker fits a cell at both ends of openness: (fixed, open).
MAKER_FIT: Mapping[str, tuple[float, float]] = {"CMO": (1.0, 0.15), "CDMO": (0.75, 1.0)}


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that fired for an option, with the value that met it."""

    rule: Rule
    because: str
    shift: float


@dataclass(frozen=True, slots=True)
class Option:
    """One partner model with its score, 0 to 1, and the rules that speak for it."""

    model: Model
    score: float
    reasons: tuple[Reason, ...]

    @property
    def types(self) -> tuple[str, ...]:
        return types_of(self.model)


@dataclass(frozen=True, slots=True)
class Recommendation:
    """All options, best first; on a tie the order of MODELS decides."""

    options: tuple[Option, ...]

    @property
    def first(self) -> Option:
        return self.options[0]

    @property
    def margin(self) -> float:
        return self.options[0].score - self.options[1].score

    @property
    def close_call(self) -> bool:
        return self.margin < CLOSE


def types_of(model: Model) -> tuple[str, ...]:
    return () if model == "none" else tuple(model.split("+"))


def fit(kind: str, need: Need, stage: str) -> float:
    """How well a type fits one cell of service x stage, 0 to 1: rules 1 to 3."""
    also = ALSO_CARRIED.get((kind, need.service), 0.0)
    if need.lane == "research":
        return 1.0 if kind == "CRO" else also
    if kind not in MAKER_FIT:
        return also
    fixed, open_ = MAKER_FIT[kind]
    share = openness(need.service, stage)
    return fixed * (1 - share) + open_ * share


def lane_fit(model: Model, needs: Sequence[Need]) -> tuple[float, str]:
    """The type of an option that fits one lane best, one type for the whole lane: mean fit over its cells, and the type."""
    cells = [(need, stage) for need in needs for stage in need.stages]
    return max(((fmean(fit(kind, need, stage) for need, stage in cells), kind) for kind in types_of(model)), default=(0.0, ""))


def recommend(profile: Profile, needs: Needs, vocabulary: Vocabulary) -> Recommendation:
    """Rank the six options for a program."""
    situation = Situation(profile, needs, vocabulary)
    fired = [Reason(rule, because, rule.shift(situation)) for rule in RULES if (because := rule.fires(situation))]
    options = []
    for model in MODELS:
        reasons = tuple(reason for reason in fired if model in reason.rule.models)
        score = base_score(model, situation) + sum(reason.shift for reason in reasons)
        options.append(Option(model, min(1.0, max(0.0, score)), reasons))
    return Recommendation(tuple(sorted(options, key=lambda option: -option.score)))


def base_score(model: Model, situation: Situation) -> float:
    """Fit over the cells less the price of handoffs and of idle partners; for nobody, how much of what was asked for stays in house."""
    lanes = [needs for lane in LANES if (needs := situation.needs.of(lane))]
    if model == "none":
        return 1.0 if not lanes else 0.6 * len(situation.needs.kept) / situation.asked
    if not lanes:
        return 0.0
    fits = [lane_fit(model, needs) for needs in lanes]
    idle = set(types_of(model)) - {kind for _, kind in fits}
    handoffs = (len(types_of(model)) - 1) * HANDOFF * (1 + situation.priority("single_vendor")) / 4
    return fmean(value for value, _ in fits) - handoffs - UNNEEDED * len(idle)


def deciders(profile: Profile, vocabulary: Vocabulary) -> list[tuple[str, Model]]:
    """Single answers of the sponsor that would make a clear case of a close call, in words, each with the model it leads to."""
    found = []
    for change, changed in single_changes(profile, vocabulary):
        answer = recommend(changed, needs_of(changed, vocabulary), vocabulary)
        if not answer.close_call:
            found.append((change, answer.first.model))
    return found


def single_changes(profile: Profile, vocabulary: Vocabulary) -> Iterator[tuple[str, Profile]]:
    """The program with one answer changed: a service struck, or the wish for a single vendor at either end."""
    services = tuple(need.service for need in needs_of(profile, vocabulary).needs)
    for slug in services if len(services) > 1 else ():
        rest = tuple(other for other in services if other != slug)
        yield f"without {mid_sentence(vocabulary.name('services', slug))}", replace(profile, services=rest, wished=())
    for value, words in ((5, "decides"), (0, "does not matter")):
        yield f"if a single accountable vendor {words}", replace(profile, priorities={**profile.priorities, "single_vendor": value})
