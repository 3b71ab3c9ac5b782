"""A file of records that a curator sends: kept between its preview and its confirmation, so that what is stored is what was looked at.

The content never goes back to the browser. It is kept for its owner alone, for some hours, with its digest; what the preview showed has
a fingerprint, and a confirmation whose fingerprint is another's is answered with the preview as it would be now.
"""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from vendors import facts, revisions, sheets
from vendors.models import Revision, Upload

KEPT_FOR = dt.timedelta(hours=2)
RECORDS_MOST = 5000  # in one file from the browser; load_vendors takes more
JSON_LINES = "jsonl"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"


class Changed(Exception):
    """What the file would do is not what was shown any more: the catalogue has changed meanwhile."""


@dataclass(frozen=True)
class Preview:
    """What a file would do now, and the fingerprint of just that."""

    plan: facts.Plan
    fingerprint: str


def form_of(content: bytes) -> str:
    """What a file is, by what is in it and not by its name. Raises sheets.Unreadable."""
    if content.startswith(b"PK\x03\x04"):
        return sheets.XLSX
    if content.startswith(OLD_EXCEL):
        raise sheets.Unreadable("It is a workbook in the old form (.xls), or one with a password; save it as .xlsx without one.")
    if b"\0" in content[:4096]:
        raise sheets.Unreadable("It is neither a text nor a workbook; send CSV in UTF-8, XLSX or JSON Lines.")
    return JSON_LINES if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[") else sheets.CSV


def entries(content: bytes, form: str) -> list[facts.Entry]:
    """The records of a file. Raises sheets.Unreadable."""
    if form == JSON_LINES:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise sheets.Unreadable("The file is not in UTF-8.") from error
        found = list(facts.entries_of(text.split("\n")))
    else:
        found = sheets.read(content, sheets.Form(form))
    if not found:
        raise sheets.Unreadable("There is no record in it.")
    if len(found) > RECORDS_MOST:
        raise sheets.Unreadable(f"It has {len(found):,} records; send at most {RECORDS_MOST:,} at once, or use `manage.py load_vendors`.")
    return found


def keep(owner, name: str, content: bytes) -> Upload:
    """Keep a file until its owner confirms it. Raises sheets.Unreadable; whatever is too old goes."""
    form = form_of(content)
    entries(content, form)
    forget_old()
    return Upload.objects.create(owner=owner, name=name[:200], form=form, content=content, digest=digest(content), made_at=timezone.now())


def forget_old():
    """Remove what nobody may confirm any more."""
    Upload.objects.filter(made_at__lt=timezone.now() - KEPT_FOR).delete()


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def of_owner(owner):
    """The files that somebody may still confirm."""
    return Upload.objects.filter(owner=owner, made_at__gte=timezone.now() - KEPT_FOR)


def preview(upload: Upload) -> Preview:
    """What the file would do now. Raises sheets.Unreadable if its content is not what was sent."""
    content = bytes(upload.content)
    if digest(content) != upload.digest:
        raise sheets.Unreadable("The file that was kept is damaged; send it again.")
    planned = facts.complete(facts.plan(entries(content, upload.form)))
    shown = [(row.slug, row.state, row.stored, row.after, [str(problem) for problem in row.problems]) for row in planned.rows]
    written = json.dumps([upload.digest, shown], sort_keys=True, default=str)
    return Preview(planned, digest(written.encode()))


def carry_out(upload: Upload, *, fingerprint: str, by, reason: str) -> list[Revision]:
    """Propose or make every change of the file, or none. The file goes with it.

    Raises Changed where it would do something else than was shown, ValidationError while a row is refused, and what
    `revisions.submit_all` raises.
    """
    with transaction.atomic():
        # Of two confirmations at once the second finds nothing.
        upload = of_owner(by).select_for_update().get(pk=upload.pk)
        now = preview(upload)
        if now.fingerprint != fingerprint:
            raise Changed
        if now.plan.problems:
            raise ValidationError("Nothing is stored while a row is refused. Correct the file and send it again.")
        records = [row.record for row in now.plan.rows_that("new", "changed")]
        made = revisions.submit_all(records, by=by, reason=reason, origin=Revision.Origin.IMPORT)
        upload.delete()
    return made
