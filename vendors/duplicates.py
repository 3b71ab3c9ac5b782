"""Which vendors may be the same one twice: by name, other names, website and owner, with room for a wrong letter.

No pair is compared that shares none of these: a name, a name with one letter left out, the words that tell companies apart, a website.
So the work grows with the number of vendors, not with its square.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone
from rapidfuzz.distance import OSA

from vendors.folding import fold
from vendors.models import CatalogueVersion, Duplicate, DuplicateSearch, Vendor

LEGAL_WORDS = """
ab ag and aps as bv co company corp corporation gmbh inc incorporated kg kk limited llc llp ltd nv of oy plc pte pty pvt sa sarl sas se srl
spa the
"""
GENERAL_WORDS = """
bio biologic biologics biologicals biomanufacturing biopharma biopharmaceutical biopharmaceuticals bioscience biosciences biotech
biotechnology cdmo chemical chemicals chemistry clinical cmo consulting contract cro development discovery drug europe fine global group
health healthcare holding holdings industries international lab laboratories laboratory labs life manufacturing medical pharma
pharmaceutical pharmaceuticals product products research science sciences service services solutions technologies technology
therapeutics trials uk us usa
"""
# What a company is in law says nothing about which one it is, and half of the trade has the others in its names.
LEGAL, GENERAL = frozenset(LEGAL_WORDS.split()), frozenset(GENERAL_WORDS.split())
# A block with more vendors than this says nothing about any two of them: a site that hosts many, say.
TOO_MANY = 40
# Of a shorter name one letter is too much of it.
LONG_ENOUGH = 6
LEAST = 60  # points from which a pair is shown


@dataclass(frozen=True, slots=True)
class Known:
    """What two records are compared by."""

    pk: int
    name: str
    aliases: tuple[str, ...] = ()
    parent: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True)
class Suspect:
    """Two records that may be one vendor; first has the lower key. points: 60 to 100, the higher the likelier."""

    first: int
    second: int
    points: int
    reasons: tuple[str, ...]


def words_of(name: str) -> list[str]:
    """The words of a name without its legal form: `"Alpina Clinical, Inc."` is alpina and clinical."""
    words = re.findall(r"[^\W_]+", fold(name).replace("'", "").replace("&", " "))
    return [word for word in words if word not in LEGAL] or words


def core_of(words: Iterable[str]) -> str:
    """The words that tell it from others, whatever their order; "" where every word is a general one."""
    return " ".join(sorted({word for word in words if word not in GENERAL}))


def host_of(website: str) -> str:
    try:
        return (urlsplit(website).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def shortened(text: str) -> Iterator[str]:
    """The text, and the text with one letter left out: two that differ in a letter, or in the order of two, share one of these."""
    yield text
    for place in range(len(text)):
        yield text[:place] + text[place + 1 :]


def alike(one: str, other: str) -> bool:
    """Whether they differ by one wrong, missing or swapped letter, or by two where the name is long."""
    shorter = min(len(one), len(other))
    return shorter >= LONG_ENOUGH and OSA.distance(one, other, score_cutoff=2) <= (1 if shorter < 12 else 2)


class Names:
    """The names of one vendor as they are compared, each with the spelling of its record."""

    def __init__(self, known: Known):
        split = {name: words_of(name) for name in (*known.aliases, known.name)}
        self.whole = {"".join(words): name for name, words in split.items()}
        self.cores = {core: name for name, words in split.items() if (core := core_of(words))}
        self.own_core = core_of(split[known.name])
        self.host = host_of(known.website)
        self.parent = "".join(words_of(known.parent)) if known.parent else ""


def suspects(vendors: Iterable[Known]) -> list[Suspect]:
    """Every pair that may be one vendor, the likeliest first."""
    known = {vendor.pk: vendor for vendor in vendors}
    names = {pk: Names(vendor) for pk, vendor in known.items()}
    found = [
        suspect
        for first, second in sorted(pairs(names))
        if (suspect := judged(known[first], known[second], names[first], names[second])).points >= LEAST
    ]
    return sorted(found, key=lambda suspect: (-suspect.points, suspect.first, suspect.second))


def pairs(names: Mapping[int, Names]) -> set[tuple[int, int]]:
    """The pairs that are worth a look, by what they share."""
    blocks: dict[tuple[str, str], list[int]] = defaultdict(list)
    for pk, each in sorted(names.items()):
        keys = {("core", core) for core in each.cores} | {("host", each.host)}
        for whole in each.whole:
            keys |= {("name", key) for key in (shortened(whole) if len(whole) >= LONG_ENOUGH else [whole])}
        if len(each.own_core) >= LONG_ENOUGH:
            keys |= {("short core", key) for key in shortened(each.own_core)}
        for key in keys:
            if key[1]:
                blocks[key].append(pk)
    return {pair for block in blocks.values() if 1 < len(block) <= TOO_MANY for pair in combinations(block, 2)}


def judged(one: Known, other: Known, a: Names, b: Names) -> Suspect:
    """What speaks for the two being one, and how strongly."""
    reasons, points = [], 0
    owned = (a.parent and a.parent in b.whole) or (b.parent and b.parent in a.whole)
    if shared := sorted(a.whole.keys() & b.whole.keys()):
        reasons.append(f"same name: {a.whole[shared[0]]}")
        points = 90
    elif like := next(((x, y) for x in a.whole for y in b.whole if alike(x, y)), None):
        reasons.append(f"names differ by a letter or two: {a.whole[like[0]]}, {b.whole[like[1]]}")
        points = 80
    elif cores := sorted(a.cores.keys() & b.cores.keys()):
        reasons.append(f"names differ in general words only: {a.cores[cores[0]]}, {b.cores[cores[0]]}")
        points = 60
    elif alike(a.own_core, b.own_core):
        reasons.append("names differ by a letter or two, and in general words")
        points = 55
    if a.host and a.host == b.host:
        reasons.append(f"same website: {a.host}")
        # A company and its owner, or two of one owner, often share a site: that alone is no reason.
        points += 10 if points or owned or (a.parent and a.parent == b.parent) else 70
    if a.parent and a.parent == b.parent:
        reasons.append(f"same owner: {one.parent}")
        points += 5 if points else 0
    if owned:
        reasons.append("one owns the other")
        points -= 20
    return Suspect(one.pk, other.pk, min(points, 100), tuple(reasons))


def refresh() -> DuplicateSearch:
    """Compare all vendors that are not archived, and keep what was found. What a curator dismissed stays dismissed."""
    version = CatalogueVersion.current()
    rows = Vendor.objects.exclude(status=Vendor.Status.ARCHIVED).order_by("pk").values_list("pk", "name", "aliases", "parent", "website")
    known = [Known(pk, name, tuple(aliases), parent, website) for pk, name, aliases, parent, website in rows]
    found = {(suspect.first, suspect.second): suspect for suspect in suspects(known)}
    with transaction.atomic():
        Duplicate.objects.open().delete()
        judged_already = set(Duplicate.objects.values_list("first", "second"))
        # A record that was deleted meanwhile leaves no pair.
        there = set(Vendor.objects.values_list("pk", flat=True))
        Duplicate.objects.bulk_create(
            [
                Duplicate(first_id=first, second_id=second, points=suspect.points, reasons=list(suspect.reasons))
                for (first, second), suspect in found.items()
                if (first, second) not in judged_already and {first, second} <= there
            ],
            batch_size=1000,
        )
        values = {"made_at": timezone.now(), "version": version, "vendors": len(known)}
        return DuplicateSearch.objects.update_or_create(pk=1, defaults=values)[0]
