"""Every ``chatcrew`` command that a page shows is one: its name, its options, its arguments."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from chatcrew.cli._commands import app

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    one.relative_to(ROOT).as_posix()
    for one in (*ROOT.glob("README*.md"), *(ROOT / "docs").glob("*.md"))
)


def _shown(page: str) -> Iterator[list[str]]:
    """Yield the words after ``chatcrew`` of each line of a shell block."""
    text = (ROOT / page).read_text("utf-8").replace("\\\n", " ")
    for block in re.findall(r"^```(?:sh)?\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        for line in block.splitlines():
            if found := re.match(r"(?:\.venv/bin/)?chatcrew (.*)", line):
                words = shlex.split(found[1], comments=True)
                yield words[: words.index("<")] if "<" in words else words


def _parse(command: Any, words: list[str], name: str, parent: Any = None) -> None:
    """Walk groups down to the command, whose parser refuses what it does not know."""
    below = getattr(command, "commands", {})
    if words and words[0] in below:
        group = typer.Context(command, parent=parent, info_name=name)
        _parse(below[words[0]], words[1:], words[0], group)
        return
    command.make_context(name, words, parent=parent)


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_a_page_parses(page: str) -> None:
    """Who copies a line gets what the page promises, not a usage error."""
    program = typer.main.get_group(app)
    wrong = []
    for words in _shown(page):
        try:
            assert words[0] in program.commands
            _parse(program.commands[words[0]], list(words[1:]), words[0])
        except Exception as error:  # noqa: BLE001 - all of a page's slips at once
            wrong.append((words, repr(error)))

    assert wrong == []


@pytest.mark.parametrize("page", PAGES)
def test_every_command_named_in_a_sentence_exists(page: str) -> None:
    """Also those in backticks, by their names."""
    program = typer.main.get_group(app)
    text = (ROOT / page).read_text("utf-8")
    named = set(re.findall(r"`(?:\.venv/bin/)?chatcrew ([a-z][a-z-]+)", text))

    assert named - program.commands.keys() == set()
