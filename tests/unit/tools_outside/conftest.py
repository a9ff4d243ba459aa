"""What tests of tools that reach outside share: a tenant, its catalogue, one call."""

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import orjson
import pytest

from chatcrew.egress import GuardedHttp
from chatcrew.errors import ConfigError
from chatcrew.ids import ConversationId
from chatcrew.knowledge import MemoryKnowledge
from chatcrew.messages import Contact, ConversationState, Snapshot, ToolResult
from chatcrew.tenancy.model import NamedDatabase, Persona, Secret, Tenant, ToolEntry
from chatcrew.testing import ManualClock
from chatcrew.tools import Outside, TenantCatalogue, ToolContext

SECRETS = {"env:TOKEN": b"t0ken", "env:USER": b"ck_test", "env:PASS": b"cs_test"}


class Caller:
    """One tenant's turn: calls tools as a model would."""

    def __init__(self, outside: Outside) -> None:
        self.outside = outside
        self.clock = ManualClock()
        self.contact = Contact()
        self.channel = "Channel::WebWidget"
        self.language = "pt-BR"
        self.databases: dict[str, NamedDatabase] = {}
        self.catalogue = TenantCatalogue(outside=outside)
        self.context: ToolContext | None = None

    def begin(self, *entries: ToolEntry, key: str = "shop/a") -> ToolContext:
        """Begin a turn of a tenant with these tools."""
        tenant = Tenant(
            key=key,
            language=self.language,
            timezone="America/Sao_Paulo",
            persona=Persona("Ana", "Loja A", "claro"),
            tools=entries,
            databases=self.databases,
        )
        conversation = ConversationId("acme", "acme-bot", 7)
        snapshot = Snapshot(contact=self.contact, channel=self.channel)
        self.context = ToolContext(
            tenant=tenant,
            conversation=conversation,
            knowledge=MemoryKnowledge(),
            clock=self.clock,
            budget=30.0,
            state=ConversationState(conversation, snapshot=snapshot),
            turn_id="t1",
        )
        return self.context

    async def call(self, name: str, /, **arguments: Any) -> ToolResult:
        """Call a tool in the turn that was begun."""
        assert self.context is not None
        catalogue = self.catalogue.of(self.context.tenant)
        return await catalogue.call(name, orjson.dumps(arguments).decode(), self.context)


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    """Make a caller whose secrets are known and whose answers nobody keeps."""

    async def read(secret: Secret) -> bytes:
        if secret.reference not in SECRETS:
            raise ConfigError("no such variable")
        return SECRETS[secret.reference]

    async with GuardedHttp() as http:
        yield Caller(Outside(http, secret=read))


@pytest.fixture
def tool() -> Callable[..., ToolEntry]:
    """Make an HTTP tool; its parameters are named by their types."""

    def made(url: str, parameters: Mapping[str, str] | None = None, **fields: Any) -> ToolEntry:
        named = parameters or {}
        required = fields.pop("required", list(named))
        settings = {"name": "thing", "use": "http", "trusted": True, "description": "x", **fields}
        return ToolEntry(
            **settings,
            url=url,
            names=(settings["name"],),
            parameters={
                "type": "object",
                "properties": {name: {"type": kind} for name, kind in named.items()},
                "required": required,
            },
        )

    return made
