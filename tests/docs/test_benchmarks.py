"""``benchmarks/README.md`` tells of every benchmark there is, and of none that is not."""

import ast
import re
from pathlib import Path

import pytest

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


@pytest.mark.parametrize("program", sorted(path.name for path in FOLDER.glob("[!_]*.py")))
def test_every_benchmark_finds_what_it_takes_from_its_neighbours(program: str) -> None:
    """A command of the documentation begins at all: two parts once gave one file two contents."""
    for node in ast.walk(ast.parse((FOLDER / program).read_text("utf-8"))):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith(
            "benchmarks."
        ):
            continue
        beside = FOLDER / f"{(node.module or '').partition('.')[2]}.py"
        assert beside.is_file(), node.module
        wanted = {name.name for name in node.names}
        assert wanted <= _names(beside), (program, node.module)


def _names(path: Path) -> set[str]:
    """Return what a module has at its top."""
    found: set[str] = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found |= {one.id for one in node.targets if isinstance(one, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {name.asname or name.name for name in node.names}
    return found
