"""Holds what customers saw against the records, conversation by conversation."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from benchmarks._chaos_talks import Talks
from benchmarks._chaos_world import BOT, World
from chatcrew.clock import SystemClock
from chatcrew.ids import ConversationId
from chatcrew.proofs import PostgresChains, Proof, prove
from chatcrew.testing import Conversation
from chatcrew.testing._chatwoot.sender import Delivery
from chatcrew.testing.judge import judge, read_heard

TALKOVER = 15.0
"""Seconds after we were told of a person's words within which a message may still cross them."""

ALLOWED = ("in_doubt",)
"""Breaks that are an honest end: nobody knows, nothing was said twice, and people were told."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One promise that did not hold.

    Attributes:
        conversation: Chatwoot's number, 0 where it is none.
        what: in words.
        fence: whether a stop behind the last look at the lease may do it (docs/proof.md): it was
            said or done a second time, or after a person.
    """

    conversation: int
    what: str
    fence: bool = False


@dataclass
class Ended:
    """How one conversation ended.

    Attributes:
        messages: the customer wrote.
        outcomes: how many ended in which way.
        crossed: seconds by which messages of ours crossed a person's words, counted from when we
            were told of them.
        doubts: messages of unknown fate of which people were told.
    """

    messages: int
    outcomes: Counter[str]
    crossed: list[float] = field(default_factory=list)
    doubts: int = 0


@dataclass
class Trial:
    """What was judged: each conversation as it was found last, and what did not hold."""

    ended: dict[int, Ended] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)

    @property
    def messages(self) -> int:
        """How many customers wrote."""
        return sum(one.messages for one in self.ended.values())

    @property
    def outcomes(self) -> Counter[str]:
        """How many of them ended in which way."""
        return sum((one.outcomes for one in self.ended.values()), Counter())

    @property
    def crossed(self) -> list[float]:
        """Seconds by which messages of ours crossed a person's words."""
        return [late for one in self.ended.values() for late in one.crossed]

    @property
    def doubts(self) -> int:
        """Messages of unknown fate of which people were told."""
        return sum(one.doubts for one in self.ended.values())


async def hear(world: World, conversations: Sequence[Conversation], *, slow: float) -> Trial:
    """Judge the conversations, each by itself so that a violation names its own.

    Args:
        world: where they were.
        conversations: which.
        slow: seconds by which the machine kept this process itself from running.

    Raises:
        StoreError: the records cannot be read.
    """
    heard = await read_heard(world.database)
    chains = PostgresChains(world.database)
    clock, trial = SystemClock(), Trial()
    for conversation in conversations:
        ids = {message.id for message in conversation.messages}
        told = [one for one in world.chatwoot.deliveries if one.conversation is conversation]
        verdict = judge([conversation], [one for one in heard if one.message_id in ids], told)
        number = conversation.id
        trial.ended[number] = Ended(verdict.messages, verdict.outcomes)
        trial.violations += [Violation(number, f"lost: {one}") for one in verdict.lost]
        trial.violations += [
            Violation(number, f"twice: {one}", fence=True) for one in verdict.repeated
        ]
        trial.violations += [Violation(number, f"over people: {one}") for one in verdict.trespasses]
        chain = await chains.chain(ConversationId("demo", BOT, number), limit=100)
        if chain is not None:
            held = Counter(_tags(conversation))
            _prove(trial, number, prove(chain, now=clock.now(), chatwoot=held))
        talkovers(trial, conversation, told, slow=slow)
    return trial


def acts(talks: Talks, world: World) -> list[Violation]:
    """Return what acted more than once."""
    return [
        # nothing pardons it: an act is put on record before it leaves, and never repeated
        Violation(talks.of(number), f"acted {times} times on report {number}")
        for number, times in world.outside.acted.items()
        if times > 1
    ]


def talkovers(
    trial: Trial, conversation: Conversation, told: Sequence[Delivery], *, slow: float
) -> None:
    """Find what was said after a person, counted from when we could know of it.

    Args:
        trial: into which it goes.
        conversation: which.
        told: its deliveries.
        slow: seconds by which the machine kept the judge itself from running.
    """
    spoke = next(
        (message for message in conversation.messages if message.by_person and message.to_customer),
        None,
    )
    if spoke is None:
        return
    heard = [one.known_at for one in told if one.message is spoke and one.known_at is not None]
    since = max(spoke.created_at, min(heard, default=spoke.created_at))
    for reply in conversation.public_bot_replies:
        if reply.id < spoke.id or reply.content_attributes.get("deleted"):
            continue
        late = (reply.created_at - since).total_seconds()
        trial.ended[conversation.id].crossed.append(late)
        if late > TALKOVER + slow:
            words = f"over a person: message {reply.id} came {late:.1f} s after {spoke.id} was told"
            trial.violations.append(Violation(conversation.id, words, fence=True))


def _prove(trial: Trial, number: int, proof: Proof) -> None:
    for one in proof.breaks:
        if one.code in ALLOWED:
            trial.ended[number].doubts += 1
        else:
            words = f"prove: {one.code} (turn {one.turn}, {one.subject})"
            trial.violations.append(Violation(number, words, one.code == "twice"))


def _tags(conversation: Conversation) -> Iterable[str]:
    for message in conversation.messages:
        ours = message.content_attributes.get("chatcrew")
        if isinstance(ours, dict) and isinstance(ours.get("tag"), str):
            yield ours["tag"]
