"""``docs/proposals.md`` says what the program does: examples load, commands and figures hold."""

import re
import shlex
from pathlib import Path

import pytest
import typer
import yaml

from chatcrew.app.rounds import KEEP_DRAFTS, SETTLE_EVERY
from chatcrew.cli._commands import app
from chatcrew.hub.orders import read
from chatcrew.hub.orders.corrections import Correct
from chatcrew.proposals._compare import EDITED
from chatcrew.proposals._drafts import OPEN_FOR
from chatcrew.tenancy._shapes.mapping import MappingShape
from chatcrew.testing import ManualClock

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [DOCS / "proposals.md", DOCS / "proposals.pt-BR.md"]


def blocks(page: Path, kind: str) -> list[str]:
    """Return the code blocks of a kind."""
    return re.findall(rf"```{kind}\n(.*?)```", page.read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_example_of_a_draft_inbox_is_one(page: Path) -> None:
    """What an admin copies is accepted."""
    (example,) = blocks(page, "yaml")
    shape = MappingShape.model_validate(yaml.safe_load(example))
    assert shape.accounts["acme"].inboxes["31"].mode == "draft"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_are_commands_with_these_options(page: Path) -> None:
    """Every line of every block names a command, its options and as many arguments as it takes."""
    group = typer.main.get_group(app)
    lines = [line for block in blocks(page, "sh") for line in block.strip().splitlines()]
    assert len(lines) == 8
    for line in lines:
        program, name, *rest = shlex.split(line)
        command = group.commands[name]
        if name == "proposals":
            command = command.commands[rest.pop(0)]  # type: ignore[attr-defined]  # a group
        assert program == "chatcrew"
        with command.make_context(name, rest, resilient_parsing=False) as context:
            assert context.params


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_operators_are_told_to_write_is_understood_so(page: Path) -> None:
    """The four forms of a correction."""
    rows = re.findall(r"\| `(/bot corrigir[^`]*)` \|", page.read_text("utf-8"))
    found = [read(row, now=ManualClock().now()).order for row in rows]
    assert found == [
        Correct("A consulta custa R$ 290."),
        Correct("Sim, das 8h às 12h.", question="Abre no sábado?"),
        Correct("Nunca ofereça desconto.", rule=True),
        Correct(""),
    ]
    assert read('/bot correct "Não."', now=ManualClock().now()).order == Correct("Não.")


def test_the_figures_are_the_programs() -> None:
    """A minute, half of the words, a day, half a year."""
    english = PAGES[0].read_text("utf-8")
    assert "once a minute" in english
    assert "half of its words" in english
    assert "within a day" in english
    assert "half a year" in english
    assert (SETTLE_EVERY, EDITED, OPEN_FOR.days, KEEP_DRAFTS.days) == (60.0, 0.5, 1, 180)
