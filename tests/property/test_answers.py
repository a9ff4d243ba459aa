"""Kept answers under random edits: exactly those that rest on what was edited are taken back."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from chatcrew.answers import KeptAnswers, MemoryAnswers, canon, differs
from chatcrew.cache import open_cache
from chatcrew.messages import Piece, Wanted
from chatcrew.telemetry import Metrics
from chatcrew.testing import ManualClock

TOPICS = (
    *("estacionamento", "garantia", "parcelamento", "embalagem", "acessibilidade"),
    *("voluntariado", "franquia", "assinatura", "manutencao", "treinamento"),
)
DETAILS = tuple("bdfgjklm")
"""Each names a detail in words of a topic's own: bgarantia, bzgarantia."""
SCOPE = ("web", "web_widget", "support", "pt-BR", "")
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)

paragraphs = st.dictionaries(
    st.sampled_from(TOPICS), st.tuples(st.sampled_from(DETAILS), st.integers(0, 9)), min_size=1
)
edits = st.tuples(st.sampled_from(TOPICS), st.sampled_from((*DETAILS, None)), st.integers(0, 9))


def said(topic: str, paragraph: tuple[str, int]) -> str:
    """Return what the business wrote of a topic; its figure is its topic's own."""
    detail, figure = paragraph
    number = 100 * (TOPICS.index(topic) + 1) + figure
    return f"{topic}: {detail}{topic} e {detail}z{topic}, ramal {number}"


def pieces(known: dict[str, tuple[str, int]]) -> tuple[Piece, ...]:
    """Return everything that stands before the model: every paragraph, as a fact or knowledge."""
    kinds = {topic: "fact" if place % 2 else "knowledge" for place, topic in enumerate(TOPICS)}
    return tuple(Piece(kinds[topic], topic, said(topic, one)) for topic, one in known.items())


def wanted(topic: str, known: dict[str, tuple[str, int]]) -> Wanted:
    """Return the question about one topic."""
    return Wanted("shop/a", f"Como funciona {topic}?", SCOPE, "house", "k", pieces(known))


@given(paragraphs, st.lists(edits, min_size=1, max_size=4))
async def test_an_edit_takes_back_its_own_answers_and_no_others(
    known: dict[str, tuple[str, int]], changes: list[tuple[str, str | None, int]]
) -> None:
    """Paragraphs are edited, added, deleted and put back; nothing stale is given (N7)."""
    clock = ManualClock(NOW)
    async with open_cache(clock) as cache:
        answers = KeptAnswers(MemoryAnswers(), cache=cache, clock=clock, metrics=Metrics())
        for topic, one in known.items():
            await answers.keep(wanted(topic, known), text=said(topic, one), turn=topic)
        now = dict(known)
        for topic, detail, figure in changes:
            if detail is None:
                now.pop(topic, None)
            else:
                now[topic] = (detail, figure)
        for topic, before in known.items():
            found = await answers.find(wanted(topic, now))
            if now.get(topic) != before:
                assert found is None
            else:
                assert found is not None
                assert found.text == said(topic, now[topic])


@given(st.permutations(TOPICS[:5]), st.integers(1, 500))
async def test_where_a_paragraph_stands_changes_no_answer(order: list[str], line: int) -> None:
    """Lines inserted above, files renamed and pieces found in another order take nothing back."""
    known = dict.fromkeys(TOPICS[:5], (DETAILS[0], 1))
    clock = ManualClock(NOW)
    async with open_cache(clock) as cache:
        answers = KeptAnswers(MemoryAnswers(), cache=cache, clock=clock, metrics=Metrics())
        first = wanted(order[0], known)
        await answers.keep(first, text=said(order[0], known[order[0]]), turn="t")
        moved = pieces({topic: known[topic] for topic in order})
        placed = tuple(replace(one, place=f"other.yaml:{line}") for one in moved)
        assert await answers.find(replace(first, pieces=placed)) is not None


QUESTIONS = (
    "Vocês parcelam no cartão?",
    "Qual o preço da limpeza de pele?",
    "Tem entrega em Recife?",
    "Posso tomar sol depois do laser?",
    "Onde fica a loja do centro?",
)


@given(st.sampled_from(QUESTIONS), st.integers(0, 9999), st.integers(0, 9999))
def test_another_number_is_another_question(question: str, one: int, other: int) -> None:
    """Whatever the number is, and however it is written out around it."""
    first, second = (canon(f"{question[:-1]} com {number} unidades?") for number in (one, other))
    assert (differs(first, second) is None) == (one == other)
    assert differs(canon(question), first) is not None


@given(st.sampled_from(QUESTIONS), st.data())
def test_a_negation_anywhere_makes_another_question(question: str, data: st.DataObject) -> None:
    """Beside whichever word it stands."""
    words = question.split()
    at = data.draw(st.integers(0, len(words) - 1))
    negated = " ".join(
        (*words[:at], data.draw(st.sampled_from(("não", "nunca", "sem"))), *words[at:])
    )
    assert differs(canon(question), canon(negated)) is not None


@given(st.text(max_size=80))
def test_any_text_is_read_and_is_equal_to_itself(text: str) -> None:
    """Emoji, controls and half surrogates included; politeness adds nothing."""
    assert differs(canon(text), canon(text)) is None
    assert canon(text).key == canon(f"Oi, boa tarde! {text}").key or not canon(text).says
