"""The baseline of ``latency``: CrewAI as its own examples use it, inside the webhook request.

Each customer's message starts a fresh ``Crew``, stock LLM, stock executor; the request is answered
once the reply is posted. It knows no bursts, stores nothing and gives up nothing.

Run as ``python -m benchmarks._naive DESCRIPTOR MODEL CHATWOOT``, with CrewAI's telemetry switched
off in the environment: only loopback may be contacted, and the baseline should not pay for it.
"""

import asyncio
import hmac
import json
import logging
import socket
import sys
from pathlib import Path
from typing import Any

import yaml
from aiohttp import ClientSession, web
from crewai import LLM, Agent, Crew, Task  # noqa: TID251 - the baseline is CrewAI itself
from crewai.tools import BaseTool  # noqa: TID251 - the baseline is CrewAI itself

from benchmarks._installation import SECRET, SENDER, TOKEN

_SAID: dict[str, Any] = yaml.safe_load(
    Path("config/domains/health/varizemed.yaml").read_text("utf-8")
)
_PERSONA = _SAID["persona"]
_FACTS = "\n".join(f"- {name}: {value}" for name, value in _SAID["facts"].items())
_FAQ = [f"{entry['question']}\n{entry['answer']}" for entry in _SAID["faq"]]


class _Search(BaseTool):
    name: str = "search_knowledge"
    description: str = "Busca nas informações da empresa."

    def _run(self, query: str) -> str:
        words = set(query.lower().split())
        return max(_FAQ, key=lambda entry: len(words & set(entry.lower().split())))


class _Naive:
    def __init__(self, session: ClientSession, model: str, chatwoot: str) -> None:
        self._session = session
        self._llm = LLM(model="gpt-4o-mini", base_url=model, api_key="none", temperature=0.2)
        self._chatwoot = f"{chatwoot}/api/v1/accounts/{SENDER.account_id}/conversations"

    async def post(self, request: web.Request) -> web.Response:
        """Answer a customer's message before the request is answered; pass over all else."""
        body = await request.read()
        stamp = request.headers["X-Chatwoot-Timestamp"].encode("ascii")
        digest = hmac.digest(SECRET.encode(), stamp + b"." + body, "sha256").hex()
        if not hmac.compare_digest(request.headers["X-Chatwoot-Signature"], f"sha256={digest}"):
            return web.Response(status=401)
        event = json.loads(body)
        if event["event"] == "message_created" and event["message_type"] == "incoming":
            await self._answer(event["conversation"]["id"], event["content"])
        return web.json_response({"status": "done"})

    async def _answer(self, number: int, question: str) -> None:
        output = await self._crew().akickoff(inputs={"message": question})
        said = {"content": output.raw, "message_type": "outgoing", "private": False}
        headers = {"api_access_token": TOKEN}
        url = f"{self._chatwoot}/{number}/messages"
        async with self._session.post(url, json=said, headers=headers) as got:
            got.raise_for_status()

    def _crew(self) -> Any:
        agent = Agent(
            role=f"{_PERSONA['name']}, assistente virtual da {_PERSONA['business']}",
            goal="Resolver a dúvida do cliente já nesta mensagem, com fatos da empresa.",
            backstory=f"Tom: {_PERSONA['tone']}. Estilo: {_PERSONA['style']}.\nFatos:\n{_FACTS}",
            llm=self._llm,
            tools=[_Search()],
            max_iter=4,
        )
        task = Task(
            description="Responda à mensagem do cliente:\n{message}",
            expected_output="A resposta ao cliente, curta e direta, em texto simples.",
            agent=agent,
        )
        return Crew(agents=[agent], tasks=[task], verbose=False)


async def _serve(descriptor: int, model: str, chatwoot: str) -> None:
    async with ClientSession() as session:
        app = web.Application()
        app.router.add_post("/webhooks/chatwoot/{bot}", _Naive(session, model, chatwoot).post)
        app.router.add_get("/health/live", _live)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        bound = socket.socket(fileno=descriptor)
        bound.settimeout(0)
        await web.SockSite(runner, bound).start()
        await asyncio.Event().wait()


async def _live(_: web.Request) -> web.Response:
    return web.json_response({"status": "alive"})


if __name__ == "__main__":
    logging.disable(logging.WARNING)  # CrewAI warns at each model call
    asyncio.run(_serve(int(sys.argv[1]), *sys.argv[2:4]))
