"""The curator's forms: a vendor with its sites and sources, under the same rules as a record in a file, and become one."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.formsets import DELETION_FIELD_NAME

from vendors import evidence
from vendors.catalogue import nearest
from vendors.differences import Words
from vendors.facts import LIST_KEYS, Problem
from vendors.folding import fold
from vendors.models import AI_LEVELS_WITH_EVIDENCE, FACTS, Country, Revision, Service, Vendor, is_fact, partial_date, web_address


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


class Suggested(forms.TextInput):
    """A text with suggestions: those of a list on the page, or those that script asks for while somebody types."""

    def __init__(self, *, listed: str = "", asked: str = ""):
        super().__init__({"list": listed} if listed else {"data-suggest": asked, "autocomplete": "off"})


class CountryField(forms.CharField):
    """A country by its name or its two letters.

    countries: names by code, read once for all rows of a form.
    """

    def __init__(self, *, countries: Mapping[str, str], **options):
        self.countries = countries
        super().__init__(**{"widget": Suggested(listed="countries"), **options})

    def prepare_value(self, value):
        return self.countries.get(value.pk if isinstance(value, Country) else value, value)

    def to_python(self, value):
        typed = super().to_python(value)
        if not typed:
            return None
        for code, name in self.countries.items():
            if typed.upper() == code or fold(typed) == fold(name):
                return Country(code=code, name=name)
        right = nearest(typed, self.countries)
        raise ValidationError(f"There is no country {typed!r} in the list; the nearest is {self.countries.get(right or '')}.")

    def has_changed(self, initial, data):
        return self.prepare_value(initial) != (data or None)


class SuccessorField(forms.CharField):
    """Another vendor, by its slug or its whole name."""

    widget = Suggested(asked="vendors")

    def prepare_value(self, value):
        if value is None or isinstance(value, str):
            return value
        return Vendor.objects.filter(pk=value).values_list("slug", flat=True).first()

    def to_python(self, value):
        typed = super().to_python(value)
        if not typed:
            return None
        named = list(Vendor.objects.filter(models.Q(slug=typed) | models.Q(sort_name=fold(typed)))[:2])
        if len(named) == 1:
            return named[0]
        message = "Several vendors have this name; write the slug." if named else "There is no vendor with this name or slug."
        raise ValidationError(message)


def version_of(record: Mapping[str, Any] | None) -> str:
    """A short text that changes whenever the record does."""
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()[:16] if record else ""


FORMER_CHOICES = [("", "This removes and replaces no fact"), *Revision.Former.choices]


class ReasonForm(forms.Form):
    """Why a change is made, which every one of them says."""

    reason = forms.CharField(
        label="Why?",
        widget=forms.Textarea({"rows": 2, "class": "vLargeTextField"}),
        help_text="What did you read, and where? The reviewer and the history see this; of an archived record readers do, too.",
    )


class VendorForm(forms.ModelForm, ReasonForm):
    """A vendor's own fields. The class that is used has these two set, by the page.

    before: the record as it is stored, None of a new one. refused: what came to light when the whole record was looked at.
    """

    before: Mapping[str, Any] | None = None
    refused: Sequence[Problem] = ()

    aliases = LinesField(
        required=False, label="Other names", help_text="One a line: former names, short forms, brands.", widget=forms.Textarea({"rows": 4})
    )
    services = ServicesField(Service.objects.all(), required=False, widget=GroupedChoices)
    former_as = forms.ChoiceField(
        choices=FORMER_CHOICES, required=False, widget=forms.RadioSelect, label="What becomes of facts that this removes or replaces?",
        help_text="Superseded and contradicted facts stay on record, with the sources that they had.",
    )  # fmt: skip
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Vendor
        # The admin says which; these are the two that it replaces.
        fields = ("aliases", "services")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen"] = version_of(self.before)

    def clean(self):
        super().clean()
        if self.cleaned_data.get("ai_uses") and self.cleaned_data.get("ai_level") not in AI_LEVELS_WITH_EVIDENCE:
            self.add_error("ai_uses", "Uses go with the level exploring, applied or embedded.")
        version = version_of(self.before)
        if self.cleaned_data.get("seen") not in ("", version):
            self.data: Any = self.data.copy()
            self.data[self.add_prefix("seen")] = version
            raise ValidationError(
                "Somebody changed this record since you opened the form, see its history. What you typed is still here: "
                "compare it with what is on record now, and save again."
            )
        for problem in self.refused:
            name = problem.key if problem.key in self.fields else None
            self.add_error(name, problem.message if name or not problem.key else f"{problem.key}: {problem.message}")


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

    def validate_constraints(self):
        """Its own rules. That it is there once is asked of the form's rows: those in the table may be about to go."""
        for rule in self.instance._meta.constraints:
            if isinstance(rule, models.CheckConstraint):
                try:
                    rule.validate(type(self.instance), self.instance, exclude=self._get_validation_exclusions())  # type: ignore[attr-defined]
                except ValidationError as error:
                    self._update_errors(error)  # type: ignore[attr-defined]


