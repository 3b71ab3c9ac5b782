"""What a reader may suggest about a vendor: the form. What comes in waits for a curator; see the model Suggestion."""

from django import forms

from vendors.models import Suggestion


class SuggestionForm(forms.ModelForm):
    """Three answers and a note. Nothing is asked about who sends it."""

    fact = forms.ChoiceField(choices=[("", "Choose"), *Suggestion._meta.get_field("fact").flatchoices], label="What it is about")
    # People don't see it, so what is in it was written by a program.
    homepage = forms.CharField(required=False, label="Leave this empty", widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}))

    class Meta:
        model = Suggestion
        fields = ("fact", "correction", "source_url", "note")
        labels = {"source_url": "Address of a page that shows it", "note": "Anything else"}
        help_texts = {
            "correction": "As you would want it to read. Up to 1,000 characters.",
            "source_url": "A public page that begins with http:// or https://. Without one nobody can check it.",
            "note": "No personal data: nobody will write back.",
        }
        widgets = {
            "correction": forms.Textarea({"rows": 4}),
            "note": forms.Textarea({"rows": 3}),
            "source_url": forms.URLInput({"autocomplete": "off", "inputmode": "url"}),
        }

    @property
    def is_from_a_program(self) -> bool:
        return bool(self.data.get("homepage"))
