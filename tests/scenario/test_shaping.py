"""What the customer reads: short messages in order, codes alone, and a person stops the rest."""

import pytest

from chatcrew.messages import Answer
from chatcrew.testing.responders import ScriptedResponder

PIX = (
    "00020126360014br.gov.bcb.pix0114+55119999999995204000053039865802BR"
    "5913FULANO DE TAL6009SAO PAULO62070503***63041D3D"
)
ASKED = "como é que a minha tia se prepara para o exame dela?"
LONG = (
    "# Seu exame\n\nO preparo é simples: venha com roupa confortável, traga um documento com foto "
    "e chegue um pouco antes da hora marcada.\n\nDurante o exame a médica passa um gel na perna e "
    "olha as veias na tela; não dói nada e ninguém precisa ficar internado depois.\n\n"
    "Veja o mapa em [nossa página](https://varizemed.example.com/como-chegar) quando quiser."
)


def _crew(text: str) -> ScriptedResponder:
    return ScriptedResponder(lambda ask: text)


async def test_a_long_reply_reaches_whatsapp_as_short_messages_in_order(clinic, capsys) -> None:
    """Paragraphs are bubbles with marks that survive; the pauses are no latency (S2-12)."""
    text = LONG.replace(
        "Veja o mapa em [nossa página](https://varizemed.example.com/como-chegar)",
        "Me chame aqui mesmo",
    )
    async with clinic(responder=_crew(text)) as c:
        conversation = await c.says(ASKED)
        await c.reply(conversation, 2)
        await c.settled()

        said = [message.content for message in conversation.public_bot_replies]
        assert len(said) in (2, 3)
        assert said[0].startswith("**Seu exame**\n\nO preparo é simples")
        assert "".join("".join(said).split()) == "".join(
            text.replace("# Seu exame", "**Seu exame**").split()
        )
        sent = [message.created_at for message in conversation.public_bot_replies]
        assert sent == sorted(sent)
        traces = [one.content_attributes["chatcrew"] for one in conversation.public_bot_replies]
        count = len(said)
        assert [one["bubble"] for one in traces] == [[n, count] for n in range(1, count + 1)]
        told = capsys.readouterr().out
        assert f"paused_ms={1000 * (len(said) - 1)}" in told


@pytest.mark.parametrize(
    ("channel", "chatwoot_channel"),
    [("web_widget", "Channel::WebWidget"), ("email", "Channel::Email")],
)
async def test_the_site_and_e_mail_get_one_message(
    clinic, channel: str, chatwoot_channel: str
) -> None:
    """Nobody writes an e-mail in four pieces, and both show Markdown as it is."""
    text = LONG.replace("[nossa página](https://varizemed.example.com/como-chegar)", "nossa página")
    async with clinic(
        responder=_crew(text), channel=channel, chatwoot_channel=chatwoot_channel
    ) as c:
        conversation = await c.says(ASKED)
        await c.reply(conversation)
        await c.settled()

        assert [message.content for message in conversation.public_bot_replies] == [text]
        assert conversation.typing == set()


async def test_a_person_who_speaks_between_two_messages_stops_the_rest(clinic) -> None:
    """The gate is asked again after each pause (N4)."""
    text = LONG.replace("(https://varizemed.example.com/como-chegar)", "")
    async with clinic(responder=_crew(text)) as c:
        conversation = await c.says(ASKED)
        await c.reply(conversation)
        await c.chatwoot.agent_says(conversation, "Oi, aqui é a Patrícia! Eu explico.")
        await c.settled()

        assert len(conversation.public_bot_replies) == 1


async def test_a_pix_code_comes_alone(clinic) -> None:
    """Copying the message copies the code and nothing else."""
    text = f"Para confirmar a consulta, pague com este Pix: **{PIX}**. Depois me avise por aqui."
    answer = Answer(text, engine="scripted", tool_results=(f"Pix: {PIX}",))
    async with clinic(responder=ScriptedResponder(lambda ask: answer)) as c:
        conversation = await c.says(ASKED)
        await c.reply(conversation)
        await c.settled()

        said = [message.content for message in conversation.public_bot_replies]
        assert said == [
            "Para confirmar a consulta, pague com este Pix:",
            PIX,
            "Depois me avise por aqui.",
        ]
