"""The guide, and the programs that sponsors describe."""

import secrets
from typing import ClassVar

from django.db import models
from django.urls import reverse

from advisor.engine.profile import NAME_LENGTH


class GuideEntry(models.Model):
    """One row of the guide's comparison table, or one passage. It is data, so that a rule of the advice can point at it."""

    class Section(models.TextChoices):
        COMPARISON = "comparison", "The three kinds compared"
        KIND = "kind", "What each kind does"
        TRADE_OFF = "trade-off", "Trade-offs"
        TREND = "trend", "Trends"
        CHOOSING = "choosing", "How to choose"
        CONTRADICTION = "contradiction", "Where the guide disagrees with itself"

    class Says(models.TextChoices):
        GUIDE = "guide", "The guide"
        OTHERS = "others", "Other sources"
        US = "us", "Crossmatch"

    slug = models.SlugField(max_length=80, unique=True)
    section = models.CharField(max_length=13, choices=Section)
    order = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=160)
    cro = models.TextField("CRO", blank=True)
    cmo = models.TextField("CMO", blank=True)
    cdmo = models.TextField("CDMO", blank=True)
    body = models.TextField(blank=True, help_text="An empty line separates paragraphs.")
    says = models.CharField("whose statement", max_length=6, choices=Says)
    sources = models.JSONField(default=list, blank=True, help_text="Keys of the references that it rests on.")
    about = models.JSONField(default=list, blank=True, help_text="A contradiction names the entries that it concerns.")

    class Meta:
        ordering: ClassVar = ["section", "order", "slug"]
        verbose_name_plural = "guide entries"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(section__in=["comparison", "kind", "trade-off", "trend", "choosing", "contradiction"]),
                name="guide_section_is_listed",
            ),
            models.CheckConstraint(condition=models.Q(says__in=["guide", "others", "us"]), name="guide_says_is_listed"),
        ]

    def __str__(self):
        return self.title

    @property
    def columns(self) -> list[tuple[str, str]]:
        """The three kinds with what the row says of each."""
        return [("CRO", self.cro), ("CMO", self.cmo), ("CDMO", self.cdmo)]


def new_token() -> str:
    """An address that can't be guessed: 192 bits of chance."""
    return secrets.token_urlsafe(24)


class Program(models.Model):
    """What a sponsor wants to get done. Whoever has the token may read it; nothing lists programs."""

    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    name = models.CharField(max_length=NAME_LENGTH, blank=True)
    profile = models.JSONField(help_text="The profile JSON, version 1.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [models.CheckConstraint(condition=~models.Q(token=""), name="program_has_token")]

    def __str__(self):
        return self.name or "Unnamed program"

    def get_absolute_url(self):
        return reverse("advisor:program", args=[self.token])