def wanted_place(form: forms.ModelForm) -> tuple[bool, int, int]:
    """Sorts rows: one that moved up stands before the row whose place it took, one that moved down after it."""
    before, place = form.initial.get("place"), form.cleaned_data.get("place")
    if place is None:
        return True, 0, 0
    return False, place, -1 if before is None or place < before else int(place > before)


class SiteForm(PlacedForm):
    """A row of a table, whose column heads name its fields to those only who see them."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = field.label


class Unread(forms.HiddenInput):
    """What is sent back is not looked at: the rows of a form belong to its vendor, whatever the form was drawn from."""

    def value_from_datadict(self, data, files, name):
        return None


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

    def in_order(self) -> list[dict[str, Any]]:
        """What was typed in the rows that there will be, in the order that they will have."""
        return [form.cleaned_data for form in sorted(self.kept(), key=wanted_place)]

    def add_fields(self, form, index):
        """A row is known by what it says: the row of the table may have been written anew since the form was drawn."""
        super().add_fields(form, index)
        form.fields["id"] = forms.CharField(widget=forms.HiddenInput, required=False, initial=form.instance.pk)
        form.fields[self.fk.name].widget = Unread()
        if DELETION_FIELD_NAME in form.fields:
            form.fields[DELETION_FIELD_NAME].widget.attrs["aria-label"] = f"Delete {form.instance if form.instance.pk else 'this row'}"


class SupportsField(forms.MultipleChoiceField):
    """Facts as a source names them: the keys are offered, and single values that it supports already."""

    def valid_value(self, value):
        return super().valid_value(value) or (bool(evidence.value_of(value)) and is_fact(value))


class SourceForm(PlacedForm):
    supports = SupportsField(choices=FACTS, required=False, widget=Choices, help_text="The facts that were read in this source.")
    words: Words | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        single = [fact for fact in self.instance.supports if evidence.value_of(fact)]
        if single and self.words:
            self.fields["supports"].choices = [*FACTS.items(), *zip(single, self.words.supported(single), strict=True)]  # type: ignore[attr-defined]


class SourceFormSet(PlacedFormSet):
    def clean(self):
        super().clean()
        kept = self.kept()
        if not kept:
            raise forms.ValidationError("A record rests on at least one source.")
        level = self.instance.ai_level
        if level in AI_LEVELS_WITH_EVIDENCE and not any(form.cleaned_data.get("shows_ai_level") for form in kept if form.is_valid()):
            raise forms.ValidationError(f"The AI level {level} needs a source that shows it: tick “shows the AI level” on one.")


def record_of(data: Mapping[str, Any], sites: PlacedFormSet, sources: PlacedFormSet, before: Mapping[str, Any] | None) -> dict[str, Any]:
    """What was typed as a record in the format of `vendors.facts`.

    data: what VendorForm made of it.
    """

    def slugs(terms: Iterable, old: Sequence[str]) -> list[str]:
        return in_old_order([term.slug for term in terms], old)

    def day(value) -> str | None:
        return value.isoformat() if value else None

    rows = sources.in_order()
    old: Mapping[str, Any] = before or {**dict.fromkeys(LIST_KEYS, ()), "ai": {"uses": ()}, "slug": data.get("slug")}
    kept = {"successor": data["successor"] and data["successor"].slug} if "successor" in data else {}
    record = {
        "slug": data.get("slug", old["slug"]),
        "name": data["name"],
        "aliases": data["aliases"],
        "parent": data["parent"] or None,
        "type": data["type"],
        "website": data["website"] or None,
        "hq": {"city": data["hq_city"], "country": data["hq_country"].pk} if data["hq_country"] else None,
        "founded": data["founded"],
        "employees": {"about": data["employees"], "as_of": data["employees_year"]} if data["employees"] else None,
        "summary": data["summary"].replace("\r\n", "\n"),
        **{key: slugs(data[key], old[key]) for key in LIST_KEYS},
        "sites": [{"city": row["city"], "country": row["country"].pk, "what": row["what"]} for row in sites.in_order()],
        "ai": {
            "level": data["ai_level"] or None,
            "uses": slugs(data["ai_uses"], old["ai"]["uses"]),
            "note": data["ai_note"],
            "sources": [place for place, row in enumerate(rows) if row["shows_ai_level"]],
            "checked_on": day(data["ai_checked_on"]),
        },
        "sources": [source_of(row, row["supports"], before) for row in rows],
        "verified_on": day(data["verified_on"]),
        "status": data["status"],
        **kept,
    }
    return evidence.pruned(record)


def in_old_order(chosen: Sequence[str], old: Sequence[str]) -> list[str]:
    """What was ticked; what was there before keeps its order, since ticked boxes have none and another order is no change."""
    return [each for each in old if each in chosen] + [each for each in chosen if each not in old]


def source_of(row: Mapping[str, Any], supports: Sequence[str], before: Mapping[str, Any] | None) -> dict[str, Any]:
    """One source as a record has it. before: the record as it was, in which a source is found again by its address."""
    old = next((source["supports"] for source in before["sources"] if source["url"] == row["url"]), ()) if before else ()
    return {
        "url": row["url"],
        "title": row["title"],
        "publisher": row["publisher"],
        "published": row["published"] or None,
        "supports": in_old_order(supports, old),
        **({"read_on": row["read_on"].isoformat()} if row["read_on"] else {}),
    }


class FactsSourceForm(ReasonForm):
    """One source and the facts of one record that it supports, each by itself.

    record: as it is stored. words: its values in words. place: of the source in the record, None of a new one.
    """

    url = forms.URLField(
        label="Address", max_length=1000, validators=[web_address], assume_scheme="https", widget=forms.URLInput({"class": "vURLField"})
    )
    title = forms.CharField(max_length=300, widget=forms.TextInput({"class": "vTextField"}))
    publisher = forms.CharField(max_length=120, widget=forms.TextInput({"class": "vTextField"}))
    published = forms.CharField(required=False, max_length=10, validators=[partial_date], help_text="YYYY-MM-DD, YYYY-MM or YYYY.")
    read_on = forms.DateField(required=False, help_text="The day you read it, YYYY-MM-DD. Empty: the day the record was verified.")
    supports = forms.MultipleChoiceField(required=False, widget=GroupedChoices, label="Facts that it supports")

    field_order = ("url", "title", "publisher", "published", "read_on", "supports", "reason")

    def __init__(self, record: Mapping[str, Any], words: Words, place: int | None, *args, **kwargs):
        self.record, self.place = record, place
        super().__init__(*args, **kwargs)
        self.fields["supports"].choices = list(self.offered(words))  # type: ignore[attr-defined]
        if place is not None:
            source = record["sources"][place]
            shown = [evidence.AI_LEVEL] if place in record["ai"]["sources"] else []
            self.initial = {**source, "supports": [*source["supports"], *shown], **self.initial}

    def offered(self, words: Words):
        """Every fact of the record under its heading; one without a source says so."""
        missing = set(evidence.unsourced(self.record, FACTS))
        for key, name in FACTS.items():
            facts = list(evidence.facts_of(self.record, [key]))
            choices = [(fact, words.fact(fact, self.record) + (" (no source yet)" if fact in missing else "")) for fact in facts]
            if key in evidence.VALUED and facts:
                choices.insert(0, (key, f"All of these, and what is added to {name.lower()} later"))
            if choices:
                yield name, choices

    def clean_url(self):
        others = [source["url"] for place, source in enumerate(self.record["sources"]) if place != self.place]
        if self.cleaned_data["url"] in others:
            raise ValidationError("This address is there already; open that source and tick the facts there.")
        return self.cleaned_data["url"]

    def changed_record(self) -> dict[str, Any]:
        """The record with this source in its place, or as its last."""
        chosen = self.cleaned_data["supports"]
        source = source_of(self.cleaned_data, [fact for fact in chosen if fact != evidence.AI_LEVEL], self.record)
        sources, shown = list(self.record["sources"]), set(self.record["ai"]["sources"])
        place = len(sources) if self.place is None else self.place
        sources[place : place + 1] = [source]
        shown = shown | {place} if evidence.AI_LEVEL in chosen else shown - {place}
        return {**self.record, "sources": sources, "ai": {**self.record["ai"], "sources": sorted(shown)}}
