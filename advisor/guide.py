"""The CRO / CMO / CDMO guide: from its file into its table, and as the pages show it."""

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from advisor.engine.references import REFERENCES, Reference
from advisor.models import GuideEntry

# The guide's address, author and date are in the references, where the rules cite it too.
GUIDE = REFERENCES["guide"]


@dataclass(frozen=True)
class Passage:
    """An entry of the guide with the references that it rests on and the contradictions noted about it."""

    entry: GuideEntry
    references: tuple[Reference, ...]
    contradictions: tuple[GuideEntry, ...]


def load(path: Path, *, only_new: bool = False) -> tuple[int, int]:
    """Store the entries of a file; returns how many were added and how many changed.

    An entry is found again by its slug. With `only_new` stored entries keep what a curator made of them.
    Raises ValueError when an entry names a reference or an entry that is not there.
    """
    rows = json.loads(path.read_text(encoding="utf-8"))["entries"]
    slugs = {row["slug"] for row in rows}
    for row in rows:
        if unknown := set(row["sources"]) - set(REFERENCES) | set(row.get("about", [])) - slugs:
            raise ValueError(f"{path}: {row['slug']}: no such reference or entry: {', '.join(sorted(unknown))}")
    stored = {entry.slug: entry for entry in GuideEntry.objects.all()}
    added = changed = 0
    with transaction.atomic():
        for row in rows:
            values = {"about": [], **row}
            entry = stored.get(row["slug"])
            if entry is None:
                GuideEntry.objects.create(**values)
                added += 1
            elif not only_new and any(getattr(entry, name) != value for name, value in values.items()):
                for name, value in values.items():
                    setattr(entry, name, value)
                entry.save()
                changed += 1
    return added, changed


def table(
    rows: Iterable[GuideEntry], recommended: Collection[str] = (), note: Callable[[str, str], str] = lambda row, kind: ""
) -> list[dict]:
    """The comparison table as its partial draws it.

    recommended: types whose columns are raised. note: what a program has to do with a cell, by row slug and type.
    """
    return [
        {
            "title": row.title,
            "cells": [
                {"type": kind, "text": text, "fit": kind in recommended, "note": note(row.slug, kind) if kind in recommended else ""}
                for kind, text in row.columns
            ],
        }
        for row in rows
        if row.section == GuideEntry.Section.COMPARISON
    ]


def sections() -> list[tuple[GuideEntry.Section, list[Passage]]]:
    """The whole guide in reading order; one query."""
    entries = list(GuideEntry.objects.all())
    noted = [entry for entry in entries if entry.section == GuideEntry.Section.CONTRADICTION]
    passages = [
        Passage(
            entry,
            tuple(REFERENCES[key] for key in entry.sources if key in REFERENCES),
            tuple(note for note in noted if entry.slug in note.about),
        )
        for entry in entries
    ]
    return [(section, [p for p in passages if p.entry.section == section]) for section in GuideEntry.Section]
