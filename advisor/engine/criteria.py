"""One value function a criterion: what sources show of each vendor, and what could still be true.

Every function takes the lane's question and gives one Value, or None when the profile says nothing about the criterion,
which then has no weight.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from advisor.engine.needs import Need
from advisor.engine.profile import PREFERENCES, Profile
from advisor.engine.sums import Scores, Sum
from advisor.engine.words import listed, mid_sentence, sentence
from vendors.catalogue import AI_LEVELS, Bits, Catalogue, Lane, Vocabulary, is_in

# The records that regulators look for where a kind of work is done, by service group, and for single services.
EXPECTED_OF_GROUP: Mapping[str, tuple[str, ...]] = {
    "clinical": ("gcp",),
    "development": ("gmp",),
    "drug-substance": ("gmp", "fda-inspected"),
    "drug-product": ("gmp", "fda-inspected"),
}
EXPECTED_OF_SERVICE: Mapping[str, tuple[str, ...]] = {
    "toxicology": ("glp", "aaalac"),
    "bioanalysis": ("glp",),
    "central-laboratory": ("cap",),
    "histopathology": ("glp",),
}
# Records that are kept for one lane's work only: nobody asks a maker of tablets for GLP, or a monitor of trials for GMP.
LANE_OF_RECORD: Mapping[str, Lane] = {
    "gmp": "making", "glp": "research", "gcp": "research", "cap": "research", "clia": "research", "aaalac": "research",
}  # fmt: skip
# Which uses of AI touch which group of services.
AI_TOUCHES: Mapping[str, tuple[str, ...]] = {
    "discovery-preclinical": ("target-and-molecule-design", "biomarkers-and-omics"),
    "laboratory": ("imaging-and-pathology", "biomarkers-and-omics"),
    "clinical": (
        "trial-design-and-feasibility", "patient-and-site-matching", "data-management-and-statistics", "safety-and-pharmacovigilance",
        "regulatory-and-medical-writing",
    ),
    "development": ("process-development",),
    "drug-substance": ("manufacturing-and-quality", "process-development"),
    "drug-product": ("manufacturing-and-quality", "supply-chain"),
}  # fmt: skip
# Value of an AI level; uses that touch the services needed count as much as the level does.
AI_VALUE: Mapping[str, float] = dict(zip(AI_LEVELS, (0.0, 1 / 3, 2 / 3, 1.0), strict=True))
# What a wished service counts beside an essential one.
WISHED = 0.5
# Precision-medicine and biomarker depth is looked for in these services.
BIOMARKER_SERVICES = ("biomarker-assays", "companion-diagnostics", "genomics", "flow-cytometry")
# A vendor of this many services or more is as broad as a generalist gets in the catalogue.
BROAD = 12
# So many independent sources make a record as well supported as the catalogue's best; more add nothing.
ENOUGH_SOURCES = 10


@dataclass(frozen=True)
class Question:
    """What is asked of every vendor in one lane."""

    profile: Profile
    catalogue: Catalogue
    lane: Lane
    needs: tuple[Need, ...]
    stages: tuple[str, ...]

    @property
    def must_accreditations(self) -> tuple[str, ...]:
        """The demanded records that are kept for this lane's work."""
        return tuple(slug for slug in self.profile.must_accreditations if LANE_OF_RECORD.get(slug, self.lane) == self.lane)

    @cached_property
    def services(self) -> "Terms":
        """The needed services of the lane."""
        return Terms.of(self.catalogue, "services", [need.service for need in self.needs])

    @cached_property
    def must_haves(self) -> "list[tuple[str, Terms]]":
        """What rules a vendor out, by dimension."""
        wanted = (("accreditations", self.must_accreditations), ("countries", self.profile.must_countries))
        return [(dimension, Terms.of(self.catalogue, dimension, slugs)) for dimension, slugs in wanted if slugs]


def in_words(vocabulary: Vocabulary, dimension: str, slug: str) -> str:
    """A term as it stands within a sentence; names of countries keep their capitals."""
    name = vocabulary.name(dimension, slug)
    return name if dimension == "countries" else mid_sentence(name)


@dataclass(frozen=True)
class Value:
    """A criterion over all vendors.

    known, possible: 0 to 1, one a vendor; known is never above possible.
    because: one sentence about one vendor, by its place in the catalogue. unknown: what is not known of it, in words.
    """

    known: Sum
    possible: Sum
    because: Callable[[int], str]
    unknown: Callable[[int], list[str]] = lambda _: []

    def pairs(self, places: NDArray[np.intp]) -> tuple[Scores, Scores]:
        """known and possible of some vendors."""
        known = self.known.at(places)
        # The two are added up in different ways, so that in the last bit they may differ where they are equal.
        return known, np.maximum(known, self.possible.at(places))


