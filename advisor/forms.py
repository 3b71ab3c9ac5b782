"""The intake form. It ends where the engine begins: its answers become one Profile, by the same reader as the JSON."""

import re
from functools import cached_property
from typing import Any, cast

from django import forms
from django.http import QueryDict

from advisor.engine.needs import proposed_services
from advisor.engine.profile import NAME_LENGTH, PRIORITIES, Profile, ProfileError
from advisor.engine.words import mid_sentence
from advisor.intake import SECTIONS, Section, Why, why
from advisor.origins import Read, origin_words, unsigned
from vendors.catalogue import Vocabulary
from vendors.folding import fold

PRIORITY_LABELS = {
    "expertise": ("Depth of expertise", "Experience in your therapeutic area and modality."),
    "single_vendor": ("A single accountable vendor", "Few handoffs and one contract, against the choice among specialists."),
    "flexibility": ("Flexibility", "Changing scope, small volumes, bargaining power."),
    "ai": ("Use of AI", "Counts for nothing unless you ask for it."),
}
CRITERION_NAMES = {
    "services": "Services needed", "stages": "Stages", "therapeutic_areas": "Therapeutic areas", "modality": "Modality",
    "countries": "Places", "accreditations": "Accreditations and inspections", "ai": "AI adoption", "biomarkers": "Biomarker depth",
    "focus": "Breadth", "size": "Size", "evidence": "Evidence on record",
}  # fmt: skip
PREFERENCE_LABELS = {
    "focus": ("Breadth", {"specialist": "A specialist", "generalist": "A generalist"}, "By the number of services on record."),
    "size": ("Size", {"small": "Small, under 500 people", "mid-size": "Mid-size", "large": "Large, 5,000 people and more"}, ""),
    "style": ("Way of working", {"consultative": "Consultative: thinks along", "executing": "Executes our plan"}, ""),
    "staff": (
        "Staff of their own", {"pathologists": "Pathologists", "biostatisticians": "Biostatisticians", "both": "Both"}, "",
    ),
    "platform": ("Platforms", {"flexible": "Flexible, not tied to one"}, ""),
    "biomarkers": ("Precision medicine", {"deep": "Deep in biomarkers"}, "By biomarker, genomics and diagnostics services on record."),
}  # fmt: skip
NO_FACT = "The records do not say it of a vendor, so it becomes a question to the first ones."
# The same priorities as sliders between two ends.
SLIDERS = {
    "expertise": ("Depth of expertise", "does not matter", "decides"),
    "single_vendor": ("One vendor or specialists", "the depth of several specialists", "one accountable vendor"),
    "flexibility": ("Flexibility", "does not matter", "decides"),
    "ai": ("Use of AI", "does not count", "decides"),
}
BOX_WORDS = {"services": "needed from a partner", "wished": "wished from a partner", "in_house": "stays in house"}
SCALE = [(str(i), str(i)) for i in range(6)]
# Which field shows the fault of which profile key, where the names differ.
FIELD_OF_KEY = {"must_have.accreditations": "must_accreditations", "must_have.countries": "must_countries"}


class CountriesField(forms.CharField):
    """Countries by English name or two-letter code, separated by commas; cleans to what the profile reader takes."""

    def __init__(self, **options):
        super().__init__(required=False, max_length=1000, **options)
        self.names: dict[str, str] = {}

    def to_python(self, value):
        parts = [part.strip() for part in re.split(r"[,;\n]", super().to_python(value) or "") if part.strip()]
        return [part.upper() if len(part) == 2 else self.names.get(fold(part), part) for part in parts]

    def prepare_value(self, value):
        return ", ".join(value) if isinstance(value, list) else value


class VocabularyForm(forms.Form):
    """A form whose choices come from the vocabulary of the catalogue that is asked."""

    def __init__(self, *args, vocabulary: Vocabulary, **options):
        super().__init__(*args, **options)
        self.vocabulary = vocabulary

    def offer(self, name: str, choices: list):
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def choices(self, dimension: str) -> list[tuple[str, str]]:
        return [(slug, term.name) for slug, term in self.vocabulary.terms(dimension).items()]


