"""The curator's work on the first page of the admin."""

from django import template
from django.utils import timezone

from vendors import work_queue

register = template.Library()


@register.simple_tag(takes_context=True)
def waiting_work(context) -> list[work_queue.Work]:
    """What waits, for whoever may see vendors; nothing for others."""
    if not context["request"].user.has_perm("vendors.view_vendor"):
        return []
    return work_queue.work(timezone.localdate())
