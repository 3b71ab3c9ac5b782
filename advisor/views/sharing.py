"""Who else may reach a program: links, named colleagues, and whose it is."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from advisor import access
from advisor.access import Role
from advisor.confidential import confidential
from advisor.models import Program, ProgramMember, new_token
from advisor.program_forms import MemberForm

# By the name that the form sends: the column, and what it is called.
LINKS = {"read": ("read_token", "read-only link"), "edit": ("token", "edit link")}


@confidential
@require_safe
def sharing(request, token):
    """Links with what they allow, colleagues, and how to make it one's own or leave it."""
    return page(request, access.program_for(request, token), MemberForm())


def page(request, program: Program, form: MemberForm, status: int = 200):
    may_share = access.may_share(request, program)
    # The edit link is shown to whom it belongs, or who has come by it: an editor could hand it to anybody else for good.
    knows_edit_link = program.role in {Role.OWNER, Role.LINK}
    context = {
        "program": program,
        "member_form": form,
        "members": list(program.members.all()) if may_share and program.owner_id else [],
        "roles": ProgramMember.Role.choices,
        "read_link": address(request, program.read_token) if may_share or program.role == Role.READER else None,
        "edit_link": address(request, program.token) if knows_edit_link else None,
        "may_name": may_name(request, program),
        "is_owner": program.role == Role.OWNER,
        **access.rights(request, program),
    }
    return render(request, "advisor/sharing.html", context, status=status)


def address(request, key: str | None) -> str | None:
    """A link as it is passed on; None where there is none."""
    return request.build_absolute_uri(Program(token=key).get_absolute_url()) if key else None


def may_name(request, program: Program) -> bool:
    """Whether the reader may name colleagues: it takes an owner, so that there is somebody who can take them out again."""
    return program.owner_id is not None and access.may_share(request, program)


@confidential
@require_POST
def link(request, token):
    """Make a link anew, or revoke it. The one before stops at once.

    Posted: `link`, one of LINKS, and `do`, "make" or "revoke". The edit link is the owner's alone, and can't be revoked where
    it is the only key.
    """
    program = access.program_for(request, token)
    column, words = LINKS.get(request.POST.get("link", ""), (None, ""))
    revoke = request.POST.get("do") == "revoke"
    if column == "read_token":
        access.allow(access.may_share(request, program))
    else:
        access.allow(column is not None and (program.role == Role.OWNER or (not revoke and access.may_end(request, program))))
    came_by_it = getattr(program, str(column)) == program.reached_by
    setattr(program, str(column), None if revoke else new_token())
    program.save(update_fields=[str(column)])
    if came_by_it:
        program.reached_by = program.member_key if program.owner_id else program.token
    messages.success(request, f"The {words} is revoked: nobody gets in by it any more." if revoke else f"There is a new {words}.")
    return redirect("advisor:sharing", program.key)


@confidential
@require_POST
def add_member(request, token):
    """Name a colleague by user name. The answer is the same whether there is such an account or not."""
    program = access.program_for(request, token)
    access.allow(may_name(request, program))
    form = MemberForm(request.POST)
    if not form.is_valid():
        return page(request, program, form, status=422)
    named = form.cleaned_data["named"]
    user = form.account()
    ProgramMember.objects.update_or_create(program=program, named=named, defaults={"user": user, "role": form.cleaned_data["role"]})
    messages.success(request, f"If there is an account of the name {named}, it now finds the program in its list.")
    return redirect("advisor:sharing", program.key)


@confidential
@require_POST
def change_member(request, token, pk):
    """Another role for a colleague, or none any more."""
    program = access.program_for(request, token)
    access.allow(may_name(request, program))
    member = get_object_or_404(program.members, pk=pk)
    if request.POST.get("do") == "remove":
        member.delete()
        messages.success(request, f"{member.named} no longer finds the program.")
    else:
        role = request.POST.get("role")
        access.allow(role in ProgramMember.Role.values)
        member.role = role
        member.save(update_fields=["role"])
        messages.success(request, f"{member.named} is now {member.get_role_display().lower()}.")
    if not access.may_share(request, again(request, program)):
        return redirect("advisor:programs")
    return redirect("advisor:sharing", program.key)


def again(request, program: Program) -> Program:
    """The program with what the reader is to it now: an editor may have taken the right away from themselves."""
    program.role = access.role_of(request.user, program)
    return program


@confidential
@require_POST
def claim(request, token):
    """Make a program without an owner one's own. Its links go on working until the owner revokes them."""
    program = access.program_for(request, token)
    access.allow(access.may_claim(request, program))
    with transaction.atomic():
        # Of two who claim at once, the first has it.
        taken = Program.objects.filter(pk=program.pk, owner=None).update(owner=request.user)
    access.allow(bool(taken))
    messages.success(request, "The program is yours. Whoever has its links can still use them: revoke or renew them here.")
    return redirect("advisor:sharing", program.member_key)


@confidential
@require_POST
def leave(request, token):
    """Take oneself out of a program that somebody shared."""
    program = access.program_for(request, token)
    access.allow(request.user.is_authenticated and program.role in {Role.VIEWER, Role.EDITOR})
    program.members.filter(user=request.user).delete()
    messages.success(request, f"You have left {program}.")
    return redirect("advisor:programs")
