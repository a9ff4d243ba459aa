"""What a look at Chatwoot shows is taken in as a webhook would be: over PostgreSQL and memory."""

from dataclasses import replace

from chatcrew.ids import ConversationId
from chatcrew.messages import InputKind, Owner, OwnerKind, Silence, Snapshot
from chatcrew.testing.stores import settled

BOT = Owner(OwnerKind.BOT, 7, "Atendente Virtual")
PERSON = Owner(OwnerKind.PERSON, 12, "Patrícia")


async def test_what_was_seen_stands_at_once_and_late_older_webhooks_do_not_undo_it(mailbox, talk):
    """A webhook from before our own opening is no hand-back, however late it comes (N3)."""
    await mailbox.put(talk.becomes("pending", owner=BOT))
    late = talk.says("Só mais uma pergunta")
    before = talk.becomes("pending", owner=BOT, priority="high")
    seen = replace(talk.snapshot, version=talk.snapshot.version + 1, status="open", owner=None)

    await mailbox.observe(talk.id, seen)
    await mailbox.put(before)
    await mailbox.put(late)

    snapshot = (await mailbox.state(talk.id)).snapshot
    assert (snapshot.status, snapshot.owner) == ("open", None)


async def test_an_older_look_changes_nothing(mailbox, talk):
    """The webhook was faster, and somebody took over meanwhile."""
    seen = replace(talk.snapshot, status="open")
    await mailbox.put(talk.becomes("open", owner=PERSON))

    await mailbox.observe(talk.id, seen)

    assert (await mailbox.state(talk.id)).snapshot.owner == PERSON


async def test_a_look_that_shows_a_hand_back_wakes_the_bot(stores, mailbox, talk, clock):
    """Its webhook will find nothing new, so the look makes the input, at once."""
    await mailbox.put(talk.becomes("open", owner=PERSON))
    await mailbox.put(talk.says("Oi?"))
    await mailbox.put(talk.person("Um momento"))
    await mailbox.put(talk.says("Alô?"))
    await settled(stores, clock)
    seen = replace(talk.snapshot, version=talk.snapshot.version + 1, status="pending", owner=BOT)

    await mailbox.observe(talk.id, seen)

    state = await mailbox.state(talk.id)
    assert (state.silence, state.due_at) == (None, clock.now())
    (claim,) = await mailbox.claim("w1", limit=1)
    assert [(item.kind, item.line) for item in claim.burst] == [(InputKind.HANDBACK, None)]


async def test_a_look_at_an_answered_conversation_wakes_nobody(mailbox, talk):
    """Handed back, but nobody waits for an answer."""
    await mailbox.put(talk.person("Resolvido!"))
    await mailbox.put(talk.becomes("open", owner=PERSON))
    seen = replace(talk.snapshot, version=talk.snapshot.version + 1, status="pending", owner=BOT)

    await mailbox.observe(talk.id, seen)

    state = await mailbox.state(talk.id)
    assert (state.silence, state.due_at) == (None, None)


async def test_a_look_at_a_conversation_we_never_heard_of_is_forgotten(mailbox):
    """There is no row that it could change."""
    unknown = ConversationId("acme", "acme-bot", 99)
    await mailbox.observe(unknown, Snapshot(version=1.0, status="open"))
    assert await mailbox.state(unknown) is None


async def test_a_look_leaves_lease_and_burst_of_a_running_turn_alone(mailbox, talk, clock):
    """The courier looks while its own turn runs."""
    await mailbox.put(talk.says("Quero falar com uma pessoa"))
    await clock.advance(1)
    (claim,) = await mailbox.claim("w1", limit=1)
    await mailbox.put(talk.person("Oi"))
    seen = replace(talk.snapshot, version=talk.snapshot.version + 1, status="open", owner=None)

    await mailbox.observe(talk.id, seen)

    assert (await mailbox.renew(claim)).key == claim.key
    assert (await mailbox.state(talk.id)).silence is Silence.PERSON
