"""Putting into the mailbox: timing, duplicates, order, bounds; over PostgreSQL and memory."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chatcrew.errors import MailboxFull, StoreError
from chatcrew.mailbox import PutResult
from chatcrew.messages import (
    Attachment,
    AuthorKind,
    InputKind,
    Owner,
    OwnerKind,
    TurnState,
    Weight,
)
from chatcrew.testing.stores import Talk, settled, texts

PERSON = Owner(OwnerKind.PERSON, 12, "Patrícia")
BOT = Owner(OwnerKind.BOT, 7, "Atendente Virtual")


async def test_a_message_is_due_after_the_quiet_time_and_not_before(mailbox, talk, clock):
    """Quiet 0.8 s is kept to the hundredth, and the claim carries what a turn needs (S4-41)."""
    assert await mailbox.put(talk.says("Oi")) is PutResult.STORED

    await clock.advance(0.79)
    assert await mailbox.claim("w1", limit=5) == []
    await clock.advance(0.01)
    (claim,) = await mailbox.claim("w1", limit=5)

    assert texts(claim) == ["Oi"]
    assert claim.turn_state is TurnState.OPEN
    assert (claim.attempts, claim.arrivals, claim.key.fence) == (1, 1, 1)
    assert claim.state.tenant == "health/varizemed"
    assert claim.state.channel == "whatsapp"
    assert claim.state.last_public_author is AuthorKind.CUSTOMER
    assert claim.state.snapshot == talk.snapshot
    assert claim.key.conversation == talk.id
    assert claim.last_word_at == claim.burst[0].received_at


async def test_each_message_starts_the_quiet_time_again_up_to_the_bound(mailbox, talk, clock):
    """A customer who never stops is answered 6 s after his first word (S4-42)."""
    for _ in range(12):
        await mailbox.put(talk.says("e mais uma coisa"))
        due = (await mailbox.state(talk.id)).due_at
        first = (await mailbox.state(talk.id)).first_at
        assert due == min(clock.now() + timedelta(seconds=0.8), first + timedelta(seconds=6))
        if len(await mailbox.claim("w1", limit=1)):
            break
        await clock.advance(0.6)
    assert clock.monotonic() == pytest.approx(6.0, abs=0.01)


async def test_a_tap_and_a_command_are_due_at_once(mailbox, clock):
    """Nobody taps twice: choices and commands wait for nothing (design §4)."""
    tap, command = Talk(clock, number=1), Talk(clock, number=2)
    await mailbox.put(tap.chooses(880_100, "Falar com atendente"))
    await mailbox.put(command.commands("/bot resumo"))

    claims = await mailbox.claim("w1", limit=5)

    kinds = {claim.key.conversation.number: claim.burst[0].kind for claim in claims}
    assert kinds == {1: InputKind.CHOICE, 2: InputKind.COMMAND}


async def test_typing_extends_a_wait_but_wakes_nobody(mailbox, talk, clock):
    """Typing before any message makes nothing due; after one it holds the burst open (S4-43)."""
    await mailbox.put(talk.types())
    assert (await mailbox.state(talk.id)).due_at is None

    await mailbox.put(talk.says("Oi"))
    await clock.advance(0.5)
    await mailbox.put(talk.types())
    assert (await mailbox.state(talk.id)).due_at == clock.now() + timedelta(seconds=0.8)

    await clock.advance(0.8)
    await mailbox.put(talk.types())  # too late: it is due
    assert len(await mailbox.claim("w1", limit=1)) == 1


async def test_typing_with_the_same_body_extends_again(mailbox, talk, clock):
    """Chatwoot repeats the very same payload while the customer goes on."""
    await mailbox.put(talk.says("Oi"))
    typing = talk.types()
    for _ in range(3):
        await clock.advance(0.5)
        assert await mailbox.put(typing) is PutResult.STORED
    assert (await mailbox.state(talk.id)).due_at == clock.now() + timedelta(seconds=0.8)


async def test_typing_never_goes_past_the_bound(mailbox, talk, clock):
    """Whoever types for ever is answered after 6 s."""
    await mailbox.put(talk.says("Oi"))
    for _ in range(11):
        await clock.advance(0.5)
        await mailbox.put(talk.types())
    first = (await mailbox.state(talk.id)).first_at
    assert (await mailbox.state(talk.id)).due_at == first + timedelta(seconds=6)


async def test_the_same_message_twice_is_one_event(mailbox, talk, clock):
    """By message id, and by delivery id where it is sent (S4-05, contract §1.6)."""
    first = replace(talk.says("Oi"), delivery_id="d-1")
    assert await mailbox.put(first) is PutResult.STORED
    assert await mailbox.put(first) is PutResult.DUPLICATE
    other_body = replace(first, delivery_id="d-2", body=b"x", digest=b"y" * 32)
    assert await mailbox.put(other_body) is PutResult.DUPLICATE
    same_delivery = replace(talk.says("Olá"), delivery_id="d-1")
    assert await mailbox.put(same_delivery) is PutResult.DUPLICATE

    await clock.advance(6)
    (claim,) = await mailbox.claim("w1", limit=5)
    assert texts(claim) == ["Oi"]


async def test_two_bots_do_not_share_dedupe_or_conversations(mailbox, clock):
    """Every installation has a conversation 1 with a message 1 (S4-49)."""
    one, two = Talk(clock, bot="one"), Talk(clock, bot="two")
    assert await mailbox.put(one.says("Oi", message_id=5)) is PutResult.STORED
    assert await mailbox.put(two.says("Olá", message_id=5)) is PutResult.STORED
    await clock.advance(1)
    claims = await mailbox.claim("w1", limit=5)
    assert sorted(texts(claim)[0] for claim in claims) == ["Oi", "Olá"]


async def test_a_second_update_that_says_something_new_is_not_a_duplicate(mailbox, talk, clock):
    """A transcription comes as ``message_updated`` of a message that is known (S4-16)."""
    await mailbox.put(talk.says("", message_id=50))
    again = talk.rewrites(50, "quero marcar uma consulta")
    assert await mailbox.put(again) is PutResult.STORED
    assert await mailbox.put(again) is PutResult.DUPLICATE

    await clock.advance(6)
    (claim,) = await mailbox.claim("w1", limit=1)
    assert texts(claim) == ["quero marcar uma consulta"]


async def test_messages_are_read_in_the_order_of_their_ids(mailbox, talk, clock):
    """Deliveries come in any order; ids tell the truth (contract §1.6)."""
    await mailbox.put(talk.says("terceira", message_id=13))
    await mailbox.put(talk.says("primeira", message_id=11))
    await mailbox.put(talk.says("segunda", message_id=12))

    state = await mailbox.state(talk.id)
    assert (state.last_message_id, state.last_customer_id) == (13, 13)
    await clock.advance(6)
    (claim,) = await mailbox.claim("w1", limit=1)
    assert texts(claim) == ["primeira", "segunda", "terceira"]


async def test_who_spoke_last_follows_the_ids_not_the_arrival(mailbox, talk):
    """A late customer message does not hide the person's newer answer."""
    await mailbox.put(talk.person("Posso ajudar", message_id=20))
    await mailbox.put(talk.says("Oi", message_id=19))
    assert (await mailbox.state(talk.id)).last_public_author is AuthorKind.PERSON


