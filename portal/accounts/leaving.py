"""Leaving with one's data: all of an account as plain data, and all of it deleted.

What stays after that, and why: the record of sign-ins until its days are over, since whoever breaks in could otherwise wipe
their traces by deleting the account; and the name in saved versions of programs that others go on with, since a record of
who decided is not one person's alone.
"""

from typing import Any

from django.db import transaction

from advisor import account_data
from portal.accounts import audit, second_factor


def everything(user) -> dict[str, Any]:
    """All that the portal holds of an account, but for its keys."""
    return {
        "account": {
            "user_name": user.get_username(),
            "email": user.email,
            "made_at": user.date_joined,
            "last_sign_in": user.last_login,
            "curator": user.is_staff,
            "second_factor": second_factor.app_of(user) is not None,
        },
        "sign_ins": audit.sign_ins_of(user),
        **account_data.export_for(user),
    }


@transaction.atomic
def delete(user) -> None:
    account_data.delete_for(user)
    user.delete()
