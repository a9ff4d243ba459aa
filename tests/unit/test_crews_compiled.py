"""The compiled engine: a turn without CrewAI that ends for real when nobody wants it any more."""

import asyncio
import dataclasses
import subprocess
import sys
import time

import pytest

from chatcrew.crews import CrewPool, Reach, engines
from chatcrew.crews._templates import templates
from chatcrew.errors import CrewError, ModelDeadlineExceeded, ModelRefused, StoreError
from chatcrew.ids import ConversationId
from chatcrew.messages import Ask, ModelAnswer, Passage, Timing, ToolCall, ToolResult, ToolSpec
from chatcrew.tenancy.model import Capabilities, Crew, RoleSpec, TaskSpec
from chatcrew.testing import ScriptedModel

SCHEMA = {"type": "object", "properties": {"q": {"type": "string"}}}
LOOK, BOOK, HIDDEN = (ToolSpec(name, f"To {name}.", SCHEMA) for name in ("look", "book", "hidden"))
ROLE = RoleSpec(
    "agent", "Atendente da {business}", "Ajudar", "Gentil.", tools=("look", "book"), max_rounds=3
)
CREW = Crew(
    name="whatsapp",
    channel="whatsapp",
    function="support",
    process="sequential",
    engine="auto",
    roles=(ROLE,),
    tasks=(TaskSpec("reply", "Saiba: {knowledge}\nResponda: {message}", "Uma frase", "agent"),),
    capabilities=Capabilities(),
    timing=Timing(),
)
INPUTS = {"business": "Acme", "knowledge": "INTERNO", "message": "{knowledge} {role} {tools} {x}"}


def calls(*names):
    """Return an answer that calls tools."""
    return ModelAnswer("", tuple(ToolCall(f"c-{name}", name, '{"q": "x"}') for name in names))


async def result_of(name, arguments):
    """Answer a tool call."""
    return ToolResult(ok=True, text=f"result of {name}")


async def ask(model, *, call_tool=result_of, crew=CREW, budget=5.0, passages=()):
    """Run one turn with three tools in the catalogue, of which the role names two."""
    complete = getattr(model, "complete", model)
    reach = Reach(
        complete=complete,
        call_tool=call_tool,
        tools=(LOOK, BOOK, HIDDEN),
        default_model="model-x",
        config="v1",
        side_effects=frozenset({"book"}),
    )
    asked = Ask("t1", "health/acme", ConversationId("a", "b", 1), INPUTS, budget, passages)
    return await engines(CrewPool())["compiled"].respond(crew, asked, reach)


async def test_a_tool_round_ends_in_an_answer_with_its_sources():
    """Requests carry the role's settings and tools; the answer says what it rests on."""
    model = ScriptedModel(calls("look"), "Encontrei.")
    passage = Passage("faq.yaml:1", "Preço", "R$ 300", 1.0)

    answer = await ask(model, passages=(passage,))

    first, second = model.requests
    assert first.tools == (LOOK, BOOK)
    assert (first.model, first.temperature, first.max_tokens) == ("model-x", 0.2, 500)
    assert (first.tenant, first.config, first.turn_id) == ("health/acme", "v1", "t1")
    assert len(first.messages) == 2
    assert [one["role"] for one in second.messages] == ["system", "user", "assistant", "tool"]
    assert second.messages[-1]["content"] == "result of look"
    assert (answer.text, answer.engine, answer.model_calls) == ("Encontrei.", "compiled", 2)
    assert answer.tool_results == ("result of look",)
    assert answer.passages == (passage,)


async def test_a_customer_s_braces_stay_words():
    """One pass fills the templates: what was filled in is not looked at again (complaint 12)."""
    model = ScriptedModel("ok")

    await ask(model)

    system, user = (one["content"] for one in model.requests[0].messages)
    assert system.startswith("You are Atendente da Acme. Gentil.")
    assert "Saiba: INTERNO\nResponda: {knowledge} {role} {tools} {x}\n" in user


async def test_templates_are_made_once_per_crew():
    """The second turn of an equal crew makes nothing new, and there is a bound."""
    await ask(ScriptedModel("ok"))
    before = templates.cache_info()
    await ask(ScriptedModel("ok"), crew=dataclasses.replace(CREW, channel="sms"))

    after = templates.cache_info()
    assert (after.misses, after.hits) == (before.misses, before.hits + 1)
    assert after.maxsize


async def test_a_role_reaches_only_tools_that_are_its_own():
    """A tool of another role is as unknown as one that nobody has."""
    called = []

    async def call_tool(name, arguments):
        called.append(name)
        return ToolResult(ok=True, text="no")

    model = ScriptedModel(calls("hidden", "nothing"), "ok")
    await ask(model, call_tool=call_tool)

    assert called == []
    assert [one["content"] for one in model.requests[1].messages[-2:]] == ["Tool not found"] * 2


async def test_after_a_side_effect_nothing_is_cached():
    """A booking makes every later completion of the turn its own (design §3)."""
    model = ScriptedModel(calls("look"), calls("book"), "Marcado.")

    await ask(model)

    assert [one.cacheable for one in model.requests] == [True, True, False]


