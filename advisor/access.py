"""Who may do what with a program. Every page of a program asks here, and nowhere else.

| who came                          | view | change | share | keep or delete it |
| --- | --- | --- | --- | --- |
| with the read-only link           | yes  |        |       |     |
| with the edit link, no owner      | yes  | yes    | links | yes |
| with the edit link, has an owner  | yes  | yes    |       |     |
| signed in as a viewer             | yes  |        |       |     |
| signed in as an editor            | yes  | yes    | yes   |     |
| signed in as the owner            | yes  | yes    | yes   | yes |

Everybody else, and everybody once its last day has passed, gets the page that says that nothing is at the address. The
read-only link shows everybody the same, so that whoever shares it can see what others will see.
"""

from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from advisor.models import Program, ProgramMember


class Role(StrEnum):
    """What the present reader is to a program."""

    READER = "reader"
    VIEWER = "viewer"
    LINK = "link"
    EDITOR = "editor"
    OWNER = "owner"


WRITERS = frozenset({Role.LINK, Role.EDITOR, Role.OWNER})


def program_for(request, token: str, *, write: bool = False) -> Program:
    """The program behind one of its keys, as far as the reader may reach it.

    Raises Http404 where the reader may not even know that it is there, and PermissionDenied where the reader may read it but
    asks to change it. The program's `key` is then the one that the reader came by.
    """
    program = find(request, token)
    if program is None:
        raise Http404
    if write and not may_write(request, program):
        raise PermissionDenied("This way in is for reading only.")
    return program


def find(request, token: str) -> Program | None:
    """The program behind one of its keys; None where the reader may not know of it."""
    # A database can't hold a NUL, and refuses to be asked for one.
    if not token or "\0" in token:
        return None
    keys = Q(token=token) | Q(read_token=token) | Q(member_key=token)
    program = Program.objects.alive(timezone.localdate()).filter(keys).select_related("owner").first()
    if program is None:
        return None
    program.reached_by = token
    program.role = role_of(request.user, program)
    return program if program.role else None


def role_of(user, program: Program) -> Role | None:
    """What a reader is to a program that was reached by a key; None: a stranger."""
    if program.reached_by == program.read_token:
        return Role.READER
    own = standing(user, program)
    if program.reached_by == program.token and own not in {Role.OWNER, Role.EDITOR}:
        return Role.LINK
    return own


def standing(user, program: Program) -> Role | None:
    """What an account is to a program by itself, whatever address it came by; None: nothing."""
    if not user.is_authenticated:
        return None
    if program.owner_id == user.pk:
        return Role.OWNER
    roles = set(ProgramMember.objects.filter(program=program, user=user).values_list("role", flat=True))
    # A colleague may have been named twice, by user name and by e-mail address: the wider right holds.
    return Role.EDITOR if "editor" in roles else Role.VIEWER if roles else None


def role(request, program: Program) -> Role | None:
    """What the reader is to a program: by the key that it was reached by, and by itself where it was taken from a list."""
    return Role(program.role) if program.role else standing(request.user, program)


def may_write(request, program: Program) -> bool:
    """Whether the reader may change the program and its shortlist."""
    return role(request, program) in WRITERS


def may_share(request, program: Program) -> bool:
    """Whether the reader may make and revoke the read-only link; naming colleagues takes an owner as well."""
    return role(request, program) in {Role.OWNER, Role.EDITOR} or may_end(request, program)


def may_end(request, program: Program) -> bool:
    """Whether the program is the reader's to delete, and to give a last day: the owner's, or with no owner the link holder's."""
    mine = role(request, program)
    return mine == Role.OWNER or (mine == Role.LINK and program.owner_id is None)


def may_claim(request, program: Program) -> bool:
    """Whether the reader may become the owner: signed in, with the edit link of a program that has none."""
    return role(request, program) == Role.LINK and program.owner_id is None and request.user.is_authenticated


def rights(request, program: Program) -> dict[str, bool]:
    """What a page may offer its reader, by name."""
    return {
        "may_write": may_write(request, program),
        "may_share": may_share(request, program),
        "may_end": may_end(request, program),
        "may_claim": may_claim(request, program),
        "may_leave": role(request, program) in {Role.VIEWER, Role.EDITOR},
    }


def allow(right: bool) -> None:
    """Raises PermissionDenied where a reader who may see the program asks for what is not theirs to do."""
    if not right:
        raise PermissionDenied("This is not yours to do.")


def remember(request, program: Program) -> None:
    """Keep in the session which program a reader without an account is working on, so that its address need not be pasted again."""
    if not request.user.is_authenticated:
        request.session["program"] = program.key


def remembered(request) -> Program | None:
    """The program that was remembered, as long as its key still lets the reader change it."""
    program = find(request, request.session.get("program", ""))
    return program if program and may_write(request, program) else None
