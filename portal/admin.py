"""The record of sign-ins on the curators' pages: read by superusers, changed by nobody."""

from axes.models import AccessFailureLog, AccessLog
from django.contrib import admin
from django.urls import reverse

from vendors.admin.read_only import ReadOnly


class SignIns(ReadOnly):
    """One kind of rows of the record; see portal.accounts.audit."""

    list_display = ["attempt_time", "username", "ip_address", "step", "user_agent"]
    list_filter = ["attempt_time"]
    search_fields = ("username", "ip_address")
    date_hierarchy = "attempt_time"
    fields = ["attempt_time", "username", "ip_address", "step", "user_agent"]

    @admin.display(description="Step")
    def step(self, row):
        return "second factor" if row.path_info == reverse("accounts:code") else "password"

    def has_module_permission(self, request):
        return request.user.is_superuser

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser


@admin.register(AccessLog)
class SignedIn(SignIns):
    list_display = [*SignIns.list_display, "logout_time"]
    fields = [*SignIns.fields, "logout_time"]


@admin.register(AccessFailureLog)
class Refused(SignIns):
    list_display = [*SignIns.list_display, "locked_out"]
    list_filter = [*SignIns.list_filter, "locked_out"]
    fields = [*SignIns.fields, "locked_out"]
