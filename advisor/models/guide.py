"""The CRO / CMO / CDMO guide."""

from typing import ClassVar

from django.db import models


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
