"""The rules that choose a partner model, as data: each with its condition, what it rests on, and who disagrees.

Numbers are those of the table of model selection rules in the method's references.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from advisor.engine.needs import Need, Needs
from advisor.engine.profile import Profile
from advisor.engine.words import listed, mid_sentence, sentence
from vendors.catalogue import Vocabulary

Model = Literal["CRO", "CMO", "CDMO", "CRO+CMO", "CRO+CDMO", "none"]
MODELS: tuple[Model, ...] = ("CRO", "CMO", "CDMO", "CRO+CMO", "CRO+CDMO", "none")

LATE = ("phase-3", "registration", "commercial", "post-marketing")
EARLY = ("discovery", "preclinical", "phase-1")
HARD_MODALITIES = ("antibody-drug-conjugate", "gene-therapy", "cell-therapy", "radiopharmaceutical", "mrna", "live-biotherapeutic")
CLINICAL_OPERATIONS = ("clinical-operations", "data-management", "biostatistics", "pharmacovigilance", "medical-writing")

# How open the process still is, 0 fixed to 1 open, by stage: supply alone, and the development services that say so
# themselves. Our own reading of rules 2 and 3: open CMC work calls for development, not the phase alone.
SUPPLY_OPENNESS: Mapping[str, float] = {
    "discovery": 1.0, "preclinical": 0.9, "phase-1": 0.9, "phase-2": 0.6, "phase-3": 0.1, "registration": 0.1,
    "commercial": 0.0, "post-marketing": 0.0,
}  # fmt: skip
DEVELOPMENT_OPENNESS: Mapping[str, Mapping[str, float]] = {
    "cell-line-development": {},
    "process-development": {},
    "formulation": {},
    "analytical-development": {"phase-3": 0.7, "registration": 0.6, "commercial": 0.4, "post-marketing": 0.4},
    "scale-up": {"phase-3": 0.8, "registration": 0.7, "commercial": 0.4, "post-marketing": 0.4},
    "clinical-supply-manufacturing": {
        "phase-2": 0.7, "phase-3": 0.2, "registration": 0.2, "commercial": 0.1, "post-marketing": 0.1,
    },
}  # fmt: skip


def openness(service: str, stage: str) -> float:
    """How open the process behind a making service still is at a stage, 0 fixed to 1 open."""
    if service in DEVELOPMENT_OPENNESS:
        return DEVELOPMENT_OPENNESS[service].get(stage, 1.0)
    return SUPPLY_OPENNESS.get(stage, 0.0)


@dataclass(frozen=True, slots=True)
class Objection:
    """A passage that disagrees with a rule or limits it; sources are keys of `references.REFERENCES`."""

    text: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Situation:
    """A program as the rules look at it."""

    profile: Profile
    needs: Needs
    vocabulary: Vocabulary

    @cached_property
    def research(self) -> tuple[Need, ...]:
        return self.needs.of("research")

    @cached_property
    def making(self) -> tuple[Need, ...]:
        return self.needs.of("making")

    @cached_property
    def open_work(self) -> tuple[str, ...]:
        """Services of the making lane whose process is more open than fixed."""
        return tuple(n.service for n in self.making if max(openness(n.service, stage) for stage in n.stages) > 0.5)

    @cached_property
    def fixed_work(self) -> tuple[str, ...]:
        return tuple(n.service for n in self.making if n.service not in self.open_work)

    @property
    def asked(self) -> int:
        return len(self.needs.needs) + len(self.needs.kept)

    def within(self, stages: Sequence[str]) -> bool:
        """Whether all of the program lies in these stages."""
        return set(self.needs.stages) <= set(stages)

    def priority(self, name: str) -> int:
        return self.profile.priorities[name]

    def names(self, services: Sequence[str], most: int = 3) -> str:
        """Services in words: `"Formulation development, Lyophilization and 2 more"`."""
        named = [self.vocabulary.name("services", slug) for slug in services]
        return listed([mid_sentence(name) for name in named], most)

    def stages_in_words(self) -> str:
        first, last = self.needs.stages[0], self.needs.stages[-1]
        names = [mid_sentence(self.vocabulary.name("stages", slug)) for slug in (first, last)]
        return names[0] if first == last else f"{names[0]} to {names[1]}"


@dataclass(frozen=True)
class Rule:
    """One rule of the table.

    fires: gives the sentence with the value that met the condition, or None.
    models: the options that it speaks for. shift: what it adds to each of them when it fires.
    guide: slug of the guide's entry that it rests on. sources: keys of `references.REFERENCES`.
    """

    id: str
    number: int
    condition: str
    models: tuple[Model, ...]
    fires: Callable[[Situation], str | None]
    sources: tuple[str, ...]
    guide: str | None = None
    against: tuple[Objection, ...] = ()
    shift: Callable[[Situation], float] = field(default=lambda situation: 0.0)


def _evidence(s: Situation) -> str | None:
    return f"You need {s.names([n.service for n in s.research])}: evidence from studies and laboratories." if s.research else None


def _fixed_supply(s: Situation) -> str | None:
    if s.fixed_work and not s.open_work:
        return f"You need {s.names(s.fixed_work)} at {s.stages_in_words()}, and no development work is asked for."
    return None


def _open_cmc(s: Situation) -> str | None:
    if not s.open_work:
        return None
    named = [slug for slug in s.open_work if slug in DEVELOPMENT_OPENNESS]
    if named:
        return f"The process is not fixed yet: {s.names(named)} is asked for at {s.stages_in_words()}."
    return sentence(f"{s.names(s.open_work)} at {s.stages_in_words()}: so early, the process is usually still open.")


def _trial_and_material(s: Situation) -> str | None:
    if not (s.research and s.making):
        return None
    research, making = (s.names([n.service for n in needs], 2) for needs in (s.research, s.making))
    return f"You need {research} and also {making}, and neither stays in house."


def _trial_only(s: Situation) -> str | None:
    if s.research and not s.making:
        kept = [slug for slug in s.needs.kept if s.vocabulary.services[slug].lane == "making"]
        return sentence(f"{s.names(kept)} stays in house.") if kept else "Nothing has to be developed or made by a partner."
    return None


def _single_vendor(s: Situation) -> str | None:
    return f"You rate a single vendor {s.priority('single_vendor')} of 5." if s.making and s.priority("single_vendor") >= 4 else None


def _specialists(s: Situation) -> str | None:
    wishes = [f"{name} {s.priority(name)} of 5" for name in ("expertise", "flexibility") if s.priority(name) >= 4]
    if s.profile.modality in HARD_MODALITIES and s.making:
        name = mid_sentence(s.vocabulary.name("modalities", s.profile.modality))
        wishes.append(f"a modality that few sites master ({name})")
    return f"You bring {listed(wishes)}." if wishes and s.research and s.making else None


def _simple_product(s: Situation) -> str | None:
    if s.profile.modality == "small-molecule" and len(s.making) >= 3:
        return f"A small molecule, with {len(s.making)} services to be made or developed by a partner."
    return None


def _early(s: Situation) -> str | None:
    return f"The program is at {s.stages_in_words()}." if s.making and s.within(EARLY) else None


def _late(s: Situation) -> str | None:
    return f"The contract reaches {s.stages_in_words()}." if s.making and s.needs.stages[-1] in LATE else None


def _second_source(s: Situation) -> str | None:
    supply = [slug for slug in s.fixed_work if s.vocabulary.services[slug].group in {"drug-substance", "drug-product"}]
    return sentence(f"{s.names(supply)} at {s.stages_in_words()}: an interruption would be costly.") if supply and s.within(LATE) else None


def _functions(s: Situation) -> str | None:
    kept = [slug for slug in s.profile.in_house if slug in CLINICAL_OPERATIONS]
    if len(kept) >= 2 and any(s.vocabulary.services[n.service].group == "clinical" for n in s.research):
        return f"You keep {s.names(kept)} in house: single functions may be enough."
    return None


def _in_house(s: Situation) -> str | None:
    if not s.needs.kept:
        return None
    rest = "nothing is left for a partner" if not s.needs.needs else f"{len(s.needs.needs)} of {s.asked} services are left for a partner"
    return f"You keep {s.names(s.needs.kept)} in house; {rest}."


def _supply_risk(s: Situation) -> str | None:
    if s.making and s.within(LATE) and s.priority("single_vendor") >= 4:
        return f"You rate a single vendor {s.priority('single_vendor')} of 5 for a supply that must not stop."
    return None


def _above(name: str, size: float) -> Callable[[Situation], float]:
    return lambda s: size * (s.priority(name) - 3)


RULES: tuple[Rule, ...] = (
    Rule(
        "evidence-needs-a-cro", 1, "Evidence is needed: study design, conduct, monitoring, data, submissions.",
        ("CRO", "CRO+CMO", "CRO+CDMO"), _evidence,
        ("guide", "patheon-cdmo-vs-cmo", "synerg-three-kinds", "sciencelantern-three-kinds"), "main-focus",
        (
            Objection("An older text of a manufacturer places CROs at the early stage only; the guide says early to late.",
                      ("patheon-older-text",)),
            Objection("Practitioners tell laboratory, preclinical and clinical CROs apart, so look at services, not at the label.",
                      ("reddit-cro-cdmo-segments",)),
        ),
    ),
    Rule(
        "fixed-process-needs-a-cmo", 2, "The process is fixed and capacity is missing, late stage or commercial.",
        ("CMO", "CRO+CMO"), _fixed_supply,
        ("guide", "patheon-cdmo-vs-cmo", "sciencelantern-three-kinds"), "stage-involved",
        (
            Objection("The guide's own prose has CMOs make pilot batches for trials as well.", ("guide",)),
            Objection("Another author sees CMOs as manufacturing only, whatever the stage.", ("outboundpharma-sourcing",)),
        ),
    ),
    Rule(
        "open-process-needs-a-cdmo", 3, "The process is not fixed: formulation, process or analytical development is open.",
        ("CDMO", "CRO+CDMO"), _open_cmc,
        ("guide", "patheon-cdmo-vs-cmo", "3biotech-cdmo-partnerships", "biocentriq-intangibles"), "key-services",
        (
            Objection("When to start is disputed: the guide's table says mid-stage, others say lead optimization or discovery.",
                      ("guide", "glchemtec-choosing-cdmo", "sciencelantern-three-kinds")),
        ),
    ),
    Rule(
        "trial-and-material", 4, "A trial and its material are needed, and neither stays in house.",
        ("CRO+CDMO", "CRO+CMO"), _trial_and_material,
        ("guide", "patheon-cdmo-vs-cmo", "3biotech-cdmo-partnerships"), "trend-combinations",
        (Objection("Whether one group or two firms should do both is another question; see single vendor and specialists."),),
    ),
    Rule(
        "trial-only", 5, "A trial is needed; nothing has to be made by a partner.",
        ("CRO",), _trial_only, ("3biotech-cdmo-partnerships",), "deciding-in-house",
        (Objection("Our own inverse of the rule before it: check per service and scale that in-house capacity is real."),),
    ),
    Rule(
        "single-accountability", 6, "One accountable vendor, few handoffs, a small team.",
        ("CDMO", "CRO+CDMO"), _single_vendor,
        ("guide", "patheon-cdmo-vs-cmo", "worldpharmatoday-integrated"), "single-vendor-gain",
        (
            Objection("The figures on time saved come from a study that a provider paid for, on its own program.",
                      ("patheon-integration", "medpath-tufts-integration", "biobriefs-tufts-integration")),
        ),
        _above("single_vendor", 0.03),
    ),
    Rule(
        "specialist-depth", 7, "Depth, flexibility, bargaining power or a hard modality count most.",
        ("CRO+CDMO", "CRO+CMO"), _specialists,
        ("guide", "informa-outsourcing", "rootsanalysis-cmo-everywhere"), "specialists-or-one-stop",
        (
            Objection("Truly split: outsourcers in one survey prefer several specialists, while manufacturers think they want one shop.",
                      ("scorr-survey",)),
            Objection("Volumes and stated preferences point both ways.", ("isr-provider-category", "isr-size-preference")),
        ),
        lambda s: 0.02,
    ),
    Rule(
        "simple-small-molecule", 8, "A simple small-molecule product with much to be done.",
        ("CDMO", "CRO+CDMO"), _simple_product, ("cphi-specialists-and-one-stop",), "specialists-or-one-stop",
        (Objection("The same source favours specialists for complex products.", ("cphi-specialists-and-one-stop",)),),
        lambda s: 0.01,
    ),
    Rule(
        "early-means-small", 9, "An early phase: access and attention count more than scale.",
        ("CDMO", "CRO+CDMO"), _early, ("bioprocessonline-cdmo-trends",), "size-of-provider",
    ),
    Rule(
        "late-means-scale", 10, "Phase 3 or commercial: scale and a record with regulators count.",
        ("CMO", "CDMO", "CRO+CMO", "CRO+CDMO"), _late, ("bioprocessonline-cdmo-trends", "guide"), "stage-involved",
        (Objection("Changing to a larger partner late costs a technology transfer, in time and money."),),
    ),
    Rule(
        "second-source", 11, "Late phase 2, phase 3 or later, and an interruption of supply would be costly.",
        ("CMO", "CDMO", "CRO+CMO", "CRO+CDMO"), _second_source,
        ("neuland-dual-sourcing", "pharmasource-dual-sourcing"), "second-source",
        (Objection("Small volumes may interest no second supplier.", ("lifescienceleader-second-source",)),),
    ),
    Rule(
        "functions-not-full-service", 12, "Strong clinical operations, systems and procedures of one's own.",
        ("CRO", "CRO+CMO", "CRO+CDMO"), _functions,
        ("cromos-fsp", "clinicalstudies-fsp", "icon-outsourcing-strategies"), "full-service-or-functions",
        (Objection("Small sponsors are advised to take full service.", ("icon-outsourcing-strategies",)),),
    ),
    Rule(
        "keep-in-house", 13, "The gap is small, the work iterative, or core know-how is at stake.",
        ("none",), _in_house, ("qima-key-questions", "mispro-alternative", "clinicaltrials101-make-or-buy"), "keep-in-house",
        (Objection("One of the authors sells an alternative to CROs.", ("mispro-alternative",)),),
    ),
    Rule(
        "supply-risk", 14, "A high supply risk, or a merger in sight: prefer a combination and an exit clause.",
        ("CRO+CMO", "CRO+CDMO"), _supply_risk, ("informa-outsourcing", "lifescienceleader-second-source"), "second-source",
        (Objection("Our own reading: it warns, and moves no score."),),
    ),
)  # fmt: skip
