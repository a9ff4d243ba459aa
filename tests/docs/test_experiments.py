"""``docs/experiments.md`` says what the program does: its example loads, its words are used."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from chatcrew import tools
from chatcrew.analytics import ENOUGH
from chatcrew.tenancy import load

ROOT = Path(__file__).parents[2]
PAGES = {name: (ROOT / "docs" / name).read_text("utf-8") for name in ("experiments.md",)}
PAGES["experiments.pt-BR.md"] = (ROOT / "docs" / "experiments.pt-BR.md").read_text("utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_the_example_is_an_experiment_of_a_shipped_business(page: str, tmp_path: Path) -> None:
    """As it stands there, at the end of a business's file (S2-41)."""
    found = re.search(r"<!-- example: experiment -->\n\n```yaml\n(.+?)```", PAGES[page], re.DOTALL)
    assert found is not None
    for name in ("config", "crews"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "chatwoot_mapping.yaml", tmp_path)
    clinic = tmp_path / "config" / "domains" / "health" / "varizemed.yaml"
    clinic.write_text(f"{clinic.read_text('utf-8')}\n{found[1]}", "utf-8")
    names = tools.names()

    loaded = load(
        tmp_path / "chatwoot_mapping.yaml", tmp_path / "config", tmp_path / "crews", tools=names
    )
    trial = loaded.tenants["health/varizemed"].experiment

    assert trial is not None
    assert (trial.start, trial.stop) == (date(2026, 11, 5), date(2026, 12, 5))
    assert set(trial.personas["b"]) == {"tone", "style"}


@pytest.mark.parametrize("page", PAGES)
def test_verdicts_and_their_least_data_are_those_of_the_program(page: str) -> None:
    """The number of sessions stands beside the verdict."""
    assert re.search(rf"`not_enough_data` \|.*\b{ENOUGH}\b", PAGES[page])
    for verdict in ("`no_difference`", "`a`, `b`"):
        assert f"| {verdict} |" in PAGES[page]
