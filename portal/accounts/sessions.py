"""Sessions that end: after a time without a request, after so many hours whatever happens, and all of an account's at once."""

import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from portal.accounts.reader import account_of

BEGAN = "began_at"  # seconds since 1970
SEEN = "seen_at"
# The time of the last request is written at most this often, so that reading does not mean writing.
SEEN_EVERY = 60


@receiver(user_logged_in, dispatch_uid="session begins")
def begin(request, **kwargs):
    request.session[BEGAN] = request.session[SEEN] = int(time.time())


def why_ended(session, staff: bool, now: int) -> str:
    """In words for its owner why a session is over at `now`; empty while it goes on."""
    hours = min(settings.SESSION_HOURS, settings.CURATOR_SESSION_HOURS) if staff else settings.SESSION_HOURS
    if now - session.get(BEGAN, 0) >= hours * 3600:
        return f"You were signed out: nobody stays signed in for longer than {hours} hours."
    if now - session.get(SEEN, 0) >= settings.SESSION_IDLE_MINUTES * 60:
        return f"You were signed out after {settings.SESSION_IDLE_MINUTES} minutes without a request."
    return ""


def limits(get_response):
    """Middleware: ends a session that is over its time before anything is shown by it."""

    def respond(request):
        user = account_of(request)
        if user is not None:
            now = int(time.time())
            if ended := why_ended(request.session, user.is_staff, now):
                logout(request)
                messages.info(request, ended)
            elif now - request.session[SEEN] >= SEEN_EVERY:
                request.session[SEEN] = now
        return get_response(request)

    return respond


def end_others(request, password: str):
    """End every session of the account that is signed in but this one. `password`: the account's, new or as it was.

    A session holds a keyed hash of the stored password, and storing a password, even the same one, salts it anew.
    """
    request.user.set_password(password)
    request.user.save(update_fields=["password"])
    update_session_auth_hash(request, request.user)
