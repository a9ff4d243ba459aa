"""The measuring itself: what the benchmarks count and how, so that a figure means what it says."""

import itertools
import math
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from chatcrew import intents
from chatcrew.hub import grounding
from chatcrew.hub.claims import Sources
from chatcrew.knowledge import MemoryKnowledge
from chatcrew.testing import Conversation, FakeChatwoot, Message

sys.path.append(str(Path(__file__).parents[2]))  # pytest, unlike python -m pytest, leaves it out
from benchmarks import _questions
from benchmarks._customers import Seen, Visit, _Burst, _Crowd
from benchmarks._figures import percentile
from benchmarks._promise import seconds_by_window, waits
from benchmarks._shipped import Shipped, load_shipped
from benchmarks._turns import Turn, mix, steps, windows
from benchmarks.faqcache import questions, zipf


@pytest.fixture(scope="module")
def shipped() -> Shipped:
    """Give the shipped configuration."""
    return load_shipped()


@pytest.fixture
async def chatwoot() -> AsyncIterator[FakeChatwoot]:
    """Give a Chatwoot with one inbox and its bot, which nobody listens to."""
    async with FakeChatwoot() as running:
        account = running.add_account(1)
        account.add_inbox(1, channel="Channel::Whatsapp")
        account.add_bot(1)
        yield running


def bursts(count: int) -> list[list[str]]:
    """Return bursts of one to three messages, as the load has them."""
    chance, numbers = random.Random(7), itertools.count()
    return [
        _questions.burst(chance, [_questions.word(next(numbers)) for _ in range(1 + n % 3)])
        for n in range(count)
    ]


def seen(seconds: float | None, *, asked: float = 100.0) -> Seen:
    """Return a burst that was answered after ``seconds``."""
    ended = None if seconds is None else asked + seconds
    return Seen(1, asked, ended, "model", 1, early=0, foreign=0, again=0, status="pending")


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, 1.0), (0.5, 50.0), (0.95, 95.0), (0.99, 99.0), (1.0, 100.0)]
)
def test_percentiles_are_nearest_rank(share: float, expected: float) -> None:
    """A percentile is a value that was seen, whatever the order it came in (S4-30)."""
    values = [float(n) for n in range(100, 0, -1)]

    assert percentile(values, share) == expected


def test_who_was_never_answered_waited_for_ever() -> None:
    """Silence makes the tail longer, it does not leave it (N5: 100 % visible ends)."""
    times = waits([*(seen(1.0) for _ in range(90)), *(seen(None) for _ in range(10))])

    assert percentile(times, 0.9) == 1.0
    assert percentile(times, 0.95) == math.inf


def test_windows_of_time_show_when_it_was_slow() -> None:
    """An outage is seen in the seconds in which it was."""
    rows = [seen(1.0, asked=100.5), seen(4.0, asked=102.5), seen(None, asked=102.9)]

    assert seconds_by_window(rows, since=100.0, width=2.0) == {0.0: (1.0, 0), 2.0: (math.inf, 1)}


async def test_the_loads_questions_need_a_model(shipped: Shipped) -> None:
    """No intent and no certain entry answers them: nothing cheap makes the figures better."""
    knowledge = MemoryKnowledge()
    await knowledge.sync(shipped.tenant.key, shipped.tenant.faq, version="1")
    known = [*shipped.tenant.intents, *intents.builtin("pt-BR")]

    for burst in bursts(150):
        for text in {*burst, "\n".join(burst)}:
            hit = intents.match(text, known, offered=(), names=[shipped.tenant.persona.name])
            found = await knowledge.search(shipped.tenant.key, text, version="1")
            assert hit is None, text
            assert not (found and found[0].certain), text


def test_no_two_messages_of_the_load_are_the_same() -> None:
    """What is measured is the model, not the cache."""
    said = [text for burst in bursts(2000) for text in burst]
    words = [_questions.word(n) for n in range(20_000)]

    assert len(set(said)) == len(said)
    assert len(set(words)) == len(words)
    assert all(word.isalpha() for word in words)


def test_the_fake_models_answers_pass_every_check(shipped: Shipped) -> None:
    """They claim nothing, so they are sent as they are, with the word of the newest message."""
    for burst in bursts(60):
        prompt = "Conversa até aqui:\nCliente: antes (protocolo babababa)\n\n" + "\n".join(burst)
        body = {"messages": [{"role": "system", "content": "x"}, user(prompt), tool("Sim.")]}
        answer = _questions.answer(body)

        assert f"(protocolo {_questions.answered(answer)})" in burst[-1]
        assert Sources().unfounded(answer) == []
        assert not grounding.has_secret(answer)


def test_an_answer_without_a_word_is_nobodys() -> None:
    """A template, a FAQ entry or a handoff is told from a model's words."""
    assert _questions.answered("Certo! Vou chamar alguém da recepção.") is None


def user(text: str) -> dict[str, Any]:
    """Return a message of the prompt."""
    return {"role": "user", "content": text}


def tool(text: str) -> dict[str, Any]:
    """Return a tool's result."""
    return {"role": "tool", "content": text}


