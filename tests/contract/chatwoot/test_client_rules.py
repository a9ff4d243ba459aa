"""The REST client against FakeChatwoot, which keeps Chatwoot's own rules."""

from collections.abc import AsyncIterator

import pytest

from chatcrew.chatwoot import (
    ChatwootClient,
    Pacing,
    Transport,
    line_of,
    open_session,
    snapshot_of,
)
from chatcrew.clock import SystemClock
from chatcrew.errors import ChatwootRejected, ChatwootUnavailable, ConversationGone
from chatcrew.messages import AuthorKind, OwnerKind
from chatcrew.testing import Account, Conversation, FakeChatwoot


@pytest.fixture
async def chatwoot() -> AsyncIterator[FakeChatwoot]:
    """A running FakeChatwoot."""
    async with FakeChatwoot(receipts=()) as server:
        yield server


@pytest.fixture
def account(chatwoot: FakeChatwoot) -> Account:
    """Account 3 with a WhatsApp inbox, a bot and an agent."""
    account = chatwoot.add_account(3)
    account.add_inbox(21, "WhatsApp Loja")
    account.add_bot(7)
    account.add_agent(12, "Patrícia Gomes")
    return account


@pytest.fixture
async def conversation(chatwoot: FakeChatwoot, account: Account) -> Conversation:
    """Conversation 1, pending, owned by bot 7."""
    maria = account.add_contact(501, "Maria da Silva", phone_number="+5511900000000")
    return await chatwoot.customer_says(account.inboxes[21], maria, "Oi")


@pytest.fixture
async def client(chatwoot: FakeChatwoot, account: Account) -> AsyncIterator[ChatwootClient]:
    """Our client, with a user's token too."""
    clock = SystemClock()
    async with open_session() as session:
        yield ChatwootClient(
            Transport(lambda: session, pacing=Pacing(clock), clock=clock, pause=0.001),
            base_url=chatwoot.url,
            account_id=3,
            token=account.bots[7].access_token,
            user_token=account.agents[12].access_token,
        )


async def test_reply_note_and_hand_off_do_what_people_see(
    client: ChatwootClient, conversation: Conversation
) -> None:
    """A reply, a note for people, then the status that gives the conversation away (S4-16)."""
    number = conversation.id
    reply = await client.create_message(
        number, "Olá!", content_attributes={"chatcrew": {"tag": "t-1"}}
    )
    note = await client.create_message(number, "Resumo", private=True)
    status = await client.toggle_status(number, "open")
    shown = snapshot_of(await client.conversation(number))
    lines = [line_of(row, agent_bot_id=7) for row in await client.messages(number)]
    written = {line.message_id: line for line in lines if line is not None}

    assert reply is not None
    assert note is not None
    assert status == "open"
    assert (shown.status, shown.owner, shown.owner_known) == ("open", None, True)
    assert (written[reply].text, written[reply].tag) == ("Olá!", "t-1")
    assert written[reply].author.kind is AuthorKind.BOT
    assert written[note].private
    assert any(line.author.kind is AuthorKind.CUSTOMER for line in written.values())


async def test_a_pending_conversation_is_ours_in_the_snapshot(
    client: ChatwootClient, conversation: Conversation
) -> None:
    """Owner, inbox, window and contact are read from the REST shape too."""
    shown = snapshot_of(await client.conversation(conversation.id))

    assert shown.owner is not None
    assert (shown.owner.kind, shown.owner.id) == (OwnerKind.BOT, 7)
    assert (shown.inbox_id, shown.channel) == (21, "Channel::Whatsapp")
    assert shown.contact.phone == "+5511900000000"


async def test_labels_attributes_priority_and_assignment_end_where_asked(
    client: ChatwootClient, conversation: Conversation
) -> None:
    """Each write is seen in the conversation afterwards."""
    number = conversation.id
    await client.replace_labels(number, ["vip"])
    await client.add_labels(number, ["novo"])
    await client.set_custom_attributes(number, {"a": "1"})
    await client.set_custom_attributes(number, {"b": "2"})
    await client.set_priority(number, "high")
    await client.assign(number, assignee_id=12)

    shown = snapshot_of(await client.conversation(number))

    assert set(shown.labels) == {"vip", "novo"}
    assert shown.custom_attributes == {"a": "1", "b": "2"}
    assert shown.priority == "high"
    assert shown.owner is not None
    assert shown.owner.kind is OwnerKind.PERSON


async def test_a_dropped_answer_leaves_a_message_and_a_doubt(
    chatwoot: FakeChatwoot, client: ChatwootClient, conversation: Conversation
) -> None:
    """The message exists although we were not told: exactly what ``maybe_done`` means."""
    chatwoot.faults.drop_response(endpoint="create_message")

    with pytest.raises(ChatwootUnavailable) as caught:
        await client.create_message(conversation.id, "Olá!")
    texts = [row["content"] for row in await client.messages(conversation.id)]

    assert caught.value.maybe_done
    assert texts.count("Olá!") == 1


async def test_a_stopped_chatwoot_was_never_reached(
    chatwoot: FakeChatwoot, client: ChatwootClient, conversation: Conversation
) -> None:
    """Refused connections are tried again later without a doubt."""
    await chatwoot.refuse_connections()
    with pytest.raises(ChatwootUnavailable) as caught:
        await client.create_message(conversation.id, "Olá!")
    await chatwoot.accept_connections()

    assert not caught.value.maybe_done
    assert await client.create_message(conversation.id, "Olá!")


async def test_a_missing_conversation_is_gone_and_a_wrong_token_rejected(
    client: ChatwootClient, account: Account, conversation: Conversation
) -> None:
    """404 and 401 are told apart."""
    with pytest.raises(ConversationGone):
        await client.create_message(999, "Olá!")
    account.bots[7].access_token = "trocado"
    with pytest.raises(ChatwootRejected) as caught:
        await client.create_message(conversation.id, "Olá!")

    assert caught.value.status == 401


async def test_liquid_in_a_models_words_reaches_the_customer_as_words(
    client: ChatwootClient, conversation: Conversation
) -> None:
    """The contact's data is never rendered into a reply (complaint: data leak)."""
    await client.create_message(conversation.id, "Use {{contact.phone_number}} aqui")

    rows = await client.messages(conversation.id)
    content = rows[-1]["content"]

    assert "+5511900000000" not in content
    assert content.replace("\u200b", "") == "Use {{contact.phone_number}} aqui"


async def test_waiting_conversations_are_listed_by_status(
    client: ChatwootClient, conversation: Conversation
) -> None:
    """The sweep can ask for what is pending."""
    pending = await client.conversations(status="pending")
    resolved = await client.conversations(status="resolved")

    assert [row["id"] for row in pending] == [conversation.id]
    assert resolved == []