@dataclass(frozen=True, eq=False)
class Terms:
    """A set of wanted terms of one dimension, with who is known to have each and who may."""

    catalogue: Catalogue
    slugs: tuple[str, ...]
    names: tuple[str, ...]
    known: tuple[Bits, ...]
    possible: tuple[Bits, ...]

    @classmethod
    def of(cls, catalogue: Catalogue, dimension: str, slugs: Sequence[str]) -> "Terms":
        return cls(
            catalogue,
            tuple(slugs),
            tuple(in_words(catalogue.vocabulary, dimension, slug) for slug in slugs),
            tuple(catalogue.known(dimension, slug) for slug in slugs),
            tuple(catalogue.possible(dimension, slug) for slug in slugs),
        )

    def shown(self, vendor: int) -> list[str]:
        return [name for name, known in zip(self.names, self.known, strict=True) if is_in(known, vendor)]

    def open(self, vendor: int) -> list[str]:
        """Not shown, and not ruled out."""
        terms = zip(self.names, self.known, self.possible, strict=True)
        return [name for name, known, possible in terms if is_in(possible, vendor) and not is_in(known, vendor)]

    def ruled_out(self, vendor: int) -> list[str]:
        return [name for name, possible in zip(self.names, self.possible, strict=True) if not is_in(possible, vendor)]

    def sentence(self, vendor: int, verb: str) -> str:
        """`Offers a and b; not known: c; not expected of its type: d.`"""
        parts = []
        if shown := self.shown(vendor):
            parts.append(f"{verb} {listed(shown, 4)}")
        if unknown := self.open(vendor):
            parts.append(f"not known: {listed(unknown, 4)}")
        if out := self.ruled_out(vendor):
            parts.append(f"not expected of its type: {listed(out, 4)}")
        return sentence("; ".join(parts))

    def value(self, verb: str, parts: Sequence[float] | None = None) -> Value:
        """The share of the wanted terms. parts: how much each counts; without it, each the same."""
        counts = [1.0] * len(self.slugs) if parts is None else list(parts)
        whole = math.fsum(counts)
        weights = [count / whole for count in counts]
        # Of most terms nothing rules out anybody: those are a constant.
        of_all = [np.array_equal(possible, self.catalogue.everyone) for possible in self.possible]
        terms = list(zip(weights, self.possible, of_all, strict=True))
        return Value(
            Sum(len(self.catalogue), sets=tuple(zip(weights, self.known, strict=True))),
            Sum(
                len(self.catalogue),
                math.fsum(weight for weight, _, everyone in terms if everyone),
                tuple((weight, possible) for weight, possible, everyone in terms if not everyone),
            ),
            lambda vendor: self.sentence(vendor, verb),
            self.open,
        )


def shares(question: Question, dimension: str, slugs: Sequence[str], verb: str) -> Value | None:
    return Terms.of(question.catalogue, dimension, slugs).value(verb) if slugs else None


def services(question: Question) -> Value | None:
    """The share of the needed services; one that is only wished counts half."""
    if not question.needs:
        return None
    parts = [WISHED if need.service in question.profile.wished else 1.0 for need in question.needs]
    return question.services.value("offers", parts)


def stages(question: Question) -> Value | None:
    return shares(question, "stages", question.stages, "works at")


def therapeutic_areas(question: Question) -> Value | None:
    return shares(question, "therapeutic_areas", question.profile.therapeutic_areas, "experience in")


def modality(question: Question) -> Value | None:
    return shares(question, "modalities", [question.profile.modality] if question.profile.modality else [], "experience with")


def countries(question: Question) -> Value | None:
    return shares(question, "countries", question.profile.countries, "present in")


def accreditations(question: Question) -> Value | None:
    """What the sponsor demands, or else the records that regulators look for in this work."""
    groups = question.catalogue.vocabulary.services
    wanted = dict.fromkeys(question.must_accreditations)
    for need in question.needs:
        expected = EXPECTED_OF_SERVICE.get(need.service) or EXPECTED_OF_GROUP.get(groups[need.service].group, ())
        wanted.update(dict.fromkeys(slug for slug in expected if slug in question.catalogue.vocabulary.accreditations))
    return shares(question, "accreditations", list(wanted), "on record:")


def ai(question: Question) -> Value | None:
    """Level by evidence, and whether the uses touch the services needed; asked only of a sponsor who cares."""
    if not question.profile.priorities["ai"]:
        return None
    catalogue = question.catalogue
    touching = dict.fromkeys(
        use for need in question.needs for use in AI_TOUCHES.get(catalogue.vocabulary.services[need.service].group, ())
    )
    uses = Terms.of(catalogue, "ai_uses", [use for use in touching if use in catalogue.vocabulary.ai_uses])
    touches = np.bitwise_or.reduce(uses.known) if uses.slugs else np.zeros_like(catalogue.everyone)
    levels = {slug: catalogue.known("ai_levels", slug) for slug in AI_VALUE}
    nothing_found = np.bitwise_or.reduce([levels[slug] for slug, worth in AI_VALUE.items() if not worth])
    known = [(AI_VALUE[slug] / 2, members) for slug, members in levels.items() if AI_VALUE[slug]]
    # A level above none without a matching use may well have one that nobody wrote down.
    possible = [(weight + 0.5, members) for weight, members in known]

    def because(vendor: int) -> str:
        level = next((slug for slug, members in levels.items() if is_in(members, vendor)), None)
        if level is None:
            return "Nobody has looked for AI use yet."
        named = uses.shown(vendor)
        found = catalogue.vocabulary.name("ai_levels", level).lower()
        return f"AI use {found}" + (f"; for {listed(named)}." if named else "; none shown for the services you need.")

    return Value(
        Sum(len(catalogue), sets=(*known, (0.5, touches))),
        Sum(len(catalogue), sets=(*possible, (1.0, catalogue.ai_unchecked), (0.5, touches & nothing_found))),
        because,
        lambda vendor: [] if is_in(nothing_found, vendor) else ["the services you need"],
    )


