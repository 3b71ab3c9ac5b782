from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from portal.accounts import audit, second_factor


class Command(BaseCommand):
    help = "Take the second factor off an account whose app and backup codes are lost. Make sure first of who asks for it."

    def add_arguments(self, parser):
        parser.add_argument("name", help="the user name of the account")

    def handle(self, *, name, **options):
        user = get_user_model().objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no account {name!r}; capitals count.")
        if second_factor.app_of(user) is None:
            raise CommandError(f"{name} has no second factor.")
        second_factor.remove(user)
        audit.note(user, "Second factor removed by the operator.")
        self.stdout.write(f"{name} signs in with the password alone now.")
