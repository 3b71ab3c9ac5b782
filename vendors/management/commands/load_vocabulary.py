from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from vendors import vocabulary


class Command(BaseCommand):
    help = "Load the closed vocabularies from a file; entries are found again by slug, and none is removed."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *, file, **options):
        try:
            added, changed = vocabulary.load(file)
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"{file} was not loaded: {error!r}") from error
        self.stdout.write(f"{file}: {added} new, {changed} changed")
