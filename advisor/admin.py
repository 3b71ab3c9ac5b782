from django.contrib import admin

from advisor.models import GuideEntry

# Programs are confidential: they are not registered here, so no account reads them.


@admin.register(GuideEntry)
class GuideEntryAdmin(admin.ModelAdmin):
    list_display = ["title", "section", "says", "order"]
    list_filter = ["section", "says"]
    search_fields = ["title", "body", "slug"]

    def get_readonly_fields(self, request, entry=None):
        # Rules of the advice point at entries by their slug.
        return ["slug"] if entry else []
