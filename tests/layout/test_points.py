"""The points at which a proof ends and stops processes: each is in the program, and is told of."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatcrew.points import MOMENTS, POINTS, STAGES, Point, Step, passed, staged, stepped, watch

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "src" / "chatcrew"


def _named(kind: str) -> Iterator[str]:
    """Yield the name of each ``Point.…`` or ``Step.…`` in the sources, as often as it stands."""
    for path in SOURCES.rglob("*.py"):
        if path.parent.name == "points":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
                continue
            if node.value.id == kind and node.attr.isupper():
                yield node.attr


def _stages() -> set[str]:
    """Return the names by which the runner times the steps of a turn."""
    own = set()
    for path in (SOURCES / "hub" / "stages").glob("*.py"):
        own |= set(re.findall(r'^    name: str = "(\w+)"$', path.read_text("utf-8"), re.MULTILINE))
    runner = (SOURCES / "hub" / "runner.py").read_text("utf-8")
    return own | set(re.findall(r'_timed\(ctx, "(\w+)"', runner))


def test_every_point_stands_at_one_place_of_the_program() -> None:
    """A point without a place would be proved without being reached; one with two proves less."""
    assert sorted(_named("Point")) == sorted(point.name for point in Point)
    assert set(_named("Step")) == {step.name for step in Step}


def test_every_stage_of_a_turn_is_a_point() -> None:
    """A stage that somebody adds is killed in, too."""
    assert _stages() == set(STAGES)
    assert len(STAGES) == len(_stages())


def test_the_list_of_points_is_in_the_documentation() -> None:
    """Who reads that everything was killed everywhere can look up where that is (N3)."""
    page = (ROOT / "docs" / "proof.md").read_text("utf-8")
    table = page.partition("<!-- points -->")[2].partition("<!-- end -->")[0]
    told = re.findall(r"^\| `([a-z_.]+)` \|", table, re.MULTILINE)

    assert sorted(told) == sorted({*Point, *Step, "hub.<stage>".partition(".<")[0]})
    assert len(POINTS) == len(set(POINTS))


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """Listen at the points until the test ends."""
    told: list[str] = []
    watch(told.append)
    yield told
    watch(None)


def test_whoever_watches_hears_each_kind_of_point(heard: list[str]) -> None:
    """By the names that are listed, so that an order finds its point."""
    passed(Point.CLAIMED)
    for moment in MOMENTS:
        stepped(Step.DECIDE, moment)
    stepped(None, "asked")
    staged("answer")

    assert heard == [
        "worker.claimed",
        "outbox.decide.asked",
        "outbox.decide.written",
        "outbox.decide.committed",
        "hub.answer",
    ]
    assert set(heard) <= set(POINTS)


def test_nobody_hears_anything_where_nobody_watches(heard: list[str]) -> None:
    """As in every server that is run: nothing is kept, nothing is called."""
    watch(None)

    passed(Point.CLAIMED)
    stepped(Step.PUT, "asked")
    staged("admit")

    assert heard == []
