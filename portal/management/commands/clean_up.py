from django.core.management import call_command
from django.core.management.base import BaseCommand

from portal.accounts import audit


class Command(BaseCommand):
    help = "Remove what has had its time: ended sessions, and the record of sign-ins older than SIGN_IN_LOG_DAYS. For a daily timer."

    def handle(self, **options):
        call_command("clearsessions")
        self.stdout.write(f"{audit.forget_old()} rows of the record of sign-ins removed.")
