"""A program as one JSON object: everything that is stored of it, but for the links that open it."""

from typing import Any

from django.db import models

from advisor.models import Program

# The keys to a program are no part of what it says, and a file travels.
LEFT_OUT = frozenset({"id", "program", "token", "read_token", "member_key", "author", "user"})


def as_dict(program: Program) -> dict[str, Any]:
    """The program with its owner's name and, each oldest first, everything that belongs to it: versions, shortlist, members, records.

    Whatever table points at a program is in it, so that a new kind of row can't be forgotten.
    """
    names = [str(relation.get_accessor_name()) for relation in Program._meta.related_objects]
    parts = {name: [plain(row) for row in getattr(program, name).order_by("pk")] for name in names}
    return {"format": "crossmatch-program-1", **plain(program), "owner": program.owner and program.owner.get_username(), **parts}


def plain(row: models.Model) -> dict[str, Any]:
    """The columns of a row as JSON takes them, by name."""
    return {
        field.name: value.isoformat() if hasattr(value, "isoformat") else value
        for field in row._meta.concrete_fields
        if field.name not in LEFT_OUT
        for value in [field.value_from_object(row)]
    }
