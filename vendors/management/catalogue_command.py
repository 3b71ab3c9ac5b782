from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from vendors import snapshot
from vendors.catalogue import Catalogue


class CatalogueCommand(BaseCommand):
    """A command that reads the catalogue, and says what to do where there is none."""

    def catalogue(self) -> Catalogue:
        """The published catalogue. Raises CommandError where the tables are missing or nothing was ever loaded."""
        try:
            catalogue = snapshot.fresh()
        except DatabaseError as error:
            raise CommandError(f"The database is not ready ({error}); run `manage.py prepare`, or `make run`, first.") from error
        if not len(catalogue):
            raise CommandError("The catalogue is empty; run `manage.py prepare`, or `make run`, first.")
        return catalogue
