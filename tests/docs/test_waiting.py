"""``docs/waiting.md`` says what the program does: examples load, the command and figures hold."""

import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chatcrew import tools
from chatcrew.cli._commands import app
from chatcrew.debts import FEWEST
from chatcrew.hub.debts import steps
from chatcrew.messages import DebtKind
from chatcrew.tenancy import load
from chatcrew.tenancy.model import WaitingPolicy

ROOT = Path(__file__).parents[2]
PAGES = ("docs/waiting.md", "docs/waiting.pt-BR.md")


def page(name: str) -> str:
    """Return a page."""
    return (ROOT / name).read_text("utf-8")


def example(name: str, text: str) -> str:
    """Return the code under a marker."""
    found = re.search(rf"<!-- example: {name} -->\n\n```\w*\n(.+?)```", text, re.DOTALL)
    assert found is not None, name
    return found[1]


def _policy(name: str, page_name: str, folder: Path) -> WaitingPolicy:
    """Return what an example makes of a business at the end of whose file it is copied."""
    for name_of in ("config", "crews"):
        shutil.copytree(ROOT / name_of, folder / name_of)
    shutil.copy(ROOT / "chatwoot_mapping.yaml", folder)
    clinic = folder / "config" / "domains" / "health" / "varizemed.yaml"
    words = example(name, page(page_name))
    text = clinic.read_text("utf-8")
    assert "\npeople:" not in text, "the example would be a second people:"
    clinic.write_text(f"{text}\n{words}", "utf-8")
    loaded = load(
        folder / "chatwoot_mapping.yaml",
        folder / "config",
        folder / "crews",
        tools=tools.names(),
    )

    return loaded.tenants["health/varizemed"].people.waiting


@pytest.mark.parametrize("name", PAGES)
def test_the_examples_of_a_policy_are_one(name: str, tmp_path: Path) -> None:
    """What an admin copies to the end of a business's file is in force as it stands there."""
    policy = _policy("waiting", name, tmp_path / "steps")
    resolution = _policy("resolution", name, tmp_path / "end")

    assert (resolution.resolve_within, resolution.resolve_label) == (480, "atrasada")
    assert [(one.after, one.do) for one in policy.steps] == [
        (3, "announce"),
        (10, "reroute"),
        (45, "return"),
    ]
    assert (policy.answer, policy.label, policy.daily) == (30, "esperando", 5)


@pytest.mark.parametrize("name", PAGES)
def test_the_default_steps_are_those_of_the_table(name: str) -> None:
    """Minutes in their order, then days; the figure from which on waits are told."""
    text = page(name)
    minutes = [int(found) for found in re.findall(r"^\| (\d+) min \|", text, re.MULTILINE)]

    every = steps(WaitingPolicy(), DebtKind.HANDOFF)
    assert [one.after for one in every] == [*minutes, *[None] * 5]
    assert f" {FEWEST} " in text
    assert f"{WaitingPolicy().answer:g} minut" in text
    assert f"{(WaitingPolicy().resolve_within or 0) / 60:g} h" in text
    assert f"`{WaitingPolicy().resolve_label}`" in text


@pytest.mark.parametrize("name", PAGES)
def test_the_command_of_the_page_is_one(name: str) -> None:
    """Its options are known."""
    words = example("command", page(name)).split()
    told = CliRunner().invoke(app, [*words[1:], "--help"])

    assert told.exit_code == 0
    assert "calibration" in told.output
