"""The page about figures: its example is right, and it names every column of every export."""

import re
from pathlib import Path

import pytest

from chatcrew.analytics import COLUMNS, KINDS, TRANSCRIPT
from chatcrew.analytics._scale import step, times

ROOT = Path(__file__).parents[2]
PAGES = ("docs/analytics.md", "docs/analytics.pt-BR.md")


@pytest.mark.parametrize("page", PAGES)
def test_the_scale_s_example_is_right(page: str) -> None:
    """Each measured time stands on the step that the page says, and so do the percentiles."""
    text = (ROOT / page).read_text("utf-8")
    example = text.split("<!-- example: scale -->")[1]
    rows = [(int(ms), int(on)) for ms, on in re.findall(r"^\| (\d+) \| (\d+) \|$", example, re.M)]
    assert len(rows) == 7
    assert [step(ms) for ms, _ in rows] == [on for _, on in rows]
    found = times(((on, 1) for _, on in rows), total=0)
    assert re.findall(r"p(?:50|95)[^\d]{1,5}(\d+) ms", example) == [str(found.p50), str(found.p95)]


@pytest.mark.parametrize("page", PAGES)
def test_every_export_has_its_columns_on_the_page(page: str) -> None:
    """In their order; no kind is left out, and none is there that cannot be exported."""
    text = (ROOT / page).read_text("utf-8")
    told = dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| ([\w ]+) \|$", text, re.M))
    assert told == {kind: " ".join(COLUMNS[kind]) for kind in KINDS}
    assert set(KINDS) == set(COLUMNS)
    assert " ".join(TRANSCRIPT) in " ".join(text.split())
