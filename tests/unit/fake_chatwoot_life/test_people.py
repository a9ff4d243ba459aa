"""What people do in FakeChatwoot looks as it does in Chatwoot (N12)."""

from chatcrew.testing import Account, Contact, Conversation, FakeChatwoot, Inbox, WebhookSink


async def test_a_phone_echo_has_no_sender(
    cw: FakeChatwoot, conversation: Conversation, sink: WebhookSink
) -> None:
    """WhatsApp coexistence: sender null, external_echo, source_id (2.4)."""
    await cw.phone_echo(conversation, "aqui é da loja")
    await cw.idle()

    body = sink.of("message_created")[-1]
    assert body["sender"] is None
    assert body["content_attributes"] == {"external_echo": True}
    assert body["source_id"].startswith("wamid.")


async def test_a_click_in_the_widget_updates_the_message_and_on_whatsapp_writes_the_title(
    cw: FakeChatwoot, account: Account, maria: Contact, conversation: Conversation
) -> None:
    """submitted_values exist only in the widget; WhatsApp loses the id (#12030)."""
    items = {"items": [{"title": "Falar com atendente", "value": "humano"}]}
    widget = await cw.customer_says(account.inboxes[24], maria, "Oi")
    menus = [
        await cw.bot_says(
            where, "Como posso ajudar?", content_type="input_select", attributes=items
        )
        for where in (widget, conversation)
    ]

    for menu in menus:
        await cw.click(menu, "Falar com atendente")

    assert menus[0].content_attributes["submitted_values"] == items["items"]
    assert widget.messages[-1] is menus[0]
    assert conversation.messages[-1].content == "Falar com atendente"
    assert conversation.messages[-1].content_attributes == {"in_reply_to": menus[1].id}


async def test_a_survey_is_sent_on_resolving_and_its_answer_is_an_object(
    cw: FakeChatwoot, whatsapp: Inbox, conversation: Conversation, sink: WebhookSink
) -> None:
    """CSAT answers come as message_updated with an object, not a list (3.6)."""
    whatsapp.csat_survey_enabled = True
    await cw.resolve(conversation)
    survey = conversation.messages[-1]

    await cw.rate(survey, 5, "Muito rápido!")
    await cw.idle()

    answered = sink.of("message_updated")[-1]["content_attributes"]["submitted_values"]
    assert (survey.message_type, survey.content_type) == ("template", "input_csat")
    assert answered["csat_survey_response"]["rating"] == 5


async def test_a_blocked_contact_is_resolved_at_birth_and_whatsapp_drops_the_message(
    cw: FakeChatwoot, whatsapp: Inbox, maria: Contact
) -> None:
    """Blocked on WhatsApp: no message is stored (2.3)."""
    maria.blocked = True

    conversation = await cw.customer_says(whatsapp, maria, "Oi")

    assert conversation.status == "resolved"
    assert conversation.messages == []
