"""What the desk's lists have in common: rows that the portal writes and a curator decides about."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.template.response import TemplateResponse

from vendors.revisions import NotAllowed, Refused

CURATES = "vendors.curate_vendor"


class DeskAdmin(admin.ModelAdmin):
    """Seen by who may see vendors, decided about by curators, added and deleted by nobody."""

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("vendors.view_vendor") or self.has_change_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return request.user.has_perm(CURATES)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def page(self, request, template: str, context: Mapping[str, Any], status: int = 200) -> TemplateResponse:
        """A page of the admin with its own template under admin/vendors/desk/."""
        request.current_app = self.admin_site.name
        more = {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media, **context}
        return TemplateResponse(request, f"admin/vendors/desk/{template}", more, status=status)


def words_of(error: Exception) -> list[str]:
    """What a refusal says, one line a reason."""
    if isinstance(error, Refused):
        return [f"{problem.slug}: {problem.key}: {problem.message}".removeprefix(": ") for problem in error.problems]
    return list(getattr(error, "messages", [str(error)]))


# What `vendors.revisions` raises for a person to read.
REFUSALS = (NotAllowed, Refused)
