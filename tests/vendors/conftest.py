import pytest

from tests.vendors.records import record, store, store_vocabulary


@pytest.fixture
def add_vendor(db):
    """Stores one vendor, by default a verified CRO in Basel; the small vocabulary comes with the fixture."""
    store_vocabulary()

    def add(**changes):
        return store(record(**changes))[0]

    return add
