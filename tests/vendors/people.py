"""People with the roles that the migration makes."""

from importlib import import_module

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission


def person(name: str, *groups: str, **options):
    """Somebody who may enter the admin, in these groups. Permissions are read anew, so that what was cached before does not count."""
    if groups and Group.objects.filter(name__in=groups).count() < len(groups):
        # A test with real transactions before this one emptied every table.
        import_module("vendors.migrations.0004_review").make_groups(apps, None)
    user = get_user_model().objects.create_user(name, is_staff=True, **options)
    user.groups.set(Group.objects.filter(name__in=groups))
    return get_user_model().objects.get(pk=user.pk)


def with_rights(name: str, *codenames: str):
    """Somebody with single rights only."""
    user = get_user_model().objects.create_user(name, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="vendors", codename__in=codenames))
    return get_user_model().objects.get(pk=user.pk)
