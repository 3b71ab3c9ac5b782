from django.core.management.base import BaseCommand
from django.db import transaction

from vendors import search
from vendors.models import Vendor


class Command(BaseCommand):
    help = "Write the words by which vendors are found anew: after records were changed by other means than files and the curators' pages."

    def handle(self, **options):
        with transaction.atomic():
            keys = list(Vendor.objects.order_by("pk").values_list("pk", flat=True))
            search.index(keys)
        self.stdout.write(f"{len(keys)} vendors indexed")
