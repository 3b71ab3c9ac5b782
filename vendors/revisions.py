"""Review before publication: every change of a vendor's record, who proposed it, why, and who approved it.

What readers see is changed by somebody else than who proposed it. A draft, which no reader sees, is changed at once. Both
leave a row of `Revision`. The rights are checked here, so that no form, import or other program gets around them:

| right | for |
| --- | --- |
| `add_vendor`, `change_vendor` | drafts: to add and to change them |
| `propose_revision` | to propose a change of a published or archived vendor, and to publish a draft |
| `curate_vendor` | to verify; and what reaches further: rename, archive, merge, import, change many at once |
| `approve_revision` | to approve and reject what somebody else proposed |

Nobody approves a change of their own, whatever their rights, unless the setting ONE_PERSON_MAY_APPROVE says so; the row
then says that it was approved by one person alone. To verify is no change of a fact: it says that a person whose name
stands there compared the record with its sources on that day, so it needs nobody else, and can only say today.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from vendors import evidence, facts
from vendors.catalogue import Vocabulary
from vendors.differences import Difference, Words, lost, merged, of_today
from vendors.models import FormerFact, Revision, Vendor
from vendors.vocabulary import stored_vocabulary

Origin, Status = Revision.Origin, Revision.Status
# What reaches further than one record.
CURATED = frozenset({Origin.IMPORT, Origin.BULK, Origin.MERGE})
COMMAND_LINE = "command line"


class NotAllowed(PermissionDenied):
    """This person may not do this; the message says who may."""


class Refused(Exception):
    """The record breaks rules; `problems` says which, one by one."""

    def __init__(self, problems: list[facts.Problem]):
        super().__init__(" ".join(f"{problem.key}: {problem.message}" for problem in problems))
        self.problems = problems


class Conflict(Exception):
    """The record is not what it was when the change was proposed; `since` says what became of it. The proposal still waits."""

    def __init__(self, since: list[Difference]):
        names = ", ".join(difference.label for difference in since) or "its address"
        super().__init__(f"The record has changed since this was proposed: {names}. Bring the proposal up to date, and look at it again.")
        self.since = since


class Decided(Exception):
    """Somebody decided about the proposal already."""

    def __init__(self, revision: Revision):
        by = f" by {revision.decided_by_name}" if revision.decided_by_name else ""
        super().__init__(f"This proposal does not wait any more: {revision.get_status_display().lower()}{by}.")


def name_of(user) -> str:
    return (user.get_full_name() or user.get_username())[:150]


def status_of(record: Mapping[str, Any]) -> str:
    return facts.outspoken(record)["status"]


def made_at_once(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> bool:
    """Whether no reader sees any of it, before or after."""
    return status_of(after) == Vendor.Status.DRAFT and (before is None or status_of(before) == Vendor.Status.DRAFT)


def require(user, right: str, words: str):
    if not (user.is_active and user.has_perm(f"vendors.{right}")):
        raise NotAllowed(words)


def check_rights(user, before: Mapping[str, Any] | None, after: Mapping[str, Any], origin: str):
    """Raises NotAllowed unless the person may make or propose this change."""
    if before is None:
        require(user, "add_vendor", "You may not add vendors.")
    if not made_at_once(before, after):
        require(user, "propose_revision", "You may not propose changes of what readers see; you may save a draft.")
    elif before is not None:
        require(user, "change_vendor", "You may not change drafts.")
    old = before or {}
    further = old and any(old.get(key) != after.get(key) for key in ("slug", "successor", "former_slugs"))
    archives = Vendor.Status.ARCHIVED in {status_of(after), status_of(before) if before else ""}
    if origin in CURATED or archives or (further and not made_at_once(before, after)):
        require(user, "curate_vendor", "To rename, archive, merge or import vendors, or change many at once, is for curators.")


def submit(
    record: Mapping[str, Any], *, by, reason: str, origin: str = Origin.FORM, vendor: Vendor | None = None, former_as: str = ""
) -> Revision | None:
    """Propose a change of a vendor's record, or a new record; what no reader sees is changed at once.

    vendor: whose record it is; needed only where the record has another slug. former_as: one of Revision.Former.
    Returns None where nothing differs. Raises NotAllowed, Refused.
    """
    old_slugs = {str(record.get("slug")): vendor.slug} if vendor else {}
    made = submit_all([record], by=by, reason=reason, origin=origin, old_slugs=old_slugs, former_as=former_as)
    return made[0] if made else None


def submit_all(
    records: Iterable[Mapping[str, Any]], *, by, reason: str, origin: str, old_slugs: Mapping[str, str] | None = None, former_as: str = ""
) -> list[Revision]:
    """Several of them, all or none; those that differ from what is stored, in their order. Some forty queries however many."""
    reason = checked_reason(reason)
    with transaction.atomic():
        planned = facts.plan((facts.Entry(line, dict(record)) for line, record in enumerate(records, 1)), old_slugs=old_slugs or {})
        rows = planned.rows_that("new", "changed")
        for row in rows:
            check_rights(by, row.stored, row.known_after, origin)
        with_former = [(row, with_former_slug(row)) for row in rows]
        refuse(planned)
        revisions = []
        for row, after in with_former:
            revision = Revision(
                vendor=row.vendor, slug=row.slug, name=after["name"], before=row.stored, after=after, former_as=former_as, reason=reason,
                origin=origin, author=by, author_name=name_of(by), status=Status.PROPOSED,
            )  # fmt: skip
            revisions.append(revision)
        at_once = [revision for revision in revisions if made_at_once(revision.before, revision.after)]
        apply(at_once)
        # What was applied has its key already.
        Revision.objects.bulk_create([revision for revision in revisions if revision.pk is None])
    return revisions


def checked_reason(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Refused([facts.Problem(0, "", "reason", reason, "Say why: what did you read, and where?")])
    return reason


def with_former_slug(row: facts.Checker) -> dict[str, Any]:
    """The record as it would be stored; a renamed vendor that readers knew keeps its old address."""
    after, before = row.known_after, row.stored
    if before and before["slug"] != after["slug"] and status_of(before) != Vendor.Status.DRAFT:
        former = sorted({*after.get("former_slugs", []), before["slug"]} - {after["slug"]})
        return {**after, "former_slugs": former}
    return after


def refuse(planned: facts.Plan):
    """Raises Refused if a rule of ours or of the database is broken."""
    if problems := facts.complete(planned).problems:
        raise Refused(problems)


def apply(revisions: list[Revision]):
    """Store the records of these revisions and mark them as applied. Must run in a transaction; every check was made before."""
    if not revisions:
        return
    old_slugs = {revision.after["slug"]: revision.before["slug"] for revision in revisions if revision.before}
    planned = facts.plan(
        (facts.Entry(line, facts.outspoken(revision.after)) for line, revision in enumerate(revisions, 1)), old_slugs=old_slugs
    )
    if planned.problems or not facts.accepted(planned.parts()):
        facts.constraint_problems(planned.rows)
        if planned.problems:
            raise Refused(planned.problems)
        facts.store(planned.parts())  # It was no rule of ours, such as another process with the same slug: let the database say what.
    words, now = Words(planned.vocabulary), timezone.now()
    for revision, row in zip(revisions, planned.rows, strict=True):
        before, after = revision.before, revision.after
        vendor = row.parts.vendor if row.parts else row.vendor
        assert vendor  # noqa: S101
        revision.vendor = vendor
        if after["verified_on"] and (before is None or before["verified_on"] != after["verified_on"]):
            vendor.verified_by = revision.author_name
            vendor.save(update_fields=["verified_by"])
        revision.status, revision.decided_at = Status.APPLIED, now
        revision.save()
        if before and revision.former_as in FormerFact.Why.values:
            FormerFact.objects.bulk_create(
                FormerFact(
                    vendor=vendor, fact=fact, value=words.fact(fact, before), why=revision.former_as, until=now.date(),
                    sources=[before["sources"][i] for i in evidence.supporting(before, fact)], revision=revision,
                )
                for fact in lost(before, after)
            )  # fmt: skip


def locked(revision: Revision) -> Revision:
    """The proposal as it is now, held until the end of the transaction with its vendor. Raises Decided if it does not wait any more."""
    found = Revision.objects.select_for_update().get(pk=revision.pk)
    if found.status != Status.PROPOSED:
        raise Decided(found)
    if found.vendor_id:
        Vendor.objects.select_for_update().get(pk=found.vendor_id)
    vocabulary = stored_vocabulary()
    found.before, found.after = of_today(found.before, vocabulary), of_today(found.after, vocabulary)
    return found


def record_now(revision: Revision) -> dict[str, Any] | None:
    """The record that the revision is about, as it is now; None where there is none (any more)."""
    of_vendor = Vendor.objects.filter(pk=revision.vendor_id) if revision.vendor_id else Vendor.objects.filter(slug=revision.slug)
    return next(facts.dump(of_vendor), None)


def since(revision: Revision, vocabulary: Vocabulary) -> list[Difference]:
    """What changed in the record after the proposal was made."""
    now = record_now(revision)
    before = of_today(revision.before, vocabulary)
    return [] if now == before else Words(vocabulary).differences(before, now)


def approve(revision: Revision, *, by, note: str = "") -> Revision:
    """Make the proposed change. Raises NotAllowed, Decided, Conflict, Refused."""
    with transaction.atomic():
        revision = locked(revision)
        require(by, "approve_revision", "You may not approve changes.")
        if revision.author_id == by.pk:
            if not settings.ONE_PERSON_MAY_APPROVE:
                raise NotAllowed("You proposed this yourself; somebody else has to approve it.")
            revision.alone = True
        if record_now(revision) != revision.before:
            raise Conflict(since(revision, stored_vocabulary()))
        decide(revision, by, note)
        apply([revision])
    return revision


def decide(revision: Revision, by, note: str):
    revision.decided_by, revision.decided_by_name, revision.decision_note = by, name_of(by), note.strip()
    revision.decided_at = timezone.now()


def reject(revision: Revision, *, by, note: str) -> Revision:
    """Leave the record as it is, and say why. Raises NotAllowed, Decided, Refused."""
    with transaction.atomic():
        revision = locked(revision)
        require(by, "approve_revision", "You may not reject changes.")
        if revision.author_id == by.pk:
            raise NotAllowed("You proposed this yourself; withdraw it instead.")
        if not note.strip():
            raise Refused([facts.Problem(0, revision.slug, "note", "", "Say why, so that the author can do better.")])
        decide(revision, by, note)
        revision.status = Status.REJECTED
        revision.save()
    return revision


def withdraw(revision: Revision, *, by) -> Revision:
    """The author's own second thought. Raises NotAllowed, Decided."""
    with transaction.atomic():
        revision = locked(revision)
        require_author(revision, by)
        revision.status, revision.decided_at = Status.WITHDRAWN, timezone.now()
        revision.save()
    return revision


