"""The operating point: near questions share an answer only where the tenant's own ones prove it."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from chatcrew.answers import Asked, MemoryAnswers, Point, Replay, Rest, Row, operating_point, pairs
from chatcrew.testing import ManualClock

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
TOPICS = [f"tema{n}" for n in range(30)]
APART = [Asked(f"Como funciona o {topic}?", topic) for topic in TOPICS]
RIGHT = [
    Asked(words.format(topic), f"preço {topic}")
    for topic in TOPICS[:8]
    for words in ("Quanto custa o {}?", "Qual o preço do {}?", "{}, qual o valor?")
]


class Meaning:
    """Vectors by a table; what is not in it cannot be embedded now."""

    def __init__(self, known: dict[str, tuple[float, ...]]) -> None:
        self.known = known

    async def ask(self, tenant: str, question: str) -> tuple[float, ...] | None:
        """Return the vector of a question."""
        return self.known.get(question)


def scored(questions: Sequence[Asked], near: float) -> list[tuple[float, Asked, Asked]]:
    """Return the pairs of one shape, all equally near."""
    return [(near, one, other) for one, other in pairs(questions)]


def test_only_questions_of_one_shape_are_paired_and_each_wording_once() -> None:
    """The very same words prove nothing of other words."""
    asked = [Asked("Quanto custa o laser?", "a"), Asked("quanto custa o laser", "a")]
    assert pairs(asked) == []
    assert len(pairs([*asked, Asked("Qual o preço do laser?", "a")])) == 1


def test_the_point_is_the_lowest_at_which_the_precision_holds() -> None:
    """One wrong pair among 24 right ones is 96 %: everything at its nearness and below is off."""
    wrong = (Asked("x", "a"), Asked("y", "b"))
    questions = [*APART, *RIGHT]

    point = operating_point(questions, [*scored(questions, 0.4), (0.3, *wrong)])
    assert (point.least, point.right, point.wrong) == (0.4, 24, 0)
    assert point.precision == 1.0
    assert operating_point(questions, [*scored(questions, 0.4), (0.4, *wrong)]).least is None
    assert operating_point(questions, [*scored(questions, 0.4), (0.9, *wrong)]).least is None


def test_who_has_few_questions_has_no_point() -> None:
    """Nothing wrong among a handful of pairs proves nothing: exact words only."""
    assert operating_point(RIGHT[:6], scored(RIGHT[:6], 0.4)).least is None
    assert operating_point(APART, []) == Point(apart=435, questions=30)


async def test_what_customers_asked_lately_is_replayed_too() -> None:
    """Two questions of one shape that different entries answered turn near matching off."""
    clock, store = ManualClock(NOW), MemoryAnswers()
    written = [*APART, *RIGHT]
    replay = Replay(lambda tenant: written, store, clock)
    assert await replay.agree("shop/a", "Quanto custa o tema1?", "Qual o preço do tema1?")

    for number, (words, about) in enumerate(
        [("Quanto custa o combo?", "Combo grande"), ("Oi, quanto custa o combo?", "Combo pequeno")]
    ):
        await store.put(asked_row(number, words, about))
    assert (await replay.point("shop/a")).least is not None
    await clock.advance(601)
    assert (await replay.point("shop/a")).least is None
    assert not await replay.agree("shop/a", "Quanto custa o tema1?", "Qual o preço do tema1?")


def asked_row(number: int, words: str, about: str) -> Row:
    """Return a question that a customer asked, with what answered it."""
    return Row(
        tenant="shop/a",
        exact=f"e{number}",
        shape="s",
        scope=("web",),
        question=words,
        text="R$ 10,00",
        rests=(Rest("knowledge", about, "d"),),
        knowledge="k",
        sure=True,
        turn="t",
        made_at=NOW,
        expires_at=NOW + timedelta(hours=1),
    )


async def test_vectors_measure_within_a_shape_and_may_only_refuse() -> None:
    """Without a vector there is no near match; "com" and "sem" are no pair however near they are.

    Until the first replay with vectors is done, only the same words count.
    """
    vectors = {one.text: (1.0, 0.1 * place) for place, one in enumerate(RIGHT)}
    vectors["Quanto custa o tema0 agora?"] = (-1.0, 0.0)
    replay = Replay(
        lambda tenant: [*APART, *RIGHT], MemoryAnswers(), ManualClock(NOW), Meaning(vectors)
    )
    one, other = RIGHT[0].text, RIGHT[1].text

    assert not await replay.agree("shop/a", one, other)
    await asyncio.gather(*replay._making.values())
    assert await replay.agree("shop/a", one, other)
    assert not await replay.agree("shop/a", one, "Quanto custa o tema0 agora?")
    assert not await replay.agree("shop/a", one, "nobody embedded this")
    assert pairs([Asked("Tem bolo com lactose?", "a"), Asked("Tem bolo sem lactose?", "b")]) == []
