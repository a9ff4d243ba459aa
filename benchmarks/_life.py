"""A month of customers and of the people who serve them, through a Chatwoot of the simulation."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from benchmarks._shifts import arrivals, at_work
from benchmarks._world import World
from chatcrew.testing import Agent, Conversation

ASKED, PATIENT = "quero falar com uma pessoa", 60.0
_HELLO = "Oi! Aqui é da equipe, deixa comigo."
_ASIDE = "Oi, eu mesma respondo essa."
_TALK = ("Certo, já vi aqui.", "Só um momento, por favor.", "Pode deixar.", "Isso mesmo.")
_ANSWER = ("tá bom", "entendi, obrigada", "certo", "e demora muito?", "combinado então")
_OVERLOOKED = 0.05
_ASIDE_SHARE = 0.02
_HANDED = 0.2
_OPENED = 5.0
"""Seconds from the bot's word that people will come until the conversation is theirs, at most."""
_LOOK = 30
"""Seconds after which who has nothing to do looks again."""


@dataclass(slots=True)
class Seen:
    """What became of the month.

    Attributes:
        conversations: begun.
        messages: by who wrote them.
        answers: seconds from a customer's last word to the first word of the bot.
        handed: conversations that people got.
        given: conversations by person, as the server chose.
        served: conversations by person, as they were served.
        hours: at the desk, by person.
        most: most open conversations that anybody had.
        first: minutes from being handed over to a person's first word, of working and idle time.
        contained: conversations that ended without people.
        asides: conversations in which a person spoke while they were the bot's.
        late: seconds between a person's word and one of the bot's that came after it.
    """

    conversations: int = 0
    messages: Counter[str] = field(default_factory=Counter)
    answers: list[float] = field(default_factory=list)
    handed: int = 0
    given: Counter[int] = field(default_factory=Counter)
    served: Counter[int] = field(default_factory=Counter)
    hours: Counter[int] = field(default_factory=Counter)
    most: int = 0
    first: list[float] = field(default_factory=list)
    contained: int = 0
    asides: int = 0
    late: list[float] = field(default_factory=list)


