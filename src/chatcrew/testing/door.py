"""The webhook door alone: a reception over a mailbox in memory and a configuration made by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from aiohttp import web

from chatcrew.clock import Clock
from chatcrew.database.rows import MemoryTables
from chatcrew.errors import ConfigError
from chatcrew.mailbox import MemoryMailbox, PutResult
from chatcrew.messages import Delivery, Timing
from chatcrew.telemetry import Metrics
from chatcrew.tenancy import Directory
from chatcrew.tenancy.model import (
    Bot,
    Capabilities,
    Configuration,
    Crew,
    Persona,
    Route,
    Secret,
    Tenant,
)
from chatcrew.testing._chatwoot.wire import signed_headers
from chatcrew.web import Reception, public_app
from chatcrew.web.public import BODY_TIMEOUT

TENANT = "health/varizemed"
AGENT_SECRET = "agent-secret-4f1c"  # noqa: S105 - of a bot that exists only in tests
OLD_SECRET = "agent-secret-before"  # noqa: S105 - same
ACCOUNT_SECRET = "account-secret-77"  # noqa: S105 - same
INBOX_SECRET = "inbox-secret-31"  # noqa: S105 - same
PATH_TOKEN = "p4th-t0ken-nobody-guesses"  # noqa: S105 - same

_VALUES = {
    "env:AGENT": AGENT_SECRET,
    "env:AGENT_OLD": OLD_SECRET,
    "env:ACCOUNT": ACCOUNT_SECRET,
    "env:INBOX": INBOX_SECRET,
    "env:PATH": PATH_TOKEN,
}


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One call of ``quarantine``."""

    bot: str
    reason: str
    headers: Mapping[str, str]
    body: bytes
    at: datetime


class DoorMailbox(MemoryMailbox):
    """A mailbox that keeps what was put into it and can fail.

    Attributes:
        delivered: what ``put`` was called with.
        quarantined: what ``quarantine`` was called with.
        fault: raised instead of doing anything.
    """

    def __init__(self, clock: Clock, *, max_pending: int = 20_000) -> None:
        super().__init__(MemoryTables(), clock, max_pending=max_pending)
        self.delivered: list[Delivery] = []
        self.quarantined: list[Quarantined] = []
        self.fault: Exception | None = None

    async def put(self, delivery: Delivery) -> PutResult:
        """See ``Mailbox.put``."""
        if self.fault is not None:
            raise self.fault
        self.delivered.append(delivery)
        return await super().put(delivery)

    async def quarantine(
        self, bot: str, *, reason: str, headers: Mapping[str, str], body: bytes, at: datetime
    ) -> None:
        """See ``Mailbox.quarantine``."""
        if self.fault is not None:
            raise self.fault
        self.quarantined.append(Quarantined(bot, reason, headers, body, at))
        await super().quarantine(bot, reason=reason, headers=headers, body=body, at=at)


@dataclass(frozen=True, slots=True)
class KnownSecrets:
    """Satisfies ``web.reception.SecretReader`` with values by reference."""

    values: Mapping[str, str] = field(default_factory=lambda: dict(_VALUES))

    async def read(self, secret: Secret) -> bytes:
        """Return the secret's bytes.

        Raises:
            ConfigError: the reference leads nowhere.
        """
        value = self.values.get(secret.reference)
        if value is None:
            raise ConfigError(f"{secret.reference} leads nowhere")
        return value.encode()


@dataclass(frozen=True, slots=True)
class Door:
    """The public application and everything behind it.

    ``loja-bot`` requires signatures and has secrets of every kind; ``caminho-bot`` does as well and
    has a path token; ``flex-bot`` takes unsigned deliveries with its path token; ``aberto-bot``
    checks nothing but that; the secret of ``perdido-bot`` leads nowhere; of ``parcial-bot`` only
    inbox 99 is mapped, of ``velho-bot`` too, which takes unsigned deliveries.
    """

    app: web.Application
    mailbox: DoorMailbox
    metrics: Metrics
    clock: Clock

    @classmethod
    def opened(
        cls, clock: Clock, *, max_pending: int = 20_000, body_timeout: float = BODY_TIMEOUT
    ) -> Self:
        """Return a door that nobody has knocked at."""
        mailbox, metrics = DoorMailbox(clock, max_pending=max_pending), Metrics()
        reception = Reception(
            Directory(configuration()),
            mailbox=mailbox,
            secrets=KnownSecrets(),
            metrics=metrics,
            clock=clock,
        )
        app = public_app(reception, metrics=metrics, clock=clock, body_timeout=body_timeout)
        return cls(app, mailbox, metrics, clock)

    def headers(
        self, body: bytes, *, secret: str | None = AGENT_SECRET, delivery: str | None = None
    ) -> dict[str, str]:
        """Return Chatwoot's headers for ``body`` at this moment."""
        return signed_headers(secret, body, now=self.clock.now(), delivery=delivery)


def configuration() -> Configuration:
    """Return the configuration that ``Door`` describes."""
    all_kinds = {
        "agent_bot": (Secret("env:AGENT"), Secret("env:AGENT_OLD")),
        "account": (Secret("env:ACCOUNT"),),
        "api_inbox": (Secret("env:INBOX"),),
    }
    path, partial = Secret("env:PATH"), "loja-parcial"
    bots = [
        _bot("loja-bot", secrets=all_kinds),
        _bot("caminho-bot", secrets=all_kinds, path_token=path),
        _bot("flex-bot", signature="if_present", secrets=all_kinds, path_token=path),
        _bot("aberto-bot", signature="off", path_token=path),
        _bot("perdido-bot", secrets={"agent_bot": (Secret("env:NOWHERE"),)}),
        _bot("parcial-bot", account=partial, secrets=all_kinds),
        _bot("velho-bot", account=partial, signature="off", path_token=path),
    ]
    route = Route(TENANT, "whatsapp", "whatsapp")
    crew = Crew(
        name="whatsapp",
        channel="whatsapp",
        function="support",
        process="sequential",
        engine="auto",
        roles=(),
        tasks=(),
        capabilities=Capabilities(),
        timing=Timing(),
    )
    persona = Persona("Vari", "VarizeMed", "acolhedor")
    return Configuration(
        version="0123456789ab",
        bots={bot.name: bot for bot in bots},
        routes={("loja", None): route, (partial, 99): route},
        fallback=None,
        tenants={TENANT: Tenant(TENANT, "pt-BR", "America/Recife", persona)},
        crews={("whatsapp", TENANT, "support"): crew},
    )


def _bot(
    name: str,
    *,
    account: str = "loja",
    signature: str = "required",
    secrets: Mapping[str, tuple[Secret, ...]] | None = None,
    path_token: Secret | None = None,
) -> Bot:
    return Bot(
        name=name,
        account=account,
        account_id=3,
        base_url="http://127.0.0.1:9",
        agent_bot_id=7,
        token=Secret("env:TOKEN"),
        signature=signature,
        secrets=secrets or {},
        path_token=path_token,
    )
