"""The programs that sponsors describe: who may reach them, and every state that was saved."""

import datetime as dt
import secrets
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from advisor.engine.profile import NAME_LENGTH


def new_token() -> str:
    """An address that can't be guessed: 192 bits of chance."""
    return secrets.token_urlsafe(24)


class ProgramQuerySet(models.QuerySet):
    def alive(self, today: dt.date):
        """The programs whose last day has not passed."""
        return self.filter(Q(expires_on__isnull=True) | Q(expires_on__gte=today))

    def expired(self, today: dt.date):
        """The programs whose last day has passed: nobody reaches them any more."""
        return self.filter(expires_on__lt=today)

    def of(self, user):
        """The programs that an account owns or that were shared with it, each once."""
        return self.filter(Q(owner=user) | Q(pk__in=ProgramMember.objects.filter(user=user).values("program")))

    def editable_by(self, user):
        """The programs that an account owns or was made an editor of."""
        as_editor = ProgramMember.objects.filter(user=user, role=ProgramMember.Role.EDITOR)
        return self.filter(Q(owner=user) | Q(pk__in=as_editor.values("program")))


class Program(models.Model):
    """What a sponsor wants to get done, from the first answers to the decision.

    Three names lead to it, and who may do what is `advisor.access`'s to say. `token` is the edit link and `read_token` the
    read-only link: whoever has one needs no account, and one that is revoked is empty. `member_key` stands in the addresses
    of those who sign in and opens nothing by itself, so that a viewer never sees the edit link.
    """

    token = models.CharField("edit link", max_length=32, unique=True, null=True, blank=True, default=new_token, editable=False)
    read_token = models.CharField("read-only link", max_length=32, unique=True, null=True, blank=True, editable=False)
    member_key = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    name = models.CharField(max_length=NAME_LENGTH, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="programs")
    profile = models.JSONField(null=True, blank=True, help_text="The profile JSON, version 1; empty while there is only a draft.")
    origins = models.JSONField(
        default=dict, blank=True, help_text="By key of the profile: whether typed, registry or default, and such as which record and field."
    )
    draft = models.JSONField(default=dict, blank=True, help_text="Answers to the intake that are no valid profile yet.")
    expires_on = models.DateField(null=True, blank=True, help_text="The last day on which anybody reaches it.")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = ProgramQuerySet.as_manager()

    # How the present reader came, and what that reader is; set by advisor.access. Links on a page lead no further than the reader may go.
    reached_by: str | None = None
    role: str | None = None

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["expires_on"], name="program_by_last_day")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(token__isnull=True) | ~Q(token=""), name="program_token_is_not_empty"),
            models.CheckConstraint(condition=Q(read_token__isnull=True) | ~Q(read_token=""), name="program_read_token_is_not_empty"),
            models.CheckConstraint(condition=~Q(member_key=""), name="program_has_member_key"),
            models.CheckConstraint(
                condition=Q(token__isnull=False) | Q(owner__isnull=False),
                name="program_can_be_reached",
                violation_error_message="Without an owner the edit link is the only key to a program.",
            ),
        ]

    def __str__(self):
        return self.name or "Unnamed program"

    def get_absolute_url(self):
        return reverse("advisor:program", args=[self.key])

    @property
    def key(self) -> str:
        """What stands for the program in addresses that the present reader may see."""
        return self.reached_by or self.token or self.member_key

    def latest(self) -> "ProgramVersion | None":
        """The version that was saved last; None while there is only a draft."""
        return self.versions.order_by("-number").first()


class ProgramMember(models.Model):
    """A colleague with whom a program is shared by name.

    `user` is empty where no account had the name: the row then opens nothing, and looks the same to whoever shares, so that
    nobody finds out by sharing who has an account.
    """

    class Role(models.TextChoices):
        VIEWER = "viewer", "Viewer"
        EDITOR = "editor", "Editor"

    program = models.ForeignKey(Program, models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="memberships")
    named = models.CharField("user name or e-mail address", max_length=254)
    role = models.CharField(max_length=6, choices=Role, default=Role.VIEWER)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["added_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=["viewer", "editor"]), name="member_role_is_listed"),
            models.CheckConstraint(condition=~Q(named=""), name="member_is_named"),
            models.UniqueConstraint(
                fields=["program", "named"], name="member_is_named_once", violation_error_message="This name is there already."
            ),
        ]

    def __str__(self):
        return f"{self.named}, {self.get_role_display().lower()}"


class NeverChanged(TypeError):
    """Something tried to change what was saved for good."""


class ProgramVersionQuerySet(models.QuerySet):
    def update(self, **values):
        raise NeverChanged("A version of a program is never changed; save a new one.")


class ProgramVersion(models.Model):
    """One saved state of a program, with the advice as it was given then. It is never changed; triggers in the database see to that.

    Only the author's account may go, when it is deleted: `author_name` keeps who saved it.
    """

    program = models.ForeignKey(Program, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    profile = models.JSONField(help_text="The profile JSON, version 1, with its weights.")
    origins = models.JSONField(default=dict, blank=True)
    catalogue_version = models.CharField(max_length=40)
    software_version = models.CharField(max_length=40)
    advice = models.JSONField(help_text="See advisor.kept.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    author_name = models.CharField(max_length=160, blank=True, help_text="Empty: somebody with the edit link.")
    note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ProgramVersionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["program", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "number"], name="version_number_is_there_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="version_number_is_from_one"),
        ]

    def __str__(self):
        return f"Version {self.number}"

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise NeverChanged("A version of a program is never changed; save a new one.")
        super().save(*args, **options)
