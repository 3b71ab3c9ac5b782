"""Programs and vendors for engine tests, each with a good default, so that a test shows only what matters to it."""

import json
from pathlib import Path

from advisor.engine.profile import Profile
from vendors.catalogue import Catalogue, Vocabulary

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
VOCABULARY = Vocabulary.from_dict(json.loads((FIXTURES / "vocabulary.json").read_text(encoding="utf-8")))


def vendor(slug="acme", **facts):
    """A vendor record: a CDMO of which only the name is known, unless `facts` say more."""
    return {
        "slug": slug, "name": slug.title(), "aliases": [], "parent": None, "type": "CDMO", "website": None, "hq": None, "founded": None,
        "employees": None, "summary": "", "services": [], "stages": [], "therapeutic_areas": [], "modalities": [], "accreditations": [],
        "sites": [], "ai": {"level": None, "uses": [], "note": "", "sources": [], "checked_on": None},
        "sources": [{"url": "https://example.org/", "title": "A page", "publisher": "Example", "published": None, "supports": []}],
        "verified_on": "2026-11-22", **facts,
    }  # fmt: skip


def ai(level, *uses):
    """What is known of a vendor's AI adoption."""
    return {"level": level, "uses": list(uses), "note": "", "sources": [0], "checked_on": "2026-11-22"}


def catalogue(*records):
    return Catalogue.from_records(VOCABULARY, records)


def profile(**answers):
    """A program: phase 1, small molecule, unless `answers` say otherwise."""
    return Profile.from_dict({"stage": "phase-1", "modality": "small-molecule", **answers}, VOCABULARY)


def real_catalogue():
    """The catalogue that the project carries."""
    files = sorted((FIXTURES / "catalogue").glob("*.jsonl"))
    return catalogue(*(json.loads(line) for file in files for line in file.read_text(encoding="utf-8").split("\n") if line.strip()))
