"""The programs of one account."""

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import OuterRef, Prefetch, Subquery
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.views.decorators.http import require_safe

from advisor.confidential import confidential
from advisor.models import Program, ProgramMember, ProgramVersion
from vendors import snapshot

PAGE = 25


@confidential
@require_safe
def programs(request):
    """Own programs and those that others shared, the last changed first; four queries. Without an account: how it works without one."""
    if not request.user.is_authenticated:
        return render(request, "advisor/programs.html", {"sign_in": f"{resolve_url(settings.LOGIN_URL)}?next={request.path}"})
    last = ProgramVersion.objects.filter(program=OuterRef("pk")).order_by("-number")
    mine = (
        Program.objects.of(request.user)
        .alive(timezone.localdate())
        .defer("draft", "origins")
        .annotate(recommended=Subquery(last.values("advice__model__recommended")[:1]))
        .prefetch_related(Prefetch("members", ProgramMember.objects.filter(user=request.user), to_attr="as_member"))
        .order_by("-changed_at", "-pk")
    )
    page = Paginator(mine, PAGE).get_page(request.GET.get("page"))
    stages = snapshot.current().vocabulary.stages
    for program in page.object_list:
        program.reached_by = program.member_key
        program.role = "owner" if program.owner_id == request.user.pk else max((m.role for m in program.as_member), key=ROLES.index)
        stage = stages.get((program.profile or {}).get("stage", ""))
        program.stage_name = stage.name if stage else ""
    return render(request, "advisor/programs.html", {"page": page})


ROLES = ["viewer", "editor"]
