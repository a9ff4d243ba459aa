"""Seven kinds of personal data, from everywhere, and a provider that sees none of them (N15)."""

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from aiohttp import ClientSession

from chatcrew.app.meter import LedgerMeter
from chatcrew.app.privacy import policy_of
from chatcrew.app.responder import CrewResponder
from chatcrew.cache import open_cache
from chatcrew.clock import SystemClock
from chatcrew.crews import CrewPool, engines
from chatcrew.knowledge import PostgresKnowledge
from chatcrew.ledger import PostgresLedger
from chatcrew.llm import open_gateway
from chatcrew.messages import Answer, Ask, ToolResult, ToolSpec
from chatcrew.telemetry import Metrics
from chatcrew.telemetry.spans import spans_of
from chatcrew.tenancy import Configuration, load
from chatcrew.tenancy.model import Crew, Tenant
from chatcrew.tenancy.vocabulary import PRIVATE_KINDS
from chatcrew.testing import FakeModelServer
from chatcrew.tools import Catalogue, HandOver, ToolContext, names

ROOT = Path(__file__).parents[2]
SAID = {
    "cpf": "111.444.777-35",
    "cnpj": "11.222.333/0001-81",
    "card": "4111 1111 1111 1111",
    "phone": "81 9 9123-4567",
    "email": "joana.prado@exemplo.com.br",
    "pix": "123e4567-e89b-42d3-a456-426614174000",
    "address": "Rua das Laranjeiras, 412",
}
"""What the customer writes, before and now."""
CONTACT = {"phone": "+5581966665555", "email": "contato.joana@exemplo.com.br"}
RECORD = {
    "cpf": "529.982.247-25",
    "phone": "(81) 3232-4545",
    "email": "cadastro.joana@exemplo.com.br",
    "address": "Avenida do Forte, 1780",
}
"""What a tool knows of her."""
PLACEHOLDER = re.compile(r"\[[A-Z]+_\d+[a-z]?\]")


@dataclass
class Records:
    """A tool that answers with a customer's record, and remembers what it was asked.

    Attributes:
        asked: the queries it got.
    """

    asked: list[str] = field(default_factory=list)
    side_effects: bool = False
    spec: ToolSpec = ToolSpec(  # noqa: RUF009 - frozen
        "search_knowledge",
        "Look a customer up.",
        {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]},
    )

    async def call(self, arguments: Mapping[str, Any], context: ToolContext) -> ToolResult:
        """Return the record."""
        del context
        self.asked.append(arguments["query"])
        return ToolResult(ok=True, text="Cadastro: " + "; ".join(RECORD.values()))


def reads_back(body: dict[str, Any]) -> str:
    """Say every placeholder that stands in a tool's answer, else thank."""
    found = [one["content"] for one in body["messages"] if one["role"] == "tool"]
    return (
        f"Seu cadastro: {', '.join(PLACEHOLDER.findall(' '.join(found)))}." if found else "Certo."
    )


def wants_the_record(body: dict[str, Any]) -> bool:
    """Return whether the customer asks for her record, which nobody has looked up yet."""
    looked = any(one["role"] == "tool" for one in body["messages"])
    return not looked and "confere meu cadastro" in json.dumps(body["messages"])


def shipped() -> Configuration:
    """Return the shipped configuration."""
    return load(ROOT / "chatwoot_mapping.yaml", ROOT / "config", ROOT / "crews", tools=names())


class Forced(CrewResponder):
    """Crews that one engine runs, whatever their YAML says.

    Attributes:
        engine: which.
    """

    engine = ""

    async def respond(self, crew: Crew, tenant: Tenant, ask: Ask, *, config: str) -> Answer:
        """Answer with the engine."""
        return await super().respond(replace(crew, engine=self.engine), tenant, ask, config=config)


@contextlib.asynccontextmanager
async def crews(server: FakeModelServer, records: Records, database, cache) -> AsyncIterator[Any]:
    """Yield real crews that reach ``server`` through the real gateway."""
    clock = SystemClock()
    loaded = await asyncio.to_thread(shipped)
    policy = policy_of(replace(loaded.tenants["cosmetics/bella"], private=PRIVATE_KINDS))
    async with contextlib.AsyncExitStack() as stack:
        model = await open_gateway(
            api_key=None,
            base_url=server.base_url,
            meter=LedgerMeter(PostgresLedger(database), metrics=Metrics()),
            cache=cache,
            clock=clock,
            stack=stack,
            policy=lambda _tenant: policy,
        )
        pool = CrewPool(size=1)
        stack.push_async_callback(pool.close)
        yield Forced(
            engines(pool),
            model=model,
            catalogue=Catalogue([records, HandOver()]),
            knowledge=PostgresKnowledge(database),
            default_model="scripted",
            available=True,
            clock=clock,
        )


