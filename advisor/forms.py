"""The intake form. It ends where the engine begins: its answers become one Profile, by the same reader as the JSON."""

import re
from functools import cached_property
from typing import Any

from django import forms

from advisor.engine.profile import NAME_LENGTH, PRIORITIES, Profile, ProfileError
from vendors.catalogue import Vocabulary
from vendors.folding import fold

PRIORITY_LABELS = {
    "expertise": ("Depth of expertise", "Experience in your therapeutic area and modality."),
    "single_vendor": ("A single accountable vendor", "Few handoffs and one contract, against the choice among specialists."),
    "flexibility": ("Flexibility", "Changing scope, small volumes, bargaining power."),
    "ai": ("Use of AI", "Counts for nothing unless you ask for it."),
}
SCALE = [(str(i), str(i)) for i in range(6)]
# Which field shows the fault of which profile key, where the names differ.
FIELD_OF_KEY = {"must_have.accreditations": "must_accreditations", "must_have.countries": "must_countries"}


class CountriesField(forms.CharField):
    """Countries by English name or two-letter code, separated by commas; cleans to what the profile reader takes."""

    def __init__(self, **options):
        super().__init__(required=False, max_length=1000, **options)
        self.names: dict[str, str] = {}

    def to_python(self, value):
        parts = [part.strip() for part in re.split(r"[,;\n]", super().to_python(value)) if part.strip()]
        return [part.upper() if len(part) == 2 else self.names.get(fold(part), part) for part in parts]

    def prepare_value(self, value):
        return ", ".join(value) if isinstance(value, list) else value


class ProgramForm(forms.Form):
    """What the sponsor wants to get done. With a valid form, `profile` is the program as a value."""

    name = forms.CharField(
        label="Working title", required=False, max_length=NAME_LENGTH, help_text="Only for you: it heads the advice.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    stage = forms.ChoiceField(label="Stage now", help_text="Where the program is today.")
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

    def __init__(self, *args, vocabulary: Vocabulary, **options):
        super().__init__(*args, **options)
        self.vocabulary = vocabulary
        for name, dimension in (
            ("therapeutic_areas", "therapeutic_areas"), ("services", "services"), ("in_house", "services"),
            ("must_accreditations", "accreditations"),
        ):  # fmt: skip
            self.fields[name].choices = self.choices(dimension)
        self.fields["stage"].choices = [("", "Choose a stage"), *self.choices("stages")]
        self.fields["through"].choices = [("", "Same as the stage now"), *self.choices("stages")]
        self.fields["modality"].choices = [("", "Not said"), *self.choices("modalities")]
        names = {fold(term.name): code for code, term in vocabulary.countries.items()}
        self.fields["countries"].names = self.fields["must_countries"].names = names
        for name, default in PRIORITIES.items():
            label, help_text = PRIORITY_LABELS[name]
            self.fields[f"priority_{name}"] = forms.ChoiceField(
                label=label, help_text=help_text, choices=SCALE, initial=str(default), required=False, widget=forms.RadioSelect
            )

    def choices(self, dimension: str) -> list[tuple[str, str]]:
        return [(slug, term.name) for slug, term in self.vocabulary.terms(dimension).items()]

    @classmethod
    def initial_of(cls, profile: dict[str, Any]) -> dict[str, Any]:
        """The fields' values for a stored profile."""
        plain = {name: profile.get(name) for name in cls.base_fields if name in profile}
        must = profile.get("must_have", {})
        priorities = {f"priority_{name}": str(value) for name, value in profile.get("priorities", {}).items()}
        return {**plain, "must_accreditations": must.get("accreditations"), "must_countries": must.get("countries"), **priorities}

    def profile_json(self) -> dict[str, Any]:
        """The answers so far as a profile; fields in error are left out."""
        given = self.cleaned_data
        priorities = {name: int(given[f"priority_{name}"]) for name in PRIORITIES if given.get(f"priority_{name}")}
        return {
            **{name: given[name] for name in self.base_fields if given.get(name) and not name.startswith("must_")},
            "must_have": {"accreditations": given.get("must_accreditations", []), "countries": given.get("must_countries", [])},
            "priorities": priorities,
        }

    def clean(self):
        cleaned = super().clean()
        try:
            self.profile = Profile.from_dict(self.profile_json(), self.vocabulary)
        except ProfileError as error:
            for problem in error.problems:
                name = FIELD_OF_KEY.get(problem.key, problem.key.replace("priorities.", "priority_"))
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
    def service_groups(self) -> list[dict[str, Any]]:
        """The services by group, each with what is ticked; a group stands open when something in it is."""
        needed, kept = set(self["services"].value() or ()), set(self["in_house"].value() or ())
        groups = []
        for group in self.vocabulary.groups.values():
            rows = [
                {"slug": slug, "name": term.name, "description": term.description, "needed": slug in needed, "in_house": slug in kept}
                for slug, term in self.vocabulary.services.items()
                if term.group == group.slug
            ]
            ticked = sum(row["needed"] or row["in_house"] for row in rows)
            groups.append({"name": group.name, "rows": rows, "ticked": ticked})
        return groups

    @property
    def priority_fields(self):
        return [self[f"priority_{name}"] for name in PRIORITIES]
