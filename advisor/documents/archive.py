"""DOCX and XLSX are archives: written so that the same content gives the same bytes, opened so that none can hurt."""

import io
import re
import zipfile

from vendors import packed

# Every file in the archive gets this time, the earliest that the format knows.
EPOCH = (1980, 1, 1, 0, 0, 0)
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
# What an archive may grow to when it is opened. Our own longest documents stay far below.
MOST_BYTES = 60_000_000


class Unreadable(ValueError):
    """A file that can't be opened as what its name says, in words for whoever gave it."""


def with_one_time(archive: bytes, modified: str) -> bytes:
    """The archive anew: each file in it with the same time, and its properties changed when `modified` says (ISO 8601)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as before, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            part = before.read(name)
            if name == "docProps/core.xml":
                part = MODIFIED.sub(rb"\g<1>" + f"{modified[:19]}Z".encode() + rb"\g<2>", part)
            after.writestr(zipfile.ZipInfo(name, EPOCH), part, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def parts_of(data: bytes) -> list[str]:
    """The names of what is in it. Raises Unreadable for an archive that is none, or that would grow without measure when it is opened."""
    try:
        return packed.names(data, MOST_BYTES)
    except zipfile.BadZipFile as error:
        raise Unreadable("It is no DOCX or XLSX file, or it is damaged.") from error
    except packed.TooMuch as error:
        raise Unreadable("It would grow beyond measure when it is opened.") from error
