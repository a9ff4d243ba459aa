"""What operators and admins are told of commands and approvals is so."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from chatcrew.hub.orders import HELP_ALL, KINDS, read
from chatcrew.tenancy._shapes.takeover import TakeoverShape
from chatcrew.tenancy._shapes.tools import ToolShape
from chatcrew.tenancy._values.takeover import Takeover, made_takeover
from chatcrew.tools import CallState

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
OPERATORS = ("docs/operators.md", "docs/operators.pt-BR.md")
APPROVALS = ("docs/approvals.md", "docs/approvals.pt-BR.md")


def commands(page: str) -> list[list[str]]:
    """Return the first two cells of each row of the table of commands."""
    text = (ROOT / page).read_text("utf-8").split("<!-- table: commands -->\n\n", 1)[1]
    lines = text.split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip(" `") for cell in line.split("|")[1:3]] for line in lines]


@pytest.mark.parametrize("page", OPERATORS)
def test_every_command_of_the_page_is_understood_in_both_languages(page) -> None:
    """And every command there is stands on the page and in the bot's own list."""
    found = set()
    for portuguese, english in commands(page):
        ours, theirs = read(portuguese, now=NOW), read(english, now=NOW)
        assert ours.kind is not None
        assert (ours.kind, ours.note) == (theirs.kind, theirs.note)
        assert type(ours.order) is type(theirs.order)
        found.add(ours.kind.word)
        word = portuguese.split()[1]
        assert f"`/bot {word}" in HELP_ALL
    assert found == {kind.word for kind in KINDS}


@pytest.mark.parametrize("page", APPROVALS)
def test_the_example_of_a_risky_tool_is_one(page) -> None:
    """What an admin copies is accepted."""
    text = (ROOT / page).read_text("utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    (entry,) = yaml.safe_load(example)["tools"]
    shape = ToolShape.model_validate(entry)
    assert (shape.approval, shape.approval_minutes) == (True, 60)


@pytest.mark.parametrize("page", APPROVALS)
def test_every_state_of_a_call_is_explained(page) -> None:
    """But the one that lasts no longer than a moment."""
    text = (ROOT / page).read_text("utf-8")
    states = set(CallState) - {CallState.APPROVED}
    assert all(f"`{state.value}`" in text for state in states)


@pytest.mark.parametrize("page", OPERATORS)
def test_every_command_anywhere_on_the_page_is_understood(page) -> None:
    """A first day is not the day for a command that the bot asks back about."""
    text = (ROOT / page).read_text("utf-8")
    for words in re.findall(r"`(/bot [^`]*)`", text):
        assert read(words, now=NOW).kind is not None, words


@pytest.mark.parametrize("page", OPERATORS)
def test_the_takeover_policy_of_the_page_is_one(page) -> None:
    """Who copies it has every key there is, with the values it has without it but one."""
    text = (ROOT / page).read_text("utf-8")
    (block,) = [one for one in re.findall(r"```yaml\n(.*?)```", text, re.S) if "takeover:" in one]
    written = yaml.safe_load(block)["people"]["takeover"]
    assert set(written) == set(TakeoverShape.model_fields)
    TakeoverShape(**written)
    made = made_takeover({key: one for key, one in written.items() if key != "resume_after"})
    assert made == Takeover()
    assert made_takeover(written).quiet_seconds == 4 * 3600
