"""Intents: any text a customer can send is matched or not, and nothing else happens."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from chatcrew import intents
from chatcrew.intents import _fold

BUILTIN = intents.builtin("pt-BR")
TEXTS = st.text(st.characters(), max_size=300)


@given(TEXTS, st.lists(TEXTS, max_size=4))
def test_matching_raises_nothing_and_folding_is_stable(text: str, offered: list[str]) -> None:
    """Folding what is folded changes nothing, and a match is one of the given (S1-18)."""
    hit = intents.match(text, BUILTIN, offered=offered)

    assert hit is None or hit.intent in BUILTIN
    assert intents.fold(intents.fold(text)) == intents.fold(text)


@given(st.one_of(TEXTS, st.text("aáãçéÀ'’ssrr ﬁºŉǰΐ\u0301\u0345ẞİΣς!1_", max_size=60)))
def test_words_are_folded_letter_by_letter(text: str) -> None:
    """However their accents are taken out (S1-74)."""
    bare = unicodedata.normalize("NFKD", text.replace("'", "").replace("’", "")).casefold()
    plain = "".join(char for char in bare if not unicodedata.combining(char))
    calm = _fold._TAIL.sub(r"\1", _fold._MANY.sub(_fold._calm, plain))

    assert intents.fold(text) == " ".join(word for word in _fold._EDGE.split(calm) if word)
