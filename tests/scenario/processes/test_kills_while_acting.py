"""kill -9 of a worker right after a tool acted: it acted once, and the customer got one answer."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from chatcrew.clock import SystemClock
from chatcrew.testing import FakeModelServer
from chatcrew.tools import CallState, PostgresToolCalls

QUESTION = "tenho uma dúvida sobre o exame da minha mãe: o laudo 4471 pode ser refeito?"

pytestmark = pytest.mark.usefixtures("second_start")


@dataclass
class Outside:
    """A system of the business's that acts, and answers only when it is let."""

    url: str = ""
    heard: list[dict[str, Any]] = field(default_factory=list)
    saw: asyncio.Event = field(default_factory=asyncio.Event)
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)

    async def act(self, request: web.Request) -> web.Response:
        """Do what must not be done twice."""
        self.heard.append(await request.json())
        self.saw.set()
        await self.may_answer.wait()
        return web.json_response({"status": "refeito"})


@pytest.fixture
async def outside() -> AsyncIterator[Outside]:
    """Give the system on loopback."""
    system = Outside()
    app = web.Application()
    app.router.add_post("/reports", system.act)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    system.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield system
    finally:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(runner.cleanup(), 5)


def _config(shipped: Path, folder: Path, url: str) -> Path:
    """Return the shipped configuration with a tool of the clinic's that acts."""
    copied = Path(shutil.copytree(shipped, folder / "config"))
    clinic = copied / "domains" / "health" / "varizemed.yaml"
    tool = f"""
tools:
  - name: redo_report
    use: http
    method: POST
    url: {url}/reports
    trusted: true
    timeout: 10
    description: Manda refazer um laudo.
    parameters:
      report: {{type: integer, description: Número do laudo., required: true}}
    body: {{report: "{{report}}"}}
"""
    clinic.write_text(clinic.read_text("utf-8") + tool, "utf-8")
    return copied


def _script(server: FakeModelServer) -> None:
    """Call the tool, then say what came of it; asked again, word the arguments anew."""

    def answered(body: dict[str, Any]) -> bool:
        return body["messages"][-1]["role"] == "tool"

    def doubtful(body: dict[str, Any]) -> bool:
        return answered(body) and "verificar" in str(body["messages"][-1]["content"])

    server.when(doubtful, "Isso está sendo verificado e a equipe confirma.")
    server.when(answered, "Pronto, pedi para refazer.")
    server.when(QUESTION, tool=("redo_report", {"report": 4471}))


@pytest.mark.parametrize("answers", [False, True])
async def test_a_worker_killed_right_after_the_act_acts_no_second_time(
    house, tmp_path, model_server, outside, answers, without_crewai, lean_config
) -> None:
    """The other side saw exactly one call, the customer one answer; people are told of a doubt."""
    config = await asyncio.to_thread(
        _config, lean_config("health/varizemed"), tmp_path, outside.url
    )
    _script(model_server)
    model = {
        "OPENAI_BASE_URL": model_server.base_url,
        "CHATCREW_CONFIG_DIR": str(config),
        "CHATCREW_WORKER_PROCESSES": "1",
        **without_crewai,
    }
    if answers:
        outside.may_answer.set()
    async with house(environment=model, user_token=True) as home, home.program("run") as program:
        await program.ready()
        contact = home.account.add_contact(name="Maria", phone_number="+5581990000000")
        conversation = await home.chatwoot.customer_says(home.inbox, contact, QUESTION)
        await asyncio.wait_for(outside.saw.wait(), 30)
        await program.kill("worker")
        outside.may_answer.set()
        await home.chatwoot.wait_for(
            lambda: conversation.public_bot_replies or conversation.status == "open", timeout=60.0
        )
        await home.settled()

        assert [one["report"] for one in outside.heard] == [4471]
        assert len(conversation.public_bot_replies) == 1
        async with home.database() as database:
            rows = await _rows(PostgresToolCalls(database, SystemClock()))
        assert [row.tool for row in rows] == ["redo_report"]
        if rows[0].state is CallState.UNKNOWN:
            assert any("Não se sabe" in note.content for note in conversation.notes)
        else:
            assert rows[0].state is CallState.DONE
        assert await program.stop() == 0
        assert await program.left() == []


async def _rows(calls: PostgresToolCalls) -> list[Any]:
    """Return every call there is: the numbers begin with one."""
    found = [await calls.call(number) for number in range(1, 10)]
    return [row for row in found if row is not None]
