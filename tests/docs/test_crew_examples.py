"""The crews of several roles in ``docs/yaml.md`` load over the shipped files as they say."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from chatcrew import tools
from chatcrew.cli._check import advice_on
from chatcrew.crews import choose
from chatcrew.tenancy import check, load

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "yaml.md").read_text("utf-8")
EXAMPLES = dict(re.findall(r"<!-- crew: (.+?) -->\n\n```yaml\n(.+?)```", DOCUMENT, re.DOTALL))


@pytest.fixture
def resolved(tmp_path, monkeypatch):
    """Return a loader of the shipped files with an example laid over WhatsApp's support."""
    for name in ("config", "crews"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "chatwoot_mapping.yaml", tmp_path)
    monkeypatch.chdir(tmp_path)
    files = (Path("chatwoot_mapping.yaml"), Path("config"), Path("crews"))

    def over(text):
        path = Path("crews/whatsapp/crew.yaml")
        shape = yaml.safe_load(path.read_text("utf-8"))
        shape["functions"] = {"support": yaml.safe_load(text)}
        path.write_text(yaml.safe_dump(shape, allow_unicode=True), encoding="utf-8")
        advice = advice_on(date(2026, 11, 21))
        report = check(*files, tools=tools.names(), read_secrets=False, advice=advice)
        said = [one.render("en") for one in (*report.faults, *report.warnings)]
        assert [line for line in said if line.startswith("crews/")] == []
        return load(*files, tools=tools.names()).crews["whatsapp", "cosmetics/bella", "support"]

    return over


def test_tasks_side_by_side(resolved):
    """Two that look things up at once, one that reads both and writes."""
    crew = resolved(EXAMPLES["side by side"])

    assert [(one.name, one.async_execution) for one in crew.tasks] == [
        ("price", True),
        ("stock", True),
        ("answer", False),
    ]
    assert crew.tasks[-1].context == ("price", "stock")
    assert crew.parallel == 2
    assert {one.model for one in crew.roles} == {"gpt-4o-mini", None}
    assert choose(crew).engine == "crewai"


def test_under_a_manager(resolved):
    """The manager has its own limits and voice; the others are there to be asked."""
    crew = resolved(EXAMPLES["under a manager"])

    assert crew.manager is not None
    assert (crew.manager.name, crew.manager.max_rounds, crew.manager.tools) == ("lead", 3, ())
    assert {one.name for one in crew.roles} == {"attendant", "triage"}
    assert (crew.tasks[0].role, crew.deadline) == ("", 20)
    assert choose(crew).engine == "crewai"


def test_every_example_is_loaded():
    """One that is added gets its test."""
    assert set(EXAMPLES) == {"side by side", "under a manager"}
