"""What a turn needs from the outside, each a small port that the composition root fills."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from chatcrew.hub.quiet_port import Quietness
from chatcrew.ids import ConversationId
from chatcrew.messages import (
    Answer,
    Ask,
    Claim,
    Line,
    Passage,
    PlannedPart,
    Reading,
    SentFile,
    StoredPart,
    TurnRecord,
    Unread,
)
from chatcrew.tenancy.model import Bot, Configuration, Crew, Tenant


class Configurations(Protocol):
    """Where the current configuration comes from."""

    @property
    def current(self) -> Configuration:
        """The version that new turns run with."""
        ...


class History(Protocol):
    """What was said before."""

    async def window(
        self, claim: Claim, *, limit: int, episode: int | None = None
    ) -> Sequence[Line]:
        """Return the newest ``limit`` public lines of ``episode`` in message order.

        Args:
            claim: of which conversation.
            limit: how many at most.
            episode: another than the one that runs.
        """
        ...


class Attachments(Protocol):
    """What files say: voice notes, pictures, documents."""

    async def known(
        self, files: Sequence[SentFile], *, tenant: str, conversation: ConversationId
    ) -> Mapping[str, Reading]:
        """Return what was read before, by ``SentFile.ref``; opens nothing."""
        ...

    async def read(
        self,
        files: Sequence[SentFile],
        *,
        tenant: Tenant,
        bot: Bot,
        conversation: ConversationId,
        turn_id: str,
        language: str,
        budget: float,
    ) -> Sequence[Reading | Unread]:
        """Return what each file says or why nobody read it, within ``budget`` seconds."""
        ...


class Knowledge(Protocol):
    """What the business knows."""

    async def search(
        self,
        tenant: str,
        question: str,
        *,
        version: str,
        limit: int,
        today: date,
        trial: str | None = None,
    ) -> Sequence[Passage]:
        """Return passages of this tenant in this version that hold ``today``, best first.

        Args:
            tenant: whose.
            question: the customer's words.
            version: of the tenant's knowledge.
            limit: most passages.
            today: in the tenant's time zone.
            trial: the turn that asks, where it is simulated; else None.
        """
        ...


class Gaps(Protocol):
    """Who wants to know what was asked in vain."""

    async def note(self, tenant: str, question: str) -> None:
        """Count a question that could not be answered; what identifies people is left out.

        Raises:
            StoreError: it could not be kept.
        """
        ...


class Responder(Protocol):
    """A crew that can be asked."""

    @property
    def available(self) -> bool:
        """Whether a model is configured at all."""
        ...

    async def respond(self, crew: Crew, tenant: Tenant, ask: Ask, *, config: str) -> Answer:
        """Let the crew answer within ``ask.budget`` seconds.

        Cancelled, it has ended every call and every process step of this turn when it returns.

        Raises:
            ModelError: no model answered in time.
            CrewError: the crew itself failed.
        """
        ...

    async def repair(
        self,
        crew: Crew,
        tenant: Tenant,
        ask: Ask,
        *,
        draft: Answer,
        claims: Sequence[str],
        config: str,
    ) -> Answer:
        """Answer once more by one call without tools: ``draft`` without the claims it makes up.

        Raises:
            ModelError: it did not answer in time.
            CrewError: the crew's texts cannot be put together.
        """
        ...

    async def respond_fast(self, crew: Crew, tenant: Tenant, ask: Ask, *, config: str) -> Answer:
        """Answer by one call of the fast model, from what is already known, without tools.

        Raises:
            ModelError: it did not answer in time.
        """
        ...


@dataclass(frozen=True, slots=True)
class Ruling:
    """What came of an operator's word on a risky call, or of his silence.

    Attributes:
        note: what operators read.
        told: what the crew reads, to go on with the customer; "" where nothing changed for him.
        to_people: nobody ruled in time, so people go on.
    """

    note: str
    told: str = ""
    to_people: bool = False


class Rulings(Protocol):
    """Calls that wait for an operator, and calls that nobody knows the end of."""

    async def rule(
        self, claim: Claim, number: int, *, approve: bool, by: str, reason: str
    ) -> Ruling:
        """Approve and carry out, or deny, at most once; say what came of it, or why nothing did.

        Done again by another try of the same turn, it finds what was done.

        Raises:
            LeaseLost: another worker has the conversation now.
        """
        ...

    async def requests(self, claim: Claim) -> str:
        """Return the note that lists what waits in this conversation."""
        ...

    async def expire(self, claim: Claim, number: int) -> Ruling | None:
        """Let a call expire that still waits; None where somebody ruled.

        Raises:
            LeaseLost: as ``rule``.
        """
        ...

    async def duties(self, claim: Claim, *, told: bool) -> Sequence[PlannedPart]:
        """Return what people are told of this turn's calls, whatever it says to the customer.

        Args:
            claim: the turn.
            told: the customer reads the words of who made the calls, and nobody else goes on;
                where not, people have to know what was done.
        """
        ...


class NoRulings:
    """Where no tool acts: nothing waits, and nothing is in doubt."""

    async def rule(
        self, claim: Claim, number: int, *, approve: bool, by: str, reason: str
    ) -> Ruling:
        """Say that there is no such request."""
        return Ruling(f"❓ Não há pedido {number} nesta conversa. (No such request.)")

    async def requests(self, claim: Claim) -> str:
        """Say that there is none."""
        return "👍 Nenhum pedido espera autorização nesta conversa. (No request waits.)"

    async def expire(self, claim: Claim, number: int) -> Ruling | None:
        """Return None."""
        return None

    async def duties(self, claim: Claim, *, told: bool) -> Sequence[PlannedPart]:
        """Return nothing."""
        return ()


class Turns(Quietness, Protocol):
    """The durable side of a turn: every call is checked against its fencing number."""

    async def recheck(self, claim: Claim, *, take: bool) -> Claim:
        """Return the claim with the conversation's newest state.

        Args:
            claim: what is leased.
            take: also take input that came since into this turn.

        Raises:
            LeaseLost: another worker has it now.
        """
        ...

    async def decide(
        self, claim: Claim, parts: Sequence[PlannedPart], *, record: TurnRecord
    ) -> Sequence[StoredPart]:
        """Write all parts and the record in one transaction; return the parts for ``deliver``.

        Raises:
            LeaseLost: another worker has it now.
        """
        ...

    async def deliver(self, claim: Claim, parts: Sequence[StoredPart] | None = None) -> str | None:
        """Send what was decided, all of it; return why none of its messages was sent, or None.

        Args:
            claim: whose turn.
            parts: what ``decide`` returned a moment ago; None: an earlier claim decided.

        Raises:
            LeaseLost: another worker has it now.
            ChatwootUnavailable: nothing can be sent now.
        """
        ...

    async def told(self, claim: Claim) -> bool:
        """Return whether a note has told people already that this customer waits.

        The wait ends with the next answer, and with the episode.
        """
        ...

    async def abandon(self, claim: Claim) -> None:
        """Give up what was decided and not sent: none of it is tried again.

        Raises:
            LeaseLost: another worker has it now.
        """
        ...

    async def route(self, claim: Claim, function: str) -> None:
        """Make ``function`` the conversation's sticky function."""
        ...

    async def give(self, claim: Claim, tenant: str) -> None:
        """Give the conversation to the tenant that has its inbox now; it begins anew for him."""
        ...

    async def start_over(self, claim: Claim) -> None:
        """Begin the next episode: nothing said, asked or collected before is known to the bot."""
        ...
