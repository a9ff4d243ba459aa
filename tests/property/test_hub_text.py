"""Properties of the text functions of a turn, for any text a model may write."""

from hypothesis import given
from hypothesis import strategies as st

from chatcrew.hub.claims import Sources
from chatcrew.hub.shaping import for_channel, split


@given(st.text(max_size=2000), st.integers(min_value=50, max_value=500))
def test_split_never_loses_a_character_but_white_space_and_never_exceeds_the_limit(
    text: str, limit: int
) -> None:
    """Bubbles together say what the text said."""
    bubbles = split(text, max_chars=limit)

    assert all(0 < len(bubble) <= limit for bubble in bubbles)
    assert "".join("".join(bubbles).split()) == "".join(text.split())


@given(st.text(max_size=500), st.sampled_from(["markdown", "telegram", "whatsapp", "plain"]))
def test_channel_markup_never_raises_and_is_stable(text: str, markup: str) -> None:
    """Rendering what was rendered changes nothing more for markdown, and never fails for others."""
    once = for_channel(text, markup)

    assert isinstance(once, str)
    if markup == "markdown":
        assert for_channel(once, markup) == once


@given(st.text(max_size=500))
def test_a_text_is_always_founded_on_itself(text: str) -> None:
    """A canned answer quoted word for word passes the check."""
    assert Sources(own=(text,)).unfounded(text) == []
