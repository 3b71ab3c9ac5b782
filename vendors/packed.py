"""Packed files that people send (XLSX, DOCX): looked at before anything of them is unpacked, since a small one can hold gigabytes."""

import io
import zipfile

PARTS_MOST = 2000


class TooMuch(ValueError):
    """It would unpack to more than is taken."""


def names(content: bytes, most: int) -> list[str]:
    """The names of its parts, where all of them together unpack to no more than `most` bytes.

    Raises zipfile.BadZipFile where it is no packed file, and TooMuch. A part can't unpack to more than its entry says:
    reading stops there.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
    if len(parts) > PARTS_MOST or sum(part.file_size for part in parts) > most:
        raise TooMuch
    return [part.filename for part in parts]