def comparable(value: Any) -> Any:
    """A value as a form has it and as JSON has it, alike."""
    return sorted(map(str, value)) if isinstance(value, list | tuple) else str(value or "")


class AskedField(forms.BoundField):
    """A question of the intake, with why it is asked and where its answer was read."""

    form: "ProgramForm"

    @property
    def why(self) -> Why | None:
        return why(self.name)

    @property
    def origin(self) -> str:
        return self.form.origin_of(self.name)


class ProgramForm(VocabularyForm):
    """What the sponsor wants to get done. With a valid form, `profile` is the program as a value.

    The services that stage and modality usually need come ticked, each with its reason. `offered` are those that came so: as
    long as just they are ticked, the program names no services and the proposal follows its stage and modality.

    A draft is a form that may be left at any point: it is wrong only where something was answered. at: the section to open.
    """

    bound_field_class = AskedField

    name = forms.CharField(
        label="Working title", required=False, max_length=NAME_LENGTH, help_text="Only for you: it heads the advice.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    stage = forms.ChoiceField(
        label="Stage now",
        help_text="Where the program is today.",
        error_messages={"required": "Choose the stage that the program is in today."},
    )
    through = forms.ChoiceField(
        label="Through stage", required=False, help_text="The last stage that the partner should carry. Left open, it is the stage now."
    )
    modality = forms.ChoiceField(label="Modality", required=False, help_text="What kind of drug it is. It decides what making it takes.")
    therapeutic_areas = forms.MultipleChoiceField(
        label="Therapeutic areas", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Counts most for whoever runs the studies.",
    )  # fmt: skip
    services = forms.MultipleChoiceField(
        label="Services needed", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Tick what a partner should do. With none ticked, what this stage and modality usually need is proposed.",
    )  # fmt: skip
    wished = forms.MultipleChoiceField(
        label="Services wished", required=False, widget=forms.CheckboxSelectMultiple, help_text="Welcome, but not essential: counts half."
    )
    in_house = forms.MultipleChoiceField(
        label="Stays in house", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="What you do yourselves is taken out of the needs.",
    )  # fmt: skip
    countries = CountriesField(
        label="Countries", help_text="Where the work should be done: names or two-letter codes, separated by commas, such as US, Australia."
    )
    must_accreditations = forms.MultipleChoiceField(
        label="Must have", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="A vendor known to lack one is left out; one of which it is not known stays, marked “to confirm”.",
    )  # fmt: skip
    must_countries = CountriesField(label="Must be present in", help_text="As above. Leave it empty if place is only a wish.")
    offered = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)
    origins = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)

    def __init__(self, *args, vocabulary: Vocabulary, draft: bool = False, at: str = "", **options):
        super().__init__(*args, vocabulary=vocabulary, **options)
        self.draft, self.at = draft, at
        for name, dimension in (
            ("therapeutic_areas", "therapeutic_areas"), ("services", "services"), ("wished", "services"),
            ("in_house", "services"), ("offered", "services"),
            ("must_accreditations", "accreditations"),
        ):  # fmt: skip
            self.offer(name, self.choices(dimension))
        self.offer("stage", [("", "Choose a stage"), *self.choices("stages")])
        self.offer("through", [("", "Same as the stage now"), *self.choices("stages")])
        self.offer("modality", [("", "Not said"), *self.choices("modalities")])
        names = {fold(term.name): code for code, term in vocabulary.countries.items()}
        for name in ("countries", "must_countries"):
            cast(CountriesField, self.fields[name]).names = names
        for name, (label, answers, help_text) in PREFERENCE_LABELS.items():
            self.fields[f"preference_{name}"] = forms.ChoiceField(
                label=label, help_text=help_text or NO_FACT if name != "size" else "By the number of employees, where it is known.",
                choices=[("", "No preference"), *answers.items()], required=False,
            )  # fmt: skip
        for name, default in PRIORITIES.items():
            label, help_text = PRIORITY_LABELS[name]
            self.fields[f"priority_{name}"] = forms.ChoiceField(
                label=label, help_text=help_text, choices=SCALE, initial=str(default), required=False, widget=forms.RadioSelect
            )

    def origin_of(self, name: str) -> str:
        """Where a field's value was read, in words; empty once somebody changed it, and for all that was never read."""
        origin = self.read.get(name)
        return origin_words(origin) if origin and comparable(self.now(name)) == comparable(origin.get("value")) else ""

    def now(self, name: str) -> Any:
        """What a field holds as it stands, read as far as it can be."""
        field, value = self.fields[name], self[name].value()
        return field.to_python(value) if isinstance(field, CountriesField) and isinstance(value, str) else value

    @cached_property
    def read(self) -> Read:
        """What was read from a trial, by key of the profile, as it came with the form."""
        return unsigned(self["origins"].value() or "")

    @classmethod
    def initial_of(cls, profile: dict[str, Any]) -> dict[str, Any]:
        """The fields' values for a stored profile, or for the part of one that a trial gives."""
        plain = {name: profile.get(name) for name in cls.base_fields if name in profile}
        wished = profile.get("wished", [])
        must = profile.get("must_have", {})
        return {
            **plain,
            "services": [slug for slug in profile.get("services", []) if slug not in wished],
            "must_accreditations": must.get("accreditations"),
            "must_countries": must.get("countries"),
            **{f"priority_{name}": str(value) for name, value in profile.get("priorities", {}).items()},
            **{f"preference_{name}": value for name, value in profile.get("preferences", {}).items()},
        }

    def profile_json(self) -> dict[str, Any]:
        """The answers so far as a profile; fields in error are left out."""
        given = self.cleaned_data
        essential, wished = given.get("services", []), given.get("wished", [])
        if self.takes_the_proposal(essential, wished, given.get("offered", [])):
            essential = []
        plain = ("name", "stage", "through", "modality", "therapeutic_areas", "in_house", "countries")
        return {
            **{name: given[name] for name in plain if given.get(name)},
            "services": [slug for slug in self.vocabulary.services if slug in {*essential, *wished}],
            "wished": [slug for slug in wished if slug not in essential],
            "must_have": {"accreditations": given.get("must_accreditations", []), "countries": given.get("must_countries", [])},
            "priorities": {name: int(given[f"priority_{name}"]) for name in PRIORITIES if given.get(f"priority_{name}")},
            "preferences": {name: given[f"preference_{name}"] for name in PREFERENCE_LABELS if given.get(f"preference_{name}")},
        }

    @staticmethod
    def takes_the_proposal(services, wished, offered) -> bool:
        """Whether just what was proposed is ticked."""
        return bool(offered) and not wished and set(services) == set(offered)

    def full_clean(self):
        super().full_clean()
        if self.is_bound and self.draft:
            for name in [name for name in self.errors if name in self.fields and not self[name].value()]:
                del self.errors[name]

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("offered") and not cleaned.get("services") and not cleaned.get("wished") and "services" not in self.errors:
            self.add_error("services", "Every proposed service was struck; tick at least one.")
        try:
            self.profile = Profile.from_dict(self.profile_json(), self.vocabulary)
        except ProfileError as error:
            for problem in error.problems:
                name = FIELD_OF_KEY.get(problem.key, problem.key.replace("priorities.", "priority_").replace("preferences.", "preference_"))
                # A field that its own check refused has its message already.
                if name not in self.errors:
                    self.add_error(name if name in self.fields else None, self.words(problem))
                elif not self.has_error(name):
                    self.add_error(name, self.words(problem))
        return cleaned

    def words(self, problem) -> str:
        """A fault as the reader of a form says it."""
        if problem.key in {"countries", "must_have.countries"} and problem.right:
            return f"“{problem.value}” is not a country known here. Did you mean {self.vocabulary.countries[problem.right].name}?"
        if problem.key == "services" and not problem.right:
            return "Tick at least one service, or choose a modality from which services can be proposed."
        if problem.key == "through":
            return "The last stage comes before the stage now; choose a later one."
        return problem.message + (f" Did you mean {problem.right}?" if problem.right else "")

    @cached_property
    def proposed(self) -> dict[str, str]:
        """What the stage and modality as they stand usually need, each with its reason; nothing until both are known."""
        stage, through, modality = (self[name].value() or "" for name in ("stage", "through", "modality"))
        stages = self.vocabulary.stages
        if stage not in stages or modality not in self.vocabulary.modalities:
            return {}
        found = proposed_services(Profile(stage, through if through in stages else stage, modality=modality), self.vocabulary)
        return {slug: found[slug] for slug in self.vocabulary.services if slug in found}

    @cached_property
    def ticked(self) -> dict[str, set[str]]:
        """By column of boxes, what is ticked as the page shows it: what was proposed, until somebody chose otherwise."""
        values = {name: set(self[name].value() or ()) for name in ("services", "wished", "in_house", "offered")}
        untouched = not (values["services"] or values["wished"] or values["offered"])
        if untouched or self.takes_the_proposal(values["services"], values["wished"], values["offered"]):
            values["services"] = set(self.proposed)
        return values

    @cached_property
    def service_groups(self) -> list[dict[str, Any]]:
        """What is proposed, then the other services by group, each with what is ticked; a group stands open when something in it is."""
        groups = [{"name": self.words_of_proposal, "rows": self.rows_of(self.proposed), "open": True}] if self.proposed else []
        for group in self.vocabulary.groups.values():
            rows = self.rows_of(
                slug for slug, term in self.vocabulary.services.items() if term.group == group.slug and slug not in self.proposed
            )
            if rows:
                groups.append({"name": group.name, "rows": rows, "open": any(row["ticked"] for row in rows)})
        for entry in groups:
            entry["ticked"] = sum(row["ticked"] for row in cast(list, entry["rows"]))
        return groups

    @property
    def words_of_proposal(self) -> str:
        stage, through, modality = (self[name].value() or "" for name in ("stage", "through", "modality"))
        names = [self.vocabulary.name("stages", slug) for slug in dict.fromkeys((stage, through)) if slug in self.vocabulary.stages]
        kind = mid_sentence(self.vocabulary.name("modalities", modality))
        return f"Usually needed: {' to '.join(mid_sentence(name) for name in names)}, {kind}"

    def rows_of(self, slugs) -> list[dict[str, Any]]:
        return [
            {
                "slug": slug,
                "name": self.vocabulary.services[slug].name,
                "description": self.vocabulary.services[slug].description,
                "because": self.proposed.get(slug, ""),
                "boxes": [{"field": name, "words": words, "checked": slug in self.ticked[name]} for name, words in BOX_WORDS.items()],
                "ticked": sum(slug in self.ticked[name] for name in BOX_WORDS),
            }
            for slug in slugs
        ]

    @cached_property
    def sections(self) -> list[dict[str, Any]]:
        """The sections with their fields, what was answered in a line, and what is wrong in them."""
        wrong = {section.slug: sum(name in self.errors for name in section.fields) if self.is_bound else 0 for section in SECTIONS}
        at = self.at if self.at in wrong else SECTIONS[0].slug
        return [
            {
                "slug": section.slug, "title": section.title, "lead": section.lead, "number": number,
                "fields": {name: self[name] for name in section.fields},
                "answered": self.answered(section), "wrong": wrong[section.slug],
                "current": section.slug == at, "open": section.slug == at or (wrong[section.slug] and not self.draft),
                "next": SECTIONS[number] if number < len(SECTIONS) else None,
            }
            for number, section in enumerate(SECTIONS, 1)
        ]  # fmt: skip

    def answered(self, section: Section) -> str:
        """What was answered in a section, in a line; empty where nothing was."""
        if section.slug == "work":
            counts = [
                (len(self.ticked["services"]), "needed"),
                (len(self.ticked["wished"]), "wished"),
                (len(self.ticked["in_house"]), "in house"),
            ]
            return ", ".join(f"{count} {word}" for count, word in counts if count)
        said = []
        for name in section.fields:
            field, value = self.fields[name], self[name].value()
            if not value or value == field.initial:
                continue
            if isinstance(field, forms.ChoiceField):
                names = dict(cast(list, field.choices))
                values = value if isinstance(value, list) else [value]
                words = [str(names.get(each, each)) for each in values]
                said.append(f"{field.label} {words[0]}" if name.startswith("priority_") else ", ".join(words))
            else:
                said.append(self[name].field.prepare_value(value))
        return " · ".join(said)

    @property
    def preference_fields(self):
        return [self[f"preference_{name}"] for name in PREFERENCE_LABELS]

    @property
    def priority_fields(self):
        return [self[f"priority_{name}"] for name in PRIORITIES]


