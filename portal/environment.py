"""What the settings read from the environment, each value checked where it enters."""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def flag(name: str, default: bool) -> bool:
    """A switch: true or false, in any case. Anything else stops the start, so that a typing error never weakens it."""
    value = os.environ.get(name, "").strip().lower()
    if value in {"", "true", "false"}:
        return default if value == "" else value == "true"
    raise ImproperlyConfigured(f"{name} is {value!r}; write true or false.")


def number(name: str, default: int, least: int = 0) -> int:
    """A whole number of at least `least`."""
    value = os.environ.get(name, "").strip() or str(default)
    if value.isdecimal() and int(value) >= least:
        return int(value)
    raise ImproperlyConfigured(f"{name} is {value!r}; write a whole number, {least} or more.")


def choice(name: str, default: str, *others: str) -> str:
    """One of a few words."""
    value = os.environ.get(name, "").strip().lower() or default
    if value in {default, *others}:
        return value
    raise ImproperlyConfigured(f"{name} is {value!r}; write {' or '.join((default, *others))}.")


def names(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """A list separated by commas."""
    given = [part.strip() for part in os.environ.get(name, "").split(",")]
    return [part for part in given if part] or list(default)


def database(default_file: Path) -> dict:
    """The database that DATABASE_URL names, or the embedded SQLite file.

    `postgresql://user:password@host:port/name?option=value` or `sqlite:///path`; a socket directory goes into
    `?host=`. Raises ImproperlyConfigured for any other scheme.
    """
    url = os.environ.get("DATABASE_URL", "").strip()
    try:
        parts = urlsplit(url)
        port = parts.port or ""
    except ValueError as error:
        # The address itself may hold a password, so it is not repeated.
        raise ImproperlyConfigured("DATABASE_URL can't be read; write postgresql://user:password@host:5432/name.") from error
    if not url or parts.scheme == "sqlite":
        file = unquote(parts.path.removeprefix("/")) if url else str(default_file)
        if not file:
            raise ImproperlyConfigured("DATABASE_URL names no file; write sqlite:///relative/path or sqlite:////absolute/path.")
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": file,
            # In a file too: in memory the test server's threads would share one connection, which they never do in earnest.
            "TEST": {"NAME": str(default_file.with_name("test.sqlite3"))},
            # Readers go on while one process writes; a writer waits its turn instead of failing.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        options: dict = dict(parse_qsl(parts.query))
        host = options.pop("host", parts.hostname or "")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.removeprefix("/")) or unquote(parts.username or ""),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": host,
            "PORT": port,
            "OPTIONS": options,
            "CONN_MAX_AGE": number("DATABASE_CONN_MAX_AGE", 60),
            "CONN_HEALTH_CHECKS": True,
        }
    raise ImproperlyConfigured(f"DATABASE_URL begins with {parts.scheme!r}; write postgresql://… or sqlite:///….")


def secret_key() -> str:
    """SECRET_KEY, or for the embedded run one that is made once and kept in the user's own configuration folder."""
    if given := os.environ.get("SECRET_KEY", ""):
        return given
    folder = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "crossmatch"
    file = folder / "secret_key"
    try:
        return file.read_text(encoding="ascii")
    except FileNotFoundError:
        pass
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = secrets.token_urlsafe(48)
    # Written whole beside its place and then linked, so that of two processes that start together one wins.
    draft = folder / f".secret_key.{os.getpid()}"
    draft.touch(mode=0o600)
    draft.write_text(made, encoding="ascii")
    try:
        os.link(draft, file)
    except FileExistsError:
        made = file.read_text(encoding="ascii")
    finally:
        draft.unlink()
    return made
