import os

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from advisor import guide
from vendors import duplicates, facts, search, vocabulary
from vendors.models import DuplicateSearch, Vendor

FIXTURES = settings.BASE_DIR / "fixtures"


class Command(BaseCommand):
    help = "Make the portal ready to serve: tables, vocabularies, guide, catalogue, static files. Keeps all that was entered."

    def handle(self, **options):
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        with transaction.atomic():
            vocabulary.load(FIXTURES / "vocabulary.json", only_new=True)
            guide.load(FIXTURES / "guide.json", only_new=True)
            # Only ever into an empty catalogue: later the curators' records are the truth, and theirs to remove.
            if not Vendor.objects.exists():
                self.load_catalogue()
            if not DuplicateSearch.objects.exists():
                duplicates.refresh()
            search.refresh()  # vendors from before there was a search, or from before its rules changed
        call_command("collectstatic", verbosity=0, interactive=False)
        self.report()

    def load_catalogue(self):
        for file in sorted((FIXTURES / "catalogue").glob("*.jsonl")):
            outcome = facts.load_file(file)
            for problem in outcome.problems:
                self.stderr.write(str(problem))
            if outcome.problems:
                raise CommandError(f"The catalogue was not loaded: correct {file} and start again.")

    def report(self):
        database = connection.settings_dict
        place = database["NAME"] if connection.vendor == "sqlite" else f"PostgreSQL database {database['NAME']}"
        self.stdout.write(f"Crossmatch   http://127.0.0.1:{os.environ.get('PORT', '8000')}/")
        self.stdout.write(f"Catalogue    {Vendor.objects.published().count()} published vendors")
        self.stdout.write(f"Data         {place}")
        if not get_user_model().objects.filter(is_staff=True).exists():
            self.stdout.write("Curators     nobody yet; `make curator` creates an account for /admin/")
