"""Who carries what: the transfer of obligations, and what vendors stated of themselves."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from advisor.models.program import Program


class Duty(models.Model):
    """Who carries one service at one stage, as somebody wrote it down. Without a row, and without words, it is the sponsor's."""

    class Party(models.TextChoices):
        RETAINED = "retained", "Retained in house"
        PARTNER = "partner", "Partner"
        SUBCONTRACTOR = "subcontractor", "Subcontractor of a partner"

    program = models.ForeignKey(Program, models.CASCADE, related_name="duties")
    service = models.CharField(max_length=80, help_text="The service's slug.")
    stage = models.CharField(max_length=80, help_text="The stage's slug.")
    party = models.CharField("carried by", max_length=13, choices=Party, blank=True)
    partner = models.CharField(max_length=160, blank=True)
    subcontractor = models.CharField(max_length=160, blank=True)
    obligations = models.TextField("obligations transferred", blank=True, max_length=4000)
    agreement = models.CharField("written in", max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name_plural = "duties"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "service", "stage"], name="duty_is_there_once"),
            models.CheckConstraint(condition=Q(party__in=["", "retained", "partner", "subcontractor"]), name="duty_party_is_listed"),
        ]

    def __str__(self):
        return f"{self.service}, {self.stage}: {self.party or 'sponsor'}"


class VendorAnswer(models.Model):
    """What a vendor stated to this program's sponsor. Nobody verified it, so it never reaches the catalogue."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="vendor_answers")
    vendor = models.CharField(max_length=80, help_text="The vendor's slug.")
    question = models.CharField(max_length=120, help_text="The question's id.")
    answer = models.TextField(max_length=4000)
    stated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["vendor", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "vendor", "question"], name="answer_is_there_once"),
            models.CheckConstraint(condition=~Q(answer=""), name="answer_is_not_empty"),
        ]

    def __str__(self):
        return f"{self.vendor}, {self.question}"
