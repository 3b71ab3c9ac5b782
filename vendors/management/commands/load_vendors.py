from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from vendors import facts, revisions, sheets


class Command(BaseCommand):
    help = (
        "Load vendor records: one JSON object a line, or sheets in a file that ends with .csv or .xlsx. "
        "A file with a bad record is not loaded at all."
    )

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def handle(self, *, files, **options):
        refused = []
        for file in files:
            is_sheets = file.suffix.casefold().removeprefix(".") in sheets.FORMS
            with transaction.atomic():
                outcome = sheets.load_file(file) if is_sheets else facts.load_file(file)
                revisions.note_command(outcome.changes)
            if outcome.problems:
                refused.append(str(file))
                for problem in outcome.problems:
                    self.stderr.write(str(problem))
            else:
                self.stdout.write(f"{file}: {outcome.created} new, {outcome.changed} changed, {outcome.unchanged} unchanged")
        if refused:
            raise CommandError(f"Nothing was loaded of {', '.join(refused)}; correct the lines above and load again.")
