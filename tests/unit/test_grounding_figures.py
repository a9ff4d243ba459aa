"""The rates of the grounding check on 300 right replies and 300 planted inventions (S3-116)."""

import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2]))  # pytest, unlike python -m pytest, leaves it out
from benchmarks._claims import Checked, check, rows
from benchmarks._shipped import load_shipped
from benchmarks.grounding import MOST_REFUSED

MANY = 300


@pytest.fixture(scope="module")
def judged() -> dict[str, list[Checked]]:
    """Check every row of both files."""
    tenants = load_shipped().configuration.tenants
    names = ("correct", "invented", "swapped")
    return {name: [check(row, tenants) for row in rows(name)] for name in names}


def test_of_300_right_replies_two_in_a_hundred_are_refused_at_most(judged) -> None:
    """Issue 5: a check that refuses right answers would be switched off."""
    refused = [one.row.reply for one in judged["correct"] if one.found]

    assert len(judged["correct"]) == MANY
    assert len(refused) <= MOST_REFUSED * MANY, refused


def test_of_300_planted_inventions_none_passes(judged) -> None:
    """Issue 5: nothing invented reaches a customer."""
    assert len(judged["invented"]) == MANY
    assert [one.row.reply for one in judged["invented"] if not one.found] == []


def test_the_kind_that_is_named_is_the_kind_that_was_invented(judged) -> None:
    """People read in the note what was wrong; a wrong word there would send them searching."""
    named = Counter(
        one.row.kind in {claim.kind for claim in one.found} for one in judged["invented"]
    )

    assert named[True] >= 0.95 * MANY


def test_half_of_the_right_figures_of_the_wrong_thing_are_caught(judged) -> None:
    """No promise (docs/grounding.md), but what is caught today stays caught."""
    caught = [one for one in judged["swapped"] if one.found]

    assert len(caught) >= len(judged["swapped"]) / 2


def test_the_replies_are_different_and_of_every_shipped_business(judged) -> None:
    """A rate over copies of one reply would say nothing."""
    for name in ("correct", "invented"):
        replies = [one.row.reply for one in judged[name]]
        assert len(set(replies)) == MANY
        share = Counter(one.row.tenant for one in judged[name])
        assert len(share) == 4
        assert min(share.values()) > 40
        assert 80 < sum(one.row.held_out for one in judged[name]) < 130
