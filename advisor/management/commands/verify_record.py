"""Tell whether a document is as this portal wrote it."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from advisor import records
from advisor.documents.archive import Unreadable
from vendors.management import database

EXIT = {"confirmed": 0, "changed": 1, "unknown": 2}
HEADS = {"confirmed": "CONFIRMED", "changed": "CHANGED since this portal wrote it", "unknown": "UNKNOWN to this portal"}


class Command(BaseCommand):
    help = "Tells whether a PDF, DOCX or XLSX file is as this portal wrote it. Exits with 0 confirmed, 1 changed since, 2 unknown."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *, file, **options):
        try:
            with database.needed(returncode=EXIT["unknown"]):
                verdict = records.verify(file.read_bytes())
        except OSError as error:
            raise CommandError(f"{file} can't be opened: {error.strerror or error}.", returncode=2) from error
        except Unreadable as error:
            self.stdout.write(f"{HEADS['unknown']}\n{error}")
            sys.exit(EXIT["unknown"])
        self.stdout.write(HEADS[verdict.outcome])
        for line in verdict.lines:
            self.stdout.write(line)
        sys.exit(EXIT[verdict.outcome])
