"""A day of a business, played with what saves money switched on or off."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import orjson

from benchmarks._shipped import Shipped
from benchmarks._why_turns import Turns
from benchmarks.faqcache import questions, zipf
from chatcrew.app.meter import LedgerMeter
from chatcrew.app.responder import CrewResponder
from chatcrew.cache import LayeredCache
from chatcrew.crews import CrewPool, engines
from chatcrew.database import Database
from chatcrew.database.schema import turn
from chatcrew.database.transactions import transaction
from chatcrew.hub.answers_port import KeptAnswers
from chatcrew.hub.context import TurnContext
from chatcrew.hub.measure import record
from chatcrew.hub.signals import FinishTurn
from chatcrew.hub.stages.answer import AnswerStage
from chatcrew.hub.stages.branch import Branch
from chatcrew.hub.stages.retrieve import Retrieve
from chatcrew.intents import Classifiers
from chatcrew.knowledge import MemoryKnowledge
from chatcrew.ledger import PostgresLedger
from chatcrew.llm.gateway import build
from chatcrew.messages import (
    Author,
    AuthorKind,
    Input,
    InputKind,
    Line,
    ModelAnswer,
    ModelRequest,
    Outcome,
    Usage,
)
from chatcrew.telemetry import Metrics
from chatcrew.testing import ManualClock
from chatcrew.tools import builtin_catalogue

SAVERS = ("intents", "completions", "kept", "bursts")
MODEL = "gpt-4o-mini"
_HELLOS = ("Oi", "Olá", "Bom dia", "Boa tarde!", "Oi, tudo bem?")
_THANKS = ("Obrigada!", "Muito obrigado", "Valeu", "Tchau, obrigada")
_OWN = ("Sinto um peso na perna {} quando fico {}, o que vocês acham disso?", "esquerda direita")
_WHEN = ("muito tempo em pé", "sentada no trabalho", "parada no ônibus", "muito tempo deitada")
SENTENCES = (
    "Claro, posso ajudar com isso.",
    "A equipe explica tudo com calma na consulta.",
    "É bom observar quando isso aparece e o que alivia.",
    "Quem avalia com cuidado é a equipe, conversando com você.",
    "Se quiser, conte um pouco mais para eu entender melhor.",
    "Posso explicar como funciona o atendimento.",
)
_SMALL = (
    "Oi! Aqui é a Clara, da Clínica Varizemed. Como posso ajudar você hoje?",
    "Por nada! Se precisar de mais alguma coisa, estou por aqui.",
)

Talk = Sequence[Sequence[str]]
"""What one customer writes: bursts of messages."""


def talks(shipped: Shipped, count: int, *, seed: int) -> list[Talk]:
    """Return a day's talks: questions as people ask them, wrapped in small talk, some in bursts."""
    chance = random.Random(seed)
    asked = zipf(chance, questions(shipped.tenant, 300), s=1.1)
    return [_talk(chance, asked) for _ in range(count)]


def _talk(chance: random.Random, asked: Iterator[str]) -> Talk:
    question = next(asked)
    if chance.random() < 0.2:
        leg = chance.choice(_OWN[1].split())
        question = f"{_OWN[0].format(leg, chance.choice(_WHEN))} Tenho {chance.randint(20, 80)}."
    shape = chance.random()
    hello, thanks = chance.choice(_HELLOS), chance.choice(_THANKS)
    if shape < 0.35:
        return [[question]]
    if shape < 0.5:
        return [[hello], [question]]
    if shape < 0.65:
        return [[question], [thanks]]
    if shape < 0.85:
        return [[hello, question]]
    return [[question, next(asked)], [next(asked)]]


