"""The shortlist of a program: what a vendor on it is to the program, and the sponsor's pick beside ours."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from advisor.engine.advice import Advice
from advisor.engine.ranking import Gate, gates_of
from advisor.engine.team import team_of_vendors
from advisor.engine.words import mid_sentence
from advisor.models import Program, ShortlistEntry
from advisor.result import LANE_TITLES
from vendors.catalogue import Catalogue, is_in

# Who is still in the running; the others stay on the list with the reason.
OPEN = frozenset({ShortlistEntry.Status.CONSIDERING, ShortlistEntry.Status.CONTACTED, ShortlistEntry.Status.CHOSEN})
MOST = 50  # vendors on one shortlist


@dataclass(frozen=True)
class Place:
    """Where a vendor stands in one lane; rank is None where a must-have keeps it out."""

    lane: str
    title: str
    rank: int | None
    known: float
    possible: float
    gates: tuple[Gate, ...]


@dataclass(frozen=True)
class Standing:
    """What a vendor is to a program. fails: what speaks against adding it, in sentences; empty for a match."""

    slug: str
    name: str
    type: str
    places: tuple[Place, ...]
    fails: tuple[str, ...]

    @property
    def is_first(self) -> bool:
        return any(place.rank == 1 for place in self.places)


def standing(advice: Advice, slug: str) -> Standing | None:
    """What a vendor is to a program; None where the catalogue has no such vendor."""
    catalogue = advice.catalogue
    vendor = catalogue.place.get(slug)
    if vendor is None:
        return None
    row = catalogue.rows[vendor]
    places = []
    for ranking in advice.rankings:
        if is_in(ranking.eligible, vendor):
            known, possible = (float(ranking.total(of).all[vendor]) for of in ("known", "possible"))
            gates = gates_of(ranking.question, vendor)
            places.append(Place(ranking.lane, LANE_TITLES[ranking.lane], ranking.rank_of(slug), known, possible, gates))
    failed = dict.fromkeys(gate.name for place in places for gate in place.gates if gate.status == "fail")
    fails = [f"It is known to lack {name}, a must-have." for name in failed]
    if not places and advice.rankings:
        fails.append(f"Nothing that you need from partners is expected of it: a {row.type} of which no such service is on record.")
    return Standing(slug, row.name, row.type, tuple(places), tuple(fails))


def add(program: Program, vendor: Standing, *, added_from: str, gate_reason: str = "") -> ShortlistEntry:
    """Put a vendor at the end of the shortlist; one that is there already stays as it is.

    Raises ValueError where a vendor speaks against itself and no reason is given, or where the list is full.
    """
    with transaction.atomic():
        Program.objects.select_for_update().get(pk=program.pk)
        if there := program.shortlist.filter(vendor=vendor.slug).first():
            return there
        if vendor.fails and not gate_reason.strip():
            raise ValueError(f"{vendor.name}: {' '.join(vendor.fails)} Say why you want it on the list all the same.")
        if program.shortlist.count() >= MOST:
            raise ValueError(f"A shortlist has at most {MOST} vendors. Take one off first.")
        last = program.shortlist.aggregate(last=Max("position"))["last"] or 0
        return ShortlistEntry.objects.create(
            program=program, vendor=vendor.slug, vendor_name=vendor.name, position=last + 1, added_from=added_from,
            gate_reason=gate_reason.strip() if vendor.fails else "",
        )  # fmt: skip


@transaction.atomic
def move(entry: ShortlistEntry, to: int) -> None:
    """Put an entry at a place of its list, from 1; those between move up or down, and no gap stays."""
    Program.objects.select_for_update().get(pk=entry.program_id)
    others = list(ShortlistEntry.objects.filter(program=entry.program_id).exclude(pk=entry.pk))
    others.insert(max(0, to - 1), entry)
    for position, one in enumerate(others, 1):
        if one.position != position:
            one.position = position
            one.save(update_fields=["position"])


@transaction.atomic
def remove(entry: ShortlistEntry) -> None:
    """Take an entry off its list."""
    move(entry, MOST + 1)
    entry.delete()


def keep(entry: ShortlistEntry, *, was: str) -> None:
    """Store what was changed of an entry, with the times of its status. was: the status before."""
    now = timezone.now()
    if entry.status != was:
        entry.status_changed_at = now
    if entry.status == ShortlistEntry.Status.CONTACTED and entry.first_contacted_at is None:
        entry.first_contacted_at = now
    entry.save(update_fields=["status", "reason", "notes", "status_changed_at", "first_contacted_at"])


def picked(entries: Sequence[ShortlistEntry]) -> list[ShortlistEntry]:
    """The sponsor's pick: those chosen, and as long as none is, the first that is still in the running."""
    chosen = [entry for entry in entries if entry.status == ShortlistEntry.Status.CHOSEN]
    return chosen or [entry for entry in entries if entry.status in OPEN][:1]


