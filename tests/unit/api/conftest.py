"""The API over a house of two businesses that is kept in memory."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web

from chatcrew.accounts import MemoryTokens, Role
from chatcrew.analytics import (
    KINDS,
    Costs,
    IntentFigures,
    Latency,
    Outcomes,
    Overview,
    Page,
    Scope,
    Session,
    Spend,
    Trace,
)
from chatcrew.audit import MemoryAudit
from chatcrew.ids import ConversationId
from chatcrew.lgpd import Receipt
from chatcrew.messages import Author, AuthorKind, Line, Outcome, Person
from chatcrew.testing import ManualClock
from chatcrew.web.api import (
    Api,
    Business,
    Contact,
    NotSimulated,
    Ports,
    Routes,
    Said,
    Simulated,
    operations,
)
from chatcrew.web.errors import one_error_shape
from chatcrew.why import Account, Standing

SHOP, CLINIC = "cosmetics/acme", "health/clinic"
TURN = "01a20158-a79e-7deb-aa62-fa547eb20474"
AT = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


class House:
    """Two businesses, each with one conversation, 7, whose customer is contact 5."""

    def __init__(self) -> None:
        self.erased: list[Person] = []

    def all(self) -> Sequence[Business]:
        """See ``Businesses.all``."""
        return [
            Business(key, key.title(), "pt-BR", "America/Recife", ("whatsapp",), (_bot(key),))
            for key in (SHOP, CLINIC)
        ]

    def known(self, tenant: str) -> bool:
        """Return whether there is such a tenant."""
        return tenant in (SHOP, CLINIC)

    def conversation(self, bot: str, number: int, *, tenant: str) -> ConversationId | None:
        """See ``Businesses.conversation``."""
        return ConversationId(bot, bot, number) if bot in (_bot(SHOP), _bot(CLINIC)) else None

    async def say(self, tenant: str, words: str, **given: Any) -> Simulated:
        """See ``Simulations.say``."""
        if not words.strip():
            raise NotSimulated("empty")
        if given["channel"] not in (None, "whatsapp"):
            raise NotSimulated("unknown_channel", known=("whatsapp",))
        label = f"sim:{tenant}"
        return Simulated(
            conversation=ConversationId(label, label, 1),
            turn=TURN,
            replies=(Said(f"{tenant}: {words}", ("Sim", "Não")),),
            notes=(),
            outcome=Outcome.REPLIED,
            reason="intent:greeting",
            with_people=False,
            seconds=0.25,
        )

    async def overview(self, scope: Scope) -> Overview:
        """See ``Figures.overview``."""
        return Overview(sessions=_of(scope))

    async def outcomes(self, scope: Scope) -> Outcomes:
        """See ``Figures.outcomes``."""
        return Outcomes()

    async def costs(self, scope: Scope) -> Costs:
        """See ``Figures.costs``."""
        return Costs(Spend())

    async def latency(self, scope: Scope) -> Latency:
        """See ``Figures.latency``."""
        return Latency()

    async def intents(self, scope: Scope) -> Sequence[IntentFigures]:
        """See ``Figures.intents``."""
        return ()

    async def sessions(self, scope: Scope, *, after: str | None, limit: int) -> Page[Session]:
        """See ``Figures.sessions``."""
        if after not in (None, "2"):
            raise ValueError(after)
        (tenant,) = scope.tenants or ("",)
        return Page((_session(tenant),), None if after else "2")

    async def trace(
        self, conversation: ConversationId, *, tenants: frozenset[str] | None
    ) -> Trace | None:
        """See ``Figures.trace``."""
        if tenants is None or _tenant(conversation) not in tenants or conversation.number != 7:
            return None
        line = Line(1, Author(AuthorKind.CUSTOMER, 5, "Ana"), f"oi {_tenant(conversation)}", AT)
        person = Person(_tenant(conversation), conversation.account, 5)
        return Trace(_standing(conversation), (), (line,), (), person)

    async def export(self, kind: str, scope: Scope) -> AsyncGenerator[Mapping[str, object], None]:
        """See ``Figures.export``."""
        if kind not in KINDS:
            raise ValueError(kind)
        for tenant in scope.tenants or ():
            yield {"tenant": tenant, "name": "=1+1", "at": AT}

    async def page(self, tenant: str, *, after: str | None, limit: int) -> Page[Contact]:
        """See ``Contacts.page``."""
        if after is not None:
            raise ValueError(after)
        return Page((Contact(_bot(tenant), 5, f"Ana de {tenant}", None, None, 1, AT),))

    async def standing(self, conversation: ConversationId, *, tenant: str) -> Standing | None:
        """See ``Why.standing``."""
        ours = conversation.number == 7 and _tenant(conversation) == tenant
        return _standing(conversation) if ours else None

    async def turns(
        self, conversation: ConversationId, *, tenant: str, limit: int
    ) -> Sequence[Account]:
        """See ``Why.turns``."""
        return [Account(TURN, str(conversation), AT, tenant=tenant)]

    async def turn(self, conversation: ConversationId, turn: str, *, tenant: str) -> Account | None:
        """See ``Why.turn``."""
        if await self.standing(conversation, tenant=tenant) is None or turn != TURN:
            return None
        return Account(TURN, str(conversation), AT, tenant=tenant)

    async def export_person(self, person: Person, *, actor: str) -> Mapping[str, Any]:
        """See ``Privacy.export``."""
        return {"tenant": person.tenant, "contact": person.contact, "actor": actor}

    async def erase(self, person: Person, *, actor: str) -> Receipt:
        """See ``Privacy.erase``."""
        self.erased.append(person)
        return Receipt("1", {"scan": {"found": 0}, "actor": actor}, "sig", "key")


class _Privacy:
    """Satisfies ``Privacy``: a house's exports have another name there."""

    def __init__(self, house: House) -> None:
        self.export, self.erase = house.export_person, house.erase


