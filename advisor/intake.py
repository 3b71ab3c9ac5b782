"""The intake in sections: what is asked where, and why. It decides nothing; the form reads the answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from advisor.engine.profile import PREFERENCES, PRIORITIES
from advisor.engine.references import REFERENCES, Reference


@dataclass(frozen=True, slots=True)
class Section:
    """Some questions that are answered together; `fields` are the form's."""

    slug: str
    title: str
    lead: str
    fields: tuple[str, ...]


SECTIONS = (
    Section(
        "program", "The program", "Stage and modality are enough for a first answer.",
        ("name", "stage", "through", "modality", "therapeutic_areas"),
    ),
    Section(
        "work", "What is needed", "Keep, strike or add services. Left as it is, what your stage and modality usually need counts.",
        ("services", "wished", "in_house"),
    ),
    Section("places", "Where, and what is a must", "Optional.", ("countries", "must_accreditations", "must_countries")),
    Section(
        "priorities", "What matters", "Optional. 0 does not matter, 3 is neutral, 5 decides.",
        (*(f"priority_{name}" for name in PRIORITIES), *(f"preference_{name}" for name in PREFERENCES)),
    ),
)  # fmt: skip
BY_SLUG: Mapping[str, Section] = {section.slug: section for section in SECTIONS}

# Why each question is asked, but for the working title, with the key of a source that names it among the questions of sponsors, where one
# does. The guide names none.
WHY: Mapping[str, tuple[str, str | None]] = {
    "stage": ("Which services are bought, and how open the process still is, depends on the stage.", "biocentriq-intangibles"),
    "through": ("A contract that has to reach a later stage needs a partner that can follow without a rebuild.", "biocentriq-intangibles"),
    "modality": ("Whether a maker has handled a molecule like yours rules most of them in or out.", "davos-cdmo-checklist"),
    "therapeutic_areas": (
        "Experience counts by indication and phase, not by the number of trials ever run.",
        "clinicalvendorcompare-checklist",
    ),
    "services": ("Which kinds of partner are needed follows from the services and stages, not from a vendor's label.", None),
    "wished": ("What would be welcome should not keep out a vendor that does all that is needed.", None),
    "in_house": ("The gap that is left may be small enough to need nobody.", "qima-key-questions"),
    "countries": ("Places decide which authorities and sites are involved.", "davos-cdmo-checklist"),
    "must_accreditations": (
        "Inspections and certificates have to hold for this type of work, and are easier asked first.",
        "davos-cdmo-checklist",
    ),
    "must_countries": ("A must keeps out whoever is known to fail it, so it is asked apart from what would be good.", None),
    "priority_expertise": ("Like studies in the last years tell more than size.", "clinicalstudies-cro-checklist"),
    "priority_single_vendor": ("One vendor saves handoffs; a second source guards the supply.", "pharmasource-dual-sourcing"),
    "priority_flexibility": ("Recruitment, schedules and volumes change, and somebody has to absorb it.", "c3i-selecting-cdmo"),
    "priority_ai": ("Where AI is used, and under which procedure, is a question of its own.", "isr-ai-status"),
    "preference_focus": ("Sponsors are divided between several specialists and one vendor for all.", "scorr-survey"),
    "preference_style": ("How much of the thinking stays with you decides what staff of your own it takes.", None),
    "preference_staff": (
        "Who will do the work, and what happens when they leave, should be known first.",
        "yendou-cro-selection",
    ),
    "preference_platform": ("A platform of the vendor's own can tie your process to that vendor.", None),
    "preference_biomarkers": ("Where patients are chosen by a biomarker, its assays have to be ready with the trial.", None),
    "preference_size": ("A sponsor should matter to its partner.", "c3i-selecting-cdmo"),
}


@dataclass(frozen=True, slots=True)
class Why:
    """Why a question is asked, and who says that it should be."""

    words: str
    source: Reference | None


def why(field: str) -> Why | None:
    if field not in WHY:
        return None
    words, key = WHY[field]
    return Why(words, REFERENCES[key] if key else None)
