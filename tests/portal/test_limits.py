"""Whose posts are counted."""

import pytest

from portal.limits import client_address


@pytest.mark.parametrize(
    "proxies, forwarded, seen",
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9", "198.51.100.1"),
        (1, "203.0.113.9:5123", "203.0.113.9"),
        (1, "[2001:db8::1]:443", "2001:db8::1"),
        (1, "2001:DB8::1", "2001:db8::1"),
        (1, "unknown", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_the_readers_address_is_what_our_own_proxy_saw_and_always_an_address(rf, settings, proxies, forwarded, seen):
    settings.PROXY_COUNT = proxies
    assert client_address(rf.get("/", headers={"X-Forwarded-For": forwarded})) == seen


def test_a_server_behind_a_socket_has_no_address_to_tell(rf, settings):
    assert client_address(rf.get("/", REMOTE_ADDR="")) == ""
