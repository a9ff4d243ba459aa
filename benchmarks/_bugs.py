"""Mistakes to plant in a simulated server: whoever looks for faults has to find them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from benchmarks._world import World
from chatcrew.database.rows import ConversationRow
from chatcrew.mailbox import PutResult
from chatcrew.messages import (
    Claim,
    ConversationState,
    Delivery,
    Effect,
    PartState,
    StoredPart,
    TurnKey,
    TurnRecord,
    TurnState,
)


def sends_again(world: World) -> None:
    """Send anew, at once, what was being sent when the answer was lost."""
    outbox = world.stores.outbox
    by_tag = outbox.by_tag

    async def again(tag: str) -> StoredPart | None:
        found = await by_tag(tag)
        if found is not None and found.state is PartState.SENDING:
            return await outbox.back_to_planned(found, error="planted")
        return found

    _plant(outbox, by_tag=again)


def thinks_again(world: World) -> None:
    """Think anew about what was decided, whenever a conversation is claimed again."""
    mailbox = world.stores.mailbox
    claim = mailbox.claim

    async def undecided(worker: str, *, limit: int) -> Sequence[Claim]:
        for turn in world.stores.tables.turns.values():
            if turn.state is TurnState.DECIDED:
                turn.state, turn.record = TurnState.OPEN, None
        return await claim(worker, limit=limit)

    _plant(mailbox, claim=undecided)


def hears_nobody(world: World) -> None:
    """Acknowledge what people say, and forget it."""
    put = world.stores.mailbox.put

    async def deaf(delivery: Delivery) -> PutResult:
        if delivery.change.effect is Effect.PERSON_SPOKE:
            return PutResult.STORED
        return await put(delivery)

    _plant(world.stores.mailbox, put=deaf)


def forgets_the_first(world: World) -> None:
    """Acknowledge the first word of each customer, and keep only what comes after it."""
    put = world.stores.mailbox.put
    met: dict[Any, int | None] = {}

    async def careless(delivery: Delivery) -> PutResult:
        if delivery.change.effect is Effect.INPUT:
            first = met.setdefault(delivery.conversation, delivery.object_id)
            if first == delivery.object_id:
                return PutResult.STORED
        return await put(delivery)

    _plant(world.stores.mailbox, put=careless)


def ends_too_early(world: World) -> None:
    """Take a conversation for done although more came meanwhile, and sweep nothing up."""
    mailbox = world.stores.mailbox
    settle = mailbox.settle

    async def early(key: TurnKey, record: TurnRecord | None, *, arrivals: int) -> bool:
        del arrivals
        row = world.stores.tables.conversations[key.conversation.bot, key.conversation.number]
        return await settle(key, record, arrivals=row.state.arrivals)

    async def nobody(**_bounds: Any) -> Sequence[ConversationState]:
        return []

    _plant(mailbox, settle=early, unanswered=nobody)


def begins_at_the_end(world: World) -> None:
    """Answer the newest word of a burst alone, and what came before it afterwards."""
    mailbox, events = world.stores.mailbox, world.stores.tables.events
    attach, recheck = mailbox._attach, mailbox.recheck

    def newest(row: ConversationRow, turn_id: str) -> ConversationRow:
        waiting = [one for one in events.values() if one.key == row.key and one.turn_id is None]
        for one in waiting[:-1]:
            one.turn_id = "later"
        taken = attach(row, turn_id)
        for one in waiting[:-1]:
            one.turn_id = None
        return replace(taken, taken=taken.taken - len(waiting) + 1) if waiting else taken

    async def unmoved(claim: Claim, *, take: bool = True) -> Claim:
        del take
        return await recheck(claim, take=False)

    _plant(mailbox, _attach=newest, recheck=unmoved)


BUGS: Mapping[str, tuple[Callable[[World], None], str]] = {
    "sends_again": (sends_again, "twice"),
    "thinks_again": (thinks_again, "twice"),
    "hears_nobody": (hears_nobody, "over"),
    "forgets_the_first": (forgets_the_first, "lost"),
    "ends_too_early": (ends_too_early, "silent"),
    "begins_at_the_end": (begins_at_the_end, "order"),
}
"""Each with the promise that it breaks."""


def _plant(store: object, **methods: Any) -> None:
    """Put others in the place of a store's methods; only this store's, of this world."""
    for name, method in methods.items():
        setattr(store, name, method)
