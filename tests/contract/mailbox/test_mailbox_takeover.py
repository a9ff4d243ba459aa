"""Takeover, hand-back and versions of the state: over PostgreSQL and memory."""

from dataclasses import replace

import pytest

from chatcrew.errors import LeaseLost
from chatcrew.messages import (
    Contact,
    InputKind,
    Owner,
    OwnerKind,
    Silence,
    Snapshot,
)
from chatcrew.testing.stores import REPLIED, Talk, claimed, settled, texts

PERSON = Owner(OwnerKind.PERSON, 12, "Patrícia")
BOT = Owner(OwnerKind.BOT, 7, "Atendente Virtual")


async def test_an_older_picture_of_the_conversation_changes_nothing(mailbox, talk):
    """Chatwoot's ``updated_at`` is the version; retries bring old ones (design §3)."""
    pending = talk.becomes("pending")
    opened = talk.becomes("open", owner=PERSON)
    await mailbox.put(opened)
    await mailbox.put(pending)
    state = await mailbox.state(talk.id)
    assert (state.snapshot.status, state.snapshot.owner) == ("open", PERSON)


async def test_a_picture_without_version_counts_only_where_none_has_one(mailbox, clock):
    """Old installations send none, so arrival order rules there; elsewhere it is partial."""
    old, new = Talk(clock, number=1), Talk(clock, number=2)
    old.snapshot = Snapshot(status="pending")
    await mailbox.put(old.says("Oi"))
    old.snapshot = Snapshot(status="open")
    await mailbox.put(old.says("Olá"))
    assert (await mailbox.state(old.id)).snapshot.status == "open"

    await mailbox.put(new.says("Oi"))
    new.snapshot = Snapshot(status="open")
    await mailbox.put(new.says("Olá"))
    assert (await mailbox.state(new.id)).snapshot.status == "pending"


async def test_what_a_payload_does_not_tell_is_kept(mailbox, talk):
    """No ``meta.assignee`` key is not "no owner"."""
    await mailbox.put(talk.becomes("open", owner=PERSON))
    await mailbox.put(talk.becomes(owner=None, owner_known=False, inbox_id=None, contact=Contact()))
    snapshot = (await mailbox.state(talk.id)).snapshot
    assert (snapshot.owner, snapshot.inbox_id, snapshot.contact.id) == (PERSON, 31, 501)


@pytest.mark.parametrize("who", ["person", "phone"])
async def test_a_public_word_of_a_person_silences_the_bot(mailbox, talk, clock, who):
    """Takeover is detected by the message itself (contract §2.3, S4-20)."""
    await mailbox.put(getattr(talk, who)("Deixa comigo"))
    state = await mailbox.state(talk.id)
    assert state.silence is (Silence.PERSON if who == "person" else Silence.PHONE)
    assert state.silenced_at == clock.now()
    assert state.due_at is None


async def test_our_own_echo_and_a_greeting_do_not_silence(mailbox, talk):
    """Only people take over."""
    await mailbox.put(talk.echo("Olá!", tag="cc-1"))
    await mailbox.put(talk.template("Bem-vindo"))
    assert (await mailbox.state(talk.id)).silence is None


async def test_handing_back_wakes_the_bot_when_the_customer_waits(stores, mailbox, talk, clock):
    """Status to pending ends the silence; the unanswered customer is an input (S4-21)."""
    await mailbox.put(talk.says("Oi"))
    await mailbox.put(talk.person("Um momento"))
    await mailbox.put(talk.becomes("open", owner=PERSON))
    await settled(stores, clock)
    await mailbox.put(talk.says("Alô?"))
    await settled(stores, clock)
    assert (await mailbox.state(talk.id)).silence is Silence.PERSON

    await mailbox.put(talk.becomes("pending"))

    state = await mailbox.state(talk.id)
    assert (state.silence, state.silenced_at) == (None, None)
    await clock.advance(0.8)
    (claim,) = await mailbox.claim("w1", limit=1)
    assert [(item.kind, item.line) for item in claim.burst] == [(InputKind.HANDBACK, None)]


async def test_handing_back_an_answered_conversation_wakes_nobody(stores, mailbox, talk, clock):
    """The person's word was the last one: there is nothing to say."""
    await mailbox.put(talk.says("Oi"))
    await mailbox.put(talk.becomes("open", owner=PERSON))
    await settled(stores, clock)
    await mailbox.put(talk.person("Resolvido!"))

    await mailbox.put(talk.becomes("pending", owner=BOT))

    state = await mailbox.state(talk.id)
    assert (state.silence, state.due_at) == (None, None)


