"""How often one customer is answered; what comes beyond it is answered together (S0-18)."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chatcrew.hub.abuse import how_often
from chatcrew.tenancy.model import Rate

NOW = datetime(2026, 3, 10, 15, tzinfo=UTC)


def ago(*seconds: float) -> list[datetime]:
    """Return moments so many seconds ago."""
    return [NOW - timedelta(seconds=one) for one in seconds]


def test_the_last_answer_before_a_pause_is_known() -> None:
    """It is the one that tells the customer."""
    rate = Rate(minute=3)
    assert not how_often(ago(5), rate, now=NOW).last
    assert how_often(ago(5, 20), rate, now=NOW).last
    assert not how_often(ago(5, 70), rate, now=NOW).last


def test_beyond_it_the_next_answer_comes_when_the_oldest_is_a_minute_old() -> None:
    """Not a fixed pause: exactly as long as the limit asks for."""
    found = how_often(ago(5, 20, 50), Rate(minute=3), now=NOW)
    assert found.at == NOW + timedelta(seconds=10)
    assert how_often(ago(5, 20, 61), Rate(minute=3), now=NOW).at is None


def test_of_several_limits_the_longest_wait_holds() -> None:
    """An hour that is used up is not over in a minute."""
    rate = Rate(minute=2, hour=3)
    found = how_often(ago(1, 2, 600), rate, now=NOW)
    assert found.at == NOW + timedelta(seconds=3000)


@given(st.lists(st.floats(0, 90_000), max_size=60), st.integers(2, 60), st.integers(0, 100))
def test_a_customer_who_waits_as_told_is_never_over_the_limit(
    spoken: list[float], minute: int, hour: int
) -> None:
    """Whenever the next answer is given, no window then holds more than it may."""
    rate, answered = Rate(minute=minute, hour=hour), ago(*sorted(spoken))
    found = how_often(answered, rate, now=NOW)
    at = found.at or NOW
    assert at >= NOW
    within = [one for one in answered if one > at - timedelta(minutes=1)]
    assert len(within) < minute
    if hour:
        assert len([one for one in answered if one > at - timedelta(hours=1)]) < hour
