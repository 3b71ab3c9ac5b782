"""Decision records from draft to frozen, and the hashes of every file that was handed out."""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from django.db import transaction
from django.db.models import Max

from advisor.documents.as_docx import as_docx
from advisor.documents.as_pdf import as_pdf
from advisor.documents.as_xlsx import as_xlsx
from advisor.documents.content import KINDS, Document, digest_of
from advisor.documents.decision import decision_record
from advisor.documents.reading import Reading, read
from advisor.gathering import case_of
from advisor.models import DecisionRecord, IssuedFile, Program

WRITERS: Mapping[str, tuple[Callable[[Document], bytes], str]] = {
    "pdf": (as_pdf, "application/pdf"),
    "docx": (as_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
SAVED_AGAIN = (
    "All of its text is as this portal wrote it. The file was saved again by another program since, so this confirms the text and the "
    "figures, and neither layout nor formatting: text may have been made too small or too pale to be seen."
)
NOT_KEPT = (
    "Its text is not what this portal wrote. The text of a file that was no frozen record is not kept, so what was changed is not known."
)


class CatalogueMoved(Exception):
    """The catalogue is not the one of the saved version any more, so a record of it would not hold what was decided on."""


def draft_of(program: Program) -> DecisionRecord | None:
    return program.records.drafts().select_related("corrects").first()


def start(program: Program, corrects: DecisionRecord | None = None) -> DecisionRecord:
    """The draft of a program; the one that is there, or a new one. A correction begins with what the corrected one said."""
    draft = draft_of(program)
    if draft is None:
        draft = program.records.create(corrects=corrects, entries=dict(corrects.entries) if corrects else {})
    elif corrects and draft.corrects != corrects:
        draft.corrects = corrects
        draft.save(update_fields=["corrects"])
    return draft


def freeze(draft: DecisionRecord, now: dt.datetime) -> DecisionRecord:
    """Write the record for good, from the version saved last. Raises CatalogueMoved, and what `case_of` raises."""
    with transaction.atomic():
        program = Program.objects.select_for_update().get(pk=draft.program_id)
        case = case_of(program, now, draft)
        if case.version.catalogue != case.advice.catalogue.version:
            raise CatalogueMoved
        number = 1 + (program.records.aggregate(last=Max("number"))["last"] or 0)
        document = decision_record(replace(case, number=number))
        draft.number, draft.version = number, program.latest()
        draft.content, draft.sha256, draft.frozen_at = document.as_dict(), document.digest, now
        draft.save()
    return draft


def issue(program: Program, document: Document, form: str, version: int, record: DecisionRecord | None = None) -> bytes:
    """The document as a file, whose hashes are kept so that it is known again."""
    file = WRITERS[form][0](document)
    row = IssuedFile(
        program=program, record=record, kind=document.kind, form=form, version_number=version, content_sha256=document.digest,
        text_sha256=read(file).digest, file_sha256=hashlib.sha256(file).hexdigest(),
    )  # fmt: skip
    IssuedFile.objects.bulk_create([row], ignore_conflicts=True)
    return file


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be said of a file. lines: in full sentences, for whoever asked."""

    outcome: Literal["confirmed", "changed", "unknown"]
    lines: tuple[str, ...]


def verify(data: bytes) -> Verdict:
    """Whether a file is as this portal wrote it. Raises Unreadable for one that is neither PDF nor DOCX nor XLSX."""
    reading = read(data)
    known = IssuedFile.objects.select_related("program", "record")
    if same := known.filter(file_sha256=hashlib.sha256(data).hexdigest()).first():
        return confirmed(same, ("Byte for byte the file that this portal wrote: text, figures and layout are as they were.",))
    if reading.digest and (same := known.filter(text_sha256=reading.digest, content_sha256=reading.printed).first()):
        if reading.additions:
            return Verdict(
                "changed", (about(same), f"The text is as it was written, but the file now holds {', '.join(reading.additions)}.")
            )
        return confirmed(same, (SAVED_AGAIN,))
    if reading.printed and (same := known.filter(content_sha256=reading.printed).first()):
        return Verdict("changed", (about(same), *what_changed(reading, same)))
    return Verdict("unknown", (
        "This portal knows no file like it: it was written elsewhere, or its stamp was changed, or its program has been deleted.",
    ))  # fmt: skip


def confirmed(row: IssuedFile, lines: tuple[str, ...]) -> Verdict:
    """The file is as written; of a frozen record it is also checked that the stored record still gives its own hash."""
    record = row.record
    if record is None:
        return Verdict("confirmed", (about(row), *lines))
    if record.content is None or digest_of(record.content) != record.sha256 or record.sha256 != row.content_sha256:
        return Verdict("changed", (about(row), *lines, f"But the stored record {record.number} does not give its own hash any more."))
    stored = f"The stored record {record.number} gives the same hash."
    later = DecisionRecord.objects.filter(corrects=record, frozen_at__isnull=False).first()
    if later:
        return Verdict("confirmed", (about(row), *lines, stored, f"It was corrected by record {later.number}: {later.correction_reason}"))
    return Verdict("confirmed", (about(row), *lines, stored))


def about(row: IssuedFile) -> str:
    names: Mapping[str, str] = KINDS  # type: ignore[assignment]
    what = f"{names[row.kind]} {row.record.number}" if row.record else names[row.kind]
    return (
        f"{what} of program P-{row.program_id}, version {row.version_number}, as {row.form.upper()}, first handed out "
        f"{row.issued_at:%Y-%m-%d %H:%M} UTC, content {row.content_sha256}."
    )


def what_changed(reading: Reading, row: IssuedFile) -> tuple[str, ...]:
    """Where a file departs from what was written, as far as that can be told."""
    if reading.format == "pdf":
        return ("Its bytes are not those that this portal wrote. A PDF is compared byte for byte, so what was changed is not known.",)
    if row.record is None or row.record.content is None:
        return (NOT_KEPT,)
    written = read(WRITERS[reading.format][0](Document.from_dict(row.record.content))).lines
    gone, new = [line for line in written if line not in set(reading.lines)], [line for line in reading.lines if line not in set(written)]
    return (
        "Its text is not what this portal wrote.",
        *(f"Not there any more: {line[:200]}" for line in gone[:5]),
        *(f"Not written by this portal: {line[:200]}" for line in new[:5]),
        *(["Lines stand in another order."] if not gone and not new else []),
        *([f"It now holds {', '.join(reading.additions)}."] if reading.additions else []),
    )