async def test_assigning_the_bot_hands_back_while_the_status_stays(stores, mailbox, talk, clock):
    """4.16.2 leaves the status alone when a bot is assigned (contract §2.3)."""
    await mailbox.put(talk.becomes("pending", owner=PERSON))
    await mailbox.put(talk.says("Oi"))
    await settled(stores, clock)

    await mailbox.put(talk.becomes("pending", owner=BOT))

    await clock.advance(0.8)
    (claim,) = await mailbox.claim("w1", limit=1)
    assert claim.burst[0].kind is InputKind.HANDBACK


async def test_the_bot_becoming_owner_of_a_new_conversation_is_no_hand_back(mailbox, talk, clock):
    """4.16.2+ sets the inbox bot as owner right after creation."""
    await mailbox.put(talk.says("Oi"))
    await mailbox.put(talk.becomes("pending", owner=BOT))
    await clock.advance(6)
    (claim,) = await mailbox.claim("w1", limit=1)
    assert [item.kind for item in claim.burst] == [InputKind.MESSAGE]


async def test_a_hand_back_during_a_turn_is_the_next_input(mailbox, talk, clock):
    """The turn may just have dropped the message because a person owned the conversation."""
    await mailbox.put(talk.becomes("open", owner=PERSON))
    await mailbox.put(talk.says("Oi"))
    await clock.advance(1)
    (claim,) = await mailbox.claim("w1", limit=1)

    await mailbox.put(talk.becomes("pending"))

    assert await mailbox.settle(claim.key, REPLIED, arrivals=claim.arrivals) is True
    await clock.advance(1)
    (following,) = await mailbox.claim("w1", limit=1)
    assert [item.kind for item in following.burst] == [InputKind.HANDBACK]


async def test_a_late_word_from_before_the_hand_back_does_not_silence_again(mailbox, talk, clock):
    """Chatwoot's retries come 3 to 7 s late (contract §1.6)."""
    talk.snapshot = replace(talk.snapshot, version=clock.now().timestamp())
    await mailbox.put(talk.becomes("open", owner=PERSON))
    late = talk.person("Deixa comigo")
    talk.snapshot = replace(talk.snapshot, version=clock.now().timestamp() + 5)
    await mailbox.put(talk.becomes("pending"))

    await mailbox.put(late)
    assert (await mailbox.state(talk.id)).silence is None

    await clock.advance(10)
    await mailbox.put(talk.person("Agora sim, deixa comigo"))
    assert (await mailbox.state(talk.id)).silence is Silence.PERSON


async def test_resolving_ends_silence_and_reopening_starts_an_episode(stores, mailbox, talk, clock):
    """A reopened conversation is a new one for the bot, and old words wake nobody."""
    await mailbox.put(talk.says("Obrigado"))
    claim = await claimed(stores, clock)
    await mailbox.set_function(claim.key, "scheduling")
    await mailbox.settle(claim.key, REPLIED, arrivals=claim.arrivals)
    await mailbox.put(talk.person("Tchau"))
    await mailbox.put(talk.says("Valeu"))
    await settled(stores, clock)
    await mailbox.put(talk.becomes("resolved", owner=PERSON))
    state = await mailbox.state(talk.id)
    assert (state.silence, state.episode, state.function) == (None, 1, "scheduling")

    await mailbox.put(talk.becomes("pending", owner=PERSON))
    state = await mailbox.state(talk.id)
    assert (state.episode, state.due_at, state.function) == (2, None, None)


async def test_input_of_a_resolved_conversation_stays(mailbox, talk, clock):
    """Resolving is no reason to lose what the customer wrote."""
    await mailbox.put(talk.says("Só mais uma coisa"))
    await mailbox.put(talk.becomes("resolved"))
    await clock.advance(1)
    (claim,) = await mailbox.claim("w1", limit=1)
    assert texts(claim) == ["Só mais uma coisa"]


async def test_starting_over_leaves_no_talk_before(stores, talk, clock):
    """An operator's reset: function and topic are gone, and the episode before is empty (S1-33)."""
    await stores.mailbox.put(talk.says("Oi"))
    claim = await claimed(stores, clock)
    await stores.mailbox.set_function(claim.key, "sales")
    await stores.mailbox.start_over(claim.key)

    state = await stores.mailbox.state(talk.id)
    assert (state.episode, state.function, state.topic.intent) == (3, None, None)
    for episode, lines in ((1, 1), (2, 0), (3, 0)):
        found = await stores.history.window(talk.id, limit=9, episode=episode)
        assert len(found) == lines
    await stores.mailbox.settle(claim.key, REPLIED, arrivals=claim.arrivals)
    with pytest.raises(LeaseLost):
        await stores.mailbox.start_over(claim.key)
