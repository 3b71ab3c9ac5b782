"""What is asked of people about their account."""

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, UserCreationForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.contrib.auth.validators import ASCIIUsernameValidator

from portal.accounts import second_factor

WRONG_PASSWORD = "This is not the password of your account."  # noqa: S105 (a message)
CODE_BOX = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}


def password_rules() -> str:
    return " ".join(password_validators_help_texts())


class SignInForm(AuthenticationForm):
    error_messages = {
        # The same for a name that nobody has, a wrong password and an account that was closed.
        "invalid_login": "User name and password do not belong together. In both, capital and small letters count as different.",
        "inactive": "User name and password do not belong together. In both, capital and small letters count as different.",
    }

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["username"].label = "User name"


class RegistrationForm(UserCreationForm):
    class Meta:
        model = get_user_model()
        fields = ("username", "email")

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        name, email = self.fields["username"], self.fields["email"]
        name.label = "User name"
        name.help_text = "Colleagues share a program with you by this name. Letters A to Z, digits and @ . + - _"
        # Names are how people are told apart when a program is shared; letters of other scripts that look alike would not do that.
        name.validators = [*name.validators, ASCIIUsernameValidator()]
        email.label = "E-mail"
        email.help_text = "Nothing is sent to it, and nobody checks it. It only helps whoever runs this portal to find you."
        self.fields["password1"].help_text = password_rules()
        self.fields["password2"].label = "Password again"
        self.fields["password2"].help_text = ""


class NewPasswordForm(PasswordChangeForm):
    error_messages = {**PasswordChangeForm.error_messages, "password_incorrect": WRONG_PASSWORD}

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["old_password"].label = "Password now"
        self.fields["new_password1"].help_text = password_rules()
        self.fields["new_password2"].label = "New password again"
        self.fields["new_password2"].help_text = ""


class OwnForm(forms.Form):
    """A form about one account."""

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        self.user = user


class PasswordForm(OwnForm):
    """Asks for the password before something that can't be undone: a session that was left open must not be enough."""

    password = forms.CharField(
        label="Your password", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip

    def clean_password(self):
        password = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(WRONG_PASSWORD)
        return password


class LeaveForm(PasswordForm):
    sure = forms.BooleanField(
        label="Delete the account, with the programs that only it owns",
        error_messages={"required": "Tick this if the account is to be deleted; nothing has happened yet."},
    )


class CodeForm(OwnForm):
    """Takes a code of the second factor. With a valid form, `device` is the one that took it, and the code is used up."""

    code = forms.CharField(label="Code", max_length=20, widget=forms.TextInput(attrs=CODE_BOX))

    def __init__(self, *args, device=None, **options):
        super().__init__(*args, **options)
        self.asked = device
        self.device = None

    def clean_code(self):
        code = self.cleaned_data["code"]
        asked = self.asked or second_factor.device_for(self.user, code)
        if left := second_factor.wait(asked):
            seconds = int(left.total_seconds()) + 1
            raise forms.ValidationError(f"After a wrong code the next is taken in {seconds} second{'' if seconds == 1 else 's'}.")
        self.device = second_factor.accepted(self.user, code, asked)
        if self.device is None:
            raise forms.ValidationError("This code is not right, or was used already. Wait for the next one that your app shows.")
        return code


class PasswordAndCodeForm(CodeForm, PasswordForm):
    """Both, the password first: a code is not used up by a wrong password."""

    field_order = ["password", "code"]

    def clean_code(self):
        # Django cleans the fields in their order.
        return super().clean_code() if "password" in self.cleaned_data else self.cleaned_data["code"]


class SetUpForm(PasswordAndCodeForm):
    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["code"].label = "Code that the app shows"
