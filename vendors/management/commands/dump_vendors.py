import json

from django.core.management.base import BaseCommand, CommandError

from vendors import facts
from vendors.catalogue import nearest
from vendors.models import Vendor


class Command(BaseCommand):
    help = "Print vendor records, one JSON object a line, as load_vendors reads them; all of them unless slugs are named."

    def add_arguments(self, parser):
        parser.add_argument("slugs", nargs="*", metavar="SLUG")

    def handle(self, *, slugs, **options):
        vendors = Vendor.objects.all()
        known = dict(vendors.values_list("slug", "name"))
        for slug in slugs:
            if slug not in known:
                raise CommandError(f"There is no vendor {slug!r}; the nearest is {nearest(slug, known)}.")
        if slugs:
            vendors = vendors.filter(slug__in=slugs)
        for record in facts.dump(vendors):
            self.stdout.write(json.dumps(record, ensure_ascii=False))
