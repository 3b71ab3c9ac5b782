"""What programs hold of one account: all of it as plain data, and all of it deleted."""

from typing import Any

from django.db import transaction

from advisor.export import as_dict
from advisor.models import Program, ProgramMember


def export_for(user) -> dict[str, Any]:
    """Every program that the account owns, whole, and which programs of others were shared with it."""
    owned = Program.objects.filter(owner=user)
    shared = ProgramMember.objects.filter(user=user).select_related("program").order_by("pk")
    return {
        "programs": [as_dict(program) for program in owned.order_by("pk")],
        "shared_with_you": [{"name": str(member.program), "role": member.role, "since": member.added_at.isoformat()} for member in shared],
    }


@transaction.atomic
def delete_for(user) -> None:
    """Take an account out of all programs. Call it before the account itself is deleted.

    A program that others still work on goes to the editor who was added first, and where there are only viewers to the
    first of them: deleting one's account must not take away what was shared. A program of one's own is deleted whole. In
    versions that the account saved, its name stays written: the record of who decided is not the account's alone.
    """
    ProgramMember.objects.filter(user=user).delete()
    for program in Program.objects.filter(owner=user).select_for_update():
        heirs = program.members.filter(user__isnull=False, user__is_active=True).select_related("user")
        heir = heirs.filter(role=ProgramMember.Role.EDITOR).first() or heirs.first()
        if heir is None:
            program.delete()
            continue
        # The edit link goes: whoever leaves may still know it.
        program.owner, program.token = heir.user, None
        program.save(update_fields=["owner", "token"])
        program.members.filter(user=heir.user).delete()
