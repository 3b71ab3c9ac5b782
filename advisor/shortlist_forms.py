"""The forms of a shortlist: one entry, and which program a vendor is added to."""

from typing import cast

from django import forms

from advisor.models import ShortlistEntry

# Too many to choose from in a list of buttons; whoever has more opens the program and adds from there.
MOST_PROGRAMS = 100


class EntryForm(forms.ModelForm):
    """What a sponsor says of one vendor on the list. is_first: whether the advice has the vendor first in a lane."""

    place = forms.IntegerField(label="Place on the list", min_value=1, max_value=1000)

    class Meta:
        model = ShortlistEntry
        fields = ("status", "reason", "notes")
        help_texts = {
            "reason": "Needed for a rejection, and for a choice that the advice does not have first. It goes into the decision record."
        }
        widgets = {"reason": forms.Textarea(attrs={"rows": 2}), "notes": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, is_first: bool, **options):
        super().__init__(*args, **options)
        self.is_first = is_first
        self.fields["reason"].label = "Reason"
        self.fields["place"].initial = self.instance.position

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("reason"):
            if cleaned.get("status") == ShortlistEntry.Status.REJECTED:
                self.add_error("reason", "Say why it was rejected.")
            elif cleaned.get("status") == ShortlistEntry.Status.CHOSEN and not self.is_first:
                self.add_error("reason", "The advice does not have it first. Say why it was chosen.")
        return cleaned


class AddForm(forms.Form):
    """Which program to add to: one of those at hand, or one by its address."""

    program = forms.ChoiceField(label="Program", required=False, widget=forms.RadioSelect)
    address = forms.CharField(
        label="Address of the program", required=False, max_length=300,
        help_text="The whole address of its page, as your browser shows it.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    gate_reason = forms.CharField(
        label="Why all the same", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Only for a vendor that fails a must-have, or of which nothing that you need is expected.",
    )  # fmt: skip

    def __init__(self, *args, programs, **options):
        super().__init__(*args, **options)
        cast(forms.ChoiceField, self.fields["program"]).choices = [(program.key, str(program)) for program in programs]
        if programs:
            self.fields["program"].initial = programs[0].key
            self.fields["address"].label = "Or the address of another program"
        else:
            del self.fields["program"]

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        # Whoever pastes an address means it, whatever button is still on.
        address = cleaned.get("address", "").split("?")[0].rstrip("/")
        parts = address.split("/programs/")[-1].split("/")
        self.key = parts[0] if address else cleaned.get("program", "")
        if not self.key and not self.errors:
            self.add_error("address", "Paste the address of a program.")
        return cleaned
