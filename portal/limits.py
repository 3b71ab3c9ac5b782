"""How much one reader may send: size of a body, number of posts."""

import re
import time
from ipaddress import ip_address

from django.conf import settings
from django.core.cache import cache
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.crypto import salted_hmac


def client_address(request) -> str:
    """The reader's address: the one our own outermost proxy saw, never one that the reader could have written."""
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    seen = forwarded[-settings.PROXY_COUNT] if settings.PROXY_COUNT and len(forwarded) >= settings.PROXY_COUNT else ""
    for address in (seen, request.META.get("REMOTE_ADDR", "")):
        try:
            # Some proxies write the port behind it. PostgreSQL would refuse a record of sign-ins with anything but an address.
            return str(ip_address(re.sub(r"^\[(.*)\](?::\d+)?$|^([\d.]+):\d+$", r"\1\2", address)))
        except ValueError:
            continue
    return ""


def body_size(get_response):
    """Middleware: a body that says it is too large is refused before it is read, with a page that says what to do."""

    def respond(request):
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE and int(length) > (most := longest(request)):
            return too_large(request, most)
        return get_response(request)

    return respond


def longest(request) -> int:
    """How many bytes the body of a request may have: more for the views named in settings.BODY_BYTES."""
    try:
        name = resolve(request.path_info).view_name
    except Resolver404:
        name = ""
    return settings.BODY_BYTES.get(name, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def too_large(request, most: int | None = None):
    """The 413 page, with the limit in words."""
    return render(request, "413.html", {"limit_kb": (most or settings.DATA_UPLOAD_MAX_MEMORY_SIZE) // 1024}, status=413)


def too_many(request, seconds: int):
    """The 429 page, saying when to try again; to programs in the header."""
    response = render(request, "429.html", {"wait_minutes": -(-seconds // 60)}, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


def locked_out(request, *args):
    """What django-axes answers with after too many wrong passwords or codes for one name from one address."""
    return too_many(request, round(settings.AXES_COOLOFF_TIME * 3600))


class PostRate:
    """Middleware: so many posts an hour and address to the views named in settings.POSTS_PER_HOUR; more get the 429 page.

    The address is kept as a keyed hash only, for at most two hours. The counters live in the shared cache, so the limit
    holds across processes.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        name = request.resolver_match.view_name
        most = settings.POSTS_PER_HOUR.get(name)
        if request.method != "POST" or most is None:
            return None
        hour, within = divmod(int(time.time()), 3600)
        who = salted_hmac("portal.limits", client_address(request), algorithm="sha256").hexdigest()[:24]
        key = f"posts:{name}:{hour}:{who}"
        cache.add(key, 0, timeout=7200)
        if cache.incr(key) <= most:
            return None
        return too_many(request, 3600 - within)
