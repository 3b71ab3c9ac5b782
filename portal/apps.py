from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class PortalConfig(AppConfig):
    name = "portal"
    default = True

    def ready(self):
        # Each of these registers itself with Django by being read.
        from portal import checks  # noqa: F401
        from portal.accounts import audit, sessions  # noqa: F401


class CurationConfig(admin_apps.AdminConfig):
    """Django's admin, entered by the portal's own sign-in; see portal.accounts.curation."""

    default = False
    default_site = "portal.accounts.curation.CurationSite"
