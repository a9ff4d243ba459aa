"""Turns of a shipped business without a database: the whole hub, a model that reads its prompt."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks._installation import BOT, SENDER, TOKEN
from chatcrew.hub import Hub
from chatcrew.hub.citing._support import tokens
from chatcrew.ids import ConversationId
from chatcrew.intents import Classifiers
from chatcrew.knowledge import MemoryKnowledge
from chatcrew.messages import (
    ActKind,
    Author,
    AuthorKind,
    Claim,
    Contact,
    ConversationState,
    Input,
    InputKind,
    Line,
    PlannedPart,
    Silence,
    Snapshot,
    StoredPart,
    TurnKey,
    TurnRecord,
    TurnState,
)
from chatcrew.telemetry import Metrics
from chatcrew.tenancy import Configuration, load
from chatcrew.tenancy.known import knowledge_version
from chatcrew.tenancy.lines import Lines, lines_now
from chatcrew.testing import AgentBot, ManualClock, write_mapping
from chatcrew.testing.responders import ScriptedResponder
from chatcrew.tools import names

ROOT = Path(__file__).parents[1]
_AT = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
_LEAST = 1.0
"""Words a line must share with the question before the model answers from it."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a turn said and what its record cites."""

    text: str
    record: TurnRecord


@dataclass(slots=True)
class Turns:
    """The durable side of one turn: keeps what was decided."""

    parts: Sequence[PlannedPart] = ()
    record: TurnRecord | None = None

    async def recheck(self, claim: Claim, *, take: bool) -> Claim:
        return claim

    async def decide(
        self, claim: Claim, parts: Sequence[PlannedPart], *, record: TurnRecord
    ) -> Sequence[StoredPart]:
        self.parts, self.record = parts, record
        return ()

    async def deliver(self, claim: Claim, parts: Sequence[StoredPart] | None = None) -> str | None:
        return None

    async def told(self, claim: Claim) -> bool:
        return False

    async def abandon(self, claim: Claim) -> None:
        return None

    async def route(self, claim: Claim, function: str) -> None:
        return None

    async def give(self, claim: Claim, tenant: str) -> None:
        return None

    async def start_over(self, claim: Claim) -> None:
        return None

    async def silence(self, claim: Claim, silence: Silence | None, **more: object) -> None:
        return None


class _NothingBefore:
    async def window(
        self, claim: Claim, *, limit: int, episode: int | None = None
    ) -> Sequence[Line]:
        return ()


class _NothingKept:
    async def find(self, tenant: str, question: Sequence[str], *, config: str) -> str | None:
        return None

    async def keep(self, tenant: str, question: Sequence[str], *, config: str, text: str) -> None:
        return None


@dataclass(frozen=True, slots=True)
class _Current:
    current: Configuration


