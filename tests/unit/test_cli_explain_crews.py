"""``chatcrew explain`` of crews with a manager, and of tasks that run side by side."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chatcrew.cli._commands import app

ROOT = Path(__file__).parents[2]
BOSS = "{role: Gerente, goal: Dividir o trabalho, backstory: Nunca inventa., model: big}"


@pytest.fixture
def explain(tmp_path, monkeypatch):
    """Return a caller of the command over a copy of the shipped files, which it adds to."""
    shutil.copy(ROOT / "chatwoot_mapping.yaml", tmp_path)
    for name in ("config", "crews"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)

    def call(file, text, *arguments):
        with Path(file).open("a", encoding="utf-8") as opened:
            opened.write(text)
        done = CliRunner().invoke(app, ["explain", "demo", "1", *arguments])
        assert done.exit_code == 0, done.output
        return done.stdout

    return call


def test_a_manager_is_among_those_who_answer(explain):
    """Its model and the lines its words come from are told like every other role's."""
    text = f"process: hierarchical\nmanager_agent: boss\nagents: {{boss: {BOSS}}}\n"
    said = explain("crews/whatsapp/crew.yaml", text).splitlines()

    assert "  processo   hierarchical (gerente: boss)" in said
    assert any(line.startswith("    boss: modelo big") for line in said)


def test_a_model_as_manager_is_told_too(explain):
    """``manager_llm`` has no role in the files, only what holds for every role."""
    text = "process: hierarchical\nmanager_llm: large\n"
    facts = json.loads(explain("crews/whatsapp/crew.yaml", text, "--json"))

    assert facts["manager"] == "crew-manager"
    assert facts["roles"][-1]["model"] == "large"
    assert facts["engine"]["obstacles"] == ["process"]
    (model,) = [v for v in facts["values"] if v["path"] == "agents.crew-manager.model"]
    assert (model["value"], model["file"]) == ("large", "crews/whatsapp/crew.yaml")


def test_tasks_side_by_side_are_told(explain):
    """The reader sees which tasks do not wait for each other."""
    run = "run: [price, find_specialty, answer], agents: {triage: {goal: Apontar a certa}}"
    tasks = (
        "\nprice: {agent: attendant, description: 'Ache o preço: {message}', "
        "expected_output: Um preço dos Fatos., async_execution: true}\n"
        "find_specialty: {async_execution: true}\n"
    )
    with Path("crews/whatsapp/tasks.yaml").open("a", encoding="utf-8") as file:
        file.write(tasks)
    said = explain(
        "crews/whatsapp/crew.yaml", f"functions: {{support: {{{run}}}}}\n", "--lang", "en"
    ).splitlines()

    assert "    price: by attendant, at the same time as its neighbours" in said
    assert "    answer: by attendant" in said
