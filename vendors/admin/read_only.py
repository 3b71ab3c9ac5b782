"""For what the admin only shows: rows that the portal writes itself, or that follow a list of others."""

from django.contrib import admin


class ReadOnly(admin.ModelAdmin):
    """Nobody adds, changes or deletes by hand, superusers included. Who may look is the class's to say."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