def biomarkers(question: Question) -> Value | None:
    """Precision-medicine and biomarker depth, by the services that it takes; asked only where it is preferred."""
    if question.lane != "research" or not question.profile.preferences.get("biomarkers"):
        return None
    return shares(question, "services", [slug for slug in BIOMARKER_SERVICES if slug in question.catalogue.vocabulary.services], "works on")


def focus(question: Question) -> Value | None:
    """Specialist or generalist, by the services on record; about our record, so nothing more is possible than is known."""
    wanted = question.profile.preferences.get("focus")
    if not wanted:
        return None
    counts = question.catalogue.service_counts
    breadth = np.clip((np.arange(256) - 1) / (BROAD - 1), 0.0, 1.0)
    table = np.where(np.arange(256) > 0, 1 - breadth, 0.0) if wanted == "specialist" else breadth
    value = Sum(len(question.catalogue), tables=((table, question.catalogue.service_codes),))

    def because(vendor: int) -> str:
        return f"{counts[vendor]} service{'' if counts[vendor] == 1 else 's'} on record; you prefer a {wanted}."

    return Value(value, value, because)


def size(question: Question) -> Value | None:
    """Whether the vendor is of the preferred size, by employees: one class away counts half."""
    wanted = question.profile.preferences.get("size")
    if not wanted:
        return None
    catalogue = question.catalogue
    names = PREFERENCES["size"]
    *classes, unknown = catalogue.size_bits
    sets = tuple((1 - abs(place - names.index(wanted)) / 2, members) for place, members in enumerate(classes))

    def because(vendor: int) -> str:
        employees = catalogue.rows[vendor].employees
        if employees is None:
            return f"The number of employees is not known; you prefer a {wanted} vendor."
        own = next(name for name, members in zip(names, classes, strict=True) if is_in(members, vendor))
        return f"About {employees:,.0f} employees, {own}; you prefer a {wanted} vendor."

    return Value(
        Sum(len(catalogue), sets=sets),
        Sum(len(catalogue), sets=(*sets, (1.0, unknown))),
        because,
        lambda vendor: ["employees"] if is_in(unknown, vendor) else [],
    )


@dataclass(frozen=True, slots=True)
class SofterPoint:
    """A preference that no record holds, as a question to the vendor."""

    about: str
    text: str


def softer_points(question: Question) -> list[SofterPoint]:
    """The preferences to ask about: the guide's softer points, of which the catalogue records nothing."""
    wishes = question.profile.preferences
    services = {need.service for need in question.needs}
    groups = {question.catalogue.vocabulary.services[service].group for service in services}
    points = []
    if style := wishes.get("style"):
        how = "advise us on the plan" if style == "consultative" else "carry out a plan that we bring"
        points.append(SofterPoint("style", f"How do you work with a sponsor who wants you to {how}, and who can tell us how that went?"))
    staff = wishes.get("staff")
    if staff in {"pathologists", "both"} and groups & {"laboratory", "discovery-preclinical"}:
        points.append(SofterPoint("staff", "Are your pathologists employed or brought in, and who would read our slides?"))
    if staff in {"biostatisticians", "both"} and groups & {"clinical", "laboratory"}:
        points.append(SofterPoint("staff", "Are your biostatisticians employed or brought in, and who would work on our study?"))
    if wishes.get("platform"):
        points.append(
            SofterPoint("platform", "Which platforms can you choose between for us, and when did you last change one in a program?")
        )
    return points


def evidence(question: Question) -> Value | None:
    """How well the record is supported. It is about our record, so nothing more is possible than is known."""
    table = np.minimum(np.arange(256) / ENOUGH_SOURCES, 1.0)
    share = Sum(len(question.catalogue), tables=((table, question.catalogue.source_codes),))

    def because(vendor: int) -> str:
        row = question.catalogue.rows[vendor]
        checked = f"checked {row.verified_on.isoformat()}" if row.verified_on else "not yet checked"
        return f"{row.sources} source{'' if row.sources == 1 else 's'}, {checked}."

    return Value(share, share, because)


# By the name that profiles and contributions use, in the order in which a match shows them.
VALUES: Mapping[str, Callable[[Question], Value | None]] = {
    "services": services,
    "stages": stages,
    "therapeutic_areas": therapeutic_areas,
    "modality": modality,
    "countries": countries,
    "accreditations": accreditations,
    "ai": ai,
    "biomarkers": biomarkers,
    "focus": focus,
    "size": size,
    "evidence": evidence,
}
