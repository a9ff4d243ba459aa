"""The composition of crews, gateway and tools: what a role did stands, whatever fails later."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from chatcrew.app.responder import CrewResponder
from chatcrew.clock import SystemClock
from chatcrew.crews import CrewPool, engines
from chatcrew.errors import ModelDeadlineExceeded, ModelRefused, ModelUnavailable
from chatcrew.ids import ConversationId
from chatcrew.knowledge import MemoryKnowledge
from chatcrew.llm import NoModel
from chatcrew.messages import Answer, Ask, ToolCall
from chatcrew.tenancy import load
from chatcrew.tenancy.vocabulary import PLACEHOLDERS
from chatcrew.testing import ScriptedModel
from chatcrew.testing.door import TENANT, configuration
from chatcrew.tools import builtin_catalogue
from chatcrew.tools import names as tool_names

ROOT = Path(__file__).parents[2]


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


class _Named:
    """Says its name, and whether it was given what a crew needs."""

    def __init__(self, name: str) -> None:
        self._name = name

    async def respond(self, crew, ask, reach) -> Answer:
        assert {spec.name for spec in reach.tools} >= {"handoff"}
        assert (reach.default_model, reach.config) == ("m", "v1")
        assert "handoff" in reach.side_effects
        return Answer(self._name, engine=self._name)


@pytest.mark.parametrize("engine", ["compiled", "crewai"])
async def test_the_engine_is_the_one_that_is_chosen(engine: str) -> None:
    """What ``chatcrew explain`` says is what runs (S4-31)."""
    files = (ROOT / "chatwoot_mapping.yaml", ROOT / "config", ROOT / "crews")
    shipped = await asyncio.to_thread(load, *files, tools=tool_names())
    tenant = shipped.tenants["health/varizemed"]
    function = {"compiled": "support", "crewai": "scheduling"}[engine]
    crew = shipped.crews["whatsapp", tenant.key, function]
    model = ScriptedModel("Às 8h.")
    responder = CrewResponder(
        {name: _Named(name) for name in ("compiled", "crewai")},
        model=model,
        catalogue=builtin_catalogue(),
        knowledge=MemoryKnowledge(),
        default_model="m",
        fast_model="small",
        available=True,
        clock=SystemClock(),
    )
    inputs = dict.fromkeys(PLACEHOLDERS, "x")
    ask = Ask("t1", tenant.key, ConversationId("a", "b", 1), inputs, budget=5.0)

    answer = await responder.respond(crew, tenant, ask, config="v1")
    fast = await responder.respond_fast(crew, tenant, ask, config="v1")

    assert answer.text == engine
    assert (fast.text, fast.engine) == ("Às 8h.", "fast")
    assert [(one.model, one.tools) for one in model.requests] == [("small", ())]


async def _fast(model: ScriptedModel, **changes: object) -> Answer:
    """Ask the fast model of a crew with ``changes``; the server names ``small`` and ``m``."""
    files = (ROOT / "chatwoot_mapping.yaml", ROOT / "config", ROOT / "crews")
    known = await asyncio.to_thread(load, *files, tools=tool_names())
    crew = replace(known.crews["whatsapp", "health/varizemed", "support"], **changes)
    responder = CrewResponder(
        {},
        model=model,
        catalogue=builtin_catalogue(),
        knowledge=MemoryKnowledge(),
        default_model="m",
        fast_model="small",
        available=True,
        clock=SystemClock(),
    )
    inputs = dict.fromkeys(PLACEHOLDERS, "x")
    tenant = known.tenants["health/varizemed"]
    ask = Ask("t1", tenant.key, ConversationId("a", "b", 1), inputs, budget=5.0)
    return await responder.respond_fast(crew, tenant, ask, config="v1")


async def test_the_crew_s_own_fast_model_goes_before_the_server_s() -> None:
    """``fast_model`` of crew, domain or tenant (S4-31)."""
    model = ScriptedModel("Oi!")
    await _fast(model, fast_model="tiny")
    assert [one.model for one in model.requests] == ["tiny"]


async def test_the_crew_s_model_stands_in_for_a_fast_one_that_cannot_be_reached() -> None:
    """A second call to the main model still helps against one that hangs (N5)."""
    model = ScriptedModel(ModelUnavailable("left alone", kind="breaker_open"), "Oi!")
    answer = await _fast(model)
    assert answer.text == "Oi!"
    assert [one.model for one in model.requests] == ["small", "m"]


async def test_a_fast_model_that_refuses_is_not_stood_in_for() -> None:
    """A refusal is an answer of the provider's."""
    model = ScriptedModel(ModelRefused("filtered", kind="content_filter"), "Oi!")
    with pytest.raises(ModelRefused):
        await _fast(model)
    assert len(model.requests) == 1


async def test_calling_people_commits_the_crew_before_they_are_called() -> None:
    """From then on the fast model may not win over it, however slow the farewell is (S1-27)."""
    files = (ROOT / "chatwoot_mapping.yaml", ROOT / "config", ROOT / "crews")
    known = await asyncio.to_thread(load, *files, tools=tool_names())
    tenant = known.tenants["health/varizemed"]
    crew = known.crews["whatsapp", tenant.key, "support"]
    wish = json.dumps({"reason": "urgent", "summary": "dor forte"})
    model = ScriptedModel(ToolCall("c1", "handoff", wish), "Já vem alguém.")
    responder = CrewResponder(
        engines(CrewPool()),
        model=model,
        catalogue=builtin_catalogue(),
        knowledge=MemoryKnowledge(),
        default_model="m",
        available=True,
        clock=SystemClock(),
    )
    asked_before: list[int] = []
    ask = Ask(
        "t1",
        tenant.key,
        ConversationId("a", "b", 1),
        dict.fromkeys(PLACEHOLDERS, "x"),
        budget=5.0,
        committed=lambda: asked_before.append(len(model.requests)),
    )
    answer = await responder.respond(crew, tenant, ask, config="v1")

    assert asked_before == [1]
    assert answer.handoff is not None
