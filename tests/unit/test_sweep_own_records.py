"""What the sweep does with each kind of forgotten customer, by policy (S3-11)."""

from dataclasses import replace

import pytest

from chatcrew.chatwoot import ChatwootClient
from chatcrew.database.rows import MemoryTables
from chatcrew.hub.waiting import action_for
from chatcrew.ids import ConversationId
from chatcrew.mailbox import MemoryMailbox
from chatcrew.messages import (
    AuthorKind,
    Contact,
    ConversationState,
    InputKind,
    Owner,
    OwnerKind,
    Silence,
    Snapshot,
)
from chatcrew.telemetry import Metrics
from chatcrew.tenancy import Directory
from chatcrew.testing import ManualClock
from chatcrew.testing.door import configuration
from chatcrew.testing.stores import REPLIED, Talk
from chatcrew.worker import Sweep

US, OTHER_BOT = Owner(OwnerKind.BOT, 7), Owner(OwnerKind.BOT, 8)
PERSON, CAPTAIN = Owner(OwnerKind.PERSON, 12), Owner(OwnerKind.OTHER_AI, 3)


def _state(
    status: str | None = "pending", owner: Owner | None = None, **changes: object
) -> ConversationState:
    state = ConversationState(
        ConversationId("loja", "loja-bot", 40),
        snapshot=Snapshot(version=1.0, status=status, owner=owner, owner_known=True),
        last_public_author=AuthorKind.CUSTOMER,
    )
    return replace(state, **changes)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (_state(owner=PERSON), "announced"),
        (_state(silence=Silence.PERSON), "announced"),
        (_state(silence=Silence.PHONE), "announced"),
        (_state(owner=US, silence=Silence.COMMAND), "announced"),
        (_state("open"), "announced"),
        (_state("open", last_public_author=AuthorKind.TEMPLATE), "announced"),
        (_state("open", US), "left_open"),
        (_state(owner=OTHER_BOT), "left_to_other_bot"),
        (_state("open", CAPTAIN), "left_to_other_bot"),
        (_state("resolved"), None),
        (_state("snoozed"), None),
        (_state(owner=US), None),
        (_state(), None),
        (_state("open", last_public_author=AuthorKind.PERSON), None),
        (_state("open", last_public_author=AuthorKind.BOT), None),
    ],
)
def test_each_closed_conversation_has_its_action(
    state: ConversationState, expected: str | None
) -> None:
    """People are told where they would not see it by themselves; other bots are left alone."""
    assert action_for(state, agent_bot_id=7) == expected


def test_a_blocked_contact_is_nobodys_waiting_customer() -> None:
    """The operator blocked him so that nobody has to answer."""
    state = _state()
    blocked = replace(state.snapshot, contact=Contact(id=5, blocked=True))

    assert action_for(replace(state, snapshot=blocked), agent_bot_id=7) == "blocked"


class NoClients:
    """Nothing here may call Chatwoot."""

    async def client(self, bot: str) -> ChatwootClient:
        """Refuse."""
        raise AssertionError(f"a client of {bot!r} was asked for")

    def agent_bot_id(self, bot: str) -> int:
        """Return the id of the bot."""
        return 7


async def _forgotten(mailbox: MemoryMailbox, talk: Talk, clock: ManualClock) -> None:
    """Let a customer write and his turn end without a word."""
    await mailbox.put(talk.says("Oi"))
    await clock.advance(1)
    (claim,) = await mailbox.claim("w1", limit=1)
    await mailbox.settle(claim.key, REPLIED, arrivals=claim.arrivals)


@pytest.fixture
def clock() -> ManualClock:
    """Return a clock that stands still."""
    return ManualClock()


@pytest.fixture
def mailbox(clock: ManualClock) -> MemoryMailbox:
    """Return an empty mailbox."""
    return MemoryMailbox(MemoryTables(), clock)


@pytest.fixture
def directory() -> Directory:
    """Return the bots of the kit's door; none has a user token."""
    return Directory(configuration())


@pytest.fixture
def metrics() -> Metrics:
    """Return counters."""
    return Metrics()


@pytest.fixture
def sweep(
    mailbox: MemoryMailbox, directory: Directory, metrics: Metrics, clock: ManualClock
) -> Sweep:
    """Return a sweep with the policy as shipped."""
    return Sweep(
        mailbox, configurations=directory, clients=NoClients(), metrics=metrics, clock=clock
    )


def _counted(metrics: Metrics, action: str) -> float:
    wanted = f'chatcrew_sweeps_total{{action="{action}"}}'
    rows = metrics.exposition({}).decode().splitlines()
    return sum(float(row.rsplit(" ", 1)[1]) for row in rows if row.startswith(wanted))


async def test_a_customer_is_taken_back_after_a_minute_not_before(
    sweep: Sweep, mailbox: MemoryMailbox, metrics: Metrics, clock: ManualClock
) -> None:
    """Then he is an input without a message, due at once, and found no second time."""
    talk = Talk(clock, account="loja", bot="loja-bot")
    await _forgotten(mailbox, talk, clock)
    await clock.advance(58)
    assert await sweep.run() == 0
    await clock.advance(2)
    assert await sweep.run() == 1
    assert await sweep.run() == 0

    (claim,) = await mailbox.claim("w1", limit=1)
    assert [item.kind for item in claim.burst] == [InputKind.SWEEP]
    assert _counted(metrics, "taken_back") == 1


async def test_customers_of_a_removed_bot_are_counted_once_and_kept_for_its_return(
    sweep: Sweep,
    mailbox: MemoryMailbox,
    directory: Directory,
    metrics: Metrics,
    clock: ManualClock,
) -> None:
    """A mistake in the mapping that is mended loses nobody."""
    talk = Talk(clock, account="loja", bot="loja-bot")
    await _forgotten(mailbox, talk, clock)
    await clock.advance(60)
    whole = directory.current
    directory.swap(replace(whole, bots={}))
    assert [await sweep.run(), await sweep.run()] == [0, 0]
    assert _counted(metrics, "bot_removed") == 1
    directory.swap(whole)

    assert await sweep.run() == 1


async def test_customers_of_a_removed_bot_keep_nobody_else_waiting(
    sweep: Sweep, mailbox: MemoryMailbox, clock: ManualClock
) -> None:
    """They are the oldest and stay; the page grows by their number."""
    for number in range(1, 121):
        await _forgotten(mailbox, Talk(clock, number, account="loja", bot="gone"), clock)
    await _forgotten(mailbox, Talk(clock, 999, account="loja", bot="loja-bot"), clock)
    await clock.advance(60)

    assert [await sweep.run(), await sweep.run()] == [0, 1]
