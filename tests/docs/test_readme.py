"""Both first pages name every command, fit their readers' patience, and prove the same things."""

import re
from pathlib import Path

import pytest
import typer

from chatcrew.cli._commands import app

ROOT = Path(__file__).parents[2]
PAGES = {"README.md": ("Proof", "Commands"), "README.pt-BR.md": ("Prova", "Comandos")}
LONGEST = 160


def _part(page: str, title: str) -> list[list[str]]:
    """Return the rows of the table below a heading."""
    text = (ROOT / page).read_text("utf-8").partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    rows = [one.split("|")[1:-1] for one in text.splitlines() if one.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


@pytest.mark.parametrize("page", PAGES)
def test_every_command_has_its_place_and_no_other(page: str) -> None:
    """Grouped by what somebody wants, each once, subcommands too."""
    program = typer.main.get_group(app)
    named = [
        words.split()
        for _, cell in _part(page, PAGES[page][1])
        for words in re.findall(r"`([a-z][^`]*)`", cell)
    ]

    assert {one[0] for one in named} == set(program.commands)
    for name, *more in named:
        below = getattr(program.commands[name], "commands", {})
        assert not more or more[0] in below or more[0].isupper()


@pytest.mark.parametrize("page", PAGES)
def test_the_page_is_short_and_begins_with_two_commands_and_a_picture(page: str) -> None:
    """What it is, how it is tried, how it looks: on the first screen."""
    lines = (ROOT / page).read_text("utf-8").splitlines()
    first = "\n".join(lines[:14])

    assert len(lines) < LONGEST
    assert all(one in first for one in ("./scripts/demo", "./scripts/test", "](docs/images/"))


def test_both_pages_prove_with_the_same_commands_which_exist() -> None:
    """A promise without a command is none."""
    proofs = [[row[1] for row in _part(page, PAGES[page][0])] for page in PAGES]

    assert proofs[0] == proofs[1]
    assert len(proofs[0]) > 5
    for command in proofs[0]:
        for module in re.findall(r"python -m (benchmarks[\w.]+)", command):
            place = ROOT / module.replace(".", "/")
            assert place.is_dir() or place.with_suffix(".py").exists()
        for path in re.findall(r"(?:\./)?((?:tests|scripts)/[\w./]+)", command):
            assert (ROOT / path).exists()