def side_by_side(advice: Advice, entries: Sequence[ShortlistEntry]) -> dict[str, Any] | None:
    """The sponsor's pick and the team that the advice points to, with what follows from each; None without a pick or a team."""
    catalogue = advice.catalogue
    pick = [catalogue.place[entry.vendor] for entry in picked(entries) if entry.vendor in catalogue.place]
    if not pick or advice.team is None:
        return None
    sides = {"yours": side(advice, pick), "ours": side(advice, list(advice.team.vendors))}
    return {
        "pair": [sides["yours"], sides["ours"]],
        "chosen": any(entry.status == ShortlistEntry.Status.CHOSEN for entry in entries),
        "same": set(pick) == set(advice.team.vendors),
        "lacks": lacks(advice, sides["yours"]["uncovered"], sides["ours"]["uncovered"]),
    }


def side(advice: Advice, vendors: list[int]) -> dict[str, Any]:
    """One side: who, how much of the program sources show of them, fit, must-haves, organizations."""
    catalogue = advice.catalogue
    team, uncovered = team_of_vendors(advice.rankings, vendors)
    found = [one for one in (standing(advice, catalogue.rows[vendor].slug) for vendor in vendors) if one]
    cells = sum(len(need.stages) for need in advice.needs.needs)
    return {
        "vendors": found,
        "uncovered": list(dict.fromkeys(cell.service for cell in uncovered)),
        "covered": cells - len(uncovered),
        "cells": cells,
        "fit": team.fit,
        "organizations": len({int(catalogue.owners[vendor]) for vendor in vendors}),
        "carries": [
            {"name": catalogue.rows[member.vendor].name, "services": services_of(catalogue, [cell.service for cell in member.cells])}
            for member in team.members
        ],
        "gates": {gate.name: gate.status for one in found for place in one.places for gate in place.gates if gate.status != "pass"},
    }


def services_of(catalogue: Catalogue, slugs: Sequence[str]) -> list[str]:
    return [mid_sentence(catalogue.vocabulary.name("services", slug)) for slug in dict.fromkeys(slugs)]


def lacks(advice: Advice, missing: Sequence[str], also_missing: Sequence[str]) -> list[dict[str, Any]]:
    """Needed services that no source shows of the pick at every needed stage, each with the best-placed vendor of which one does.

    missing, also_missing: those that the pick and our team lack.
    """
    catalogue = advice.catalogue
    rows = []
    for ranking in advice.rankings:
        for need in ranking.question.needs:
            if need.service not in missing:
                continue
            shown = [catalogue.known("services", need.service), *(catalogue.known("stages", stage) for stage in need.stages)]
            place = next((int(vendor) for vendor in ranking.order if all(is_in(bits, int(vendor)) for bits in shown)), None)
            rows.append({
                "name": catalogue.vocabulary.name("services", need.service),
                "nobody": need.service in also_missing,
                "best": None if place is None else catalogue.rows[place],
            })  # fmt: skip
    return rows
