"""What a program leaves behind: decision records, and the hashes of the files that were written."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from advisor.models.program import NeverChanged, Program, ProgramVersion


class DecisionRecordQuerySet(models.QuerySet):
    def frozen(self):
        """The records that will never change again, the oldest first."""
        return self.filter(frozen_at__isnull=False).order_by("number")

    def drafts(self):
        """The record that is being written; a program has one at most."""
        return self.filter(frozen_at__isnull=True)

    def update(self, **values):
        if self.frozen().exists():
            raise NeverChanged("A frozen record is never changed; write a new one that corrects it.")
        return super().update(**values)


class DecisionRecord(models.Model):
    """Why this vendor and not that one. A draft holds what only people know; frozen, it holds all that it says, for good.

    `content` is the description of the whole document (`advisor.documents.content`), `sha256` the hash over it. What has to be
    corrected is corrected by a new record that points back. Triggers in the database keep a frozen one as it is.
    """

    program = models.ForeignKey(Program, models.CASCADE, related_name="records")
    number = models.PositiveIntegerField(null=True, blank=True, help_text="Given when it is frozen, from 1.")
    version = models.ForeignKey(ProgramVersion, models.RESTRICT, null=True, blank=True, related_name="records")
    entries = models.JSONField(default=dict, blank=True, help_text="By the keys of advisor.documents.decision.ENTRIES.")
    corrects = models.OneToOneField("self", models.RESTRICT, null=True, blank=True, related_name="corrected_by")
    correction_reason = models.TextField("why the earlier record is corrected", blank=True, max_length=2000)
    content = models.JSONField(null=True, blank=True)
    sha256 = models.CharField("hash of the content", max_length=64, blank=True)
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    frozen_at = models.DateTimeField(null=True, blank=True)

    objects = DecisionRecordQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["program", "number", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "number"], name="record_number_is_there_once"),
            models.UniqueConstraint(fields=["program"], condition=Q(frozen_at__isnull=True), name="program_has_one_draft_record"),
            models.CheckConstraint(
                condition=Q(frozen_at__isnull=True, number__isnull=True, content__isnull=True, sha256="")
                | (
                    Q(frozen_at__isnull=False, number__isnull=False, content__isnull=False, version__isnull=False)
                    & Q(number__gte=1)
                    & ~Q(sha256="")
                ),
                name="frozen_record_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(frozen_at__isnull=True) | Q(corrects__isnull=True) | ~Q(correction_reason=""),
                name="correction_has_reason",
                violation_error_message="Say why the earlier record is corrected.",
            ),
        ]

    def __str__(self):
        return f"Record {self.number}" if self.number else "Draft record"

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding and DecisionRecord.objects.filter(pk=self.pk).frozen().exists():
            raise NeverChanged("A frozen record is never changed; write a new one that corrects it.")
        super().save(*args, **options)

    @property
    def frozen(self) -> bool:
        return self.frozen_at is not None


class IssuedFile(models.Model):
    """The hashes of one file that was handed out, by which it is known again. The file itself is kept nowhere."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="issued_files")
    record = models.ForeignKey(DecisionRecord, models.CASCADE, null=True, blank=True, related_name="issued_files")
    kind = models.CharField(max_length=20)
    form = models.CharField(max_length=4)
    version_number = models.PositiveIntegerField()
    content_sha256 = models.CharField(max_length=64, db_index=True)
    text_sha256 = models.CharField(max_length=64, blank=True, help_text="Empty for a PDF, which is compared byte for byte.")
    file_sha256 = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["issued_at", "pk"]

    def __str__(self):
        return f"{self.kind}.{self.form}, {self.file_sha256[:12]}"
