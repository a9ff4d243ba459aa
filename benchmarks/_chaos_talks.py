"""What customers and operators do while processes die: one conversation each, all of a seed."""

import asyncio
import contextlib
import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from benchmarks import _questions
from chatcrew.testing import Account, Conversation, FakeChatwoot, Inbox
from chatcrew.testing._models.replies import Reply, tool_call

TOOL = "redo_report"
_REPORT = re.compile(r"laudo (\d+)")


@dataclass
class Outside:
    """A system of the business's that acts: how often for which report."""

    url: str = ""
    acted: Counter[int] = field(default_factory=Counter)

    async def act(self, request: web.Request) -> web.Response:
        """Do what must not be done twice."""
        self.acted[(await request.json())["report"]] += 1
        return web.json_response({"status": "refeito"})


@contextlib.asynccontextmanager
async def outside() -> Any:
    """Give the system on loopback."""
    system = Outside()
    app = web.Application()
    app.router.add_post("/reports", system.act)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    system.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield system
    finally:
        await runner.cleanup()


def model_says(body: Mapping[str, Any]) -> str | Reply:
    """Return what the model answers: it calls the tool for a report, once, else says a word."""
    messages = body["messages"]
    if messages[-1]["role"] == "tool":
        return f"Isso está anotado. {_questions.answer(body)}"
    asked = [str(one["content"] or "") for one in messages if one["role"] == "user"]
    found = _REPORT.findall(asked[-1].rpartition("Mensagem do cliente:")[2]) if asked else []
    names = [one["function"]["name"] for one in body.get("tools") or ()]
    if found and TOOL in names:
        return tool_call(TOOL, {"report": int(found[-1])})
    return _questions.answer(body)


@dataclass
class Talks:
    """All conversations of a run.

    Args:
        chatwoot: where they are.
        account: whose.
        inbox: into which customers write.
        questions: that the business answers by itself.
    """

    chatwoot: FakeChatwoot
    account: Account
    inbox: Inbox
    questions: Sequence[str]
    begun: list[tuple[int, Conversation]] = field(default_factory=list)
    _number: int = 0
    _talks: dict[int, Conversation] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def begin(self, kind: str, *, step: int, seed: int) -> None:
        """Let one more customer write."""
        self._number += 1
        chance = random.Random(f"{seed}:{kind}")
        task = asyncio.create_task(self._talk(kind, self._number, step, chance))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def of(self, number: int) -> int:
        """Return the conversation of a report, 0 where nobody asked for it."""
        talk = self._talks.get(number)
        return 0 if talk is None else talk.id

    @property
    def saying(self) -> bool:
        """Whether somebody still has something to say."""
        return bool(self._tasks)

    async def over(self) -> None:
        """Wait until everybody has said what he had to say."""
        await asyncio.gather(*self._tasks)

    async def _talk(self, kind: str, number: int, step: int, chance: random.Random) -> None:
        contact = self.account.add_contact(phone_number=f"+55819{number:08d}")
        await asyncio.sleep(chance.uniform(0.0, 0.3))
        texts = self._texts(kind, number, chance)
        talk: Conversation | None = None
        for text in texts:
            talk = await self.chatwoot.customer_says(self.inbox, contact, text)
            self._talks[number] = talk
            if (step, talk) not in self.begun:
                self.begun.append((step, talk))
            # A burst is one turn; what trickles in comes while the turn is under way
            pause = chance.uniform(*((0.4, 1.2) if kind == "trickle" else (0.05, 0.3)))
            if kind == "faq":
                await self._answered(talk)
            else:
                await asyncio.sleep(pause)
        assert talk is not None
        if kind == "takeover":
            await asyncio.sleep(chance.uniform(0.0, 1.5))
            await self.chatwoot.agent_says(talk, "Oi, aqui é a Patrícia, eu cuido disso.")
        if kind == "command":
            await self._answered(talk)
            for what in ("ligar", "conferir"):
                await self.chatwoot.agent_says(talk, f"/bot lembrete 1min {what}", private=True)
            if chance.random() < 0.25:
                await self.chatwoot.agent_says(talk, "/bot resetar", private=True)

    def _texts(self, kind: str, number: int, chance: random.Random) -> list[str]:
        marks = [_questions.word(number * 8 + at) for at in range(3)]
        if kind == "faq":
            asked = chance.sample(list(self.questions), 2)
            return [f"{one} (protocolo {mark})" for one, mark in zip(asked, marks, strict=False)]
        if kind in ("burst", "trickle"):
            return _questions.burst(chance, marks)
        if kind == "act":
            return [
                "Tenho uma dúvida sobre o exame da minha mãe: "
                f"o laudo {number} pode ser refeito? (protocolo {marks[0]})"
            ]
        if kind == "handoff":
            return [f"Quero falar com uma pessoa da equipe, por favor (protocolo {marks[0]})"]
        return _questions.burst(chance, marks[:1])

    async def _answered(self, talk: Conversation) -> None:
        known = len(talk.public_bot_replies)
        with contextlib.suppress(TimeoutError):
            await self.chatwoot.wait_for(
                lambda: len(talk.public_bot_replies) > known or talk.status == "open", timeout=4.0
            )