def canaries() -> list[str]:
    """Return every value, and its digits alone where it is a number."""
    values = [*SAID.values(), *CONTACT.values(), *RECORD.values()]
    digits = [re.sub(r"\D", "", value) for value in values]
    return [*values, *(number for number in digits if len(number) >= 8)]


def seen_in(text: str) -> list[str]:
    """Return the canaries that stand in ``text``, in capitals or not."""
    return [value for value in canaries() if value.casefold() in text.casefold()]


@pytest.mark.parametrize(
    "engine",
    [
        "compiled",
        pytest.param("crewai", marks=[pytest.mark.crewai, pytest.mark.xdist_group("crew-pool")]),
    ],
)
async def test_no_canary_reaches_the_provider_and_the_customer_reads_them_all(
    clinic, database, tmp_path, engine: str
) -> None:
    """Message, history, contact, tool results: placeholders there, values here (N15)."""
    records = Records()
    file = tmp_path / "kept.sqlite"
    async with contextlib.AsyncExitStack() as stack:
        logs = stack.enter_context(structlog.testing.capture_logs())
        server = await stack.enter_async_context(FakeModelServer(default=reads_back))
        server.when(wants_the_record, tool=("search_knowledge", {"query": "[CPF_1]"}))
        cache = await stack.enter_async_context(open_cache(SystemClock(), file=file))
        responder = await stack.enter_async_context(crews(server, records, database, cache))
        responder.engine = engine
        c = await stack.enter_async_context(
            clinic(
                responder=responder, tenant="cosmetics/bella", times={"hedge": 0, "deadline": 20}
            )
        )
        c.contact.name = f"Joana {SAID['phone']}"
        c.contact.email, c.contact.phone_number = CONTACT["email"], CONTACT["phone"]
        talk = await c.says(
            f"oi, sou da empresa {SAID['cnpj']}, meu zap é {SAID['phone']} e o e-mail "
            f"{SAID['email']}; entreguem na {SAID['address']}, fica fácil?"
        )
        await c.settled()
        await c.says(
            f"meu cpf é {SAID['cpf']}, cartão {SAID['card']}, chave pix {SAID['pix']}; "
            "confere meu cadastro?"
        )
        await c.settled()
        async with ClientSession() as session, session.get(f"{c.bot.admin_url}/metrics") as got:
            metrics = await got.text()

    sent = [json.dumps(one.body, ensure_ascii=False) for one in server.requests]
    assert len(sent) >= 3
    # OpenAI's pieces: the arguments come by six characters, so that "[CPF_1]" is cut in two
    assert engine == "crewai" or all(one.body["stream"] for one in server.requests)
    assert [seen_in(body) for body in sent] == [[]] * len(sent)
    assert all("(41) 95555-0131" in body for body in sent), "the business's own telephone is public"
    for kind in ("CPF", "CNPJ", "CARD", "PHONE", "EMAIL", "PIX", "ADDRESS"):
        assert any(f"[{kind}_1]" in body for body in sent), kind

    assert records.asked == [SAID["cpf"]]
    finished = [line for line in logs if line["event"] == "turn.finished"]
    assert {line["engine"] for line in finished} == {engine}
    now = datetime.now(UTC)
    for line in finished:  # enough for a trace, whose stages fit into the time that passed (S4-34)
        whole, *rest = spans_of(line | {"timestamp": now.isoformat()})
        stages = [one for one in rest if one.parent == "turn" and one.name != "waited"]
        passed = (now - datetime.fromisoformat(line["began"])).total_seconds()
        assert {"answer", "deliver"} <= {one.name for one in stages}
        assert 0 < sum(one.seconds for one in stages) <= passed <= whole.seconds
    answer = talk.public_bot_replies[-1].content
    assert [value for value in RECORD.values() if value not in answer] == []
    assert PLACEHOLDER.findall(answer) == []

    assert seen_in(json.dumps(logs, default=str)) == []
    assert seen_in(metrics) == []
