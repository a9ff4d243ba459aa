"""FakeChatwoot keeps Chatwoot's rules for the life of a conversation (N12)."""

from typing import Any

import pytest

from chatcrew.testing import Account, Contact, Conversation, FakeChatwoot, Inbox, WebhookSink


def diffs(sink: WebhookSink) -> list[set[str]]:
    """Return the changed columns of every conversation_updated."""
    return [
        {key for change in body["changed_attributes"] for key in change}
        for body in sink.of("conversation_updated")
    ]


async def test_a_bot_inbox_gives_birth_to_a_pending_conversation_that_the_bot_owns(
    account: Account, conversation: Conversation
) -> None:
    """Since 4.16.2 the inbox's bot becomes owner."""
    assert conversation.status == "pending"
    assert conversation.owner is account.bots[7]
    assert conversation.assignee_type == "AgentBot"


@pytest.mark.parametrize("release", ["4.16.1"])
async def test_before_4_16_2_nobody_owns_a_new_conversation(release: Any) -> None:
    """Up to 4.16.1 a pending conversation has no owner."""
    async with FakeChatwoot(release=release) as cw:
        account = cw.add_account(3)
        inbox = account.add_inbox()
        account.add_bot()

        born = await cw.customer_says(inbox, account.add_contact(), "Oi")

        assert (born.status, born.owner) == ("pending", None)


async def test_without_a_bot_a_conversation_is_born_open(cw: FakeChatwoot) -> None:
    """Only an active bot makes it pending."""
    account = cw.add_account(4)

    born = await cw.customer_says(account.add_inbox(), account.add_contact(), "Oi")

    assert (born.status, born.owner) == ("open", None)


async def test_display_ids_are_per_account_and_message_ids_global(cw: FakeChatwoot) -> None:
    """Two accounts both have a conversation 1 (S4-49), but never the same message id."""
    born = []
    for number in (3, 4):
        account = cw.add_account(number)
        born.append(await cw.customer_says(account.add_inbox(), account.add_contact(), "Oi"))

    assert [c.id for c in born] == [1, 1]
    assert born[0].messages[0].id < born[1].messages[0].id


async def test_whatsapp_starts_a_new_conversation_after_the_old_was_resolved(
    cw: FakeChatwoot, whatsapp: Inbox, maria: Contact, conversation: Conversation
) -> None:
    """Without lock-to-single-conversation a resolved one stays resolved."""
    same = await cw.customer_says(whatsapp, maria, "Alguém?")
    await cw.resolve(conversation)
    fresh = await cw.customer_says(whatsapp, maria, "Voltei")

    assert same is conversation
    assert fresh is not conversation
    assert conversation.status == "resolved"


async def test_a_resolved_conversation_becomes_pending_again_and_keeps_its_assignee(
    cw: FakeChatwoot, account: Account, maria: Contact
) -> None:
    """The web widget reopens; a human assignee may remain although it is pending (complaint 13)."""
    patricia = account.agents[12]
    conversation = await cw.customer_says(account.inboxes[24], maria, "Oi")
    await cw.assign(conversation, patricia)
    await cw.resolve(conversation)

    again = await cw.customer_says(account.inboxes[24], maria, "Mais uma coisa")

    assert again is conversation
    assert (again.status, again.assignee) == ("pending", patricia)


async def test_reopening_events_come_before_the_message(
    cw: FakeChatwoot, account: Account, maria: Contact, sink: WebhookSink
) -> None:
    """The status change is told before the message that caused it (contract 1.6)."""
    conversation = await cw.customer_says(account.inboxes[24], maria, "Oi")
    await cw.resolve(conversation)
    before = len(cw.deliveries)

    await cw.customer_replies(conversation, "Voltei")

    told = [d.event for d in cw.deliveries[before:]]
    assert told[:3] == ["conversation_status_changed", "conversation_updated", "message_created"]


async def test_a_snoozed_conversation_opens_when_the_customer_writes(
    cw: FakeChatwoot, conversation: Conversation
) -> None:
    """Snoozed becomes open, not pending."""
    await cw.set_status(conversation, "snoozed")

    await cw.customer_replies(conversation, "Oi?")

    assert conversation.status == "open"