def require_author(revision: Revision, user):
    if revision.author_id != user.pk:
        raise NotAllowed(f"Only {revision.author_name}, who proposed this, may change or withdraw it.")


def amend(revision: Revision, record: Mapping[str, Any], *, by, reason: str, former_as: str = "") -> Revision:
    """The author proposes something else instead, of the record as it is now. Raises NotAllowed, Decided, Refused."""
    with transaction.atomic():
        revision = locked(revision)
        require_author(revision, by)
        revision.reason, revision.former_as = checked_reason(reason), former_as
        return replaced(revision, record, by)


def replaced(revision: Revision, record: Mapping[str, Any], by) -> Revision:
    """The proposal with another record, beside what is stored now."""
    now = record_now(revision)
    old_slugs = {str(record.get("slug")): now["slug"]} if now else {}
    planned = facts.plan([facts.Entry(1, dict(record))], old_slugs=old_slugs)
    [row] = planned.rows
    if not row.problems:
        check_rights(by, now, row.known_after, revision.origin)
        if row.stored != now:
            row.refuse("slug", row.slug, "Another vendor has this address; choose another.")
        revision.before, revision.after = now, with_former_slug(row)
        revision.slug, revision.name = row.slug, revision.after["name"]
    refuse(planned)
    revision.save()
    return revision


