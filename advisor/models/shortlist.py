"""The vendors that a sponsor considers for a program."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from advisor.models.program import Program


class ShortlistEntry(models.Model):
    """One vendor on the shortlist of one program, with what became of it.

    The vendor is named by its slug, not tied to its row: a curator must neither be kept from taking out a record nor learn
    that somebody has it on a shortlist.
    """

    class Status(models.TextChoices):
        CONSIDERING = "considering", "Considering"
        CONTACTED = "contacted", "Contacted"
        DECLINED = "declined", "Declined"
        CHOSEN = "chosen", "Chosen"
        REJECTED = "rejected", "Rejected"

    class AddedFrom(models.TextChoices):
        MATCH = "match", "The matches"
        BROWSE = "browse", "Browsing"
        COMPARISON = "comparison", "A comparison"

    program = models.ForeignKey(Program, models.CASCADE, related_name="shortlist")
    vendor = models.CharField(max_length=80, help_text="The vendor's slug.")
    vendor_name = models.CharField(max_length=120, help_text="As it was when the vendor was added.")
    position = models.PositiveSmallIntegerField(help_text="Place on the list, from 1.")
    status = models.CharField(max_length=11, choices=Status, default=Status.CONSIDERING)
    reason = models.TextField("reason for the status", blank=True, max_length=2000)
    gate_reason = models.TextField("reason for adding it although it fails a must-have", blank=True, max_length=2000)
    notes = models.TextField(blank=True, max_length=5000)
    added_at = models.DateTimeField(auto_now_add=True)
    added_from = models.CharField(max_length=10, choices=AddedFrom, default=AddedFrom.BROWSE)
    status_changed_at = models.DateTimeField(null=True, blank=True)
    first_contacted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        verbose_name_plural = "shortlist entries"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["program", "vendor"], name="vendor_is_shortlisted_once", violation_error_message="This vendor is there already."
            ),
            models.CheckConstraint(
                condition=Q(status__in=["considering", "contacted", "declined", "chosen", "rejected"]),
                name="shortlist_status_is_listed",
                violation_error_message="Choose one of the statuses.",
            ),
            models.CheckConstraint(
                condition=Q(added_from__in=["match", "browse", "comparison"]),
                name="shortlist_added_from_is_listed",
                violation_error_message="Choose where it was added from.",
            ),
            models.CheckConstraint(
                condition=~Q(status="rejected") | ~Q(reason=""),
                name="rejected_vendor_has_reason",
                violation_error_message="Say why it was rejected.",
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="shortlist_position_is_from_one"),
        ]

    def __str__(self):
        return self.vendor_name
