"""The composition of crews, gateway and tools: what a role did stands, whatever fails later."""

import json

import pytest

from chatcrew.app.responder import CrewResponder
from chatcrew.clock import SystemClock
from chatcrew.errors import ModelDeadlineExceeded
from chatcrew.ids import ConversationId
from chatcrew.knowledge import MemoryKnowledge
from chatcrew.llm import NoModel
from chatcrew.messages import Answer, Ask
from chatcrew.testing.door import TENANT, configuration
from chatcrew.tools import builtin_catalogue


class _LateCrew:
    """Calls the tools it is told to, then runs out of time."""

    def __init__(self, *calls: tuple[str, dict[str, str]]) -> None:
        self._calls = calls

    async def respond(self, crew, ask, reach) -> Answer:
        for name, arguments in self._calls:
            await reach.call_tool(name, json.dumps(arguments))
        raise ModelDeadlineExceeded("too late", kind="timeout")


async def _ask(crew: _LateCrew) -> Answer:
    known = configuration()
    responder = CrewResponder(
        dict.fromkeys(("compiled", "crewai"), crew),
        model=NoModel(),
        catalogue=builtin_catalogue(),
        knowledge=MemoryKnowledge(),
        default_model="m",
        available=True,
        clock=SystemClock(),
    )
    ask = Ask("t1", TENANT, ConversationId("a", "b", 1), {}, budget=5.0)
    shown = known.crews[("whatsapp", TENANT, "support")]
    return await responder.respond(shown, known.tenants[TENANT], ask, config="v1")


async def test_people_who_were_called_come_though_the_model_was_too_late() -> None:
    """The handoff tool was used: a timeout of the farewell does not undo it (S1-27)."""
    answer = await _ask(_LateCrew(("handoff", {"reason": "urgent", "summary": "dor forte"})))

    assert answer.handoff is not None
    assert (answer.handoff.reason, answer.handoff.summary) == ("urgent", "dor forte")
    assert answer.text == ""


async def test_a_crew_that_called_nobody_fails_as_it_failed() -> None:
    """The ladder then goes to its next rung."""
    with pytest.raises(ModelDeadlineExceeded):
        await _ask(_LateCrew(("search_knowledge", {"query": "preço"})))