def rebase(revision: Revision, *, by) -> list[str]:
    """Make the same change to the record as it is now; it still has to be approved.

    For its author and for who may approve, as nothing is added to it. Returns the labels of what was changed differently since:
    there the proposal stands against what is there now. Raises NotAllowed, Decided, Refused.
    """
    with transaction.atomic():
        revision = locked(revision)
        if revision.author_id != by.pk:
            require(by, "approve_revision", "Only its author and those who may approve may bring a proposal up to date.")
        now = record_now(revision)
        if revision.before is None or now is None:
            message = "A vendor with this address was added meanwhile." if now else "The vendor is not there any more."
            raise Refused([facts.Problem(0, revision.slug, "slug", revision.slug, message)])
        record, both = merged(revision.before, revision.after, now)
        author = revision.author or by
        replaced(revision, record, author)
    return both


def revert(revision: Revision, *, by, reason: str) -> Revision | None:
    """Propose to take back one change that was made, whatever was changed after it. Raises NotAllowed, Refused."""
    revision = Revision.objects.select_related("vendor").get(pk=revision.pk)
    now = record_now(revision)
    if revision.status != Status.APPLIED or revision.vendor is None or now is None:
        raise Refused([facts.Problem(0, revision.slug, "slug", revision.slug, "Only a change that was made can be taken back.")])
    vocabulary = stored_vocabulary()
    before, after = of_today(revision.before, vocabulary), of_today(revision.after, vocabulary)
    if before is None or after is None:
        # It was added by this: its record stays, and its address too.
        record = {**now, "status": str(Vendor.Status.ARCHIVED)}
    else:
        record, _ = merged(after, before, now)
    with transaction.atomic():
        made = submit(record, by=by, reason=reason, origin=Origin.REVERT, vendor=revision.vendor)
        if made:
            made.reverts = revision
            made.save(update_fields=["reverts"])
    return made


