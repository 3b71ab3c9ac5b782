from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from advisor import guide


class Command(BaseCommand):
    help = "Load the guide from a file; entries are found again by slug, and none is removed."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *, file, **options):
        try:
            added, changed = guide.load(file)
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"The guide was not loaded: {error}") from error
        self.stdout.write(f"{file}: {added} new, {changed} changed")
