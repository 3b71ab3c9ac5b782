"""The advice as the result page shows it: in reading order, in words. It decides nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator

from advisor import coverage
from advisor.engine.advice import Advice
from advisor.engine.partner_model import Reason, types_of
from advisor.engine.questions import Question
from advisor.engine.ranking import Match, Ranking
from advisor.engine.references import REFERENCES, Reference
from advisor.engine.rules import EARLY, Objection
from advisor.engine.words import listed, mid_sentence
from advisor.forms import CRITERION_NAMES, PREFERENCE_LABELS, PRIORITY_LABELS
from advisor.models import GuideEntry
from vendors.catalogue import TYPES, Catalogue, Row, is_in

PAGES = (5, 50)  # matches of a lane on a page: at first, and when all are asked for
CURVE_WORDS = {1: "One vendor", 2: "Two vendors", 3: "Three vendors", 4: "Four vendors", 5: "Five vendors", 6: "Six vendors"}
LANE_TITLES = {"research": "Who can run the studies", "making": "Who can make it"}


@dataclass(frozen=True)
class ShownReason:
    """A reason with the types that it speaks for, its passages and those against it, as addresses."""

    reason: Reason
    types: tuple[str, ...]
    guide: GuideEntry | None
    sources: tuple[Reference, ...]
    against: tuple[tuple[Objection, tuple[Reference, ...]], ...]


@dataclass(frozen=True)
class ShownMatch:
    """A match with what its drawings need; figures are points of 100."""

    match: Match
    row: Row
    served: frozenset[str]
    needed: tuple[str, ...]
    places: tuple[int, int]

    @property
    def shares(self) -> tuple[float, float]:
        """Of 100 sampled weightings: how often first, how often among the first five."""
        return 100 * self.match.shares.first, 100 * self.match.shares.top5

    @property
    def score(self) -> float:
        return 100 * self.match.score

    @property
    def possible(self) -> float:
        return 100 * self.match.possible

    @property
    def parts(self) -> list[dict[str, Any]]:
        return [
            {
                "name": CRITERION_NAMES[c.criterion],
                "weight": 100 * c.weight,
                "known": 100 * c.weight * c.known,
                "possible": 100 * c.weight * c.possible,
                "because": c.because,
            }
            for c in self.match.contributions
        ]


class ShownOrder(Sequence):
    """A lane's order as a sequence that a paginator can cut; only the stretch that is shown is ever worked out."""

    def __init__(self, ranking: Ranking):
        self.ranking = ranking

    def __len__(self):
        return len(self.ranking)

    def __getitem__(self, part):
        question = self.ranking.question
        return [
            ShownMatch(match, question.catalogue.rows[question.catalogue.place[match.vendor]],
                       served(question.catalogue, match.vendor), question.stages,
                       self.ranking.rank_range(question.catalogue.place[match.vendor]))
            for match in self.ranking.matches(part.start or 0, part.stop)
        ]  # fmt: skip


def served(catalogue: Catalogue, vendor: str) -> frozenset[str]:
    """The stages that a source shows of one vendor."""
    place = catalogue.place[vendor]
    stages = catalogue.vocabulary.stages
    return frozenset(slug for slug in stages if is_in(catalogue.known("stages", slug), place))


