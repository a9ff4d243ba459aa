"""``docs/comparison.md`` says the same in both languages, and also where others win."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = ("docs/comparison.md", "docs/comparison.pt-BR.md")


def _marks(page: str) -> list[tuple[str, ...]]:
    table = (ROOT / page).read_text("utf-8").partition("<!-- table: comparison -->")[2]
    lines = table.strip().partition("\n\n")[0].splitlines()[2:]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
    assert all(len(row) == 4 for row in rows)
    return [tuple(re.sub(r"[^●◐○]", "", cell) for cell in row[1:3]) for row in rows]


def test_both_pages_judge_alike() -> None:
    """Row by row the same marks."""
    english, portuguese = (_marks(page) for page in PAGES)

    assert english == portuguese
    assert len(english) > 30


def test_rows_in_which_another_wins_are_in_bold() -> None:
    """Who skims the table sees what chatcrew has not."""
    for page in PAGES:
        text = (ROOT / page).read_text("utf-8")
        for row in re.findall(r"^\| (.+?) \| ([●◐○])[^|]*\| ([●◐○])", text, re.MULTILINE):
            name, ours, captains = row
            worse = "●◐○".index(ours) > "●◐○".index(captains)
            assert worse == name.startswith("**"), name