async def test_noise_writes_nothing(mailbox, talk):
    """It is the caller's to count."""
    noise = replace(talk.says("x"), weight=Weight.NOISE)
    assert await mailbox.put(noise) is PutResult.NOISE
    assert await mailbox.state(talk.id) is None


async def test_a_full_mailbox_refuses_input_but_takes_state(stores, mailbox, talk, clock):
    """Back-pressure: the webhook answers 429 and Chatwoot tries again (S4-44)."""
    for _ in range(20):
        await mailbox.put(talk.says("Oi"))
    refused = talk.says("Oi")
    with pytest.raises(MailboxFull):
        await mailbox.put(refused)
    assert await mailbox.put(talk.person("Deixa comigo")) is PutResult.STORED

    await settled(stores, clock)
    assert await mailbox.put(refused) is PutResult.STORED


async def test_an_input_without_a_conversation_is_an_error(mailbox, talk):
    """It could never be answered, so it must not look stored."""
    with pytest.raises(StoreError):
        await mailbox.put(replace(talk.says("Oi"), conversation=None))


async def test_text_that_postgres_cannot_hold_is_cleaned(mailbox, talk, clock):
    """U+0000 and lone surrogates come in signed bodies (S1-07)."""
    delivery = talk.says("a\x00b\ud800c")
    line = replace(
        delivery.change.line, attachments=(Attachment("file", "http://x/\x00", text="\udfff"),)
    )
    snapshot = replace(talk.snapshot, custom_attributes={"k\x00": ["v\ud800", 2**70]})
    change = replace(delivery.change, line=line, snapshot=snapshot)
    bad = replace(delivery, change=change, delivery_id="d\x00", body=b"\x00\xff")
    assert await mailbox.put(bad) is PutResult.STORED

    await clock.advance(1)
    (claim,) = await mailbox.claim("w1", limit=1)
    assert texts(claim) == ["a\ufffdb\ufffdc"]
    attributes = claim.state.snapshot.custom_attributes
    assert attributes == {"k\ufffd": ["v\ufffd", str(2**70)]}


async def test_a_five_megabyte_mail_is_stored(mailbox, talk, clock):
    """E-mail bodies are that large (issue 2)."""
    words = "x" * 5_000_000
    delivery = replace(talk.says(words), body=words.encode())
    await mailbox.put(delivery)
    await clock.advance(1)
    (claim,) = await mailbox.claim("w1", limit=1)
    assert texts(claim) == [words]
