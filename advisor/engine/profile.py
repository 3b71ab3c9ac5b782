"""The program as a frozen value; reads and writes the profile JSON, version 1."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from vendors.catalogue import SIZES, Vocabulary, nearest

# What a sponsor can stress, 0 to 5. Three is neutral; AI counts only for a sponsor who asks for it.
PRIORITIES: Mapping[str, int] = {"expertise": 3, "single_vendor": 3, "flexibility": 3, "ai": 0}
CRITERIA = (
    "services", "stages", "therapeutic_areas", "modality", "countries", "accreditations", "ai", "biomarkers", "focus", "size", "evidence",
)  # fmt: skip
# The guide's softer points and two of our own, with the answers there are. All are optional and left out where nothing is said.
PREFERENCES: Mapping[str, tuple[str, ...]] = {
    "focus": ("specialist", "generalist"),
    "size": tuple(SIZES),
    "style": ("consultative", "executing"),
    "staff": ("pathologists", "biostatisticians", "both"),
    "platform": ("flexible",),
    "biomarkers": ("deep",),
}
KEYS = (
    "name", "stage", "through", "therapeutic_areas", "modality", "services", "wished", "in_house", "countries", "must_have", "priorities",
    "preferences", "weights",
)  # fmt: skip
MUST_HAVE = ("accreditations", "countries")
NAME_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one value of a profile. `right` is the nearest right value, where there is one."""

    key: str
    value: object
    message: str
    right: str | None = None

    def __str__(self) -> str:
        shown = repr(self.value) if len(repr(self.value)) <= 80 else repr(self.value)[:77] + "…"
        return f"{self.key}: {shown}: {self.message}" + (f" The nearest is {self.right!r}." if self.right else "")


