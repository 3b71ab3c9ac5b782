"""The guide, and how the advice is worked out."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from advisor import guide, method


@require_safe
def guide_page(request):
    """The CRO / CMO / CDMO guide, with what disagrees with it."""
    sections = guide.sections()
    rows = [passage.entry for _, passages in sections for passage in passages]
    return render(request, "advisor/guide.html", {"sections": sections, "table": guide.table(rows), "guide": guide.GUIDE})


@require_safe
def method_page(request):
    """How the advice is worked out: rules, weights, formulas, limits, each with its sources."""
    return render(request, "advisor/method.html", method.whole())
