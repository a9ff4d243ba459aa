"""Customer text in a prompt is quoted, whatever it looks like."""

from hypothesis import given
from hypothesis import strategies as st

from chatcrew.crews._fill import clean, fill, shield, unshield

CREWAI_NAMES = ("input", "tools", "tool_names", "role", "goal", "backstory")
placeholders = st.sampled_from([f"{{{name}}}" for name in (*CREWAI_NAMES, "message", "secret")])
words = st.lists(st.text(max_size=10) | placeholders, max_size=6).map("".join)


@given(words, words)
def test_values_are_filled_in_one_pass(message, secret):
    """A customer who writes a placeholder gets it quoted; another value never leaks into it."""
    values = {"message": message, "secret": secret}

    assert fill("A {message} B {secret} C", values) == f"A {message} B {secret} C"


@given(words)
def test_braces_that_name_nothing_stay(text):
    """JSON examples and unknown names in a crew's text are left alone."""
    assert fill(text, {}) == text


@given(words)
def test_shielded_text_has_no_brace_and_comes_back_whole(text):
    """CrewAI finds nothing to replace, and the model reads what was written."""
    shielded = shield(text)

    assert not set("{}") & set(shielded)
    assert unshield(shielded) == clean(text).replace("\ufdd0", "").replace("\ufdd1", "")


@given(st.text(st.characters()))
def test_clean_text_can_always_be_sent(text):
    """Lone surrogates, which JSON writers refuse, never reach the pipe."""
    assert clean(text).encode("utf-8").decode("utf-8") == clean(text)


def test_a_lone_surrogate_is_replaced():
    """A torn emoji becomes a question mark, the rest stays."""
    assert clean("oi \ud83d!") == "oi ?!"
