"""What search engines are told of: the pages that stand by themselves, and every published vendor.

Filtered lists and programs are left out, and say noindex themselves.
"""

from django.contrib.sitemaps import Sitemap
from django.db.models import Max
from django.urls import reverse

from vendors.models import Vendor


class Pages(Sitemap):
    def items(self):
        return ["home", "vendors:list", "vendors:landscape", "advisor:guide", "advisor:method", "advisor:new"]

    def location(self, item):
        return reverse(item)


class Vendors(Sitemap):
    """Two queries a file, and as many files as there are 50,000 vendors."""

    def items(self):
        # By key: a new vendor comes at the end and moves nobody into another file.
        return Vendor.objects.published().only("slug", "changed_at").order_by("pk")

    def lastmod(self, item):
        return item.changed_at

    def get_latest_lastmod(self):
        return Vendor.objects.published().aggregate(newest=Max("changed_at"))["newest"]


SITEMAPS = {"pages": Pages, "vendors": Vendors}
