"""Where the values of a program come from: typed by somebody, read from a registered trial, or left at their default.

While a program is described, what a trial gave travels with the form, signed, each value beside its origin. A value that is
no longer the one that was read is somebody's own.
"""

from collections.abc import Mapping
from typing import Any

from django.core import signing

from advisor.engine.profile import Profile
from advisor.trials.prefill import Prefill
from advisor.trials.record import shown

SALT = "advisor.origins"
# By key of the profile: the value that was read, and the trial, field and words that it was read from.
Read = Mapping[str, Mapping[str, Any]]


def read_from(found: Prefill) -> Read:
    """What a trial gave, as the form carries it."""
    return {
        key: {**origin.as_dict(), "read": shown(origin.read, 300), "remark": origin.remark, "value": found.profile[key]}
        for key, origin in found.origins.items()
    }


def read_of(profile: Mapping[str, Any] | None, origins: Mapping[str, Any]) -> Read:
    """What a stored program says of its values that were read from a trial."""
    return {
        key: {**origin, "value": (profile or {}).get(key)}
        for key, origin in origins.items()
        if isinstance(origin, Mapping) and origin.get("from") == "registry"
    }


def signed(read: Read) -> str:
    return signing.dumps(read, salt=SALT, compress=True) if read else ""


def unsigned(value: str) -> Read:
    """What a form carried; nothing where it was tampered with."""
    try:
        found = signing.loads(value, salt=SALT) if value else {}
    except (signing.BadSignature, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def origin_words(origin: Mapping[str, Any]) -> str:
    """An origin as a label beside its field."""
    remark = f" {origin['remark']}" if origin.get("remark") else ""
    return f"From {origin.get('trial', '')}, {origin.get('field', '')}: {origin.get('read', '')}.{remark}"


def origins_of(profile: Profile, read: Read) -> dict[str, dict[str, str]]:
    """Of every key of a profile, where its value comes from, as a program keeps it."""
    default = Profile(stage=profile.stage, through=profile.stage).as_dict()
    found = {}
    for key, value in profile.as_dict().items():
        if key in read and read[key].get("value") == value:
            kept = ("from", "trial", "field", "read")
            found[key] = {name: str(read[key][name]) for name in kept if name in read[key]}
        elif value == default.get(key) and key != "stage":
            found[key] = {"from": "default"}
        else:
            found[key] = {"from": "typed"}
    return found
