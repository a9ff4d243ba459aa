"""One pool of crew processes for all tests here, and the worker's side of a turn."""

import asyncio
from types import SimpleNamespace

import pytest
import pytest_asyncio

from chatcrew.crews import CrewPool, Reach, engines
from chatcrew.ids import ConversationId
from chatcrew.messages import Ask, ModelAnswer, Timing, ToolCall, ToolResult, ToolSpec
from chatcrew.tenancy.model import Capabilities, Crew, RoleSpec, TaskSpec

SECRET = "sk-this-must-not-get-in"
CONCURRENCY = 20
LOOK = ToolSpec(
    "look",
    "Look something up.",
    {
        "type": "object",
        "properties": {"q": {"type": "string", "description": "what"}},
        "required": ["q"],
        "additionalProperties": False,
    },
)
BOOK = ToolSpec("book", "Book a slot.", {"type": "object", "properties": {}})


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def pool():
    """Yield one pool for all tests here; its start takes about 5 s."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("OPENAI_API_KEY", "REDIS_URL", "CHATCREW_DATABASE_URL", "ACME_TOKEN"):
            patch.setenv(name, SECRET)
        one = CrewPool(concurrency=CONCURRENCY, recycle_after=150)
        one.start()
        await one.ready()
    yield one
    await one.close()


def crew(*, roles=None, tasks=None, **changes):
    """Return a crew, of one role with two tools and one task unless told otherwise."""
    roles = roles or (
        RoleSpec("agent", "Atendente", "Ajudar", "Gentil.", tools=("look", "book"), max_rounds=3),
    )
    tasks = tasks or (TaskSpec("reply", "Responda: {message}", "Uma resposta", "agent"),)
    given = {"name": "whatsapp", "channel": "whatsapp", "function": "support"}
    given |= {"process": "sequential", "engine": "crewai", **changes}
    return Crew(**given, roles=roles, tasks=tasks, capabilities=Capabilities(), timing=Timing())


class Desk:
    """The worker's side of a turn: a model by a function of the request, and tools that answer."""

    def __init__(self, model):
        self.model = model
        self.requests = []
        self.tool_calls = []

    async def complete(self, request):
        self.requests.append(request)
        answer = self.model(request)
        return await answer if asyncio.iscoroutine(answer) else answer

    async def call_tool(self, name, arguments):
        self.tool_calls.append((name, arguments))
        return ToolResult(ok=True, text=f"result of {name}")

    async def ask(self, pool, message="oi", *, budget=30.0, **changes):
        """Ask a crew, ours unless told otherwise."""
        inputs = changes.get("inputs", {"message": message})
        ask = Ask("t1", "health/varizemed", ConversationId("a", "b", 1), inputs, budget)
        reach = Reach(
            complete=self.complete,
            call_tool=self.call_tool,
            tools=changes.get("tools", [LOOK, BOOK]),
            default_model="model-x",
            config="v1",
            side_effects=frozenset({"book"}),
        )
        engine = engines(pool)[changes.get("engine", "crewai")]
        return await engine.respond(changes.get("crew", crew()), ask, reach)


def says(*answers):
    """Return a model that gives these answers in order."""
    left = iter(answers)
    return lambda request: next(left)


def calls(*names):
    """Return an answer that calls tools."""
    return ModelAnswer("", tuple(ToolCall(f"c-{name}", name, '{"q": "x"}') for name in names))


def last_user_words(request):
    """Return the newest user message of a request."""
    return [one["content"] for one in request.messages if one["role"] == "user"][-1]


@pytest.fixture(scope="session")
def kit():
    """Return what tests here build their turns from."""
    return SimpleNamespace(
        SECRET=SECRET,
        CONCURRENCY=CONCURRENCY,
        LOOK=LOOK,
        BOOK=BOOK,
        Desk=Desk,
        crew=crew,
        says=says,
        calls=calls,
        last_user_words=last_user_words,
    )
