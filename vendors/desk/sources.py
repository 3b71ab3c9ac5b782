"""Addresses of sources that lead nowhere any more, each with the vendors that rest on it."""

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import F
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from vendors.desk.rows import DeskAdmin
from vendors.models import Source, SourceAddress


class BrokenFilter(SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            ("broken", "Broken"),
            ("failing", "Failed, not often enough yet"),
            ("moved", "Leads elsewhere"),
            ("unchecked", "Never asked for"),
        ]

    def queryset(self, request, queryset):
        match self.value():
            case None:
                return queryset
            case "broken":
                return queryset.broken()
            case "failing":
                return queryset.filter(failed_days__gt=0, failed_days__lt=SourceAddress.BROKEN_AFTER)
            case "moved":
                return queryset.filter(trouble="", checked_at__isnull=False).exclude(final_url=F("url"))
            case "unchecked":
                return queryset.filter(checked_at=None)
        return queryset.none()


@admin.register(SourceAddress)
class SourceAddressAdmin(DeskAdmin):
    """To look at; the remedy is on the vendor's form."""

    list_display = ["address", "trouble", "failed_days", "checked_at", "used_by"]
    list_display_links = None
    list_filter = [BrokenFilter]
    search_fields = ["url"]
    list_per_page = 50

    def has_change_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("vendors.view_vendor")

    def changelist_view(self, request, extra_context=None):
        """The list with the vendors of each address, in one query for the page."""
        response = super().changelist_view(request, extra_context)
        if hasattr(response, "context_data") and "cl" in response.context_data:
            rows = list(response.context_data["cl"].result_list)
            users: dict[str, list[tuple[int, str]]] = {}
            cited = Source.objects.filter(url__in=[row.url for row in rows]).values_list("url", "vendor", "vendor__name")
            for url, vendor, name in cited:
                users.setdefault(url, []).append((vendor, name))
            for row in rows:
                row.vendors = users.get(row.url, [])
        return response

    @admin.display(description="Address", ordering="url")
    def address(self, row):
        moved = row.final_url and row.final_url != row.url and not row.trouble
        link = format_html('<a href="{}" rel="noopener noreferrer nofollow">{}</a>', row.url, row.url)
        return format_html("{}<br>leads to {}", link, row.final_url) if moved else link

    @admin.display(description="Used by")
    def used_by(self, row):
        links = ((reverse("admin:vendors_vendor_change", args=[pk]), name) for pk, name in getattr(row, "vendors", []))
        return format_html_join(", ", '<a href="{}">{}</a>', links)
