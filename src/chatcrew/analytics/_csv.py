"""Facts as lines of CSV (RFC 4180) that no spreadsheet takes for formulas, and back."""

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime

import orjson

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet begins to calculate at (OWASP: CSV injection)."""

_GUARD = "'"


def csv_line(values: Iterable[object]) -> str:
    """Return one line with its end.

    Text that a spreadsheet would calculate gets a quote before it, and so does text that begins
    with one: ``csv_text`` takes exactly one away. Figures stay figures. None is an empty cell.

    Args:
        values: text, figures, moments, None; anything else is written as JSON.
    """
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([_cell(one) for one in values])
    return line.getvalue()


def csv_text(cell: str) -> str:
    """Return the text that ``csv_line`` was given for a cell."""
    return cell.removeprefix(_GUARD)


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, str):
        return _GUARD + value if value.startswith((*_FORMULA, _GUARD)) else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, int | float):
        return value
    return _cell(orjson.dumps(value, default=str).decode())
