"""The burn rate says before the promise breaks that it will (N5)."""

from hypothesis import given
from hypothesis import strategies as st

from chatcrew.telemetry import Burn
from chatcrew.testing import ManualClock


async def test_exactly_the_allowed_share_of_late_answers_burns_at_one() -> None:
    """Five late in a hundred is what the promise allows."""
    burn = Burn(ManualClock())
    for number in range(100):
        burn.add(kept=number % 20 != 0)
    assert burn.rate() == 1.0


async def test_a_single_late_answer_in_a_quiet_hour_raises_no_alarm() -> None:
    """One of one would else be a rate of twenty."""
    burn = Burn(ManualClock())
    burn.add(kept=False)
    assert burn.rate() == 1.0


async def test_what_is_older_than_the_window_no_longer_counts() -> None:
    """The gauge falls by itself once answers are in time again, and when none are given."""
    clock = ManualClock()
    burn = Burn(clock)
    for _ in range(50):
        burn.add(kept=False)
    assert burn.rate() == 20.0
    await clock.advance(301)
    assert burn.rate() == 0.0


@given(st.lists(st.booleans(), max_size=200))
def test_the_rate_is_the_late_share_over_the_allowed_one(answers: list[bool]) -> None:
    """Held against the plain sum, whatever comes in which order."""
    burn = Burn(ManualClock(), allowed=0.1, fewest=1)
    for kept in answers:
        burn.add(kept=kept)
    late = answers.count(False)
    assert abs(burn.rate() - (late / len(answers) / 0.1 if answers else 0.0)) < 1e-9
