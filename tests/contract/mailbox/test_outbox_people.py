"""What the outbox tells of people while a reply is being sent: one suite over both backends."""

from chatcrew.messages import (
    ActKind,
    Owner,
    OwnerKind,
    PartState,
    PlannedPart,
    Silence,
    closed_because,
)
from chatcrew.testing.stores import REPLIED, claimed

PLAN = (
    PlannedPart(ActKind.MESSAGE, {"content": "Olá!"}),
    PlannedPart(ActKind.MESSAGE, {"content": "Posso ajudar?"}),
    PlannedPart(ActKind.STATUS, {"status": "open"}),
)


async def test_beginning_a_part_shows_how_the_conversation_stands_then(stores, talk, clock):
    """The last look before the write is part of it: no second trip, and nothing between (N4)."""
    await stores.mailbox.put(talk.says("Oi"))
    claim = await claimed(stores, clock)
    first, second, _ = await stores.outbox.decide(claim.key, PLAN, REPLIED)

    before = (await stores.outbox.begin(first, claim.key)).standing
    await stores.mailbox.put(talk.person("Deixa comigo"))
    person = Owner(OwnerKind.PERSON, 3, "Patrícia")
    await stores.mailbox.put(talk.becomes("open", owner=person))
    after = (await stores.outbox.begin(second, claim.key)).standing

    assert (before.silence, before.snapshot.status, before.spoke_id) == (None, "pending", 0)
    assert closed_because(before, agent_bot_id=7) is None
    assert (after.silence, after.spoke_id) == (Silence.PERSON, talk.last_id)
    assert (after.snapshot.status, after.snapshot.owner) == ("open", person)
    assert closed_because(after, agent_bot_id=7) == "silenced_by_person"


async def test_a_sent_message_is_noted_with_the_person_who_was_first(stores, talk, clock):
    """What the row knew when ours was noted; who comes later is told by his own webhook (N4)."""
    await stores.mailbox.put(talk.says("Oi"))
    claim = await claimed(stores, clock)
    first, second, status = await stores.outbox.decide(claim.key, PLAN, REPLIED)
    alone = await stores.outbox.sent(first, message_id=talk.last_id + 2)
    await stores.mailbox.put(talk.person("Deixa comigo", message_id=talk.last_id + 3))

    crossed = await stores.outbox.sent(second, message_id=talk.last_id + 1)
    moved = await stores.outbox.sent(status)

    assert (alone.spoke_id, crossed.spoke_id, moved.spoke_id) == (0, talk.last_id, 0)
    assert {one.part.state for one in (alone, crossed, moved)} == {PartState.SENT}


async def test_a_message_that_its_echo_marked_first_is_noted_all_the_same(stores, talk, clock):
    """The echo's word stands, and the answer to the POST tells the same or what is twice."""
    await stores.mailbox.put(talk.says("Oi"))
    claim = await claimed(stores, clock)
    part = (await stores.outbox.decide(claim.key, PLAN, REPLIED))[0]
    sending = (await stores.outbox.begin(part, claim.key)).part
    await stores.mailbox.put(talk.person("Deixa comigo"))
    await stores.mailbox.put(talk.echo("Olá!", tag=part.tag, message_id=talk.last_id + 5))

    said = await stores.outbox.sent(sending, message_id=talk.last_id + 9)

    assert (said.part.state, said.part.message_id) == (PartState.SENT, talk.last_id)
    assert said.spoke_id == talk.last_id - 5
