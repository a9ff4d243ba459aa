"""What was not spent: by means of what was asked, measured where it arose, unknown said so (N6)."""

from hypothesis import given
from hypothesis import strategies as st

from chatcrew.analytics import Sample, Told, savings

DOLLAR = 1_000_000_000


def test_what_asked_no_model_would_have_cost_what_asking_costs() -> None:
    """Of the same function where it is known, less what it cost all the same."""
    found = savings(
        [
            Told("shop", "support", "asked", 4, 8 * DOLLAR),
            Told("shop", "sales", "asked", 1, 7 * DOLLAR),
            Told("shop", "support", "shortcut", 10, 1 * DOLLAR),
            Told("shop", "billing", "knowledge", 2),
            Told("shop", "support", "bursts", 3),
        ],
        [],
    )

    assert found.spent == 16 * DOLLAR
    assert found.by["shortcut"].nanos == 19 * DOLLAR
    assert found.by["knowledge"].nanos == 6 * DOLLAR
    assert found.by["bursts"].nanos == 6 * DOLLAR
    assert found.without == 47 * DOLLAR


def test_what_a_kept_answer_was_spared_is_measured() -> None:
    """And of those whose model has no price nobody knows it."""
    found = savings([Told("shop", "support", "kept", 5, 2 * DOLLAR, 1)], [])
    saving = found.by["kept"]
    assert (saving.count, saving.usd, saving.unknown, saving.measured) == (5, 2.0, 1, True)
    assert found.spent == 0


def test_unknown_is_not_nothing() -> None:
    """Where no price is known, nothing is claimed to be saved, and that is said (S3-56)."""
    found = savings(
        [
            Told("shop", "support", "asked", 4, 0, 4),
            Told("shop", "support", "shortcut", 10),
            Told("other", "support", "asked", 1, DOLLAR),
        ],
        [Told("shop", "attendant gpt", "completions", 2, 0, 2)],
    )
    assert (found.by["shortcut"].nanos, found.by["shortcut"].unknown) == (0, 10)
    assert (found.by["completions"].nanos, found.by["completions"].unknown) == (0, 2)
    assert found.unpriced == 4


def test_a_call_given_again_costs_what_its_role_and_model_cost() -> None:
    """Not what other roles cost."""
    found = savings(
        [],
        [
            Told("shop", "judge mini", "asked", 10, DOLLAR),
            Told("shop", "attendant big", "asked", 1, 9 * DOLLAR),
            Told("shop", "judge mini", "completions", 5, 0, 5),
        ],
    )
    assert found.by["completions"].nanos == DOLLAR // 2
    assert not found.by["completions"].measured


def test_a_call_given_again_is_spared_what_it_once_cost() -> None:
    """To the billionth, where it was written down; the mean stands in for the others."""
    asked = Told("shop", "judge mini", "asked", 10, DOLLAR)
    known = savings([], [asked, Told("shop", "judge mini", "completions", 5, 7)])
    some = savings([], [asked, Told("shop", "judge mini", "completions", 5, 7, 1)])
    assert (known.by["completions"].nanos, known.by["completions"].measured) == (7, True)
    assert (some.by["completions"].nanos, some.by["completions"].measured) == (
        DOLLAR // 10 + 7,
        False,
    )


@given(st.lists(st.integers(1, 10**9), min_size=2, max_size=60), st.data())
def test_whoever_asks_no_model_at_random_is_predicted_without_bias(
    costs: list[int], data: st.DataObject
) -> None:
    """Spent and saved add up to all turns at the mean of those that asked, to the billionth."""
    skipped = data.draw(st.integers(1, len(costs) - 1))
    asked = costs[skipped:]
    found = savings(
        [Told("a", "f", "asked", len(asked), sum(asked)), Told("a", "f", "shortcut", skipped)], []
    )
    assert abs(found.without - sum(asked) / len(asked) * len(costs)) <= 1


@given(
    st.lists(st.integers(0, 5000), min_size=30, max_size=60, unique=True),
    st.integers(0, 5000),
    st.integers(1, 1000),
    st.integers(0, 10**6),
)
def test_a_spared_turn_costs_what_turns_with_a_prompt_as_long_cost(
    asked: list[int], short: int, slope: int, least: int
) -> None:
    """A greeting is shorter than a question: not the mean tells what it would have cost (N6)."""
    costs = [least + slope * chars for chars in asked]
    sample = Sample(
        "shop",
        "support",
        len(asked),
        sum(asked),
        sum(costs),
        sum(one * one for one in asked),
        sum(map(int.__mul__, asked, costs)),
    )
    spared = Told("shop", "support", "shortcut", 2, 0, 0, 2 * short)

    found = savings([spared], [], [sample])

    assert abs(found.saved - 2 * (least + slope * short)) <= 2 + found.saved // 10**6


def test_few_turns_say_nothing_of_the_length_of_a_prompt() -> None:
    """The mean does then; so it does for turns that did not count theirs."""
    few = Sample("shop", "support", 2, 300, 3 * DOLLAR, 50_000, 400 * DOLLAR)
    assert savings([Told("shop", "support", "shortcut", 2, 0, 0, 7)], [], [few]).saved == 3 * DOLLAR
    assert savings([Told("shop", "support", "shortcut", 2)], [], [few]).saved == 3 * DOLLAR
