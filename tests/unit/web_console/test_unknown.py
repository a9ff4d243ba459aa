"""What is not known is not shown as nothing, and what nobody has yet is said in words (S1-81)."""

from types import SimpleNamespace
from typing import cast

import pytest

from chatcrew.analytics import Overview, Spend
from chatcrew.web.console import Asked
from chatcrew.web.console._overview import tiles
from chatcrew.web.console._words import WORDS
from chatcrew.web.console._words_overview import WORDS as OWN


def told(found: Overview) -> dict[str, tuple[object, str]]:
    """Return the figures and notes of the overview in Portuguese."""
    words = {key: both[0] for key, both in {**WORDS, **OWN}.items()}
    asked = cast("Asked", SimpleNamespace(words=words, language="pt-BR"))
    return {one.key: (one.value, one.note) for one in tiles(found, asked, None)}


@pytest.mark.parametrize(
    ("spend", "usd"),
    [
        (Spend(calls=4, unpriced=4), None),
        (Spend(calls=4, unpriced=3, nanos=2_000_000_000), 2.0),
        (Spend(calls=4), 0.0),
        (Spend(), 0.0),
    ],
)
def test_calls_of_which_nobody_knows_the_price_are_not_free(
    spend: Spend, usd: float | None
) -> None:
    """A dash beside the number of such calls; what is known is a sum."""
    value, note = told(Overview(spend=spend))["usd"]
    assert value == usd
    assert ("sem preço conhecido" in note) == bool(spend.unpriced)


def test_what_nobody_has_yet_is_said_in_words() -> None:
    """Instead of 0 of 0 and of no ratings with a share."""
    shown = told(Overview())
    assert shown["durability"] == (None, "nenhum resolvido tem 7 dias ainda")
    assert shown["satisfaction"] == (None, "ninguém deu nota ainda")
