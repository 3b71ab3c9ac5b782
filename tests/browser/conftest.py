import pytest

from advisor import guide
from tests.engine.builders import FIXTURES
from vendors import facts, vocabulary


@pytest.fixture
def whole_portal(live_server):
    """The portal as `make run` fills it: the real vocabulary, guide and catalogue."""
    vocabulary.load(FIXTURES / "vocabulary.json")
    guide.load(FIXTURES / "guide.json")
    for file in sorted((FIXTURES / "catalogue").glob("*.jsonl")):
        assert not facts.load_file(file).problems
    return live_server