class WhatIfForm(VocabularyForm):
    """Changes to a program, tried out on its result page: services struck or added, stages, priorities, weights.

    It is sent by GET, so a variant has an address. With a valid form, `profile` is the changed program.
    """

    stage = forms.ChoiceField(label="Stage now")
    through = forms.ChoiceField(label="Through stage", required=False)
    services = forms.MultipleChoiceField(label="Services", required=False, widget=forms.CheckboxSelectMultiple)
    add = forms.ChoiceField(label="Add a service", required=False)

    def __init__(self, data: QueryDict | None, *, base: Profile, needed: list[str], vocabulary: Vocabulary):
        super().__init__(None if data is None else completed(data, base, needed, list(vocabulary.stages)), vocabulary=vocabulary)
        self.base = base
        stages = self.choices("stages")
        for name, value in (("stage", base.stage), ("through", base.through), ("services", needed)):
            self.fields[name].initial = value
        self.offer("stage", stages)
        self.offer("through", stages)
        extra = [] if data is None else data.getlist("services")
        shown = [slug for slug in vocabulary.services if slug in {*needed, *extra}]
        self.offer("services", [(slug, vocabulary.services[slug].name) for slug in shown])
        rest = [
            (group.name, [(s, t.name) for s, t in vocabulary.services.items() if t.group == group.slug and s not in shown])
            for group in vocabulary.groups.values()
        ]
        self.offer("add", [("", "None"), *((name, choices) for name, choices in rest if choices)])
        for name, (words, low, high) in SLIDERS.items():
            self.fields[f"priority_{name}"] = forms.IntegerField(
                label=words, help_text=f"Left: {low}. Right: {high}.", min_value=0, max_value=5, initial=base.priorities[name],
                required=False, widget=forms.NumberInput(attrs={"type": "range", "min": 0, "max": 5, "step": 1}),
            )  # fmt: skip
        for name, label in CRITERION_NAMES.items():
            self.fields[f"weight_{name}"] = forms.FloatField(
                label=label, required=False, min_value=0, max_value=100, initial=base.weights.get(name),
                widget=forms.NumberInput(attrs={"step": "any", "placeholder": "default"}),
            )  # fmt: skip

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        services = [*cleaned.get("services", []), *([cleaned["add"]] if cleaned.get("add") else [])]
        changed = {
            **self.base.as_dict(),
            "stage": cleaned.get("stage") or self.base.stage,
            "through": cleaned.get("through") or self.base.through,
            "services": services,
            "wished": [slug for slug in self.base.wished if slug in services],
            "in_house": [slug for slug in self.base.in_house if slug not in services],
            "priorities": {
                name: self.base.priorities[name] if (value := cleaned.get(f"priority_{name}")) is None else value for name in PRIORITIES
            },
            "weights": {name: cleaned[f"weight_{name}"] for name in CRITERION_NAMES if cleaned.get(f"weight_{name}") is not None},
        }
        try:
            self.profile = Profile.from_dict(changed, self.vocabulary)
        except ProfileError as error:
            for problem in error.problems:
                name = problem.key.replace("priorities.", "priority_").replace("weights.", "weight_")
                if name not in self.errors:
                    self.add_error(name if name in self.fields else None, problem.message)
        return cleaned

    @property
    def priority_fields(self):
        return [self[f"priority_{name}"] for name in PRIORITIES]

    @property
    def weight_fields(self):
        return [self[f"weight_{name}"] for name in CRITERION_NAMES]


def completed(data: QueryDict, base: Profile, needed: list[str], stages: list[str]) -> QueryDict:
    """An address that names single changes only, with all that it does not name as it is in the program."""
    whole = data.copy()
    kept = {"stage": base.stage, "through": base.through, **{f"priority_{name}": value for name, value in base.priorities.items()}}
    for name, value in kept.items():
        whole.setdefault(name, str(value))
    stage, through = str(whole["stage"]), str(whole["through"])
    if {stage, through} <= set(stages) and stages.index(through) < stages.index(stage):
        # The last stage goes along when the first is moved past it.
        whole["through"] = stage
    if "services" not in whole and "add" not in whole:
        whole.setlist("services", needed)
    return whole
