"""All that the documents of one program are written from, as plain values.

`advisor.gathering` fills it from the database; tests fill it by hand. Dates and times are ISO 8601 texts; an empty text
means that nobody recorded it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from advisor.engine.advice import Advice


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the intake, with where it came from."""

    label: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class Version:
    """One saved state of the program. weights: all that shapes them, as one text that is equal where they are."""

    number: int
    saved_at: str
    saved_by: str
    note: str
    catalogue: str
    weights: str


@dataclass(frozen=True, slots=True)
class Shortlisted:
    """A vendor on the shortlist, with what became of it."""

    vendor: str
    name: str
    status: str
    reason: str = ""
    gate_reason: str = ""
    notes: str = ""
    first_contacted_at: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    number: int
    title: str
    publisher: str
    address: str
    published: str
    read_on: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a record, with the numbers of the sources that show it."""

    label: str
    value: str
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class VendorFile:
    """What the catalogue holds of one vendor, with every source."""

    slug: str
    name: str
    type: str
    owner: str
    verified_on: str
    verifier: str
    facts: tuple[Fact, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """Who carries one service at one stage.

    party: retained, partner, subcontractor, or empty where nothing was written, so that it stays with the sponsor.
    obligations: what was transferred, in words; agreement: where it is written.
    """

    service: str
    stage: str
    party: str = ""
    partner: str = ""
    subcontractor: str = ""
    obligations: str = ""
    agreement: str = ""

    @property
    def transferred(self) -> bool:
        """Only what is described is transferred (21 CFR 312.52): a partner's name alone moves nothing."""
        return self.party in {"partner", "subcontractor"} and bool(self.partner.strip() and self.obligations.strip())


@dataclass(frozen=True, slots=True)
class Stated:
    """What a vendor answered. Nobody verified it, and the order does not rest on it."""

    name: str
    question: str
    answer: str
    stated_on: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """A frozen record of the same program."""

    number: int
    frozen_at: str
    digest: str
    corrects: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class Case:
    """One program with its advice, its shortlist and what people added.

    people: by the keys of `decision.ENTRIES`. passages: titles of the guide's entries by slug. sure: by lane, what the
    sampled weights say, in sentences. criteria: their names.
    """

    program: str
    program_id: str
    version: Version
    versions: tuple[Version, ...]
    advice: Advice
    written_at: str
    software: str
    intake: tuple[Answer, ...]
    criteria: Mapping[str, str]
    sure: Mapping[str, tuple[str, ...]]
    passages: Mapping[str, str] = field(default_factory=dict)
    shortlist: tuple[Shortlisted, ...] = ()
    files: Mapping[str, VendorFile] = field(default_factory=dict)
    duties: tuple[Duty, ...] = ()
    stated: tuple[Stated, ...] = ()
    people: Mapping[str, str] = field(default_factory=dict)
    number: int | None = None
    corrects: int | None = None
    correction_reason: str = ""
    earlier: tuple[Earlier, ...] = ()

    @property
    def chosen(self) -> tuple[Shortlisted, ...]:
        return tuple(entry for entry in self.shortlist if entry.status == "chosen")

    @property
    def first_contact(self) -> str:
        """When the first vendor was contacted, as far as the shortlist says; empty where it says nothing."""
        return min((entry.first_contacted_at for entry in self.shortlist if entry.first_contacted_at), default="")

    @property
    def weights_fixed_by(self) -> Version:
        """The version from which on the weights never changed again, up to the one documented."""
        until = [version for version in self.versions if version.number <= self.version.number]
        fixed = self.version
        for version in reversed(until):
            if version.weights != self.version.weights:
                break
            fixed = version
        return fixed
