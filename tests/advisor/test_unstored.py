"""Advice without saving: the whole page, and not one row."""

import html
import json
import re

import pytest
from django.apps import apps
from django.db import connection

from advisor.models import Program
from tests.engine.builders import vendor

ANSWERS = {"name": "Secret-7", "stage": "phase-1", "services": ["formulation", "clinical-operations"]}


def whole_database():
    """Every row of every table but the counters of the rate limit, which hold a hash of the reader's address and a number."""
    rows = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if table != "cache" and not table.startswith("vendors_searchindex"):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
                rows[table] = sorted(map(repr, cursor.fetchall()))
    return rows


def sent_along(page):
    """The program that the page sends with its buttons."""
    return html.unescape(re.findall(r'name="profile" value="([^"]*)"', page)[0])


def ask(client, status=200, **given):
    response = client.post("/programs/try/", given)
    assert response.status_code == status
    return response.content.decode()


def test_the_advice_is_shown_and_no_row_is_written(client, desk):
    before = whole_database()
    assert before["advisor_program"] == []
    page = ask(client, **ANSWERS)
    assert "Nothing of this is stored" in page
    assert "A CRO for clinical operations and monitoring; a CDMO for formulation development." in page
    assert "Secret-7" in page
    profile = sent_along(page)
    page = ask(client, profile=profile, what_if="1", stage="phase-1", services="formulation")
    assert "<b>CRO+CDMO</b> becomes <b>CDMO</b>" in page
    ask(client, 422, stage="")
    assert whole_database() == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cache")
        assert "Secret-7" not in repr(cursor.fetchall())
    assert "sessionid" not in client.cookies


def test_every_table_of_programs_is_looked_at(client, desk):
    tables = whole_database()
    assert {model._meta.db_table for model in apps.get_app_config("advisor").get_models()} <= set(tables)


def test_it_can_be_saved_as_it_stands_or_as_changed(client, desk):
    profile = sent_along(ask(client, **ANSWERS))
    response = client.post("/programs/try/", {"profile": profile, "do": "save"})
    program = Program.objects.get()
    assert response.url == program.get_absolute_url()
    assert (program.name, program.versions.count()) == ("Secret-7", 1)
    changed = sent_along(ask(client, profile=profile, what_if="1", stage="phase-2", services="formulation"))
    client.post("/programs/try/", {"profile": changed, "do": "save"})
    assert [version.profile["stage"] for version in Program.objects.latest("pk").versions.all()] == ["phase-2"]


def test_what_could_not_be_read_stays_in_the_form(client, desk):
    page = ask(client, 422, name="Secret-7", stage="phase-1", countries="Narnia", services=["formulation"])
    assert "is not a country known here" in page
    assert 'value="Secret-7"' in page


def test_the_order_is_paged_without_an_address(client, desk, add_vendors):
    add_vendors(*(vendor(f"maker-{i:02}", services=["formulation"]) for i in range(12)))
    profile = sent_along(page := ask(client, stage="phase-1", services=["formulation"]))
    assert "1 to 5 of 14" in page
    assert "11 to 14 of 14" in ask(client, profile=profile, page="making 3")
    assert "1 to 14 of 14" in ask(client, profile=profile, page="all making")
    assert "1 to 5 of 14" in ask(client, profile=profile, page="nonsense")


@pytest.mark.parametrize("profile", ["", "[]", "{", "[" * 100_000, json.dumps({"stage": "phase-99"})])
def test_a_program_that_can_not_be_read_is_said(client, desk, profile):
    assert "can’t be read" in ask(client, 422, profile=profile)


def test_it_is_confidential_and_asked_for_by_post_only(client, desk):
    response = client.post("/programs/try/", ANSWERS)
    assert "no-store" in response.headers["Cache-Control"]
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert client.get("/programs/try/").status_code == 405
    assert "/programs/try/" in client.get("/programs/new/").content.decode()
