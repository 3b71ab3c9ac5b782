"""What waits for a curator, counted: the first page of the admin. Five queries, whatever the size of the catalogue."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse

from vendors.catalogue import STALE_AFTER
from vendors.models import Duplicate, Revision, SourceAddress, Suggestion, Vendor

AI_CHECK_AFTER = STALE_AFTER


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of work: what it is, how much of it there is, and where it is done."""

    label: str
    about: str
    number: int
    href: str


def due_for_recheck(today: dt.date) -> Q:
    """Records that readers see and that were compared with their sources too long ago."""
    return Q(status=Vendor.Status.PUBLISHED, verified_on__lt=today - dt.timedelta(days=settings.RECHECK_AFTER_DAYS))


def due_for_ai_check(today: dt.date) -> Q:
    """Records that are not archived and of which nobody has looked how far AI is used, or nobody within a year."""
    return ~Q(status=Vendor.Status.ARCHIVED) & (Q(ai_checked_on__isnull=True) | Q(ai_checked_on__lt=today - AI_CHECK_AFTER))


def work(today: dt.date) -> list[Work]:
    """Every kind of work, also where there is none of it."""
    kept = ~Q(status=Vendor.Status.ARCHIVED)
    numbers = Vendor.objects.order_by().aggregate(
        recheck=Count("pk", filter=due_for_recheck(today)),
        drafts=Count("pk", filter=Q(status=Vendor.Status.DRAFT)),
        unsourced=Count("pk", filter=kept & Q(unsourced_number__gt=0)),
        ai=Count("pk", filter=due_for_ai_check(today)),
    )
    vendors, revisions = reverse("admin:vendors_vendor_changelist"), Revision.objects.waiting().order_by().count()
    proposals, unsourced = reverse("admin:vendors_revision_changelist"), reverse("admin:vendors_vendor_unsourced")
    days = settings.RECHECK_AFTER_DAYS
    return [
        Work("Proposals", "Changes that wait for somebody else to approve them", revisions, f"{proposals}?status__exact=proposed"),
        Work("Suggestions", "What readers say is wrong", Suggestion.objects.open().count(), reverse("admin:vendors_suggestion_changelist")),
        Work("Drafts", "Records that readers do not see yet", numbers["drafts"], f"{vendors}?status__exact=draft"),
        Work("Stale records", f"Compared with their sources more than {days} days ago", numbers["recheck"], f"{vendors}?verified=due"),
        Work("Unsourced facts", "Records with facts that no source supports", numbers["unsourced"], unsourced),
        Work("AI checks", "Nobody has looked, or nobody within a year", numbers["ai"], f"{vendors}?ai-checked=due"),
        Work(
            "Suspected duplicates", "Pairs that may be one vendor", Duplicate.objects.open().count(),
            reverse("admin:vendors_duplicate_changelist"),
        ),
        Work(
            "Broken addresses", f"Sources that failed on {SourceAddress.BROKEN_AFTER} days or more", SourceAddress.objects.broken().count(),
            reverse("admin:vendors_sourceaddress_changelist") + "?state=broken",
        ),
    ]  # fmt: skip