def lanes(advice: Advice, query: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each lane with one page of its order and how sure the order is.

    query: the page asked for, by lane, and `all`, the lane of which longer pages are asked for; what can't be read shows the first.
    """
    shown = []
    for ranking in advice.rankings:
        every = query.get("all") == ranking.lane
        page = Paginator(ShownOrder(ranking), PAGES[every]).get_page(query.get(ranking.lane))
        shown.append({
            "lane": ranking.lane,
            "title": LANE_TITLES[ranking.lane],
            "page": page,
            "every": every,
            "excluded": [advice.catalogue.rows[place] for place in ranking.failed],
            "sure": how_sure(ranking),
            "first": ShownOrder(ranking)[:5],
            "all": len(ranking),
        })  # fmt: skip
    return shown


def how_sure(ranking: Ranking) -> list[str]:
    """What the sampled weights and the nearest flip say, in sentences."""
    head = ranking.matches(0, 2)
    if len(head) < 2:
        return []
    first, second = head
    draws = f"{100 * first.shares.first:.0f} of 100 weightings, each weight drawn between half and one and a half times its size"
    sentences = [f"{first.name} comes first in {draws}."]
    if flip := ranking.flip:
        change = f"{CRITERION_NAMES[flip.criterion]} from {100 * flip.before:.1f} to {100 * flip.after:.1f} points of 100"
        sentences.append(f"The smallest change that puts {second.name} level with it: {change}.")
    else:
        sentences.append(f"No change of a single weight puts {second.name} before it.")
    return sentences


def questions(advice: Advice) -> list[tuple[str, str, list[Question]]]:
    """What to ask, by vendor: slug, name and questions. Who stands first has the question with the largest effect."""
    asked: dict[str, tuple[str, str, list[Question]]] = {}
    for question in advice.questions:
        asked.setdefault(question.vendor, (question.vendor, question.name, []))[2].append(question)
    return list(asked.values())


def team(advice: Advice) -> dict[str, Any] | None:
    """The team as a coverage matrix, and the curve of size against fit; None where nobody covers anything. Two queries."""
    chosen = advice.team
    if chosen is None:
        return None
    rows, name = advice.catalogue.rows, advice.catalogue.vocabulary.name
    members = [rows[vendor] for vendor in chosen.vendors]
    uncovered = {cell.service for cell in advice.teams.uncovered}
    return {
        "size": len(members),
        "coverage": coverage.matrix(advice, [row.slug for row in members]),
        "curve": [
            {"size": CURVE_WORDS.get(len(one.members), f"{len(one.members)} vendors"), "fit": 100 * one.fit,
             "chosen": one is chosen, "members": [rows[vendor] for vendor in one.vendors]}
            for one in advice.teams.by_size
        ],
        "uncovered": [name("services", need.service) for need in advice.needs.needs if need.service in uncovered],
        "exact": advice.teams.exact,
    }  # fmt: skip


def reasons(advice: Advice, guide: dict[str, GuideEntry]) -> list[ShownReason]:
    """Why the recommended option is recommended. guide: its entries by slug."""
    option = advice.model.first
    return [
        ShownReason(
            reason,
            spoken_for(reason, option.types),
            guide.get(reason.rule.guide or ""),
            tuple(REFERENCES[key] for key in reason.rule.sources),
            tuple((objection, tuple(REFERENCES[key] for key in objection.sources)) for objection in reason.rule.against),
        )
        for reason in option.reasons
    ]


def spoken_for(reason: Reason, types: tuple[str, ...]) -> tuple[str, ...]:
    """The types that a rule speaks for: those in all its options, or the whole combination where it is about combining."""
    options = [set(types_of(model)) for model in reason.rule.models]
    if options and all(len(option) > 1 for option in options):
        return types
    return tuple(kind for kind in types if all(kind in option for option in options))


def not_needed(advice: Advice) -> list[tuple[str, str]]:
    """Each type that is not recommended, with the reason in words."""
    research, making = advice.needs.of("research"), advice.needs.of("making")
    texts = {
        "CRO": "Not a CRO: no study or laboratory work is left for a partner.",
        "CMO": "Not a CMO now: it makes what others developed, and development is still open. Look again when the process is fixed."
        if making
        else "Not a CMO: nothing has to be made by a partner.",
        "CDMO": "Not a CDMO: no development is asked for. One could do the work too, and would keep later changes under one roof."
        if making
        else "Not a CDMO: nothing has to be developed or made by a partner.",
    }
    if research and "CRO" not in advice.model.first.types:
        texts["CRO"] = "Not a CRO: the little that is left of studies and laboratory work can stay with the maker."
    return [(kind, texts[kind]) for kind in TYPES if kind not in advice.model.first.types]


def note(advice: Advice, row: str, kind: str) -> str:
    """Why the program meets one cell of the table, or what it says against it."""
    stages = stages_in_words(advice)
    match row:
        case "key-services":
            return f"you need {advice.work_of(advice.model.first, kind)}"
        case "stage-involved" if kind == "CDMO" and advice.needs.stages[0] in EARLY:
            return f"you are at {stages}: earlier than the table says, see what disagrees"
        case "stage-involved":
            return f"you are at {stages}"
    return ""


def stages_in_words(advice: Advice) -> str:
    names = [mid_sentence(advice.catalogue.vocabulary.name("stages", slug)) for slug in advice.needs.stages]
    return names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"


def headline(advice: Advice) -> list[str]:
    """The program in a few words: stages, modality, areas, countries."""
    profile, vocabulary = advice.profile, advice.catalogue.vocabulary
    parts = [stages_in_words(advice)]
    if profile.modality:
        parts.append(mid_sentence(vocabulary.name("modalities", profile.modality)))
    for dimension, slugs in (("therapeutic_areas", profile.therapeutic_areas), ("countries", profile.countries)):
        if slugs:
            names = [vocabulary.name(dimension, slug) for slug in slugs]
            parts.append(listed(names if dimension == "countries" else [mid_sentence(name) for name in names], 4))
    return parts


def asked(advice: Advice) -> dict[str, Any]:
    """What the advice took as needed, in words: services with the reason of a proposed one, what stays in house, priorities."""
    name = advice.catalogue.vocabulary.name
    return {
        "needs": [{"name": name("services", need.service), "proposed": need.proposed_because} for need in advice.needs.needs],
        "proposed": [name("services", need.service) for need in advice.needs.needs if need.proposed_because],
        "kept": [name("services", slug) for slug in advice.needs.kept],
        "wished": [name("services", slug) for slug in advice.profile.wished],
        "priorities": [{"name": PRIORITY_LABELS[key][0], "value": value} for key, value in advice.profile.priorities.items()],
        "preferences": [PREFERENCE_LABELS[key][1][value] for key, value in advice.profile.preferences.items()],
        "weights": [{"name": CRITERION_NAMES[key], "value": value} for key, value in advice.profile.weights.items()],
    }


def program_words(advice: Advice) -> list[tuple[str, str]]:
    """The program row by row; a row of which nothing was said is empty."""
    profile, name = advice.profile, advice.catalogue.vocabulary.name

    def names(dimension: str, slugs) -> str:
        return "; ".join(name(dimension, slug) for slug in slugs)

    return [
        ("Stages", stages_in_words(advice)),
        ("Modality", names("modalities", [profile.modality] if profile.modality else [])),
        ("Therapeutic areas", names("therapeutic_areas", profile.therapeutic_areas)),
        ("Needed from partners", names("services", [need.service for need in advice.needs.needs])),
        ("Only wished", names("services", profile.wished)),
        ("Stays in house", names("services", advice.needs.kept)),
        ("Countries", names("countries", profile.countries)),
        (
            "Must have",
            "; ".join(filter(None, [names("accreditations", profile.must_accreditations), names("countries", profile.must_countries)])),
        ),
        ("Priorities", "; ".join(f"{PRIORITY_LABELS[key][0]} {value}" for key, value in profile.priorities.items())),
        ("Preferences", "; ".join(PREFERENCE_LABELS[key][1][value] for key, value in profile.preferences.items())),
        ("Own weights", "; ".join(f"{CRITERION_NAMES[key]} {value:g}" for key, value in profile.weights.items())),
    ]


def query_without_pages(query) -> str:
    """The address's query without the pages of lanes, ending in "&" where there is any; links to other pages go on from it."""
    kept = query.copy()
    for name in (*LANE_TITLES, "all"):
        kept.pop(name, None)
    return f"{kept.urlencode()}&" if kept else ""
