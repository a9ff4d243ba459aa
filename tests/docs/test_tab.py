"""What operators and admins are told of the tab is so."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from chatcrew.cli._commands import app
from chatcrew.hub.orders import read
from chatcrew.pairing import CODE_MINUTES, SESSION_HOURS
from chatcrew.tenancy._shapes.mapping import MappingShape
from chatcrew.web.tab._orders import _TIMES, command_of
from chatcrew.web.tab._words import WORDS

ROOT = Path(__file__).parents[2]
PAGES = ("docs/tab.md", "docs/tab.pt-BR.md")
NOW = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
TURN = "01a200c3-c35f-7067-9633-c5081dd15340"
FORMS = (
    {"order": "pause"},
    *({"order": "pause", "for": time} for time in sorted(_TIMES)),
    {"order": "resume"},
    {"order": "take-over"},
    {"order": "hand-back"},
    {"order": "draft"},
    {"order": "forget", "fact": "7"},
    {"order": "forget-all"},
    {"order": "edit", "fact": "7", "words": "Prefere\nmanhãs."},
    {"order": "verdict", "turn": TURN, "good": "no"},
    {"order": "correct", "words": 'Só "até" 11h.'},
)


@pytest.mark.parametrize("page", PAGES)
def test_the_mapping_of_the_page_is_one(page) -> None:
    """What an admin copies is accepted; lifetimes are the program's."""
    text = (ROOT / page).read_text("utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    shape = MappingShape.model_validate(yaml.safe_load(example))
    assert shape.accounts["acme"].tab_origins == ["https://desk.acme.example"]
    assert f"{SESSION_HOURS} hour" in text or f"{SESSION_HOURS} horas" in text
    assert f"{CODE_MINUTES} minut" in text


@pytest.mark.parametrize("form", FORMS, ids=lambda form: "-".join(form.values())[:20])
def test_each_button_is_a_command_that_a_note_could_be(form) -> None:
    """Nothing the tab sends is read as a slip or as a call for help."""
    command = command_of(form)
    assert command is not None
    assert "\n" not in command
    assert read(command, now=NOW).order is not None, command


def test_both_languages_have_the_same_words_with_the_same_gaps() -> None:
    """A text without its English, or with another placeholder, would break the page."""
    gaps = re.compile(r"\{\w+\}")
    for key, words in WORDS["pt-BR"].items():
        assert sorted(gaps.findall(words)) == sorted(gaps.findall(WORDS["en"][key])), key


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_the_page_are_commands(page: str) -> None:
    """Each line of the example parses, options and arguments."""
    text = (ROOT / page).read_text("utf-8")
    shown = text.split("<!-- example: sessions -->\n\n```sh\n", 1)[1].split("```", 1)[0]
    group = typer.main.get_command(app)
    for line in shown.splitlines():
        _, *rest = line.split()
        command: Any = group
        while hasattr(command, "commands"):
            command = command.commands[rest.pop(0)]
        command.make_context("chatcrew", rest)