async def test_a_persons_reply_leaves_the_status_pending(
    cw: FakeChatwoot, conversation: Conversation
) -> None:
    """The bot must notice the takeover itself (complaint 3)."""
    await cw.agent_says(conversation, "Oi, Maria! Sou a Patrícia.")

    assert conversation.status == "pending"
    assert conversation.first_reply_created_at is not None


async def test_opening_as_a_person_takes_the_bot_off_and_assigns_the_agent(
    cw: FakeChatwoot, account: Account, conversation: Conversation
) -> None:
    """4.16.2: the dashboard's open clears the bot owner and assigns an agent-role user."""
    await cw.reopen(conversation, by=account.agents[12])

    assert conversation.status == "open"
    assert (conversation.assignee, conversation.assignee_bot) == (account.agents[12], None)


async def test_an_administrator_who_opens_is_not_assigned(
    cw: FakeChatwoot, account: Account, conversation: Conversation
) -> None:
    """Only the agent role is assigned by opening."""
    await cw.reopen(conversation, by=account.add_agent(1, "Chefe", role="administrator"))

    assert conversation.owner is None


@pytest.mark.parametrize(("release", "status"), [("4.16.2", "open"), ("develop", "pending")])
async def test_assigning_a_bot_moves_the_status_only_in_develop(release: Any, status: str) -> None:
    """dev-08 (#14870): a bot makes it pending; 4.16.2 leaves the status alone."""
    async with FakeChatwoot(release=release) as cw:
        account = cw.add_account(3)
        inbox, bot = account.add_inbox(), account.add_bot()
        conversation = await cw.customer_says(inbox, account.add_contact(), "Oi")
        await cw.reopen(conversation, by=account.add_agent())

        await cw.assign(conversation, bot)

        assert (conversation.status, conversation.owner) == (status, bot)


async def test_a_new_pending_conversation_first_tells_its_whole_row(
    cw: FakeChatwoot, conversation: Conversation, sink: WebhookSink
) -> None:
    """The first conversation_updated lists everything as changed from null."""
    await cw.idle()

    first = sink.of("conversation_updated")[0]["changed_attributes"]
    assert {"id", "status", "assignee_agent_bot_id"} <= {key for change in first for key in change}
    assert all(next(iter(change.values()))["previous_value"] is None for change in first)


async def test_resolving_tells_resolved_then_status_changed_with_null_then_the_diff(
    cw: FakeChatwoot, conversation: Conversation, sink: WebhookSink
) -> None:
    """conversation_status_changed carries null, conversation_updated the real diff (3.4)."""
    before = len(cw.deliveries)
    await cw.resolve(conversation)
    told = [d.event for d in cw.deliveries[before:]]
    await cw.idle()

    assert told == ["conversation_resolved", "conversation_status_changed", "conversation_updated"]
    assert "changed_attributes" not in sink.of("conversation_resolved")[0]
    assert sink.of("conversation_status_changed")[0]["changed_attributes"] is None
    assert {"status", "updated_at"} in diffs(sink)


async def test_a_bots_echo_shows_the_waiting_time_from_before_it(
    cw: FakeChatwoot, conversation: Conversation, account: Account, sink: WebhookSink
) -> None:
    """message_created still holds waiting_since; the update that clears it follows (3.3)."""
    await cw.agent_says(conversation, "Já vejo.")
    await cw.idle()

    echo = next(b for b in sink.of("message_created") if b["message_type"] == "outgoing")
    assert echo["conversation"]["waiting_since"] > 0
    assert conversation.waiting_since is None


async def test_a_private_note_is_told_but_the_nested_message_is_the_public_one(
    cw: FakeChatwoot, conversation: Conversation, sink: WebhookSink
) -> None:
    """messages[] leaves private notes out, so it is another message (3.3)."""
    note = await cw.agent_says(conversation, "Cliente VIP", private=True)
    await cw.idle()

    body = next(b for b in sink.of("message_created") if b["private"])
    assert body["id"] == note.id
    assert [m["content"] for m in body["conversation"]["messages"]] == ["Oi"]


async def test_activity_lines_are_never_told(
    cw: FakeChatwoot, account: Account, conversation: Conversation, sink: WebhookSink
) -> None:
    """An activity message exists in the conversation and in no webhook."""
    await cw.resolve(conversation, by=account.agents[12])
    await cw.idle()

    assert conversation.activity == ["A conversa foi marcada como resolvida por Patrícia Gomes"]
    assert {b["message_type"] for b in sink.of("message_created")} == {"incoming"}
