"""Intents: any text a customer can send is matched or not, and nothing else happens."""

from hypothesis import given
from hypothesis import strategies as st

from chatcrew import intents

BUILTIN = intents.builtin("pt-BR")
TEXTS = st.text(st.characters(), max_size=300)


@given(TEXTS, st.lists(TEXTS, max_size=4))
def test_matching_raises_nothing_and_folding_is_stable(text: str, offered: list[str]) -> None:
    """Folding what is folded changes nothing, and a match is one of the given (S1-18)."""
    hit = intents.match(text, BUILTIN, offered=offered)

    assert hit is None or hit.intent in BUILTIN
    assert intents.fold(intents.fold(text)) == intents.fold(text)
