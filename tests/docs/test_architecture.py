"""``docs/architecture.md`` shows the house as it is: floors, stages, files, measured figures."""

import re
import tomllib
from pathlib import Path

from chatcrew.hub import stages

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")


def _table(mark: str) -> list[list[str]]:
    lines = PAGE.partition(f"<!-- {mark} -->")[2].strip().splitlines()
    rows = lines[2 : next(n for n, one in enumerate([*lines, ""]) if not one.startswith("|"))]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]


def test_floors_are_those_that_the_linter_holds() -> None:
    """Each package stands on its floor, but those in brackets that are not there yet."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    (layers,) = [one["layers"] for one in contracts["contracts"] if one["type"] == "layers"]
    there = {one.name for one in (ROOT / "src/chatcrew").iterdir()} | {"version"}
    floors = [
        [name for name in re.findall(r"\w+", layer) if name in there]
        for layer in layers
        if layer != "__main__"
    ]

    assert [re.findall(r"`(\w+)`", row[0]) for row in _table("floors")] == floors


def test_every_stage_of_a_turn_is_named() -> None:
    """Who looks for where something happens finds the file."""
    files = {one.stem for one in Path(stages.__file__).parent.glob("*.py")} - {"__init__"}
    said = PAGE.partition("*opening*")[2].partition("The answer goes down")[0]

    assert set(re.findall(r"`([a-z]+)`", said)) == files


def test_every_file_that_is_named_is_there() -> None:
    """Nobody is sent to a file that was moved."""
    named = {one for one in re.findall(r"`(\w[\w./*]+)`", PAGE) if "/" in one[:-1]}
    places = (ROOT, ROOT / "src/chatcrew", ROOT / "tests/scenario")

    assert len(named) > 15
    assert [one for one in named if not any([*place.glob(one)] for place in places)] == []


def test_every_figure_stands_in_the_page_of_figures_with_its_command() -> None:
    """Nothing is measured twice in two words."""
    figures = (ROOT / "docs/performance.md").read_text("utf-8")
    rows = _table("figures")

    assert len(rows) > 8
    for _, seen, command in rows:
        for number in re.findall(r"\d+(?:\.\d+)? (?:s|ms|µs|%)(?!\w)", seen):
            assert number in figures or number.replace(" s", "") in figures, number
        module = command.strip("`").split()[2].replace(".", "/")
        assert (ROOT / f"{module}.py").exists(), command
