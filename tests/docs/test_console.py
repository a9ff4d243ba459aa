"""What owners are told of the console is so."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from chatcrew.accounts import (
    MOST_ADDRESS,
    MOST_HERE,
    MOST_NAME,
    SESSION_HOURS,
    SHORTEST_PASSWORD,
    TRY_WINDOW,
    Role,
    Strength,
)
from chatcrew.cli._commands import app
from chatcrew.web.console import (
    DebtsPage,
    LimitsPage,
    LivePage,
    MailboxPage,
    QuarantinePage,
    TenantsPage,
    UsersPage,
)
from chatcrew.web.console._words import WORDS

ROOT = Path(__file__).parents[2]
PAGES = {"docs/console.md": 1, "docs/console.pt-BR.md": 0}
ALL = (DebtsPage, LimitsPage, LivePage, MailboxPage, QuarantinePage, TenantsPage, UsersPage)


class Nothing:
    """Stands for whatever a page reads; the page is only asked for its words."""


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_the_page_are_commands(page: str) -> None:
    """Each line of the example parses, options and arguments."""
    text = (ROOT / page).read_text("utf-8")
    shown = text.split("<!-- example: accounts -->\n\n```sh\n", 1)[1].split("```", 1)[0]
    group = typer.main.get_command(app)
    for line in shown.splitlines():
        _, *rest = line.split()
        command: Any = group
        while hasattr(command, "commands"):
            command = command.commands[rest.pop(0)]
        command.make_context("chatcrew", rest)


@pytest.mark.parametrize("page", PAGES)
def test_roles_pages_and_bounds_are_those_of_the_program(page: str) -> None:
    """Who reads it relies on the numbers."""
    text = (ROOT / page).read_text("utf-8")
    for role in Role:
        assert f"| `{role}`" in text
    words = [made(Nothing()).page().words for made in ALL]  # type: ignore[arg-type]  # not asked
    names = [made(Nothing()).page().name for made in ALL]  # type: ignore[arg-type]  # not asked
    for name, told in zip(names, words, strict=True):
        assert f"| {told[name][PAGES[page]]} |" in text
    for figure in (SESSION_HOURS, SHORTEST_PASSWORD, MOST_NAME, MOST_ADDRESS):
        assert re.search(rf"\b{figure}\b", text)
    assert f"{TRY_WINDOW.total_seconds() / 60:.0f} minut" in text
    assert f"{Strength().kibibytes // 1024} MiB" in text
    assert (MOST_HERE, Strength().passes) == (5, 3)


def test_both_languages_have_the_same_gaps() -> None:
    """A text with another placeholder would break the page."""
    gaps = re.compile(r"\{\w+\}")
    every = dict(WORDS)
    for made in ALL:
        every |= made(Nothing()).page().words  # type: ignore[arg-type]  # not asked
    for key, (portuguese, english) in every.items():
        assert sorted(gaps.findall(portuguese)) == sorted(gaps.findall(english)), key
        assert portuguese
        assert english
