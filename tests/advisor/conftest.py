import json

import pytest

from advisor import guide, versions
from tests.engine.builders import FIXTURES, profile, vendor
from vendors import facts, vocabulary


@pytest.fixture
def guide_rows(db):
    """The real guide, in its table."""
    guide.load(FIXTURES / "guide.json")


@pytest.fixture
def add_vendors(db):
    """Stores vendor records; the vocabulary comes with the first."""
    vocabulary.load(FIXTURES / "vocabulary.json")

    def add(*records):
        outcome = facts.load_lines([json.dumps(record) for record in records])
        assert not outcome.problems

    return add


@pytest.fixture
def desk(guide_rows, add_vendors):
    """A catalogue of three: a maker that fits, a CRO that fits, and a maker of which little is known."""
    add_vendors(
        vendor("makers", services=["formulation", "oral-solid-dose"], stages=["phase-1"], modalities=["small-molecule"]),
        vendor("trialists", type="CRO", services=["clinical-operations", "first-in-human"], therapeutic_areas=["oncology"]),
        vendor("quiet-works", type="CMO"),
    )


@pytest.fixture
def store():
    """Stores a program and gives its page's address."""

    def add(**answers):
        return versions.new_program(profile(**answers)).get_absolute_url()

    return add