def verify(vendor: Vendor, *, by, today: dt.date | None = None) -> Revision | None:
    """Say that this person compared the record with its sources today. Returns None if somebody did so today. Raises NotAllowed."""
    require(by, "curate_vendor", "To verify a record is for curators.")
    with transaction.atomic():
        vendor = Vendor.objects.select_for_update().get(pk=vendor.pk)
        [before] = facts.dump(Vendor.objects.filter(pk=vendor.pk))
        today = today or timezone.localdate()
        record = {**before, "verified_on": today.isoformat(), "status": str(vendor.status)}
        [row] = facts.plan([facts.Entry(1, record)]).rows
        if row.state == "unchanged":
            return None
        revision = Revision(
            vendor=vendor, slug=vendor.slug, name=vendor.name, before=before, after=row.known_after, origin=Origin.VERIFY, author=by,
            author_name=name_of(by), reason="Compared with its sources.",
        )  # fmt: skip
        apply([revision])
    return revision


@contextmanager
def for_a_moment(record: Mapping[str, Any], *, stored_as: str = "") -> Iterator[Vendor]:
    """The vendor as it would be with this record, to be looked at and undone again. stored_as: the slug that it has now.

    Raises Refused. Nobody else sees it meanwhile; the snapshot must not be asked for, as it would.
    """
    with transaction.atomic():
        old_slugs = {record["slug"]: stored_as} if stored_as else {}
        planned = facts.plan([facts.Entry(1, facts.outspoken(record))], old_slugs=old_slugs)
        if planned.problems or not facts.accepted(planned.parts()):
            facts.constraint_problems(planned.rows)
            raise Refused(planned.problems)
        yield Vendor.objects.for_page().prefetch_related("services__group").get(slug=record["slug"])
        transaction.set_rollback(True)


def note_command(changes: Iterable[tuple[dict, dict]]):
    """Leave a row for every record that a command changed. Whoever may run commands on the server needs nobody's approval."""
    changes = list(changes)
    vendors = {vendor.slug: vendor for vendor in Vendor.objects.filter(slug__in=[after["slug"] for _, after in changes])}
    now = timezone.now()
    Revision.objects.bulk_create(
        Revision(
            vendor=vendors[after["slug"]], slug=after["slug"], name=after["name"], before=before, after=after, origin=Origin.COMMAND,
            reason="Loaded from a file.", author_name=COMMAND_LINE, status=Status.APPLIED, decided_at=now,
        )
        for before, after in changes
    )  # fmt: skip
