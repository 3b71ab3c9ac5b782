"""The pages of an account. No browser or proxy keeps them, and no search engine lists them."""

import time
from functools import wraps

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.signals import user_login_failed
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts import audit, leaving, second_factor, sessions
from portal.accounts.destination import asked_for
from portal.accounts.forms import (
    CodeForm,
    LeaveForm,
    NewPasswordForm,
    PasswordAndCodeForm,
    PasswordForm,
    RegistrationForm,
    SetUpForm,
    SignInForm,
)

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"
# Between password and code: who gave the right password, when, and where to go on to.
WAITING = "waiting_for_code"
WAIT_SECONDS = 600
NEW_CODES = "new_backup_codes"


def private(view):
    """Passwords stay out of error reports, and the page out of every cache and list."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return never_cache(sensitive_post_parameters()(answer))


def form_page(request, template: str, form, **context):
    """A form as it is filled in, with the status that says whether something in it is wrong."""
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request):
    """User name and password; then the code, where the account has a second factor."""
    onward = asked_for(request, reverse("accounts:account"))
    if request.user.is_authenticated:
        return redirect(onward)
    form = SignInForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        user = form.get_user()
        if second_factor.app_of(user) is None:
            login(request, user)
            return redirect(onward)
        # Not signed in yet: the session only remembers whose turn it is, under a new key, as every change of rights gets one.
        request.session.cycle_key()
        request.session[WAITING] = {"user": user.pk, "of": user.get_session_auth_hash(), "at": int(time.time()), "onward": onward}
        return redirect("accounts:code")
    return form_page(request, "accounts/sign_in.html", form, onward=onward, registration=settings.REGISTRATION)


def waiting(request):
    """The account that gave its password, and where it wants to go on to; None for both when nobody did in the last minutes."""
    kept = request.session.get(WAITING)
    if kept and time.time() - kept["at"] < WAIT_SECONDS:
        user = get_user_model().objects.filter(pk=kept["user"], is_active=True).first()
        # A password that was changed meanwhile has to be given again.
        if user is not None and user.get_session_auth_hash() == kept["of"]:
            return user, kept["onward"]
    return None, None


@private
@require_http_methods(["GET", "HEAD", "POST"])
def code(request):
    """The second step of signing in. A wrong code counts as a failed sign-in, with the same lock after too many."""
    user, onward = waiting(request)
    if user is None:
        return redirect("accounts:sign-in")
    credentials = {"username": user.get_username()}
    form = CodeForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_bound and not AxesProxyHandler.is_allowed(request, credentials):
        request.axes_locked_out, request.axes_credentials = True, credentials  # the middleware of axes answers
    elif form.is_valid():
        user.otp_device = form.device
        del request.session[WAITING]
        login(request, user, backend=MODEL_BACKEND)
        if (left := second_factor.backup_codes_left(user)) < 3:
            messages.info(request, f"You have {left} backup codes left. Make new ones before the last is used.")
        return redirect(onward)
    elif form.is_bound:
        user_login_failed.send(sender=__name__, credentials=credentials, request=request)
    return form_page(request, "accounts/code.html", form)


@private
@require_POST
def sign_out(request):
    logout(request)
    messages.success(request, "You are signed out.")
    return redirect("home")


@private
@require_http_methods(["GET", "HEAD", "POST"])
def register(request):
    if request.user.is_authenticated:
        return redirect("accounts:account")
    onward = asked_for(request, reverse("accounts:account"))
    if settings.REGISTRATION == "closed":
        return render(request, "accounts/closed.html", {"onward": onward}, status=403)
    form = RegistrationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        login(request, form.save(), backend=MODEL_BACKEND)
        messages.success(request, "Your account is made, and you are signed in.")
        return redirect(onward)
    return form_page(request, "accounts/register.html", form, onward=onward)


@private
@login_required
@require_safe
def account(request):
    context = {
        "app": second_factor.app_of(request.user),
        "sign_ins": audit.sign_ins_of(request.user)[:10],
        "log_days": settings.SIGN_IN_LOG_DAYS,
    }
    return render(request, "accounts/account.html", context)


@private
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def password(request):
    form = NewPasswordForm(request.user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        form.save()
        update_session_auth_hash(request, form.user)
        audit.note(request.user, "Password changed.")
        messages.success(request, "Your password is changed. Everywhere else you are signed out.")
        return redirect("accounts:account")
    return form_page(request, "accounts/password.html", form)


@private
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out_everywhere(request):
    form = PasswordForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        sessions.end_others(request, form.cleaned_data["password"])
        audit.note(request.user, "Signed out everywhere.")
        logout(request)
        messages.success(request, "You are signed out, here and everywhere else.")
        return redirect("accounts:sign-in")
    return form_page(request, "accounts/sign_out_everywhere.html", form)


@private
@login_required
@require_safe
def second_factor_page(request):
    """Whether there is one, how many backup codes are left, and the ways on."""
    app = second_factor.app_of(request.user)
    context = {
        "app": app,
        "left": second_factor.backup_codes_left(request.user) if app else 0,
        "new_codes": request.session.pop(NEW_CODES, []),
        "needed": settings.CURATORS_NEED_SECOND_FACTOR and request.user.is_staff,
    }
    return render(request, "accounts/second_factor.html", context)


@private
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request):
    """The key for the app; it counts once a code of the app has shown that it was taken over."""
    if second_factor.app_of(request.user):
        return redirect("accounts:second-factor")
    device = second_factor.candidate(request.user)
    form = SetUpForm(request.POST if request.method == "POST" else None, user=request.user, device=device)
    if form.is_valid():
        second_factor.confirm(form.device)
        second_factor.sign_in_with(request, form.device)
        # Sessions from before got in without the second factor.
        sessions.end_others(request, form.cleaned_data["password"])
        request.session[NEW_CODES] = second_factor.new_backup_codes(request.user)
        audit.note(request.user, "Second factor set up.")
        messages.success(request, "From now on signing in takes a code of your app. Everywhere else you are signed out.")
        return redirect("accounts:second-factor")
    context = {"picture": second_factor.picture(device), "key": second_factor.key_in_words(device), "address": device.config_url}
    return form_page(request, "accounts/set_up.html", form, **context)


@private
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def backup_codes(request):
    """New ones, for a password; the old ones stop working."""
    if second_factor.app_of(request.user) is None:
        return redirect("accounts:second-factor")
    form = PasswordForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        request.session[NEW_CODES] = second_factor.new_backup_codes(request.user)
        audit.note(request.user, "New backup codes made.")
        return redirect("accounts:second-factor")
    return form_page(request, "accounts/backup_codes.html", form)


@private
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove_second_factor(request):
    if second_factor.app_of(request.user) is None:
        return redirect("accounts:second-factor")
    form = PasswordAndCodeForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        second_factor.remove(request.user)
        audit.note(request.user, "Second factor removed.")
        messages.success(request, "Signing in takes only your password now.")
        return redirect("accounts:second-factor")
    return form_page(request, "accounts/remove_second_factor.html", form)


@private
@login_required
@require_safe
def export(request):
    """Everything that the portal holds of the account, as one JSON file."""
    response = JsonResponse(leaving.everything(request.user), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response.headers["Content-Disposition"] = 'attachment; filename="crossmatch-account.json"'
    return response


@private
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request):
    """For good, for a password. A curator's account is closed by a superuser instead; the page says why."""
    if request.user.is_staff:
        return render(request, "accounts/delete.html", status=409 if request.method == "POST" else 200)
    form = LeaveForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        user = request.user
        logout(request)
        leaving.delete(user)
        messages.success(request, "Your account is deleted.")
        return redirect("home")
    return form_page(request, "accounts/delete.html", form, log_days=settings.SIGN_IN_LOG_DAYS)
