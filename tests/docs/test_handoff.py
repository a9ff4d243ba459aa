"""``docs/handoff*.md``: every trigger has its row, and the YAML of both pages is taken as it is."""

import re
from pathlib import Path

import pytest
import yaml

from chatcrew.tenancy._shapes.people import PeopleShape
from chatcrew.tenancy.model import HandoffPolicy
from chatcrew.tenancy.vocabulary import SIGNALS

ROOT = Path(__file__).parents[2]
PAGES = ("handoff.md", "handoff.pt-BR.md")


def text(page: str) -> str:
    """Return a page."""
    return (ROOT / "docs" / page).read_text("utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_every_trigger_has_its_row(page: str) -> None:
    """Neither page forgets one or tells of one that is gone."""
    table = text(page).partition("<!-- table: triggers -->")[2].partition("\n## ")[0]
    named = re.findall(r"(?m)^\| `(\w+)` \|", table)

    assert set(named) == set(HandoffPolicy.__dataclass_fields__) - {"choice"}
    assert all(f"`{one}`" in text(page) for one in SIGNALS)


@pytest.mark.parametrize("page", PAGES)
def test_the_yaml_of_the_page_is_taken_as_it_stands(page: str) -> None:
    """Both examples are what the shape takes, with the numbers that the page speaks of."""
    blocks = re.findall(r"```yaml\n(.*?)```", text(page), re.DOTALL)
    handoff, feedback = [PeopleShape(**yaml.safe_load(one)["people"]) for one in blocks]

    assert handoff.handoff is not None
    assert handoff.handoff.cost is not None
    assert handoff.handoff.cost.usd == 0.5
    assert feedback.feedback is not None
    assert feedback.feedback.digest is not None
    assert feedback.feedback.digest.conversation == 42


@pytest.mark.parametrize("page", PAGES)
def test_the_figures_in_the_table_are_the_programs(page: str) -> None:
    """What holds where nobody says anything stands in the last column."""
    plain = HandoffPolicy()
    rows = dict(re.findall(r"(?m)^\| `(\w+)` \|.*\| ([^|]+) \|$", text(page)))

    assert str(plain.tool.retries) in rows["tool"]
    assert str(plain.long.messages) in rows["long"]
    assert str(plain.mood.below) in rows["mood"]
    assert f"`{plain.mood.labels[0]}`" in rows["mood"]
    assert f"`{plain.alarm.priority}`" in rows["alarm"]
    assert str(plain.loop.answers) in rows["loop"]
