"""Exported facts come back as they went, and no spreadsheet calculates with them (S2-25)."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from chatcrew.analytics import csv_line, csv_text

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
STARTS = st.sampled_from(["", "=", "+", "-", "@", "\t", "\r", "\n", "'", "''="])
TOLD = st.lists(st.builds(str.__add__, STARTS, TEXTS), min_size=1, max_size=6)


def read(line: str) -> list[str]:
    """Return the cells of a line as a program reads them."""
    return next(csv.reader(io.StringIO(line, newline="")))


@given(TOLD)
def test_text_comes_back_as_it_was(told: list[str]) -> None:
    """Whatever it holds: quotes, commas, ends of lines, marks of formulas."""
    assert [csv_text(cell) for cell in read(csv_line(told))] == told


@given(TOLD)
def test_no_text_is_calculated(told: list[str]) -> None:
    """What begins like a formula has a quote before it (OWASP: CSV injection)."""
    assert not any(
        cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in read(csv_line(told))
    )


@given(st.lists(st.integers() | st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_figures_stay_figures(figures: list[float]) -> None:
    """A negative one is no formula: spreadsheets must add it up."""
    assert [float(cell) for cell in read(csv_line(figures))] == [float(one) for one in figures]
