"""Questions that only seem to ask the same never share an answer (N7): pt-BR and English traps."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from benchmarks._traps import HELD, TUNED, Pair, pairs

from chatcrew.answers import KeptAnswers, MemoryAnswers, canon, differs
from chatcrew.cache import open_cache
from chatcrew.messages import Piece, Wanted
from chatcrew.telemetry import Metrics
from chatcrew.testing import ManualClock

ALL = [*pairs(TUNED), *pairs(HELD)]
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


class Always:
    """Lets all that is of one shape share an answer: nothing but the shape is proven."""

    async def agree(self, tenant: str, asked: str, kept: str) -> bool:
        """Agree."""
        return True


def wanted(text: str) -> Wanted:
    """Return a question of which all is known for certain."""
    scope = ("web", "web_widget", "support", "pt-BR", "")
    piece = Piece("knowledge", "Tudo", "Tudo o que a casa sabe.")
    return Wanted("shop/a", text, scope, "h", "k", (piece,))


async def served(pair: Pair, *, back: bool = False) -> bool:
    """Return whether the answer to one question of a pair is given to the other."""
    first, second = (pair.second, pair.first) if back else (pair.first, pair.second)
    clock = ManualClock(NOW)
    async with open_cache(clock) as cache:
        answers = KeptAnswers(
            MemoryAnswers(), cache=cache, clock=clock, metrics=Metrics(), near=Always()
        )
        await answers.keep(wanted(first), text="Resposta.", turn="t1")
        return await answers.find(wanted(second)) is not None


def test_there_are_enough_pairs_of_each_kind_and_none_twice() -> None:
    """At least 300, with paraphrases, negations, numbers, entities, reversals."""
    kinds = Counter(pair.kind for pair in ALL)
    assert len(ALL) >= 300
    assert set(kinds) == {"same", "negation", "number", "entity", "reversal", "asked"}
    assert min(kinds.values()) >= 40
    assert len({(pair.first, pair.second) for pair in ALL}) == len(ALL)


async def test_no_trap_is_served_whichever_was_asked_first() -> None:
    """False hits: none."""
    wrong = [
        pair for pair in ALL if pair.trap for back in (False, True) if await served(pair, back=back)
    ]
    assert wrong == []


async def test_most_paraphrases_are_served_and_politeness_never_stands_in_the_way() -> None:
    """A cache that finds nothing is safe and useless: the figures of docs/answers.md hold."""
    tuned = [await served(pair) for pair in pairs(TUNED) if not pair.trap]
    held = [await served(pair) for pair in pairs(HELD) if not pair.trap]
    assert sum(tuned) / len(tuned) >= 0.95
    assert sum(held) / len(held) >= 0.55


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("Parcelam em 3x?", "Parcelam em 10x?", "number"),
        ("Tem bolo com lactose?", "Tem bolo sem lactose?", "negation"),
        ("Posso não ir?", "Não posso ir?", "order"),
        ("De Olinda para Recife?", "De Recife para Olinda?", "order"),
        ("Tem horário?", "Qual o horário?", "asked"),
        ("Tem limpeza de pele?", "Tem limpeza de pelo?", "words"),
        ("Parcelam em 3x?", "vocês parcelam em três vezes?", None),
    ],
)
def test_it_is_said_by_what_two_questions_differ(one: str, other: str, why: str | None) -> None:
    """People who wonder about a miss are told."""
    assert differs(canon(one), canon(other)) == why


async def test_a_wish_is_not_answered_like_the_question_in_its_very_words() -> None:
    """Only a question mark tells "preciso de receita." from "preciso de receita?"."""
    clock = ManualClock(NOW)
    async with open_cache(clock) as cache:
        answers = KeptAnswers(MemoryAnswers(), cache=cache, clock=clock, metrics=Metrics())
        for question in ("Preciso de receita?", "Qual o endereço?"):
            await answers.keep(wanted(question), text="Resposta.", turn="t1")
        assert await answers.find(wanted("Preciso de receita.")) is None
        assert await answers.find(wanted("preciso de receita?")) is not None
        assert await answers.find(wanted("qual o endereço")) is not None
