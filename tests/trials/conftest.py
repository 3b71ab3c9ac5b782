"""Study records: our own small samples, and the real ones where the folder beside the project has them."""

import json
import os
from pathlib import Path

import pytest

from tests.engine.builders import VOCABULARY

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
ROOT = SAMPLES.parents[1]


@pytest.fixture
def sample():
    """Reads a sample as plain data, to be changed at will."""
    return lambda name: json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture
def vocabulary():
    return VOCABULARY


def real_folder() -> Path | None:
    """The real records: where TRIAL_RECORDS says, else in a folder shared by what stands beside the project."""
    places = [Path(os.environ["TRIAL_RECORDS"])] if "TRIAL_RECORDS" in os.environ else [up / "shared" / "trials" for up in ROOT.parents]
    return next((place for place in places if place.is_dir()), None)


def real_records(pattern: str = "NCT*.json") -> list[Path]:
    folder = real_folder()
    return sorted(folder.rglob(pattern)) if folder else []
