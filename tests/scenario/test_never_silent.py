"""Every burst ends in something visible, however odd it is and whatever comes meanwhile (N3)."""

import asyncio
from dataclasses import replace

from chatcrew.errors import ModelUnavailable
from chatcrew.messages import Answer, Handoff
from chatcrew.testing import File
from chatcrew.testing.responders import ScriptedResponder


def _reader(delay: float = 0.0) -> ScriptedResponder:
    return ScriptedResponder(lambda ask: f"Li: {ask.inputs['message']}", delay=delay)


async def test_a_message_that_shows_nothing_gets_an_honest_sentence(clinic) -> None:
    """Neither text nor file: the customer is asked to say it in another way."""
    async with clinic() as c:
        conversation = await c.says("")
        reply = await c.reply(conversation)

        assert "Não consegui abrir essa mensagem" in reply.content
        assert conversation.status == "pending"


async def test_a_transcription_that_comes_while_the_crew_thinks_is_read(clinic) -> None:
    """A ``message_updated`` of the burst's own message adds no message, but says something new."""
    crew = _reader(delay=0.6)
    async with clinic(responder=crew) as c:
        voice = File("audio", "voz.ogg", "audio/ogg")
        conversation = await c.says("segue o áudio da minha dúvida", files=[voice])
        await c.asked(crew)
        await c.chatwoot.transcribe(conversation.messages[0], "é sobre a cirurgia da minha avó")
        reply = await c.reply(conversation)
        await c.settled()

        assert "cirurgia da minha avó" in reply.content
        assert len(conversation.public_bot_replies) == 1


async def test_a_message_deleted_while_the_crew_thinks_is_not_answered(clinic) -> None:
    """Who takes his words back gets no answer to them."""
    crew = _reader(delay=0.6)
    async with clinic(responder=crew) as c:
        conversation = await c.says("mensagem para a pessoa errada, desculpe")
        await c.asked(crew)
        await c.chatwoot.delete(conversation.messages[0])
        await c.settled()

        assert conversation.public_bot_replies == []


async def test_an_automation_between_question_and_hand_back_answers_nobody(clinic) -> None:
    """Only a bot's or a person's words are an answer; the question is not repeated as history."""
    crew = _reader()
    async with clinic(responder=crew) as c:
        conversation = await c.says("quero falar com um atendente humano")
        await c.chatwoot.wait_for(lambda: conversation.status == "open")
        await c.settled()
        await c.says("quanto tempo dura a recuperação do meu pai?")
        await c.settled()
        await c.chatwoot.automation_says(conversation, "Estamos fora do horário.")
        await c.settled()
        await c.chatwoot.assign(conversation, c.agent_bot)
        await c.chatwoot.set_status(conversation, "pending")
        reply = await c.reply(conversation, 2)

        assert reply.content == "Li: quanto tempo dura a recuperação do meu pai?"
        assert "recuperação" not in crew.asked[-1].inputs["history"]


async def test_an_inbox_that_leaves_the_mapping_gives_its_waiting_customers_to_people(
    clinic,
) -> None:
    """The message was taken, so silence is no choice: a note says why, the status is open."""
    async with clinic() as c:
        conversation = await c.says("Onde fica a clínica?")
        async with asyncio.timeout(10):
            while not (await c.bot.base.mailbox.depth()).waiting:
                await asyncio.sleep(0.01)
        directory = c.bot.base.directory
        directory.swap(replace(directory.current, version="unmapped", routes={}, fallback=None))
        await c.chatwoot.wait_for(lambda: conversation.status == "open")

        assert conversation.public_bot_replies == []
        assert "mapeamento" in conversation.notes[0].content


async def test_a_role_that_calls_people_is_obeyed_though_its_words_may_not_be_sent(clinic) -> None:
    """An unfounded price costs the role its words, not the customer his person."""

    def say(ask: object) -> Answer:
        return Answer("Custa R$ 77,77.", engine="scripted", handoff=Handoff("urgent"))

    async with clinic(responder=ScriptedResponder(say)) as c:
        conversation = await c.says("Onde fica a clínica?")
        await c.chatwoot.wait_for(lambda: conversation.status == "open")
        await c.settled()

        assert "77,77" not in conversation.public_bot_replies[0].content
        assert "pode ser uma urgência" in conversation.notes[0].content


async def test_a_note_tells_each_thing_that_was_tried_once(clinic) -> None:
    """A turn that started again forgets what it tried for less than the whole burst."""
    down = ScriptedResponder(lambda ask: ModelUnavailable("away", kind="unavailable"), delay=0.5)
    async with clinic(responder=down) as c:
        conversation = await c.says("Vocês consertam geladeira importada da Noruega?")
        await c.asked(down)
        await c.says("e fogão também?")
        await c.chatwoot.wait_for(lambda: conversation.status == "open")
        await c.settled()

        assert len(down.asked) == 2
        assert conversation.notes[0].content.count("fora do ar") == 1
