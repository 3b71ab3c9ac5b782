from django.core.management.base import BaseCommand, CommandError

from vendors import snapshot
from vendors.catalogue import Catalogue
from vendors.management import database


class CatalogueCommand(BaseCommand):
    """A command that reads the catalogue, and says what to do where there is none."""

    def catalogue(self) -> Catalogue:
        """The published catalogue. Raises CommandError where the tables are missing or nothing was ever loaded."""
        with database.needed():
            catalogue = snapshot.fresh()
        if not len(catalogue):
            raise CommandError("The catalogue is empty; run `manage.py prepare`, or `make run`, first.")
        return catalogue
