"""What people add to a program's documents: the entries of the record, who carries what, and a filled grid."""

from django import forms
from django.core.exceptions import ValidationError

from advisor.documents.archive import Unreadable
from advisor.documents.decision import ENTRIES
from advisor.documents.rfi import read_grid
from advisor.engine.advice import Advice
from advisor.models import DecisionRecord, Duty

LINE_MOST, TEXT_MOST = 300, 5_000


class RecordForm(forms.Form):
    """The parts of a decision record that only people know. All are optional: what is left empty is printed as not recorded."""

    correction_reason = forms.CharField(
        label="Why the earlier record is corrected", max_length=2_000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data=None, *, record: DecisionRecord, freezing: bool = False, overridden: bool = False):
        super().__init__(data, initial={**record.entries, "correction_reason": record.correction_reason})
        self.freezing, self.overridden = freezing, overridden
        for entries in ENTRIES.values():
            for entry in entries:
                self.fields[entry.key] = self.field_of(entry)
        if not record.corrects_id:
            del self.fields["correction_reason"]

    @staticmethod
    def field_of(entry) -> forms.Field:
        if entry.day:
            day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            return forms.DateField(label=entry.label, help_text=entry.help, required=False, widget=day)
        widget = forms.Textarea(attrs={"rows": entry.rows}) if entry.rows else forms.TextInput()
        return forms.CharField(
            label=entry.label, help_text=entry.help, required=False, max_length=TEXT_MOST if entry.rows else LINE_MOST, widget=widget
        )

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if self.freezing and "correction_reason" in self.fields and not cleaned.get("correction_reason"):
            self.add_error("correction_reason", "Say why the earlier record is corrected; the new one points back with it.")
        if self.freezing and self.overridden and not cleaned.get("override_reason"):
            self.add_error("override_reason", "A chosen vendor does not stand first: say why it was chosen all the same.")
        return cleaned

    @property
    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields by heading, in the order of the form."""
        return [(title, [self[entry.key] for entry in entries]) for title, entries in ENTRIES.items()]

    @property
    def entries(self) -> dict[str, str]:
        """What was said, by key; dates as texts, and nothing for what was left empty."""
        keys = [entry.key for entries in ENTRIES.values() for entry in entries]
        given = {key: self.cleaned_data.get(key) for key in keys}
        return {key: value.isoformat() if hasattr(value, "isoformat") else value.strip() for key, value in given.items() if value}


class DutyForm(forms.ModelForm):
    """Who carries one service at one stage."""

    class Meta:
        model = Duty
        fields = ("party", "partner", "subcontractor", "obligations", "agreement")
        widgets = {"obligations": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "partner": "The vendor that answers to you for it.",
            "subcontractor": "Who does it for the partner, where that is somebody else.",
            "obligations": "Each obligation in words. What is not described stays with the sponsor.",
            "agreement": "The agreement and its part, such as MSA 4, annex 2.",
        }

    def __init__(self, *args, service: str, stage: str, **options):
        super().__init__(*args, **options)
        self.service, self.stage = service, stage
        self.fields["party"].widget.choices = [("", "Nothing written: the sponsor"), *Duty.Party.choices]

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("party") in {"partner", "subcontractor"} and not cleaned.get("partner"):
            self.add_error("partner", "Name the partner.")
        if cleaned.get("party") == "subcontractor" and not cleaned.get("subcontractor"):
            self.add_error("subcontractor", "Name the subcontractor.")
        return cleaned

    def keep(self, program) -> None:
        """Store what was written; a form with nothing in it leaves no row."""
        duty = self.save(commit=False)
        if any(self.cleaned_data.get(name) for name in self.fields):
            duty.program = program
            duty.save()
        elif duty.pk:
            duty.delete()


class GridForm(forms.Form):
    """A filled grid of an RFI."""

    grid = forms.FileField(
        label="The filled grid", help_text="The XLSX file of a vendor's pack with its answers. It takes the place of an earlier one."
    )

    def __init__(self, *args, advice: Advice, **options):
        super().__init__(*args, **options)
        self.advice = advice
        self.fields["grid"].widget.attrs["accept"] = ".xlsx"

    def clean_grid(self):
        try:
            self.filled = read_grid(self.cleaned_data["grid"].read(), self.advice)
        except Unreadable as error:
            raise ValidationError(str(error).split("\n")) from error
        return self.cleaned_data["grid"]
