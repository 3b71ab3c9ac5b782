from django.core.management.base import BaseCommand
from django.utils import timezone

from advisor.models import Program


class Command(BaseCommand):
    help = "Delete for good the programs whose last day has passed, with everything that belongs to them. Run it once a day."

    def handle(self, **options):
        expired = Program.objects.expired(timezone.localdate())
        number = expired.count()
        expired.delete()
        self.stdout.write(f"{number} program{'' if number == 1 else 's'} deleted.")
