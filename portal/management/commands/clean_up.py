from django.core.management import call_command
from django.core.management.base import BaseCommand

from portal.accounts import audit
from vendors import uploads


class Command(BaseCommand):
    help = (
        "Remove what has had its time: ended sessions, sign-ins older than SIGN_IN_LOG_DAYS, programs after their last day, files "
        "that were sent for import and never confirmed. For every day."
    )

    def handle(self, **options):
        call_command("clearsessions")
        uploads.forget_old()
        call_command("delete_expired", stdout=self.stdout)
        self.stdout.write(f"{audit.forget_old()} rows of the record of sign-ins removed.")
