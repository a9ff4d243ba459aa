"""``docs/memory.md`` says what the program does: examples load, commands and figures hold."""

import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chatcrew import tools
from chatcrew.cli._commands import app
from chatcrew.hub import orders, remembering
from chatcrew.hub.orders.memories import Forget, Show
from chatcrew.intents import gist
from chatcrew.memory import MOST_FACTS
from chatcrew.memory.remember import ROLL
from chatcrew.tenancy import load
from chatcrew.tenancy.model import Collect, Crew, Episodes, MemoryPolicy
from chatcrew.testing import ManualClock

ROOT = Path(__file__).parents[2]
ENGLISH = (ROOT / "docs" / "memory.md").read_text("utf-8")
PORTUGUESE = (ROOT / "docs" / "memory.pt-BR.md").read_text("utf-8")


def example(name: str) -> str:
    """Return the code under a marker."""
    found = re.search(rf"<!-- example: {name} -->\n\n```\w*\n(.+?)```", ENGLISH, re.DOTALL)
    assert found is not None, name
    return found[1]


def loaded(folder: Path, text: str):
    """Return the clinic with ``text`` at the end of its file."""
    for name in ("config", "crews"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "chatwoot_mapping.yaml", folder)
    clinic = folder / "config" / "domains" / "health" / "varizemed.yaml"
    clinic.write_text(f"{clinic.read_text('utf-8')}\n{text}", "utf-8")
    names = tools.names()
    found = load(folder / "chatwoot_mapping.yaml", folder / "config", folder / "crews", tools=names)
    return found.tenants["health/varizemed"]


def test_the_example_is_what_it_says(tmp_path: Path) -> None:
    """Its keys are those of a business's file."""
    clinic = loaded(tmp_path, example("domain"))

    assert clinic.memory == MemoryPolicy(
        consent="required", keep_days=180, attribute="lgpd_ok", extract_every=5
    )
    assert clinic.collect == Collect()
    assert clinic.episodes == Episodes("continue", timedelta(hours=12))
    assert clinic.episodes.continued_for == timedelta(hours=12)


def test_the_portuguese_example_loads_too(tmp_path: Path) -> None:
    """And says the same, but for what it leaves out."""
    found = re.search(r"```yaml\n(.+?)```", PORTUGUESE, re.DOTALL)
    assert found is not None

    assert loaded(tmp_path, found[1]).episodes.reopen == "continue"


@pytest.mark.parametrize("command", example("commands").strip().splitlines())
def test_the_commands_are_commands(command: str) -> None:
    """Each names a command that there is, with as many arguments as it takes."""
    _, group, name, *arguments = re.findall(r'"[^"]+"|\S+', command)
    helped = CliRunner().invoke(app, [group, name, "--help"])

    assert helped.exit_code == 0
    assert len(arguments) in {"list": (2,), "edit": (4,), "forget": (2, 3)}[name]


def test_the_notes_are_orders() -> None:
    """What operators are told to write is understood."""
    now = ManualClock().now()
    for text, order in (
        ("/bot memória", Show()),
        ("/bot esquecer 7", Forget(7)),
        ("/bot esquecer", Forget()),
    ):
        assert f"`{text}`" in ENGLISH
        assert f"`{text}`" in PORTUGUESE
        found = orders.read(text, now=now).order
        assert found == order
    assert orders.read("/bot esquecer o cliente", now=now).order is None


def test_the_figures_are_the_programs() -> None:
    """Defaults and bounds that the page names."""
    crew = {name: field.default for name, field in Crew.__dataclass_fields__.items()}
    policy = MemoryPolicy()
    for said in (
        f"newest `history` lines ({crew['history']})",
        f"`history_tokens` ({crew['history_tokens']})",
        f"more than {gist.MAX_LINE} characters",
        f"`keep_days` ({policy.keep_days})",
        f"Every `extract_every` ({policy.extract_every}) messages",
        f"Of one customer {MOST_FACTS} facts are kept",
        f"{remembering.UNTOLD_FOR.days} days in other conversations",
    ):
        assert said in ENGLISH, said
    assert (ROLL, remembering.MOST) == (10, 5)