@dataclass(slots=True)
class Business:
    """One business's files in a folder of its own, and turns of it.

    Attributes:
        tenant: its key.
        folder: holds ``config``, ``crews`` and the mapping.
    """

    tenant: str
    folder: Path
    configuration: Configuration = field(init=False)
    knowledge: MemoryKnowledge = field(init=False)
    classifiers: Classifiers = field(default_factory=Classifiers)

    @classmethod
    def shipped(cls, tenant: str, folder: Path) -> "Business":
        """Lay the shipped files of one business into ``folder``, without its tests and PDFs."""
        domain, name = tenant.split("/")
        there = folder / "config" / "domains" / domain
        there.mkdir(parents=True)
        source = ROOT / "config" / "domains" / domain
        for file in ("_base.yaml", f"{name}.yaml"):
            shutil.copy(source / file, there / file)
        for documents in (source / name, source / "knowledge"):
            if documents.is_dir():
                skip = shutil.ignore_patterns("*.pdf")
                shutil.copytree(documents, there / documents.name, ignore=skip)
        shutil.copytree(ROOT / "crews", folder / "crews")
        bot = AgentBot(SENDER.bot_id, SENDER.account_id, "benchmark", TOKEN, "secret")
        write_mapping(
            folder,
            base_url="http://127.0.0.1:1",
            bots={BOT: bot},
            inboxes={SENDER.inbox_id: "whatsapp"},
            tenant=tenant,
            account="demo",
        )
        return cls(tenant, folder)

    async def load(self) -> None:
        """Read the files as they are now.

        Raises:
            ConfigErrors: they are at fault.
        """
        self.configuration = load(*self.files, tools=names())
        tenant = self.configuration.tenants[self.tenant]
        self.knowledge = MemoryKnowledge()
        await self.knowledge.sync(
            tenant.key,
            tenant.faq,
            version=knowledge_version(tenant),
            documents=tenant.documents,
        )
        self.classifiers.teach(tenant, "pt-BR")

    @property
    def files(self) -> tuple[Path, Path, Path]:
        """Mapping, config and crews."""
        return self.folder / "chatwoot_mapping.yaml", self.folder / "config", self.folder / "crews"

    def lines(self) -> Lines:
        """Return the files for looking up lines."""
        return lines_now(*self.files)

    async def turn(self, number: int, text: str, *, model: bool) -> Said:
        """Answer one question of a new customer."""
        conversation = ConversationId("demo", BOT, number)
        line = Line(number, Author(AuthorKind.CUSTOMER, number, "Ana Souza"), text, _AT)
        snapshot = Snapshot(
            status="pending", inbox_id=SENDER.inbox_id, contact=Contact(number, "Ana Souza")
        )
        claim = Claim(
            key=TurnKey(f"turn-{number}", conversation, 1),
            state=ConversationState(conversation, tenant=self.tenant, snapshot=snapshot),
            burst=(Input(number, InputKind.MESSAGE, line, _AT),),
            turn_state=TurnState.OPEN,
            arrivals=1,
            attempts=1,
            lease_until=0.0,
            started_at=_AT,
        )
        turns = Turns()
        responder = ScriptedResponder(lambda ask: read_out(ask.inputs, text, style=number % 3))
        responder.available = model
        hub = Hub(
            _Current(self.configuration),
            history=_NothingBefore(),
            knowledge=self.knowledge,
            responder=responder,
            kept=_NothingKept(),
            turns=turns,
            metrics=Metrics(),
            clock=ManualClock(_AT),
            classifiers=self.classifiers,
        )
        await hub.run(claim)
        said = [one.payload["content"] for one in turns.parts if one.kind is ActKind.MESSAGE]
        if turns.record is None:
            raise RuntimeError("the turn decided nothing")
        return Said("\n".join(map(str, said)), turns.record)


def read_out(inputs: Mapping[str, str], question: str, *, style: int) -> str:
    """Return what a model that only reads its prompt answers: the line that fits best.

    Args:
        inputs: what the hub fills into a crew's prompt.
        question: the customer's words.
        style: 0 the line as it stands; 1 begun like a chat; 2 with the second-best line after it.
    """
    asked = tokens(question)
    units = list(_units(inputs))
    ranked = sorted(
        units,
        key=lambda one: (-len(asked & tokens(one[0])), len(one[0]), one[0]),
    )
    fitting = [one for one in ranked if len(asked & tokens(one[0])) >= _LEAST]
    if not fitting:
        return ""
    first = fitting[0][1]
    if style == 1:
        return f"Claro, Ana! {first}"
    if style == 2 and len(fitting) > 1:
        return f"{first}\n{fitting[1][1]}"
    return first


def _units(inputs: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    """Return the lines of a prompt that say something of the business: what to match, what to say.

    Of a fact that reads ``name: value`` all is said; of knowledge, the answer without its question.
    """
    found = [
        (row.removeprefix("- "), row.removeprefix("- "))
        for key in ("facts", "rules", "professionals", "hours")
        for row in inputs[key].splitlines()
        if row.strip()
    ]
    title = ""
    for row in inputs["knowledge"].splitlines():
        number, dot, rest = row.partition(". ")
        if dot and number.isdecimal():
            title = rest
        elif row.strip():
            found.append((f"{title} {row}", row))
    return found
