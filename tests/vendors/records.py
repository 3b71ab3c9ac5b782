"""Plain vendor records and a small vocabulary, with good defaults, so that a test shows only what matters to it."""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vendors import facts, vocabulary
from vendors.models import Vendor

FIXTURES = Path(__file__).resolve().parent.parent.parent / "fixtures"
REAL_VOCABULARY: dict[str, list[dict[str, str]]] = json.loads((FIXTURES / "vocabulary.json").read_text(encoding="utf-8"))
REAL_FILES = sorted((FIXTURES / "catalogue").glob("*.jsonl"))

# What the tests name; the rest of the real lists would only cost time.
KEPT = {
    "service_groups": ("laboratory", "clinical", "drug-substance", "drug-product"),
    "services": ("bioanalysis", "clinical-operations", "biostatistics", "small-molecule-api", "oral-solid-dose", "sterile-fill-finish"),
    "stages": ("preclinical", "phase-1", "phase-2", "phase-3"),
    "therapeutic_areas": ("oncology", "neurology", "rare-disease"),
    "modalities": ("small-molecule", "antibody-protein", "gene-therapy"),
    "accreditations": ("gcp", "gmp"),
    "ai_uses": ("trial-design-and-feasibility", "manufacturing-and-quality"),
    "countries": ("AX", "CH", "DE", "GB", "US", "ZW"),
}
SMALL_VOCABULARY = {name: [row for row in REAL_VOCABULARY[name] if row.get("slug", row.get("code")) in kept] for name, kept in KEPT.items()}


def record(**changes: Any) -> dict[str, Any]:
    """One valid vendor record, in the form of the catalogue files; `changes` replace whole values."""
    name = changes.get("name", "Alpina Clinical")
    return {
        "slug": name.lower().replace(" ", "-"),
        "name": name,
        "aliases": [],
        "parent": None,
        "type": "CRO",
        "website": "https://alpina.example",
        "hq": {"city": "Basel", "country": "CH"},
        "founded": 1998,
        "employees": {"about": 450, "as_of": 2025},
        "summary": "Runs early trials.",
        "services": ["clinical-operations"],
        "stages": ["phase-1"],
        "therapeutic_areas": ["oncology"],
        "modalities": [],
        "accreditations": ["gcp"],
        "sites": [{"city": "Basel", "country": "CH", "what": "headquarters"}],
        "ai": ai(),
        "sources": [source()],
        "verified_on": "2026-11-22",
        **changes,
    }


def source(**changes: Any) -> dict[str, Any]:
    return {
        "url": "https://alpina.example/about",
        "title": "About us",
        "publisher": "Alpina",
        "published": None,
        "supports": ["name", "services"],
        **changes,
    }


def ai(**changes: Any) -> dict[str, Any]:
    return {"level": None, "uses": [], "note": "", "sources": [], "checked_on": None, **changes}


def lines(*records: Mapping[str, Any]) -> list[str]:
    return [json.dumps(each, ensure_ascii=False) for each in records]


def store_vocabulary(data: Mapping[str, Any] = SMALL_VOCABULARY) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "vocabulary.json"
        file.write_text(json.dumps(data), encoding="utf-8")
        vocabulary.load(file)


def store(*records: Mapping[str, Any]) -> list[Vendor]:
    """The vendors of these records, stored as a file's would be; the test fails if one of them is refused."""
    outcome = facts.load_lines(lines(*records))
    assert not outcome.problems, [str(problem) for problem in outcome.problems]
    return [Vendor.objects.get(slug=each["slug"]) for each in records]
