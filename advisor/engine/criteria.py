"""One value function a criterion: what sources show of each vendor, and what could still be true.

Every function takes the lane's question and gives one Value, or None when the profile says nothing about the criterion,
which then has no weight.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from advisor.engine.needs import Need
from advisor.engine.profile import Profile
from advisor.engine.words import listed, mid_sentence, sentence
from vendors.catalogue import AI_LEVELS, Catalogue, Flags, Lane

Scores = NDArray[np.float64]

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


@dataclass(frozen=True)
class Value:
    """A criterion over all vendors.

    known, possible: 0 to 1, one a vendor; known is never above possible.
    because: one sentence about one vendor, by its place in the catalogue.
    """

    known: Scores
    possible: Scores
    because: Callable[[int], str]


@dataclass(frozen=True)
class Terms:
    """A set of wanted terms of one dimension, with who is known to have each and who may."""

    slugs: tuple[str, ...]
    names: tuple[str, ...]
    known: Flags
    possible: Flags

    @classmethod
    def of(cls, catalogue: Catalogue, dimension: str, slugs: Sequence[str]) -> "Terms":
        return cls(
            tuple(slugs),
            tuple(mid_sentence(catalogue.vocabulary.name(dimension, slug)) for slug in slugs),
            np.array([catalogue.flags(catalogue.known(dimension, slug)) for slug in slugs]),
            np.array([catalogue.flags(catalogue.possible(dimension, slug)) for slug in slugs]),
        )

    def shown(self, vendor: int) -> list[str]:
        return [name for name, has in zip(self.names, self.known[:, vendor], strict=True) if has]

    def open(self, vendor: int) -> list[str]:
        """Not shown, and not ruled out."""
        pairs = zip(self.names, self.known[:, vendor], self.possible[:, vendor], strict=True)
        return [name for name, has, may in pairs if may and not has]

    def ruled_out(self, vendor: int) -> list[str]:
        return [name for name, may in zip(self.names, self.possible[:, vendor], strict=True) if not may]

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

    def value(self, verb: str) -> Value:
        """The share of the wanted terms, each counting the same."""
        return Value(self.known.mean(axis=0), self.possible.mean(axis=0), lambda vendor: self.sentence(vendor, verb))


def shares(question: Question, dimension: str, slugs: Sequence[str], verb: str) -> Value | None:
    return Terms.of(question.catalogue, dimension, slugs).value(verb) if slugs else None


def services(question: Question) -> Value | None:
    return shares(question, "services", [need.service for need in question.needs], "offers")


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
    level = np.zeros(len(catalogue))
    checked = np.zeros(len(catalogue), dtype=bool)
    level_of: dict[int, str] = {}
    for slug, worth in AI_VALUE.items():
        flags = catalogue.flags(catalogue.known("ai_levels", slug))
        level[flags] = worth
        checked |= flags
        level_of.update(dict.fromkeys(np.flatnonzero(flags).tolist(), catalogue.vocabulary.name("ai_levels", slug).lower()))
    touching = dict.fromkeys(
        use for need in question.needs for use in AI_TOUCHES.get(catalogue.vocabulary.services[need.service].group, ())
    )
    uses = Terms.of(catalogue, "ai_uses", [use for use in touching if use in catalogue.vocabulary.ai_uses])
    touches = uses.known.any(axis=0) if uses.slugs else np.zeros(len(catalogue), dtype=bool)
    known = (level + touches) / 2
    # A level above none without a matching use may well have one that nobody wrote down.
    possible = np.where(checked, np.where(level > 0, (level + 1) / 2, 0.0), 1.0)

    def because(vendor: int) -> str:
        if vendor not in level_of:
            return "Nobody has looked for AI use yet."
        named = uses.shown(vendor) if uses.slugs else []
        return f"AI use {level_of[vendor]}" + (f"; for {listed(named)}." if named else "; none shown for the services you need.")

    return Value(known, np.maximum(possible, known), because)


def evidence(question: Question) -> Value | None:
    """How well the record is supported. It is about our record, so nothing more is possible than is known."""
    counts = question.catalogue.source_counts
    share = np.minimum(counts / ENOUGH_SOURCES, 1.0)

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
    "evidence": evidence,
}
