from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from vendors import link_checks
from vendors.models import SourceAddress


class Command(BaseCommand):
    help = (
        "Ask whether the addresses of sources still lead somewhere, those first that were longest not asked for. "
        "Off unless CHECK_SOURCES is true or --even-if-off is given, as it sends requests to other hosts."
    )

    stealth_options = ("asker",)

    def add_arguments(self, parser):
        parser.add_argument("--limit", type=int, default=200, help="addresses in one run (200)")
        parser.add_argument("--pause", type=float, default=link_checks.PAUSE, help="seconds between two questions to one host (5)")
        parser.add_argument("--even-if-off", action="store_true")

    def handle(self, *, limit, pause, even_if_off, **options):
        if not (settings.CHECK_SOURCES or even_if_off):
            raise CommandError("Off: set CHECK_SOURCES=true, or run check_sources --even-if-off once.")
        asker = options.get("asker") or link_checks.Asker()
        checked = 0
        for row in link_checks.run(limit=limit, pause=pause, asker=asker):
            checked += 1
            if row.trouble:
                self.stdout.write(f"{row.url}: {row.trouble} (on {row.failed_days} day{'' if row.failed_days == 1 else 's'})")
        self.stdout.write(f"{checked} addresses asked for, {SourceAddress.objects.broken().count()} broken")
