"""A cast: Ada, a sponsor; Cleo, a curator; and what they type."""

import time

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django_otp.oath import totp

from portal.accounts import second_factor

PASSWORD = "winter hat with 7 pockets"


def code_of(device, later: int = 0) -> str:
    """What the app shows now, or `later` half minutes on."""
    return f"{totp(device.bin_key, t0=-30 * later):06d}"


@pytest.fixture(autouse=True)
def no_posts_of_another_test(db):
    cache.clear()


@pytest.fixture
def ada(db):
    return get_user_model().objects.create_user("ada", password=PASSWORD)


@pytest.fixture
def cleo(db):
    return get_user_model().objects.create_user("cleo", password=PASSWORD, is_staff=True)


@pytest.fixture
def with_app():
    """Gives an account a confirmed app; its codes come from code_of."""

    def give(user):
        device = second_factor.candidate(user)
        second_factor.confirm(device)
        return device

    return give


@pytest.fixture
def sign_in(client):
    """Sends the sign-in form as a person would."""

    def send(name="ada", password=PASSWORD, by=client, **more):
        return by.post("/account/sign-in/", {"username": name, "password": password, **more})

    return send


@pytest.fixture
def clock(monkeypatch):
    """Moves the time that sessions are measured by."""
    moved = [0.0]
    real = time.time
    monkeypatch.setattr("portal.accounts.sessions.time.time", lambda: real() + moved[0])

    def move(minutes):
        moved[0] += minutes * 60

    return move
