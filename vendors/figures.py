"""How much the published catalogue knows, and how much of it rests on a source."""

from django.db.models import Count, Q, Sum

from vendors.catalogue import Catalogue
from vendors.models import AILevel, Site, Vendor

# The lists of which every entry is a fact, as the catalogue names them.
LISTS = ("services", "stages", "therapeutic_areas", "modalities", "accreditations", "ai_uses")
# Single facts, each with what says that it is there.
SINGLE = {
    "parent": ~Q(parent=""),
    "hq": Q(hq_country__isnull=False) | ~Q(hq_city=""),
    "founded": Q(founded__isnull=False),
    "employees": Q(employees__isnull=False),
    "summary": ~Q(summary=""),
    # That nothing was found is no fact that a source could show.
    "ai": ~Q(ai_level="") & ~Q(ai_level=AILevel.NONE_DISCLOSED),
}


def facts(catalogue: Catalogue) -> tuple[int, int]:
    """How many facts the published records hold, and how many of them a source supports; two queries.

    A fact is one value: each service, stage, area, modality, accreditation, site, use of AI and the level, owner,
    headquarters, year of foundation, employees, summary. What only says which company is meant (names, type, website) is
    not counted, as in the curators' list of facts without a source; see vendors.evidence.
    """
    published = Vendor.objects.published().order_by()
    single = published.aggregate(
        **{name: Count("pk", filter=there) for name, there in SINGLE.items()},
        without_source=Sum("unsourced_number", default=0),
    )
    without_source = single.pop("without_source")
    sites = Site.objects.filter(vendor__in=published).values("vendor", "city", "country").distinct().count()
    held = sum(int(catalogue.totals[name].sum()) for name in LISTS) + sum(single.values()) + sites
    return held, held - without_source
