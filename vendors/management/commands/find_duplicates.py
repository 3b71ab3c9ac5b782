from django.core.management.base import BaseCommand

from vendors import duplicates
from vendors.models import Duplicate


class Command(BaseCommand):
    help = "Compare all vendors, and keep the pairs that may be one vendor twice for the curators' page."

    def handle(self, **options):
        search = duplicates.refresh()
        self.stdout.write(f"{search.vendors} vendors compared, {Duplicate.objects.open().count()} pairs to look at")