@dataclass(slots=True)
class Speaker:
    """A model that counts a token for four characters.

    Small talk is answered in a few words, a question in one to four sentences, always the same of
    the same question.
    """

    text: str = ""

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """Answer."""
        prompt = orjson.dumps([list(request.messages), [t.name for t in request.tools]]).decode()
        said = self._said()
        usage = Usage(len(prompt) // 4, max(1, len(said) // 4))
        return ModelAnswer(said, usage=usage, model=request.model)

    def _said(self) -> str:
        if self.text in _HELLOS:
            return _SMALL[0]
        if self.text in _THANKS:
            return _SMALL[1]
        chance = random.Random(self.text)
        return " ".join(chance.sample(SENTENCES, chance.randint(1, 4)))


@dataclass(slots=True)
class Day:
    """Plays talks, and writes what they cost as a worker would.

    Args:
        shipped: the business.
        database: where turns and calls go.
        clock: simulated.
        on: which of ``SAVERS`` save.
        cache: keeps completions and answers.
        kept: answers that are given again, where those save.
    """

    shipped: Shipped
    database: Database
    clock: ManualClock
    on: frozenset[str]
    cache: LayeredCache
    kept: KeptAnswers
    knowledge: MemoryKnowledge
    classifiers: Classifiers
    speaker: Speaker = field(default_factory=Speaker)
    turns: int = 0

    async def play(self, talks: Sequence[Talk]) -> None:
        """Let the customers write, one after another, twenty bursts a minute."""
        models = self.shipped.configuration.models
        gateway = build(
            self.speaker,
            meter=LedgerMeter(PostgresLedger(self.database), metrics=Metrics()),
            clock=self.clock,
            cache=self.cache if "completions" in self.on else None,
            catalogue=lambda: models,
        )
        responder = CrewResponder(
            engines(CrewPool()),
            model=gateway,
            catalogue=builtin_catalogue(),
            knowledge=self.knowledge,
            default_model=MODEL,
            available=True,
            clock=self.clock,
        )
        answer = AnswerStage(responder, self.kept, self.clock)
        for number, talk in enumerate(talks, 1):
            history: list[Line] = []
            for burst in talk:
                together = [burst] if "bursts" in self.on else [[one] for one in burst]
                for messages in together:
                    await self._turn(number, messages, history, answer)
                await self.clock.advance(3.0)
        await gateway.aclose()

    async def _turn(
        self, number: int, messages: Sequence[str], history: list[Line], answer: AnswerStage
    ) -> None:
        self.turns += 1
        ctx = self._context(number, messages, history)
        self.speaker.text = messages[-1]
        try:
            if "intents" in self.on:
                await Branch(Turns(), self.clock, self.classifiers)(ctx)
            await Retrieve(self.knowledge, self.clock)(ctx)
            await answer(ctx)
        except FinishTurn as finish:
            ctx.reply = finish.reply
        assert ctx.reply is not None, "every turn that is answered has a reply"
        us = Line(
            10_000 + self.turns,
            Author(AuthorKind.BOT, 1, None),
            ctx.reply.text,
            ctx.claim.started_at,
        )
        history += [*(one.line for one in ctx.claim.burst if one.line), us]
        facts = record(ctx, outcome=Outcome.REPLIED, reason=ctx.reply.reason)
        async with transaction(self.database) as run:
            await run.execute(
                turn.insert().values(
                    id=ctx.claim.key.turn_id,
                    bot="bench",
                    number=number,
                    account="demo",
                    state="finished",
                    worker="bench",
                    attempts=1,
                    started_at=self.clock.now(),
                    decided_at=self.clock.now(),
                    finished_at=self.clock.now(),
                    outcome="replied",
                    reason=facts.reason,
                    tenant=facts.tenant,
                    crew=facts.crew,
                    function=facts.function,
                    engine=facts.engine,
                    config=facts.config,
                    stage_ms={},
                    details=facts.details,
                )
            )

    def _context(
        self, number: int, messages: Sequence[str], history: Sequence[Line]
    ) -> TurnContext:
        ctx = self.shipped.turn(number, "\n".join(messages), name="", at=self.clock.now())
        author = Author(AuthorKind.CUSTOMER, number, None)
        burst = tuple(
            Input(
                self.turns * 10 + at,
                InputKind.MESSAGE,
                Line(self.turns * 10 + at, author, words, self.clock.now()),
                self.clock.now(),
            )
            for at, words in enumerate(messages)
        )
        key = replace(ctx.claim.key, turn_id=f"turn-{self.turns}")
        ctx.claim = replace(ctx.claim, key=key, burst=burst)
        ctx.history = tuple(history)
        ctx.deadline = self.clock.monotonic() + self.shipped.crew.deadline
        return ctx