@dataclass
class Life:
    """Customers who write and people who answer.

    Attributes:
        world: where they do.
        chance: everything random.
        days: so many.
        per_hour: conversations at a usual hour of a working day.
        asked: questions, as often as they are asked.
        ended: told of each conversation that is over.
        seen: what became of it.
        queue: conversations that people have and nobody serves yet, in their order.
    """

    world: World
    chance: random.Random
    days: int
    per_hour: float
    asked: Iterator[str]
    ended: Callable[[Conversation], None]
    seen: Seen = field(default_factory=Seen)
    queue: dict[int, tuple[Conversation, datetime, bool]] = field(default_factory=dict)
    open_of: Counter[int] = field(default_factory=Counter)
    going: set["asyncio.Task[None]"] = field(default_factory=set)

    async def run(self) -> None:
        """Let the days pass, and a night more for what is left."""
        for number, agent in enumerate(self.world.agents):
            self._begin(self._operator(number, agent))
        until = self.world.start + timedelta(days=self.days)
        rate = {0: self.per_hour}
        for at, _ in arrivals(self.chance, self.world.start, self.days, per_hour=rate):
            await asyncio.sleep(max(0.0, (at - self._now()).total_seconds()))
            self._begin(self._customer())
        await asyncio.sleep(max(0.0, (until - self._now()).total_seconds()) + 86_400.0)

    async def _customer(self) -> None:
        """Write, be answered, ask again, and perhaps be given to people."""
        world, chance, seen = self.world, self.chance, self.seen
        seen.conversations += 1
        number = seen.conversations
        contact = world.account.add_contact(
            name="Maria", phone_number=f"+5511{900_000_000 + number}"
        )
        inbox = world.inboxes[1 + number % 2]
        talk = await world.chatwoot.begins(inbox, contact)
        for turn in range(chance.choice((1, 1, 2, 2, 3))):
            if turn:
                await asyncio.sleep(chance.uniform(8.0, 90.0))
            if talk.status != "pending":
                break
            await self._burst(talk, last=chance.random() < _HANDED)
            await asyncio.sleep(_OPENED)
            if talk.status != "pending":
                break
        if talk.status == "open":
            seen.handed += 1
            seen.given[talk.assignee.id if talk.assignee else 0] += 1
            overlooked = chance.random() < _OVERLOOKED
            # Who broke in knows of it, and no note tells: the customer has been answered
            theirs = any(one.content == _ASIDE for one in talk.messages)
            self.queue[talk.id] = (talk, self._now(), theirs or not overlooked)
            return
        seen.contained += talk.status == "pending"
        await asyncio.sleep(600.0)
        if talk.status == "pending":
            await world.chatwoot.resolve(talk)
            await asyncio.sleep(600.0)
        self._over(talk)

    async def _burst(self, talk: Conversation, *, last: bool) -> None:
        """Write one to three messages, and wait until somebody has answered."""
        chance, chatwoot = self.chance, self.world.chatwoot
        words = [ASKED] if last else [next(self.asked)]
        if not last and chance.random() < 0.35:
            words.insert(0, chance.choice(("Oi", "Bom dia", "Olá, tudo bem?")))
        for number, text in enumerate(words):
            if number:
                await asyncio.sleep(chance.uniform(0.2, 2.5))
            await chatwoot.customer_replies(talk, text)
        before, at = talk.messages[-1].id, self._now()
        agent = self._anybody() if chance.random() < _ASIDE_SHARE else None
        if agent is not None:
            await asyncio.sleep(chance.uniform(0.0, 6.0))
            await chatwoot.agent_says(talk, _ASIDE, agent=agent)
            await chatwoot.assign(talk, agent)
            await chatwoot.set_status(talk, "open")
            await asyncio.sleep(10.0)
            return
        for _ in range(int(PATIENT)):
            await asyncio.sleep(1.0)
            for one in talk.messages[-4:]:
                if one.id > before and one.by_bot and one.to_customer:
                    self.seen.answers.append((one.created_at - at).total_seconds())
                    return

    async def _operator(self, number: int, agent: Agent) -> None:
        """Serve what is one's own, and what nobody has, in its order."""
        until = self.world.start + timedelta(days=self.days + 2)
        while self._now() < until:
            there = at_work(number, self._now())
            agent.availability_status = "online" if there else "offline"
            if not there:
                await asyncio.sleep(300.0)
                continue
            found = self._next(agent)
            if found is None:
                self.seen.hours[agent.id] += _LOOK
                await asyncio.sleep(_LOOK)
                continue
            begun = self._now()
            await self._serve(agent, *found)
            self.seen.hours[agent.id] += int((self._now() - begun).total_seconds())

    def _next(self, agent: Agent) -> tuple[Conversation, datetime] | None:
        """Return what to serve next; what was overlooked is seen once a note tells of it."""
        mine = Counter(one.assignee.id for one, _, _ in self.queue.values() if one.assignee)
        self.seen.most = max([self.seen.most, *mine.values()])
        for number, (talk, since, noticed) in list(self.queue.items()):
            if talk.status != "open":  # nobody came, and the bot has it again
                del self.queue[number]
                self._begin(self._later(talk))
            if talk.status != "open" or talk.assignee not in (None, agent):
                continue
            told = any(note.created_at > since for note in talk.notes)
            if noticed or told:
                del self.queue[number]
                return talk, since
        return None

    async def _serve(self, agent: Agent, talk: Conversation, since: datetime) -> None:
        chance, chatwoot = self.chance, self.world.chatwoot
        await asyncio.sleep(chance.expovariate(1 / 30))
        if talk.assignee is not agent:
            await chatwoot.assign(talk, agent, by=agent)
        if talk.status != "open":
            await chatwoot.set_status(talk, "open", by=agent)
        self.seen.first.append((self._now() - since).total_seconds() / 60)
        self.seen.served[agent.id] += 1
        await chatwoot.agent_says(talk, _HELLO, agent=agent)
        for _ in range(min(60, 4 + int(chance.expovariate(1 / 18)))):
            await asyncio.sleep(chance.uniform(3.0, 20.0))
            await chatwoot.customer_replies(talk, chance.choice(_ANSWER))
            await asyncio.sleep(chance.uniform(3.0, 20.0))
            await chatwoot.agent_says(talk, chance.choice(_TALK), agent=agent)
        await chatwoot.resolve(talk, by=agent)
        self._begin(self._later(talk))

    async def _later(self, talk: Conversation) -> None:
        if talk.status != "resolved":
            await asyncio.sleep(1200.0)
            await self.world.chatwoot.resolve(talk)
        await asyncio.sleep(600.0)
        self._over(talk)

    def _over(self, talk: Conversation) -> None:
        """Count what was said, and forget it: a month would fill the memory."""
        aside = next((one for one in talk.messages if one.content == _ASIDE), None)
        for one in talk.messages:
            if one.message_type == "activity":
                continue
            kind = "people" if one.by_person else "bot" if one.by_bot else "customers"
            self.seen.messages["notes" if one.private else kind] += 1
            if aside is not None and kind == "bot" and one.to_customer and one.id > aside.id:
                self.seen.late.append((one.created_at - aside.created_at).total_seconds())
        self.seen.asides += aside is not None
        self.ended(talk)

    def _anybody(self) -> Agent | None:
        """Return somebody who is at work."""
        there = [one for one in self.world.agents if one.availability_status == "online"]
        return self.chance.choice(there) if there else None

    def _now(self) -> datetime:
        return self.world.chatwoot.clock.now()

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self.going.add(task)
        task.add_done_callback(self.going.discard)
