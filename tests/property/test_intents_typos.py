"""The quick look for one slip says what counting all edits says."""

from hypothesis import given, settings
from hypothesis import strategies as st

from chatcrew.intents import _typos

WORDS = st.text(alphabet="abcç", max_size=8)


def edits(one: str, other: str) -> int:
    """Count edits by the textbook (optimal string alignment)."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, letter2 in enumerate(other, 1):
            cost = min(rows[-1][j] + 1, row[j - 1] + 1, rows[-1][j - 1] + (letter != letter2))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == letter2:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


@settings(deadline=None, derandomize=True, database=None, max_examples=2000)
@given(WORDS, WORDS)
def test_one_slip_is_at_most_one_edit(one, other):
    """Words of few letters, so that many pairs are near to each other (S1-19)."""
    assert _typos.one_slip(one, other) is (edits(one, other) <= 1)


@settings(deadline=None, derandomize=True, database=None, max_examples=500)
@given(st.text(alphabet="abç", min_size=1, max_size=8), st.data())
def test_each_kind_of_slip_is_seen(word, data):
    """Add, drop, replace, swap: at any place of any word."""
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abçx"))
    swapped = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
    slips = (word[:at] + letter + word[at:], word[:at] + word[at + 1 :], swapped)
    for slip in (*slips, word[:at] + letter + word[at + 1 :]):
        assert _typos.one_slip(word, slip)
        assert _typos.one_slip(slip, word)


@settings(deadline=None, derandomize=True, database=None, max_examples=500)
@given(st.text(alphabet="abç", max_size=9), st.sets(st.text(alphabet="abç", max_size=9)))
def test_words_kept_by_their_forms_are_found_as_by_comparing_with_all(word, known):
    """The quick way to a word that is one slip away finds the one that all comparisons find."""
    assert _typos.Slips(known).nearest(word) == _typos.nearest(word, known)
