"""The pages that belong to no app: home, health, what robots may read, and the one error page that Django can't choose by itself."""

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from advisor import guide
from advisor.models import GuideEntry
from portal.limits import too_large
from vendors import facets, figures, snapshot
from vendors.models import TYPE_NAMES, CatalogueVersion


@require_safe
def home(request):
    """Two doors, the state of the catalogue in figures, and the guide's table; four queries."""
    catalogue = snapshot.current()
    days = [row.verified_on for row in catalogue.rows if row.verified_on]
    left = facets.counts(catalogue, {})
    held, sourced = figures.facts(catalogue)
    context = {
        "vendors": len(catalogue),
        "types": [(kind, TYPE_NAMES[kind], left["type"][kind]) for kind in TYPE_NAMES],
        "facts": held,
        "sourced": sourced,
        "sources": int(catalogue.source_counts.sum()),
        "countries": sum(1 for vendors in left["country"].values() if vendors),
        "ai_checked": len(catalogue) - left["ai"][facets.NOT_CHECKED],
        "first_day": min(days, default=None),
        "last_day": max(days, default=None),
        "table": guide.table(GuideEntry.objects.all()),
        "guide": guide.GUIDE,
    }
    return render(request, "portal/home.html", context)


@require_safe
def health(request):
    """For whatever watches the server: 200 while the database answers, 503 otherwise."""
    try:
        version = CatalogueVersion.current()
    except DatabaseError:
        return JsonResponse({"status": "the database does not answer"}, status=503)
    return JsonResponse({"status": "ok", "catalogue": version})


@require_safe
def robots(request):
    """Curators' pages are of no use to a robot. Programs and filtered lists say noindex themselves, and must be readable for that."""
    lines = ["User-agent: *", f"Disallow: {reverse('admin:index')}", f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}"]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


def bad_request(request, exception):
    """Handler of status 400. A body over the limit has a page of its own, since there is something to do about it."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return render(request, "400.html", status=400)
