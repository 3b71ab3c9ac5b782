"""How terms and lists stand in a sentence."""

from collections.abc import Sequence


def mid_sentence(name: str) -> str:
    """A term as it stands within a sentence; names that begin with an abbreviation keep their capitals."""
    return name if name[:2].isupper() or name[1:2].isupper() else name[:1].lower() + name[1:]


def listed(names: Sequence[str], most: int = 3) -> str:
    """`a, b and c`; with more than `most`, `a, b, c and 2 more`; a comma sets off names that hold an "and" themselves."""
    parts = [*names[:most], f"{len(names) - most} more"] if len(names) > most else list(names)
    if len(parts) < 2:
        return "".join(parts)
    last = ", and " if any(" and " in part for part in parts) else " and "
    return ", ".join(parts[:-1]) + last + parts[-1]


def sentence(text: str) -> str:
    """With a capital at the beginning and a full stop at the end, unless it ends already."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?")) else ".")
