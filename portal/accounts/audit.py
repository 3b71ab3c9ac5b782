"""The record of sign-ins: who, when, from where, whether it worked, and with which factor. For superusers, for a limited time.

django-axes writes it: one row for a sign-in or a refusal, with the address of the form it was sent to, which tells the
factor. Addresses are kept as they are, since whoever looks into a break-in has to compare them with other logs; that is
why only superusers may read them, and why they go after SIGN_IN_LOG_DAYS. Changes of an account's keys are in Django's own log.
"""

import datetime as dt

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.utils import timezone


def note(user, what: str):
    """Keep that an account's keys changed, in the history of the account."""
    LogEntry.objects.log_actions(user.pk, [user], CHANGE, change_message=what, single_object=True)


def forget_old() -> int:
    """Remove what is older than SIGN_IN_LOG_DAYS; gives how many rows."""
    before = timezone.now() - dt.timedelta(days=settings.SIGN_IN_LOG_DAYS)
    return sum(rows.objects.filter(attempt_time__lt=before).delete()[0] for rows in (AccessLog, AccessFailureLog, AccessAttempt))


@receiver(user_logged_in, dispatch_uid="old sign-ins are forgotten")
def forget_with_every_sign_in(**kwargs):
    # So the promise holds where nobody has set up a daily `manage.py clean_up`.
    forget_old()


def sign_ins_of(user) -> list[dict]:
    """What the record holds of one account, newest first.

    Not what is from before the account was made: that is of somebody who had the name earlier.
    """
    own = {"username": user.get_username(), "attempt_time__gte": user.date_joined}
    rows = [
        {"at": row.attempt_time, "from": row.ip_address, "browser": row.user_agent, "worked": isinstance(row, AccessLog)}
        for table in (AccessLog, AccessFailureLog)
        for row in table.objects.filter(**own)
    ]
    return sorted(rows, key=lambda row: row["at"], reverse=True)
