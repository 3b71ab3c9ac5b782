import pytest


@pytest.fixture
def whole_portal(live_server, whole_catalogue):
    """The portal as `make run` fills it, behind a server."""
    return live_server
