"""Text as it is compared: the same on every database, whatever its collation or accents. No Django."""

import unicodedata


def fold(text: str) -> str:
    """Lower case, without accents, with single spaces: `"Zürich  AG"` becomes `"zurich ag"`."""
    if text.isascii():  # has no accents; nearly all names are, and a large catalogue folds many
        return " ".join(text.casefold().split())
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())
