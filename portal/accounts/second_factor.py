"""The second factor: a code from an app that changes every half minute (TOTP, RFC 6238), and backup codes for its loss.

django-otp keeps the keys and counts: a code works once, and each wrong one doubles the wait for the next try.
"""

import datetime as dt
from base64 import b32encode

import segno
from django.db import transaction
from django.utils import timezone
from django_otp import login as mark_verified
from django_otp import verify_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

BACKUP_CODES = 10
FIGURES = 6  # of a code that an app shows


def app_of(user) -> TOTPDevice | None:
    """The app that an account uses, once it has proved to work."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def candidate(user) -> TOTPDevice:
    """The app that is being set up: the same key until it is confirmed, so that a reload does not undo a scan."""
    device, _ = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "App"})
    return device


def key_in_words(device: TOTPDevice) -> str:
    """The key as apps take it by hand, in groups of four."""
    key = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(key[at : at + 4] for at in range(0, len(key), 4))


def picture(device: TOTPDevice) -> str:
    """The key as a QR code, as the address of an image that is its own content."""
    return segno.make(device.config_url, error="m").svg_data_uri(scale=4, border=4, dark="#000", light="#fff")


def device_for(user, code: str) -> TOTPDevice | StaticDevice | None:
    """Which of an account's devices could have given a code: six figures are the app's, anything else a backup code."""
    typed = plain(code)
    kind = TOTPDevice if len(typed) == FIGURES and typed.isdecimal() else StaticDevice
    return kind.objects.filter(user=user, confirmed=True).first()


def plain(code: str) -> str:
    """A code as it was meant: people type spaces and dashes, and capitals."""
    return "".join(code.split()).replace("-", "").lower()


def accepted(user, code: str, device=None):
    """The device that takes the code, which is used up by it; None if none does. `device`: ask this one only."""
    device = device or device_for(user, code)
    return device and verify_token(user, device.persistent_id, plain(code))


def wait(device) -> dt.timedelta | None:
    """How long a device takes no code after wrong ones; None when it takes one now."""
    if device is None:
        return None
    allowed, why = device.verify_is_allowed()
    if allowed or not why or "locked_until" not in why:
        return None
    return max(why["locked_until"] - timezone.now(), dt.timedelta(seconds=1))


@transaction.atomic
def new_backup_codes(user) -> list[str]:
    """Ten codes that each work once; those from before stop working."""
    device, _ = StaticDevice.objects.get_or_create(user=user, defaults={"name": "Backup codes"})
    device.token_set.all().delete()
    codes = [StaticToken.random_token() for _ in range(BACKUP_CODES)]
    device.token_set.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def backup_codes_left(user) -> int:
    return StaticToken.objects.filter(device__user=user).count()


@transaction.atomic
def confirm(device: TOTPDevice):
    """From now on the account needs it; one that was used before is replaced."""
    TOTPDevice.objects.filter(user=device.user).exclude(pk=device.pk).delete()
    device.confirmed = True
    device.save(update_fields=["confirmed"])


def sign_in_with(request, device):
    """Mark the session at hand as one that got in with the second factor."""
    mark_verified(request, device)


@transaction.atomic
def remove(user):
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