class ProfileError(ValueError):
    """A profile that can't be read; `problems` has every one of its faults."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Profile:
    """What a sponsor wants to get done. Slugs are those of the vocabulary; empty means that nothing was said."""

    stage: str
    through: str
    name: str = ""
    therapeutic_areas: tuple[str, ...] = ()
    modality: str | None = None
    services: tuple[str, ...] = ()
    wished: tuple[str, ...] = ()
    in_house: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    must_accreditations: tuple[str, ...] = ()
    must_countries: tuple[str, ...] = ()
    priorities: Mapping[str, int] = field(default_factory=lambda: dict(PRIORITIES))
    preferences: Mapping[str, str] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, data: object, vocabulary: Vocabulary) -> "Profile":
        """Read a profile as JSON gives it. Raises ProfileError with every fault found, each with its key and value."""
        if not isinstance(data, Mapping):
            raise ProfileError([Problem("profile", data, "Write one JSON object a program.")])
        reader = _Reader(data, vocabulary)
        profile = reader.read()
        if reader.problems or profile is None:
            raise ProfileError(reader.problems)
        return profile

    def as_dict(self) -> dict[str, Any]:
        """The profile as JSON writes it: every key, but that `wished` and `preferences` are left out where nothing is said."""
        return {
            "name": self.name,
            "stage": self.stage,
            "through": self.through,
            "therapeutic_areas": list(self.therapeutic_areas),
            "modality": self.modality,
            "services": list(self.services),
            **({"wished": list(self.wished)} if self.wished else {}),
            "in_house": list(self.in_house),
            "countries": list(self.countries),
            "must_have": {"accreditations": list(self.must_accreditations), "countries": list(self.must_countries)},
            "priorities": dict(self.priorities),
            **({"preferences": dict(self.preferences)} if self.preferences else {}),
            "weights": dict(self.weights),
        }


class _Reader:
    """Reads one profile and collects what is wrong with it."""

    def __init__(self, data: Mapping[Any, Any], vocabulary: Vocabulary):
        self.data, self.vocabulary = data, vocabulary
        self.problems: list[Problem] = []

    def read(self) -> Profile | None:
        self.known_keys(self.data, KEYS, "")
        stage = self.one("stage", "stages", required=True)
        through = self.one("through", "stages") or stage
        if stage and through and self.order(through) < self.order(stage):
            self.refuse("through", through, f"The last stage comes before the first, {stage!r}; name a later one or leave it out.")
        services = self.several("services", self.data.get("services"), "services")
        modality = self.one("modality", "modalities")
        if not services and not modality and "services" not in self.faulty and "modality" not in self.faulty:
            self.refuse(
                "services", self.data.get("services"), "Name at least one service, or a modality from which services can be proposed."
            )
        must = self.mapping("must_have")
        self.known_keys(must, MUST_HAVE, "must_have.")
        name = self.data.get("name")
        if name is not None and (not isinstance(name, str) or len(name) > NAME_LENGTH or "\0" in name):
            self.refuse("name", name, f"Write a text of at most {NAME_LENGTH} characters.")
        answers: dict[str, Any] = {
            "therapeutic_areas": self.several("therapeutic_areas", self.data.get("therapeutic_areas"), "therapeutic_areas"),
            "wished": self.wished(services),
            "in_house": self.several("in_house", self.data.get("in_house"), "services"),
            "countries": self.several("countries", self.data.get("countries"), "countries"),
            "must_accreditations": self.several("must_have.accreditations", must.get("accreditations"), "accreditations"),
            "must_countries": self.several("must_have.countries", must.get("countries"), "countries"),
            "priorities": {**PRIORITIES, **self.numbers("priorities", PRIORITIES, 5, whole=True)},
            "preferences": self.preferences(),
            "weights": self.numbers("weights", CRITERIA, 100, whole=False),
        }
        if self.problems or not stage or not through:
            return None
        return Profile(stage=stage, through=through, name=name or "", modality=modality, services=services, **answers)

    @property
    def faulty(self) -> set[str]:
        return {problem.key for problem in self.problems}

    def refuse(self, key: str, value: object, message: str, right: str | None = None) -> None:
        self.problems.append(Problem(key, value, message, right))

    def order(self, stage: str) -> int:
        return list(self.vocabulary.stages).index(stage)

    def known_keys(self, data: Mapping[Any, Any], keys: Iterable[str], prefix: str) -> None:
        for key in data:
            if key not in keys:
                self.refuse(f"{prefix}{key}", data[key], "There is no such key.", nearest(str(key), list(keys)))

    def slug(self, key: str, value: object, dimension: str) -> str | None:
        terms = self.vocabulary.terms(dimension)
        if isinstance(value, str) and value in terms:
            return value
        right = nearest(str(value), {slug: term.name for slug, term in terms.items()})
        self.refuse(key, value, f"Not one of the {dimension.replace('_', ' ')}.", right)
        return None

    def one(self, key: str, dimension: str, *, required: bool = False) -> str | None:
        value = self.data.get(key)
        if value is None:
            if required:
                self.refuse(key, None, f"Say which {key} the program is in: one of {', '.join(self.vocabulary.terms(dimension))}.")
            return None
        return self.slug(key, value, dimension)

    def several(self, key: str, values: object, dimension: str) -> tuple[str, ...]:
        if values is None:
            return ()
        if not isinstance(values, (list, tuple)):
            self.refuse(key, values, "Write a list.")
            return ()
        found = [self.slug(key, value, dimension) for value in values]
        return tuple(dict.fromkeys(slug for slug in found if slug))

    def wished(self, services: tuple[str, ...]) -> tuple[str, ...]:
        """Services that are wished, not essential; where services are named, some of those."""
        found = self.several("wished", self.data.get("wished"), "services")
        for slug in found:
            if services and slug not in services:
                self.refuse("wished", slug, "It is not among the services; add it there, or leave it out here.", None)
        return found

    def preferences(self) -> dict[str, str]:
        given = self.mapping("preferences")
        self.known_keys(given, PREFERENCES, "preferences.")
        found = {}
        for name, answers in PREFERENCES.items():
            if name not in given:
                continue
            if isinstance(given[name], str) and given[name] in answers:
                found[name] = given[name]
            else:
                self.refuse(f"preferences.{name}", given[name], f"Write {' or '.join(answers)}.", nearest(str(given[name]), answers))
        return found

    def mapping(self, key: str) -> Mapping[Any, Any]:
        value = self.data.get(key)
        if value is None or isinstance(value, Mapping):
            return value or {}
        self.refuse(key, value, "Write an object.")
        return {}

    def numbers(self, key: str, names: Iterable[str], most: int, *, whole: bool) -> dict[str, Any]:
        values = self.mapping(key)
        self.known_keys(values, names, f"{key}.")
        kinds = int if whole else (int, float)
        found = {}
        for name, value in values.items():
            if name not in names:
                continue
            if isinstance(value, bool) or not isinstance(value, kinds) or not 0 <= value <= most:
                self.refuse(f"{key}.{name}", value, f"Write a {'whole ' if whole else ''}number from 0 to {most}.")
            else:
                found[name] = value
        return {name: found[name] for name in names if name in found}