class Told:
    """One customer's burst of two messages, told step by step."""

    def __init__(self, chatwoot: FakeChatwoot) -> None:
        self.chatwoot = chatwoot
        self.words = [_questions.word(1), _questions.word(2)]
        self.talk: Conversation | None = None
        self.written: list[Message] = []

    async def writes(self) -> None:
        """Let the customer write the next message."""
        account = self.chatwoot.accounts[1]
        if self.talk is None:
            contact = account.add_contact(phone_number="+5581990000000")
            self.talk = await self.chatwoot.customer_says(account.inboxes[1], contact, "Oi")
        else:
            await self.chatwoot.customer_replies(self.talk, "E então?")
        self.written.append(self.talk.messages[-1])

    async def answers(self, text: str) -> None:
        """Let the bot say something."""
        assert self.talk is not None
        await self.chatwoot.bot_says(self.talk, text)

    def look(self) -> Seen:
        """Return what came of it."""
        assert self.talk is not None
        return _Burst(self.talk, self.words, 0, self.written).look()


async def test_a_burst_ends_with_the_answer_to_its_last_message(chatwoot: FakeChatwoot) -> None:
    """What answers a part of it before is counted, but stops no clock (S4-46)."""
    told = Told(chatwoot)
    await told.writes()
    await told.writes()
    await told.answers(f"Sobre a primeira. [{told.words[0]}]")
    waiting = told.look()
    await told.answers(f"Sobre a segunda. [{told.words[1]}]")
    answered = told.look()

    assert (waiting.ended, waiting.early) == (None, 1)
    assert answered.said == "model"
    assert answered.seconds is not None
    assert (answered.early, answered.foreign, answered.again) == (1, 0, 0)


async def test_an_answer_before_the_last_message_does_not_count(chatwoot: FakeChatwoot) -> None:
    """A reply to the first message cannot be early for the second."""
    told = Told(chatwoot)
    await told.writes()
    await told.answers("Um momento, por favor.")
    await told.writes()

    assert told.look().ended is None


async def test_a_mix_up_of_customers_and_a_second_answer_are_seen(chatwoot: FakeChatwoot) -> None:
    """Nobody gets another customer's words, nobody gets two answers (contract of the product)."""
    told = Told(chatwoot)
    await told.writes()
    await told.writes()
    await told.answers(f"Para outra pessoa. [{_questions.word(99)}]")
    await told.answers("Vou chamar alguém da equipe.")
    await told.answers(f"Sobre a segunda. [{told.words[1]}]")
    result = told.look()

    assert (result.said, result.foreign, result.again) == ("other", 1, 1)


async def test_the_load_is_open_and_repeatable(chatwoot: FakeChatwoot) -> None:
    """Customers write at their rate though nobody answers; a seed gives the same bursts again."""
    inbox = chatwoot.accounts[1].inboxes[1]
    runs = []
    for first in (0, 1000):
        visit = Visit("", rate=60.0, seconds=0.5, seed=3, first=first, patience=0.0)
        runs.append(await _Crowd(chatwoot, inbox, visit).write())

    first, second = runs
    assert 10 <= len(first) <= 60
    assert all(one.ended is None for one in first)
    # in the order in which they ended, which is the machine's
    assert sorted(one.messages for one in first) == sorted(one.messages for one in second)


def test_zipf_has_its_exponent() -> None:
    """The second question is asked 2^1.1 times less often than the first."""
    drawn = zipf(random.Random(1), [str(n) for n in range(500)], s=1.1)
    counted = [n for _, n in Counter(itertools.islice(drawn, 60_000)).most_common(4)]

    assert counted[0] / counted[1] == pytest.approx(2**1.1, rel=0.06)
    assert counted[0] / counted[3] == pytest.approx(4**1.1, rel=0.1)


def test_the_faq_of_the_cache_benchmark_has_as_many_questions_as_asked(shipped: Shipped) -> None:
    """Five hundred different ones, the business's own first."""
    asked = questions(shipped.tenant, 500)

    assert len(set(asked)) == 500
    assert asked[0] == shipped.tenant.faq[0].question


def turn(begun: float, engine: str, reason: str, *rungs: str) -> Turn:
    """Return a finished turn."""
    outcome = "handed_off" if engine == "template" else "replied"
    return Turn(1, begun, True, outcome, reason, engine, rungs, stages={}, details={})


def test_turns_are_counted_where_they_ended() -> None:
    """Crew and fast model are answers, a late template is one that came for lateness (N5)."""
    turns = [
        turn(10.0, "compiled", "crew", "crew:answered"),
        turn(10.5, "fast", "fast", "fast:answered", "crew:cancelled"),
        turn(11.5, "template", "late", "crew:timeout", "fast:timeout"),
        turn(11.9, "template", "check", "crew:unfounded_price"),
    ]

    assert [one.by_model for one in turns] == [True, True, False, False]
    assert [one.late for one in turns] == [False, False, True, False]
    assert mix(turns[:2]) == "compiled 50.0 %, fast 50.0 %"
    assert "crew:cancelled 25.0" in steps(turns)
    assert windows(turns, since=10.0, width=1.0) == [
        (0.0, "compiled 50.0 %, fast 50.0 %", 2),
        (1.0, "template (late) 50.0 %, template (check) 50.0 %", 2),
    ]
