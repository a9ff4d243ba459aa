"""The pace of a fake model: log-normal by two percentiles, shares, and repeatable by its seed."""

import pytest

from chatcrew.testing import ModelPace
from chatcrew.testing._models.pace import Fate, Fates

MAIN = ModelPace(p50=0.9, p99=6.0, errors=0.02, hangs=0.01, tools=0.25)
COUNT = 20_000


def drawn(pace: ModelPace, *, seed: str = "7:main", count: int = COUNT) -> list[Fate]:
    """Return the first fates of a seed."""
    fates = Fates(pace, seed=seed)
    return [fates.draw() for _ in range(count)]


def test_the_times_have_the_percentiles_asked_for() -> None:
    """Median and 99th percentile come out of the draws, as issue 3 states them (N5)."""
    times = sorted(fate.seconds for fate in drawn(MAIN) if fate.end == "answer")

    assert times[len(times) // 2] == pytest.approx(0.9, rel=0.03)
    assert times[round(len(times) * 0.99)] == pytest.approx(6.0, rel=0.08)


def test_errors_hangs_and_tools_have_their_shares() -> None:
    """2 % fail, 1 % never answer, a quarter of what answers calls a tool."""
    fates = drawn(MAIN)
    ends = [fate.end for fate in fates]

    assert ends.count("error") / COUNT == pytest.approx(0.02, rel=0.15)
    assert ends.count("hang") / COUNT == pytest.approx(0.01, rel=0.2)
    tools = sum(fate.tool for fate in fates) / ends.count("answer")
    assert tools == pytest.approx(0.25, rel=0.05)


def test_the_same_seed_draws_the_same_fates_and_another_one_others() -> None:
    """A run can be repeated."""
    assert drawn(MAIN, count=50) == drawn(MAIN, count=50)
    assert drawn(MAIN, count=50) != drawn(MAIN, seed="8:main", count=50)


def test_a_changed_pace_does_not_shift_what_comes_after_it() -> None:
    """An outage in the middle leaves the rest of the run comparable."""
    whole, broken = drawn(MAIN, count=30), Fates(MAIN, seed="7:main")

    before = [broken.draw() for _ in range(10)]
    broken.pace = ModelPace(errors=1.0)
    outage = [broken.draw() for _ in range(10)]
    broken.pace = MAIN
    after = [broken.draw() for _ in range(10)]

    assert {fate.end for fate in outage} == {"error"}
    assert before + after == whole[:10] + whole[20:]


def test_the_first_word_comes_after_its_share() -> None:
    """A stream begins after the share of the whole time that the pace says."""
    (fate,) = drawn(ModelPace(p50=2.0, p99=2.0, first_word=0.25), count=1)

    assert (fate.seconds, fate.first_word) == (2.0, 0.5)


def test_no_pace_takes_no_time() -> None:
    """The default answers at once."""
    assert drawn(ModelPace(), count=3) == [Fate("answer")] * 3


@pytest.mark.parametrize(
    "fields",
    [
        {"p50": 2.0, "p99": 1.0},
        {"p50": 0.0, "p99": 1.0},
        {"p50": -1.0, "p99": 1.0},
        {"errors": 0.6, "hangs": 0.6},
        {"tools": 1.5},
        {"first_word": -0.1},
    ],
)
def test_a_pace_that_cannot_be_is_refused(fields: dict[str, float]) -> None:
    """A slip in a benchmark's options is not measured."""
    with pytest.raises(ValueError, match=r"p50|share"):
        ModelPace(**fields)
