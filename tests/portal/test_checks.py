"""Settings that contradict each other are said before the portal serves."""

import pytest
from django.core.checks import Tags, run_checks


def said(deploy=False) -> set[str]:
    found = [check for check in run_checks(tags=[Tags.security], include_deployment_checks=deploy) if str(check.id).startswith("portal.")]
    assert all(check.hint for check in found)
    return {str(check.id) for check in found}


def test_the_defaults_contradict_nothing():
    assert said(deploy=True) == set()


@pytest.mark.parametrize(
    "changes, deploy, warning",
    [
        ({"CURATOR_SESSION_HOURS": 13}, False, "portal.W001"),
        ({"SESSION_HOURS": 8, "SESSION_IDLE_MINUTES": 600}, False, "portal.W002"),
        ({"SESSION_HOURS": 169}, True, "portal.W003"),
    ],
)
def test_a_limit_that_never_works_is_said(settings, changes, deploy, warning):
    for name, value in changes.items():
        setattr(settings, name, value)
    assert said(deploy) == {warning}


def test_a_private_portal_may_keep_people_signed_in(settings):
    settings.SESSION_HOURS = 169
    assert said() == set()
