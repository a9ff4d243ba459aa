"""Advice about crews: examples nobody is shown, managers that nothing is managed by."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from chatcrew.cli._check import advice_on
from chatcrew.tenancy import check

VALID = Path(__file__).parents[1] / "samples" / "tenancy" / "valid"
TOOLS = frozenset({"search_knowledge", "handoff", "available_slots"})
OWN = Path("config/domains/shop/acme.yaml")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a copy of the valid sample."""
    shutil.copytree(VALID, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def warned(code: str, language: str = "en") -> list[str]:
    """Return the warnings of one kind about the current folder, which has no fault."""
    files = (Path("chatwoot_mapping.yaml"), Path("config"), Path("crews"))
    advice = advice_on(date(2026, 11, 21))
    report = check(*files, tools=TOOLS, read_secrets=False, advice=advice)
    assert report.lines() == []
    return [one.render(language) for one in report.warnings if one.code == code]


@pytest.mark.parametrize(
    ("count", "reply", "first"), [(8, "Oi!", 6), (3, "x" * 900, 2), (6, "Oi!", 0)]
)
def test_examples_beyond_what_a_prompt_holds_are_named(
    folder: Path, count: int, reply: str, first: int
) -> None:
    """S2-18: the first one that no model sees, with its line; none where all are shown."""
    lines = [f"  - {{customer: oi, reply: {reply}}}\n" for _ in range(count)]
    before = len(OWN.read_text("utf-8").splitlines())
    with OWN.open("a", encoding="utf-8") as file:
        file.write("examples:\n" + "".join(lines))

    said = warned("examples_unshown")

    line = (
        f"{OWN}:{before + 2 + first}:5: examples[{first}]: prompts have room for {first} examples"
    )
    assert said == ([f"{line}: from this one on none reaches a model"] if first else [])


@pytest.mark.parametrize("said", ["manager_agent: attendant", "manager_llm: big"])
def test_a_manager_without_a_process_to_manage_is_named(folder: Path, said: str) -> None:
    """A key that does nothing was meant to do something."""
    with Path("crews/_default/crew.yaml").open("a", encoding="utf-8") as file:
        file.write(f"{said}\n")
    key = said.split(":", maxsplit=1)[0]

    assert warned("manager_idle") == [
        f"crews/_default/crew.yaml:6:1: {key}: {key} does nothing without process: hierarchical"
    ]
    assert "não faz nada sem" in warned("manager_idle", "pt-BR")[0]


def test_a_role_that_may_hand_work_to_nobody_is_named(folder: Path) -> None:
    """``allow_delegation`` without another role: CrewAI gives it no tool for that, in silence."""
    agents = Path("crews/whatsapp/agents.yaml")
    agents.write_text("attendant: {allow_delegation: true}\n", encoding="utf-8")

    assert warned("delegates_to_nobody") == [
        "crews/whatsapp/agents.yaml:1:13: attendant.allow_delegation: role 'attendant' may hand "
        "work on, but there is no other role: name one in coworkers"
    ]