async def test_what_a_tool_complains_of_is_no_source():
    """A refusal may quote the model, which is no source for what the model says."""

    async def call_tool(name, arguments):
        return ToolResult(ok=False, text="sem horário às 25h")

    answer = await ask(ScriptedModel(calls("book"), "ok"), call_tool=call_tool)

    assert answer.tool_results == ()


async def waits_for_ever(cancelled, meet=None):
    """Wait until cancelled, and say so; first for the others at a barrier."""
    try:
        if meet is not None:
            await meet.wait()
        await asyncio.sleep(60)
    finally:
        cancelled.append(True)


async def test_a_cancelled_turn_has_ended_its_model_call():
    """The loser of a hedge: when ``respond`` is over, the call is over too (N5)."""
    asked, cancelled = asyncio.Event(), []

    async def complete(request):
        asked.set()
        await waits_for_ever(cancelled)

    turn = asyncio.create_task(ask(complete))
    await asked.wait()
    turn.cancel()
    with pytest.raises(asyncio.CancelledError):
        await turn

    assert cancelled == [True]


async def test_a_cancelled_turn_has_ended_all_its_tools():
    """Also those of one answer that ran side by side."""
    running, cancelled = asyncio.Barrier(3), []

    async def call_tool(name, arguments):
        await waits_for_ever(cancelled, running)

    turn = asyncio.create_task(ask(ScriptedModel(calls("look", "book")), call_tool=call_tool))
    await running.wait()
    turn.cancel()
    with pytest.raises(asyncio.CancelledError):
        await turn

    assert cancelled == [True, True]


async def test_a_tool_that_fails_takes_its_neighbours_along():
    """The store behind a tool may be away: it comes out as itself, and nothing runs on."""
    running, cancelled = asyncio.Barrier(2), []

    async def call_tool(name, arguments):
        if name == "book":
            await running.wait()
            raise StoreError("database away")
        await waits_for_ever(cancelled, running)

    with pytest.raises(StoreError, match="database away"):
        await ask(ScriptedModel(calls("look", "book")), call_tool=call_tool)

    assert cancelled == [True]


async def test_what_the_gateway_raises_comes_out_as_itself():
    """Kind and data of an error survive; nothing is tried again here."""
    fault = ModelRefused("no quota", kind="insufficient_quota", status=429)
    model = ScriptedModel(fault)

    with pytest.raises(ModelRefused) as caught:
        await ask(model)

    assert caught.value is fault
    assert len(model.requests) == 1


async def test_a_slow_model_ends_with_the_budget():
    """The ladder is told that a model was too slow."""
    cancelled, start = [], time.monotonic()

    async def complete(request):
        await waits_for_ever(cancelled)

    with pytest.raises(ModelDeadlineExceeded) as caught:
        await ask(complete, budget=0.05)

    assert caught.value.kind == "timeout"
    assert cancelled == [True]
    assert time.monotonic() - start < 2


async def test_a_slow_tool_ends_with_the_budget():
    """Then it was no model's fault."""
    cancelled = []

    async def call_tool(name, arguments):
        await waits_for_ever(cancelled)

    with pytest.raises(CrewError, match="no answer within its time"):
        await ask(ScriptedModel(calls("look")), call_tool=call_tool, budget=0.05)

    assert cancelled == [True]


async def test_an_empty_answer_is_an_error_unless_a_tool_did_something():
    """A model that says nothing leads to the next rung, not to an empty bubble."""
    with pytest.raises(CrewError, match="answered nothing"):
        await ask(ScriptedModel(" "))

    assert (await ask(ScriptedModel(calls("look"), ""))).tool_results == ("result of look",)


async def test_a_crew_that_needs_crewai_is_refused():
    """Never half of a crew: what cannot be compiled is not run in part."""
    roles = (dataclasses.replace(ROLE, allow_delegation=True),)

    with pytest.raises(CrewError, match="cannot run it: allow_delegation"):
        await ask(ScriptedModel(), crew=dataclasses.replace(CREW, roles=roles))


WORKER = """
import asyncio, sys
sys.path.insert(0, {tests!r})
from test_crews_compiled import *

async def main():
    print((await ask(ScriptedModel("ok"))).text)

asyncio.run(main())
assert "crewai" not in sys.modules
"""


def test_the_worker_never_imports_crewai(request):
    """CrewAI's sentences are read from its files: its 5 s and 180 MB stay out (S4-30)."""
    code = WORKER.format(tests=str(request.path.parent))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "ok\n"), done.stderr[-2000:]


@pytest.mark.parametrize("sentences", [None, '{"slices": {}}', "no json"])
def test_an_installation_without_sentences_says_so(request, tmp_path, sentences):
    """Another release or half an installation is a ``CrewError`` with its reason, not a crash."""
    package = tmp_path / "crewai"
    (package / "translations").mkdir(parents=True)
    (package / "__init__.py").touch()
    if sentences is not None:
        (package / "translations" / "en.json").write_text(sentences)
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n" + WORKER.format(
        tests=str(request.path.parent)
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert "CrewError: crew '*': CrewAI's sentences cannot be read: " in done.stderr
