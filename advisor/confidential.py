"""What every page of a program has in common: nobody may keep it, index it, or learn its address from it."""

from functools import wraps

from django.utils.cache import add_never_cache_headers


def confidential(view):
    """Decorator: the page of a program, whatever it answers."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        return private(view(request, *args, **kwargs))

    return answer


def private(response):
    """A response that no cache may store and no search engine index. That no other site learns its address is the settings' care."""
    add_never_cache_headers(response)
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
