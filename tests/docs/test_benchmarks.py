"""``benchmarks/README.md`` tells of every benchmark there is, and of none that is not."""

import re
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "benchmarks"


def test_every_benchmark_has_its_command_what_it_measures_and_what_it_prints() -> None:
    """Who wants a figure anew finds the command; a row without words helps nobody."""
    text = (FOLDER / "README.md").read_text("utf-8")
    programs = {path.stem for path in FOLDER.glob("[!_]*.py")}

    told = re.findall(r"python (?:-m benchmarks\.|benchmarks/)(\w+)", text)
    assert set(told) == programs

    rows = [
        line.strip("|").split("|") for line in text.splitlines() if line.startswith("| `python")
    ]
    assert {re.findall(r"benchmarks[./](\w+)", row[0])[0] for row in rows} == programs - {
        "modelserver"
    }
    for row in rows:
        assert len(row) == 5
        assert all(cell.strip() for cell in row)
