"""Public pages are asked for anew at every visit, and answered with a short 304 as long as nothing in them has changed.

So a curator's change is seen at once, and a reader or a robot that comes back costs next to nothing. The ETag of a page
names all that the page was made of. There is no Last-Modified: a record that is taken out leaves no date behind, so a date
could not tell that a page changed; whoever asks by date alone gets the page.
"""

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, get_conditional_response, patch_cache_control, patch_vary_headers

from advisor.models import GuideEntry
from portal.accounts.reader import account_of
from vendors import snapshot
from vendors.models import CatalogueVersion, Vendor
from vendors.views import PART_HEADERS


def stored(**names: Any) -> int:
    """What the database holds of vendors."""
    return CatalogueVersion.current()


def catalogue(**names: Any) -> tuple:
    """The same, and the snapshot that this process has of it, which may be the one from before the latest change.

    The snapshot's version does not cover the names of the groups of services.
    """
    number = stored()
    used = snapshot.current(number)
    return number, used.version, *used.vocabulary.groups.values()


def record(slug: str) -> Any:
    """When the vendor was last saved; None when readers can't see it."""
    return Vendor.objects.published().filter(slug=slug).values_list("changed_at", flat=True).first()


def guide_text(**names: Any) -> list[tuple]:
    return list(GuideEntry.objects.values_list())


# What each public page is made of beside the code and the day, by the name of its view. Handed what the address names, each gives a
# value that changes whenever its part of the page does. No page is in here that depends on a form's token, or on who reads it, but for
# the header: that is part of every tag.
MADE_OF: Mapping[str, tuple[Callable[..., Any], ...]] = {
    "home": (catalogue, guide_text),
    "vendors:list": (catalogue,),
    "vendors:compare": (catalogue,),
    "vendors:landscape": (catalogue,),
    "vendors:detail": (catalogue, record),
    "advisor:guide": (guide_text,),
    "advisor:method": (),
    "robots": (),
    "sitemap": (stored,),
    "sitemap-section": (stored,),
}


def release_of(root: Path, static_root: Path) -> str:
    """Code, templates, versions of libraries and names of static files as one hash.

    Taken from what the files say, not from their dates: every process of a deployment has to come to the same.
    """
    files = [file for app in ("portal", "vendors", "advisor") for file in (root / app).rglob("*.py")]
    files += [*(root / "templates").rglob("*.*"), root / "requirements.txt", static_root / "staticfiles.json"]
    whole = hashlib.sha256()
    for file in sorted(file for file in files if file.is_file()):
        whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()


@cache
def release() -> str:
    """What runs here; read once, since a new release is a new start."""
    return release_of(settings.BASE_DIR, settings.STATIC_ROOT)


class Unchanged:
    """Middleware: ETag and "ask again" on the pages of MADE_OF, and 304 for those who already have them.

    It stands last, so that nothing changes a page behind it but its encoding, which a weak tag allows. A 304 costs the
    queries of MADE_OF, at most two, and for whoever is signed in those that tell so.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        if not settings.DEBUG:
            release()

    def process_view(self, request, view, args, kwargs):
        # Taken before the page is made. A change that comes between gives a new page under an old tag, which nobody is
        # told again; the other way round an old page would be kept as the new one.
        request.etag = self.tag(request, kwargs)
        # A message is shown once: a page with one may not be kept.
        request.told_something = request.etag is not None and bool(request.COOKIES.get(CookieStorage.cookie_name))
        if request.told_something:
            request.etag = None
        # "*" asks whether there is a page at all; only the view can tell.
        if request.etag is None or request.headers.get("If-None-Match", "*").strip() == "*":
            return None
        return get_conditional_response(request, etag=request.etag)

    def __call__(self, request):
        response = self.get_response(request)
        if getattr(request, "told_something", False):
            add_never_cache_headers(response)
        etag = getattr(request, "etag", None)
        if etag is None or response.status_code not in {200, 304}:
            return response
        response.headers["ETag"] = etag
        del response.headers["Last-Modified"]
        # The header of a page tells whether somebody is signed in.
        patch_cache_control(response, no_cache=True, **({"private": True} if account_of(request) else {}))
        # A 304 has to name what its page varies by, also what is decided further out; see portal.compression.
        patch_vary_headers(response, (*PART_HEADERS, "Cookie", "Accept-Encoding"))
        return get_conditional_response(request, etag=etag, response=response) if response.status_code == 200 else response

    def tag(self, request, kwargs) -> str | None:
        """The ETag of what this request would get; None when it is no page of MADE_OF. Weak, since a proxy may compress it."""
        name = request.resolver_match.view_name
        # Templates may change under a server that runs for development.
        if request.method not in {"GET", "HEAD"} or name not in MADE_OF or settings.DEBUG:
            return None
        parts = [part(**kwargs) for part in MADE_OF[name]]
        if None in parts:
            return None
        asked = [request.build_absolute_uri(), *(request.headers.get(header) for header in PART_HEADERS)]
        account = account_of(request)
        whole = repr((release(), timezone.localdate(), account and account.pk, asked, parts))
        return f'W/"{hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:32]}"'
