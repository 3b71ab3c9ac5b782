"""The curator's forms: a vendor with its sites and sources, under the same rules as a record in a file."""

from itertools import groupby
from operator import attrgetter

from django import forms
from django.db import models
from django.forms.formsets import DELETION_FIELD_NAME

from vendors.models import AI_LEVELS_WITH_EVIDENCE, FACTS, Service, Vendor


class LinesField(forms.CharField):
    """A list of texts, typed one a line; spaces around them and empty lines do not count."""

    widget = forms.Textarea

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value):
        return lines_of(super().clean(value))

    def has_changed(self, initial, data):
        return lines_of(data or "") != (initial or [])


def lines_of(text: str) -> list[str]:
    # Not splitlines: it also breaks at separators that may stand within a name.
    return [line.strip() for line in text.replace("\r\n", "\n").split("\n") if line.strip()]


class GroupedServices(forms.models.ModelChoiceIterator):
    """Services under the names of their groups, both in reading order."""

    def __iter__(self):
        services = self.queryset.select_related("group").order_by("group__order", "group__name", "order", "name")
        for group, members in groupby(services, key=attrgetter("group")):
            yield group.name, [self.choice(service) for service in members]


class ServicesField(forms.ModelMultipleChoiceField):
    iterator = GroupedServices


class Choices(forms.CheckboxSelectMultiple):
    """Boxes to tick, in columns."""

    def __init__(self, attrs=None, choices=()):
        super().__init__({"class": "choices", **(attrs or {})}, choices)


class GroupedChoices(Choices):
    """Boxes to tick, each group with a heading that a screen reader says too."""

    template_name = "admin/vendors/grouped_checkboxes.html"


class VendorForm(forms.ModelForm):
    aliases = LinesField(
        required=False, label="Other names", help_text="One a line: former names, short forms, brands.", widget=forms.Textarea({"rows": 4})
    )
    services = ServicesField(Service.objects.all(), required=False, widget=GroupedChoices)

    class Meta:
        model = Vendor
        # The admin says which; these are the two that it replaces.
        fields = ("aliases", "services")

    def clean(self):
        super().clean()
        if self.cleaned_data.get("ai_uses") and self.cleaned_data.get("ai_level") not in AI_LEVELS_WITH_EVIDENCE:
            self.add_error("ai_uses", "Uses go with the level exploring, applied or embedded.")


class PlacedForm(forms.ModelForm):
    """One row of a vendor's list that has an order; `place` counts from 1, as people do."""

    place = forms.IntegerField(
        required=False, min_value=1, max_value=999, label="Place in the list", help_text="1 is first. Empty: last.",
        widget=forms.NumberInput({"size": 4, "min": 1, "max": 999}),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["place"] = self.instance.position + 1


def wanted_place(form: forms.ModelForm) -> tuple[bool, int, int]:
    """Sorts rows: one that moved up stands before the row whose place it took, one that moved down after it."""
    before, place = form.initial.get("place"), form.cleaned_data.get("place")
    if place is None:
        return True, 0, 0
    return False, place, -1 if before is None or place < before else int(place > before)


class PlacedFormSet(forms.BaseInlineFormSet):
    """Rows of one vendor that keep the order that the curator gave them, without gaps."""

    def get_unique_error_message(self, unique_check):
        """Of two rows in the same form the table's own words are said, as of a row that is stored already."""
        rules = type(self.forms[0].instance)._meta.constraints
        return next(rule.violation_error_message for rule in rules if isinstance(rule, models.UniqueConstraint))

    def kept(self) -> list[forms.ModelForm]:
        """The forms of the rows that there will be."""
        rows = [form for form in self.forms if form.instance.pk or form.has_changed()]
        return [form for form in rows if not form.cleaned_data.get(DELETION_FIELD_NAME)]

    def save(self, commit=True):
        saved = super().save(commit)
        if commit:
            for position, form in enumerate(sorted(self.kept(), key=wanted_place)):
                if form.instance.position != position:
                    form.instance.position = position
                    form.instance.save(update_fields=["position"])
        return saved


class SourceForm(PlacedForm):
    supports = forms.MultipleChoiceField(
        choices=FACTS, required=False, widget=Choices, help_text="The facts that were read in this source."
    )


class SourceFormSet(PlacedFormSet):
    def clean(self):
        super().clean()
        kept = self.kept()
        if not kept:
            raise forms.ValidationError("A record rests on at least one source.")
        level = self.instance.ai_level
        if level in AI_LEVELS_WITH_EVIDENCE and not any(form.cleaned_data.get("shows_ai_level") for form in kept if form.is_valid()):
            raise forms.ValidationError(f"The AI level {level} needs a source that shows it: tick “shows the AI level” on one.")
