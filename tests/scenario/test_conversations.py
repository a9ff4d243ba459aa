"""The scripted conversations of every shipped business pass through the running server."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
import yaml

from chatcrew.app.meter import LedgerMeter
from chatcrew.app.responder import CrewResponder
from chatcrew.clock import SystemClock
from chatcrew.crews import CrewPool, engines
from chatcrew.database import Database
from chatcrew.hub.ports import Responder
from chatcrew.knowledge import PostgresKnowledge
from chatcrew.ledger import PostgresLedger
from chatcrew.llm import open_gateway
from chatcrew.telemetry import Metrics
from chatcrew.testing import FakeModelServer
from chatcrew.tools import builtin_catalogue

FOLDER = Path(__file__).parents[1] / "samples" / "conversations"
SCRIPTS = {
    path.relative_to(FOLDER).with_suffix("").as_posix(): path for path in FOLDER.rglob("*.yaml")
}
CLASSES = {"whatsapp": "Channel::Whatsapp", "web_widget": "Channel::WebWidget"}
CREW_ENGINES = ("crewai", "compiled")


def _script(name: str) -> dict:
    return yaml.safe_load(SCRIPTS[name].read_text(encoding="utf-8"))


def _marks(name: str) -> object:
    """Scripts with a model start crew processes, all on one xdist worker."""
    if "model" not in _script(name):
        return pytest.param(name)
    return pytest.param(name, marks=[pytest.mark.crewai, pytest.mark.xdist_group("crew-pool")])


def _last_message_has(words: str, body: dict) -> bool:
    """Return whether the newest message the model reads holds ``words``: a question or a result."""
    return words in str(body["messages"][-1].get("content") or "")


@pytest.fixture
def crews_dir(prompt_crews: Path) -> Path:
    """Customers here send one message at a time."""
    return prompt_crews


@contextlib.asynccontextmanager
async def _crews(script: dict, database: Database) -> AsyncIterator[Responder | None]:
    """Yield real crews against a scripted model server, or None for a script without a model."""
    if "model" not in script:
        yield None
        return
    async with contextlib.AsyncExitStack() as stack:
        server = await stack.enter_async_context(FakeModelServer())
        for rule in script["model"]:
            tool = rule.get("tool")
            server.when(
                partial(_last_message_has, rule["when"]),
                rule.get("say", ""),
                tool=(tool["name"], tool["arguments"]) if tool else None,
            )
        clock = SystemClock()
        model = await open_gateway(
            api_key=None,
            base_url=server.base_url,
            meter=LedgerMeter(PostgresLedger(database), metrics=Metrics()),
            cache=None,
            clock=clock,
            stack=stack,
        )
        pool = CrewPool()
        stack.push_async_callback(pool.close)
        yield CrewResponder(
            engines(pool),
            model=model,
            catalogue=builtin_catalogue(),
            knowledge=PostgresKnowledge(database),
            default_model="scripted",
            available=True,
            clock=clock,
        )


@pytest.mark.parametrize("name", [_marks(name) for name in sorted(SCRIPTS)])
async def test_a_scripted_conversation_goes_as_written(clinic, database, name: str) -> None:
    """Each step of the customer gets what the script expects: words, engine, status (S2-36)."""
    script = await asyncio.to_thread(_script, name)
    async with (
        _crews(script, database) as responder,
        clinic(
            responder=responder,
            tenant=script["tenant"],
            channel=script["channel"],
            chatwoot_channel=CLASSES[script["channel"]],
        ) as c,
    ):
        conversation, seen = None, 0
        for step in script["steps"]:
            if "customer" in step:
                conversation = await c.says(step["customer"])
                continue
            expected = step["expect"]
            await c.reply(conversation, seen + 1)
            await c.settled()
            replies = conversation.public_bot_replies[seen:]
            seen = len(conversation.public_bot_replies)
            said = "\n".join(reply.content for reply in replies)
            wanted = expected.get("contains_any", [""])
            assert any(words in said for words in wanted), said
            assert not any(words in said for words in expected.get("not_contains", [])), said
            assert conversation.status == expected["status"]
            _check_engine(replies, expected.get("engine", "any"))
            if expected.get("handoff") is not None:
                assert bool(conversation.notes) is expected["handoff"]


def _check_engine(replies: list, wanted: str) -> None:
    engines = {reply.content_attributes["chatcrew"]["engine"] for reply in replies}
    if wanted == "crew":
        assert engines <= set(CREW_ENGINES)
    elif wanted != "any":
        assert engines == {wanted}