@dataclass
class Served:
    """The API, its tokens and what is behind it."""

    app: web.Application
    tokens: MemoryTokens
    audit: MemoryAudit
    house: House
    clock: ManualClock

    async def token(
        self, role: Role = Role.VIEWER, *tenants: str, name: str = "", **more: Any
    ) -> dict[str, str]:
        """Return the header of a new token."""
        called = name or f"{role}-{'-'.join(tenants)}"
        seen = frozenset(tenants) if tenants else None
        secret = await self.tokens.add(called, role=role, tenants=seen, **more)
        return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def served() -> Served:
    """Return the API over a new house."""
    return _serve()


@pytest.fixture(scope="module")
def serve() -> Callable[..., Served]:
    """Return what makes an API over a new house."""
    return _serve


def _serve(*, per_minute: int = 100_000) -> Served:
    """Return the API over a new house, with a bound on each token's requests."""
    clock, house = ManualClock(), House()
    tokens, audit = MemoryTokens(clock), MemoryAudit(clock)
    ports: Any = Ports(
        businesses=house,
        simulations=house,
        figures=house,  # type: ignore[arg-type]  # has what the API asks
        contacts=house,
        why=house,  # type: ignore[arg-type]  # as above
        privacy=_Privacy(house),  # type: ignore[arg-type]  # as above
        audit=audit,
        clock=clock,
    )
    app = web.Application(middlewares=[one_error_shape])
    Routes(tokens, known=house.known, per_minute=per_minute).add(app, operations(Api(ports)))
    return Served(app, tokens, audit, house, clock)


def _bot(tenant: str) -> str:
    return tenant.split("/")[1]


def _tenant(conversation: ConversationId) -> str:
    return SHOP if conversation.bot == _bot(SHOP) else CLINIC


def _of(scope: Scope) -> int:
    return len(scope.tenants or ())


def _standing(conversation: ConversationId) -> Standing:
    known = Standing(str(conversation), _tenant(conversation))
    return replace(known, channel="whatsapp")


def _session(tenant: str) -> Session:
    return Session(
        account=_bot(tenant),
        bot=_bot(tenant),
        number=7,
        episode=1,
        tenant=tenant,
        channel="whatsapp",
        contact=5,
        began_at=AT,
        last_at=AT,
        closed_at=None,
        ending="contained",
        reason="",
        turns=1,
        replies=1,
        heard=1,
        said=1,
        intent="",
        mood=None,
        rating=None,
        function="support",
        config="0123456789ab",
        variant="",
    )


@pytest.fixture
def busy() -> Served:
    """Return the API with three requests of each token a minute."""
    return _serve(per_minute=3)
