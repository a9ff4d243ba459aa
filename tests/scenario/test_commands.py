"""Operators' commands in private notes, whatever else happens meanwhile (S3-38)."""

from chatcrew.testing.responders import ScriptedResponder

QUESTION = "tenho uma dúvida sobre o exame da minha mãe"


def _crew(delay: float = 0.0) -> ScriptedResponder:
    return ScriptedResponder(lambda ask: f"Li: {ask.inputs['message']}", delay=delay)


async def test_silencing_the_bot_while_it_thinks_stops_the_answer(clinic) -> None:
    """The command joins the turn that runs: it is obeyed and confirmed, nothing is said (N4)."""
    crew = _crew(delay=0.6)
    async with clinic(responder=crew) as c:
        conversation = await c.says(QUESTION)
        await c.asked(crew)
        await c.chatwoot.agent_says(conversation, "/bot parar", private=True)
        await c.settled()

        assert conversation.public_bot_replies == []
        assert "em silêncio" in conversation.notes[-1].content


async def test_silencing_in_the_same_burst_as_a_message_is_confirmed(clinic) -> None:
    """The customer's message is people's matter then, and the operator is told so."""
    async with clinic(responder=_crew()) as c:
        conversation = await c.says(QUESTION)
        await c.chatwoot.agent_says(conversation, "/bot parar", private=True)
        await c.settled()

        assert conversation.public_bot_replies == []
        assert "em silêncio" in conversation.notes[-1].content


async def test_letting_the_bot_speak_again_answers_who_waited(clinic) -> None:
    """What the customer wrote while the bot was silent is answered at once, not by the sweep."""
    async with clinic(responder=_crew()) as c:
        conversation = await c.says(QUESTION)
        await c.reply(conversation)
        await c.settled()
        await c.chatwoot.agent_says(conversation, "/bot parar", private=True)
        await c.settled()
        await c.says("e o prazo do laudo dela?")
        await c.settled()
        await c.chatwoot.agent_says(conversation, "/bot voltar", private=True)
        reply = await c.reply(conversation, 2)

        assert reply.content == "Li: e o prazo do laudo dela?"
        assert "volta a responder" in conversation.notes[-1].content


async def test_letting_the_bot_speak_where_nobody_waits_only_confirms(clinic) -> None:
    """An answered question is not answered again."""
    async with clinic(responder=_crew()) as c:
        conversation = await c.says(QUESTION)
        await c.reply(conversation)
        await c.settled()
        await c.chatwoot.agent_says(conversation, "/bot voltar", private=True)
        await c.settled()

        assert len(conversation.public_bot_replies) == 1
        assert "volta a responder" in conversation.notes[-1].content


async def test_letting_the_bot_speak_in_a_conversation_of_people_tells_what_is_missing(
    clinic,
) -> None:
    """The note must not promise answers that the open status still forbids."""
    async with clinic(responder=_crew()) as c:
        conversation = await c.says("quero falar com um atendente humano")
        await c.chatwoot.wait_for(lambda: conversation.status == "open")
        await c.settled()
        await c.chatwoot.agent_says(conversation, "/bot voltar", private=True)
        await c.settled()

        assert len(conversation.public_bot_replies) == 1
        assert "está com a equipe" in conversation.notes[-1].content


async def test_an_operators_command_is_not_quoted_as_the_customers_words(clinic) -> None:
    """The note of a handoff quotes customers only, whatever else stands in the burst."""
    async with clinic() as c:
        conversation = await c.says("Vocês consertam geladeira importada da Noruega?")
        await c.chatwoot.agent_says(conversation, "/bot ajuda", private=True)
        await c.chatwoot.wait_for(lambda: conversation.status == "open")
        await c.settled()

        summary = next(n.content for n in conversation.notes if "passou esta conversa" in n.content)
        assert "geladeira" in summary
        assert "/bot" not in summary
        assert any("Comandos do dia a dia" in note.content for note in conversation.notes)
