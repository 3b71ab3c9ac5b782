"""Who is reading, told from a session only when the reader has one: public pages stay free of sessions for everybody else."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject


def account_of(request):
    """The account that is signed in, or None; touches no session, and asks the database nothing, where no session cookie was sent."""
    if not request.COOKIES.get(settings.SESSION_COOKIE_NAME):
        return None
    # An answer that is given before the session is looked at, such as 413, has no user.
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


def signed_in(request):
    """Context processor: `signed_in`, for the header of every page."""
    return {"signed_in": SimpleLazyObject(lambda: account_of(request) is not None)}
