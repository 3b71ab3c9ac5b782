"""What a cell of a spreadsheet may hold: no control characters, and no text that it would run as a formula. No Django here."""

from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

Value = str | int | float | None

# With these a spreadsheet takes a text for a formula, or for the beginning of one. The last four are their wide forms.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def guarded(value: Value) -> Value:
    """The value with an apostrophe before it where a spreadsheet would run it as a formula.

    Also where it begins as a guarded one would, so that `unguarded` gives every value back.
    """
    return f"'{value}" if isinstance(value, str) and value.lstrip("'").startswith(FORMULA_STARTS) else value


def unguarded(value: str) -> str:
    """The value that `guarded` was given."""
    return value[1:] if value.startswith("'") and value.lstrip("'").startswith(FORMULA_STARTS) else value


def legal(value: Value) -> Value:
    """Without the control characters that a workbook may not hold; a carriage return, which XML would not keep, as workbooks write it."""
    if not isinstance(value, str):
        return value
    return ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", value).replace("\r", "_x000D_")


def typed(page, value: Value) -> Cell | None:
    """For a text that would be taken for a formula, a cell that says it is text, also when somebody edits it; otherwise None."""
    if not (isinstance(value, str) and value.startswith(FORMULA_STARTS)):
        return None
    cell = WriteOnlyCell(page, legal(value))
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell
