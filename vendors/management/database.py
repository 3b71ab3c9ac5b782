from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import DatabaseError


@contextmanager
def needed(returncode: int = 1) -> Iterator[None]:
    """Around what a command reads from the database. Raises CommandError that says what to do where the tables are missing."""
    try:
        yield
    except DatabaseError as error:
        raise CommandError(
            f"The database is not ready ({error}); run `manage.py prepare`, or `make run`, first.", returncode=returncode
        ) from error
