"""``/bot porque``: an operator reads why the bot said it, or is quiet, in the conversation (N9)."""

from pathlib import Path

from chatcrew.testing.responders import ScriptedResponder

ROOT = Path(__file__).parents[2]
PRIVATE = "vou levar minha mãe Maria"


async def explained(c, conversation, words: str = "/bot porque") -> str:
    """Let an operator ask why; return the note he gets."""
    await c.chatwoot.agent_says(conversation, words, private=True)
    await c.settled()
    return str(conversation.notes[-1].content)


async def test_an_operator_reads_why_the_bot_said_it_and_why_it_is_quiet(clinic) -> None:
    """The newest turn, the one before it, then the silence; no word of the customer is told."""
    crew = ScriptedResponder(lambda ask: "Sim! Com o carimbo da clínica sai por R$ 15 por 2 horas.")
    async with clinic(responder=crew) as c:
        conversation = await c.says("Olá")
        await c.settled()
        await c.says(f"{PRIVATE}, dá para deixar o carro no estacionamento de vocês?")
        await c.settled()

        newest = await explained(c, conversation)
        assert "Por que o bot fez isso" in newest
        assert "a equipe de IA respondeu" in newest
        places = [
            p for p in newest.split("`") if p.startswith("config/domains/health/varizemed.yaml:")
        ]
        assert places
        for place in places:
            name, _, line = place.rpartition(":")
            said = (ROOT / name).read_text("utf-8").splitlines()[int(line) - 1]
            assert "estacionamento" in said
        assert "Maria" not in newest
        assert "In English: answered: the crew answered" in newest

        before = await explained(c, conversation, "/bot por que 2?")
        assert "intenção cumprimento" in before
        assert "texto da intenção “cumprimento”" in before

        assert "Só" not in await explained(c, conversation, "/bot why 9")
        assert "Qual delas" in await explained(c, conversation, "/bot porque não")

        await explained(c, conversation, "/bot parar")
        quiet = await explained(c, conversation, "/bot porque")
        assert "Agora o bot está calado: a equipe calou o bot" in quiet
        assert ", desde " in quiet
