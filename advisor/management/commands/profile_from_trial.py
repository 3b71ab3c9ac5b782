import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from advisor.trials.prefill import FIELD_NAMES, prefill
from advisor.trials.record import LARGEST, TrialError, open_record
from vendors import vocabulary
from vendors.management import database


class Command(BaseCommand):
    help = "Print the profile that a study record of ClinicalTrials.gov (API version 2, JSON) starts; - reads standard input."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE")

    def handle(self, *, file, **options):
        try:
            content = sys.stdin.buffer.read(LARGEST + 1) if file == "-" else Path(file).read_bytes()
        except (OSError, ValueError) as error:
            raise CommandError(f"{file} can't be read: {error}") from error
        with database.needed():
            terms = vocabulary.stored_vocabulary()
        if not terms.stages:
            raise CommandError("There is no vocabulary yet; run `manage.py prepare`, or `make run`, first.")
        try:
            found = prefill(open_record(content), terms)
        except TrialError as error:
            raise CommandError(f"{file}: {error}") from error
        self.stdout.write(json.dumps(found.profile, ensure_ascii=False))
        for key, words in FIELD_NAMES.items():
            if key in found.origins:
                self.stderr.write(f"{words}: {found.origins[key]}", self.style.SUCCESS)
            elif key in found.left:
                self.stderr.write(f"{words}: left empty. {found.left[key]}", self.style.WARNING)
