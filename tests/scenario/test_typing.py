"""The typing mark: only where an answer is coming, and never in its way (S1-49)."""

from chatcrew.testing.responders import ScriptedResponder

WIDGET = {"channel": "web_widget", "chatwoot_channel": "Channel::WebWidget"}


async def test_a_hanging_typing_mark_does_not_delay_the_answer(clinic) -> None:
    """Chatwoot takes the mark and never answers; the reply is out before that call gives up."""
    crew = ScriptedResponder(lambda ask: "resposta do bot")
    async with clinic(responder=crew, **WIDGET) as c:
        c.chatwoot.faults.hang(endpoint="toggle_typing_status", times=2)
        conversation = await c.says("tenho uma dúvida sobre o exame da minha mãe")
        await c.reply(conversation)

        assert c.bot.parts.worker.running == 1


async def test_no_typing_is_shown_in_a_conversation_of_people(clinic) -> None:
    """The customer must not wait for a bot that will say nothing."""
    async with clinic(**WIDGET) as c:
        conversation = await c.says("quero falar com um atendente humano")
        await c.chatwoot.wait_for(lambda: conversation.status == "open")
        await c.settled()
        before = c.chatwoot.calls["toggle_typing_status"]
        await c.says("quanto tempo demora para alguém vir?")
        await c.settled()

        assert c.chatwoot.calls["toggle_typing_status"] == before


async def test_no_typing_is_shown_for_an_operators_command(clinic) -> None:
    """The note is for people; the customer asked nothing."""
    async with clinic(**WIDGET) as c:
        conversation = await c.says("Onde fica a clínica?")
        await c.reply(conversation)
        await c.settled()
        before = c.chatwoot.calls["toggle_typing_status"]
        await c.chatwoot.agent_says(conversation, "/bot ajuda", private=True)
        await c.settled()

        assert before == 2
        assert c.chatwoot.calls["toggle_typing_status"] == before
