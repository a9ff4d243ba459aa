"""The operator's side: the bot never talks over a person, and comes back when it is asked to."""

from chatcrew.testing.responders import ScriptedResponder


def _slow() -> ScriptedResponder:
    return ScriptedResponder(lambda ask: "resposta do bot", delay=0.6)


async def test_a_person_who_answers_publicly_silences_the_bot(clinic) -> None:
    """Complaint 1: the conversation may still be pending, the bot is silent all the same."""
    crew = ScriptedResponder(lambda ask: "resposta do bot")
    async with clinic(responder=crew) as c:
        conversation = await c.says("tenho uma dúvida sobre o exame da minha mãe")
        await c.reply(conversation)
        await c.settled()
        await c.chatwoot.agent_says(conversation, "Oi, aqui é a Patrícia!")
        await c.settled()
        await c.says("e quanto tempo demora o laudo dela afinal?")
        await c.settled()

        assert conversation.status == "pending"
        assert len(conversation.public_bot_replies) == 1


async def test_a_person_who_answers_while_the_bot_thinks_wins(clinic) -> None:
    """The gate is asked again right before sending (N4)."""
    crew = _slow()
    async with clinic(responder=crew) as c:
        conversation = await c.says("tenho uma dúvida sobre o exame da minha mãe")
        await c.asked(crew)
        await c.chatwoot.agent_says(conversation, "Deixa comigo.")
        await c.settled()

        assert conversation.public_bot_replies == []


async def test_an_answer_from_the_phone_silences_the_bot_too(clinic) -> None:
    """WhatsApp coexistence: sender is null, external_echo is true (contract §2.4)."""
    crew = _slow()
    async with clinic(responder=crew) as c:
        conversation = await c.says("tenho uma dúvida sobre o exame da minha mãe")
        await c.asked(crew)
        await c.chatwoot.phone_echo(conversation, "Oi! Já te respondo.")
        await c.settled()

        assert conversation.public_bot_replies == []


async def test_assigning_a_person_stops_the_bot(clinic) -> None:
    """The owner is read by assignee_type, never guessed."""
    crew = ScriptedResponder(lambda ask: "resposta do bot")
    async with clinic(responder=crew) as c:
        conversation = await c.says("tenho uma dúvida sobre o exame da minha mãe")
        await c.reply(conversation)
        await c.settled()
        await c.chatwoot.assign(conversation, c.agent)
        await c.settled()
        await c.says("alguém aí para me responder sobre o laudo?")
        await c.settled()

        assert len(conversation.public_bot_replies) == 1


async def test_a_conversation_handed_back_while_the_customer_waits_is_answered(clinic) -> None:
    """Assigning the bot again, with status pending, is a hand-back (resume)."""
    crew = ScriptedResponder(lambda ask: f"Sobre: {ask.inputs['message']}")
    async with clinic(responder=crew) as c:
        conversation = await c.says("quero falar com um atendente humano")
        await c.chatwoot.wait_for(lambda: conversation.status == "open")
        await c.settled()
        await c.says("quanto tempo dura a recuperação do meu pai?")
        await c.settled()
        assert len(conversation.public_bot_replies) == 1
        await c.chatwoot.assign(conversation, c.agent_bot)
        await c.chatwoot.set_status(conversation, "pending")
        reply = await c.reply(conversation, 2)

        assert "recuperação do meu pai" in reply.content


async def test_a_private_note_neither_silences_nor_is_answered(clinic) -> None:
    """People may talk about the customer behind the curtain."""
    crew = ScriptedResponder(lambda ask: "resposta do bot")
    async with clinic(responder=crew) as c:
        conversation = await c.says("tenho uma dúvida sobre o exame da minha mãe")
        await c.reply(conversation)
        await c.settled()
        await c.chatwoot.agent_says(conversation, "cliente antiga, cuidado", private=True)
        await c.settled()
        await c.says("e o preparo para ele, como é que funciona?")
        await c.reply(conversation, 2)

        assert len(conversation.public_bot_replies) == 2


async def test_bot_commands_silence_it_and_bring_it_back(clinic) -> None:
    """`/bot parar` and `/bot voltar` in private notes (S3-38)."""
    crew = ScriptedResponder(lambda ask: "resposta do bot")
    async with clinic(responder=crew) as c:
        conversation = await c.says("tenho uma dúvida sobre o exame da minha mãe")
        await c.reply(conversation)
        await c.settled()
        await c.chatwoot.agent_says(conversation, "/bot parar", private=True)
        await c.settled()
        await c.says("alô, alguém pode me dizer do laudo?")
        await c.settled()
        assert len(conversation.public_bot_replies) == 1
        await c.chatwoot.agent_says(conversation, "/bot voltar", private=True)
        await c.settled()
        await c.says("agora pode me dizer do laudo dela?")
        await c.reply(conversation, 2)

        assert any("em silêncio" in note.content for note in conversation.notes)


async def test_a_resolved_conversation_that_reopens_is_a_new_episode(clinic) -> None:
    """The history of the old case is not told to the crew again (complaint 8)."""
    crew = ScriptedResponder(lambda ask: "resposta do bot")
    async with clinic(responder=crew) as c:
        conversation = await c.says("tenho uma dúvida sobre o exame da minha mãe")
        await c.reply(conversation)
        await c.settled()
        await c.chatwoot.resolve(conversation)
        await c.settled()
        await c.chatwoot.customer_replies(conversation, "voltei com uma outra dúvida bem diferente")
        await c.reply(conversation, 2)

        assert "minha mãe" not in crew.asked[-1].inputs["history"]
