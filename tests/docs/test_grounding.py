"""``docs/grounding.md``, in both languages: what its tables say passes does, the rest not."""

import re
import sys
from datetime import date
from pathlib import Path

import pytest

from chatcrew.hub.claims import Sources

sys.path.append(str(Path(__file__).parents[2]))  # pytest, unlike python -m pytest, leaves it out
from benchmarks._claims import check, rows
from benchmarks._shipped import load_shipped

ROOT = Path(__file__).parents[2]
PAGES = ("docs/grounding.md", "docs/grounding.pt-BR.md")
TODAY = date(2026, 11, 20)


def table(page: str, name: str) -> list[list[str]]:
    """Return the cells of a table, without its head."""
    text = (ROOT / page).read_text("utf-8").split(f"<!-- table: {name} -->\n\n", 1)[1]
    lines = text.split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("page", PAGES)
def test_what_the_page_says_passes_passes(page: str) -> None:
    """Who writes facts by the example is not disappointed."""
    for source, reply in table(page, "passes"):
        assert Sources(own=(source,), day=TODAY).unfounded(reply) == [], reply


@pytest.mark.parametrize("page", PAGES)
def test_what_the_page_says_is_refused_is_refused_for_that(page: str) -> None:
    """The kind is the one that the note and the metrics name."""
    for source, reply, kind in table(page, "refused"):
        found = Sources(own=(source,), day=TODAY).unfounded(reply)
        assert kind in {one.kind for one in found}, reply


def test_the_figures_are_those_of_the_benchmark() -> None:
    """A figure in a page that nobody recounts is a promise that nobody keeps."""
    text = (ROOT / PAGES[0]).read_text("utf-8")
    tenants = load_shipped().configuration.tenants
    caught = [bool(check(row, tenants).found) for row in rows("swapped")]
    refused = [bool(check(row, tenants).found) for row in rows("correct")]

    assert f"caught | {sum(caught)} of {len(caught)} |" in text
    assert f"| {sum(refused)} of {len(refused)} |" in text
    assert re.search(rf"\({len(caught) - sum(caught)} of {len(caught)} pass\)", text)
