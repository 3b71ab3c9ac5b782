"""What Django's own checks can't know of this portal's settings: said before it serves, each with the way out."""

from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security)
def sessions_end_in_order(**options):
    """A limit that another one always comes before is one that somebody believes in and that never works."""
    found = []
    if settings.CURATOR_SESSION_HOURS > settings.SESSION_HOURS:
        found.append(
            checks.Warning(
                f"CURATOR_SESSION_HOURS is {settings.CURATOR_SESSION_HOURS}, more than SESSION_HOURS, {settings.SESSION_HOURS}.",
                hint="Curators are signed out after SESSION_HOURS too. Lower CURATOR_SESSION_HOURS or raise SESSION_HOURS.",
                id="portal.W001",
            )
        )
    if settings.SESSION_IDLE_MINUTES > settings.SESSION_HOURS * 60:
        found.append(
            checks.Warning(
                f"SESSION_IDLE_MINUTES is {settings.SESSION_IDLE_MINUTES}, longer than SESSION_HOURS, {settings.SESSION_HOURS}.",
                hint="A session is over before it can be idle for so long. Lower SESSION_IDLE_MINUTES.",
                id="portal.W002",
            )
        )
    return found


@checks.register(checks.Tags.security, deploy=True)
def sessions_of_a_public_site_are_short(**options):
    if settings.SESSION_HOURS <= 24 * 7:
        return []
    return [
        checks.Warning(
            f"SESSION_HOURS is {settings.SESSION_HOURS}: whoever finds a browser open is signed in for weeks.",
            hint="Write 168, a week, or less.",
            id="portal.W003",
        )
    ]
