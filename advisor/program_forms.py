"""The short forms on the pages of a stored program: who else may reach it, and when it ends."""

from django import forms
from django.contrib.auth import get_user_model
from django.utils import timezone

from advisor.models import Program, ProgramMember


class MemberForm(forms.Form):
    """A colleague to share with. By user name only: nobody checks that an e-mail address belongs to an account."""

    named = forms.CharField(
        label="User name", max_length=150,
        help_text="The name with which your colleague signs in here. You will not be told whether it exists.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
        error_messages={"required": "Type the user name of your colleague."},
    )  # fmt: skip
    role = forms.ChoiceField(
        label="May", choices=[("viewer", "read it"), ("editor", "read, change and share it")], initial=ProgramMember.Role.VIEWER
    )

    def account(self):
        """The account of that name; None where there is none, or where the name fits several."""
        found = get_user_model().objects.filter(username__iexact=self.cleaned_data["named"], is_active=True)[:2]
        return found[0] if len(found) == 1 else None


class DeleteForm(forms.Form):
    sure = forms.BooleanField(
        label="I have what I need of it, and want it deleted for good", error_messages={"required": "Tick the box to delete the program."}
    )


class LastDayForm(forms.ModelForm):
    class Meta:
        model = Program
        fields = ("expires_on",)
        labels = {"expires_on": "Last day"}
        help_texts = {
            "expires_on": "After this day nobody reaches the program, you included, and it is deleted. Empty: it stays until you delete it."
        }
        widgets = {"expires_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}

    def clean_expires_on(self):
        day = self.cleaned_data["expires_on"]
        if day and day < timezone.localdate():
            raise forms.ValidationError("This day has passed. Choose today or a later one, or delete the program now.")
        return day
