"""What the settings read from the environment, and what stops the start."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal import environment

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize("value, switched", [("true", True), ("True", True), (" TRUE ", True), ("false", False), ("FALSE", False)])
def test_a_switch_is_true_or_false_in_any_case(monkeypatch, value, switched):
    monkeypatch.setenv("SWITCH", value)
    assert environment.flag("SWITCH", default=not switched) is switched


@pytest.mark.parametrize("default", [True, False])
def test_a_switch_that_is_not_set_has_its_default(monkeypatch, default):
    monkeypatch.delenv("SWITCH", raising=False)
    assert environment.flag("SWITCH", default) is default
    monkeypatch.setenv("SWITCH", "")
    assert environment.flag("SWITCH", default) is default


@pytest.mark.parametrize("value", ["1", "0", "yes", "on", "ture", "none"])
def test_a_switch_that_cannot_be_read_stops_the_start(monkeypatch, value):
    monkeypatch.setenv("SWITCH", value)
    with pytest.raises(ImproperlyConfigured, match=f"SWITCH is '{value}'; write true or false"):
        environment.flag("SWITCH", default=False)


def test_a_number_is_read_or_has_its_default(monkeypatch):
    monkeypatch.delenv("AMOUNT", raising=False)
    assert environment.number("AMOUNT", 60) == 60
    monkeypatch.setenv("AMOUNT", " 12 ")
    assert environment.number("AMOUNT", 60) == 12


@pytest.mark.parametrize("value", ["many", "-1", "1.5", "1e3", "0"])
def test_a_number_that_is_none_or_too_small_stops_the_start(monkeypatch, value):
    monkeypatch.setenv("AMOUNT", value)
    with pytest.raises(ImproperlyConfigured, match=f"AMOUNT is '{value}'; write a whole number, 1 or more"):
        environment.number("AMOUNT", 60, least=1)


def test_a_list_is_separated_by_commas(monkeypatch):
    monkeypatch.setenv("HOSTS", " a.example, b.example ,, ")
    assert environment.names("HOSTS", ("localhost",)) == ["a.example", "b.example"]
    monkeypatch.setenv("HOSTS", " , ")
    assert environment.names("HOSTS", ("localhost",)) == ["localhost"]


def database(monkeypatch, url):
    monkeypatch.setenv("DATABASE_URL", url)
    return environment.database(Path("/data/embedded.sqlite3"))


@pytest.mark.parametrize(
    "url, file",
    [
        ("", "/data/embedded.sqlite3"),
        ("  ", "/data/embedded.sqlite3"),
        ("sqlite:////var/lib/portal.sqlite3", "/var/lib/portal.sqlite3"),
        ("sqlite:///portal.sqlite3", "portal.sqlite3"),
        ("sqlite:////var/with%20space.sqlite3", "/var/with space.sqlite3"),
    ],
)
def test_sqlite_is_the_embedded_file_or_the_named_one(monkeypatch, url, file):
    settings = database(monkeypatch, url)
    assert (settings["ENGINE"], settings["NAME"]) == ("django.db.backends.sqlite3", file)


def test_a_postgresql_address_is_taken_apart(monkeypatch):
    settings = database(monkeypatch, "postgresql://user:p%40ss%2Fword@db.example:6432/cross%20match?sslmode=require&connect_timeout=3")
    assert settings["ENGINE"] == "django.db.backends.postgresql"
    assert [settings[name] for name in ("USER", "PASSWORD", "NAME", "HOST", "PORT")] == [
        "user", "p@ss/word", "cross match", "db.example", 6432,
    ]  # fmt: skip
    assert settings["OPTIONS"] == {"sslmode": "require", "connect_timeout": "3"}


def test_a_socket_folder_goes_into_the_host_option(monkeypatch):
    settings = database(monkeypatch, "postgres://user@/portal?host=%2Frun%2Fpostgresql")
    assert (settings["HOST"], settings["PORT"], settings["OPTIONS"]) == ("/run/postgresql", "", {})


def test_without_a_name_the_database_is_the_users_own(monkeypatch):
    assert database(monkeypatch, "postgresql://portal@localhost")["NAME"] == "portal"


@pytest.mark.parametrize(
    "url, said",
    [
        ("postgresql://portal:hush@host:port/name", "can't be read"),
        ("postgresql://portal:hush@[::1/name", "can't be read"),
        ("mysql://user@host/name", "begins with 'mysql'; write postgresql://"),
        ("var/portal.sqlite3", "write postgresql://"),
        ("sqlite://", "names no file"),
        ("sqlite:///", "names no file"),
    ],
)
def test_an_address_that_cannot_be_read_stops_the_start(monkeypatch, url, said):
    with pytest.raises(ImproperlyConfigured) as error:
        database(monkeypatch, url)
    assert said in str(error.value)


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """Where the key is kept; nothing is there yet."""
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "crossmatch"


def test_a_given_secret_key_is_taken_and_no_file_is_written(monkeypatch, folder):
    monkeypatch.setenv("SECRET_KEY", "given")
    assert environment.secret_key() == "given"
    assert not folder.exists()


def test_a_missing_secret_key_is_made_once_and_kept(folder):
    made = environment.secret_key()
    assert len(made) >= 50
    assert environment.secret_key() == made
    assert [file.name for file in folder.iterdir()] == ["secret_key"]


def test_another_user_can_neither_read_the_key_nor_list_its_folder(folder):
    before = os.umask(0o022)
    try:
        environment.secret_key()
    finally:
        os.umask(before)
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_each_installation_has_another_key(monkeypatch, folder, tmp_path):
    first = environment.secret_key()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "other"))
    assert environment.secret_key() != first


def test_without_the_variable_the_key_is_in_the_users_own_configuration(monkeypatch, folder, tmp_path):
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    made = environment.secret_key()
    assert (tmp_path / ".config" / "crossmatch" / "secret_key").read_text() == made


def test_processes_that_start_together_agree_on_one_key(folder):
    code = "from portal import environment; print(environment.secret_key())"
    started = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    keys = {process.communicate()[0] for process in started}
    assert len(keys) == 1
    assert keys == {environment.secret_key() + "\n"}
    assert [file.name for file in folder.iterdir()] == ["secret_key"]
