"""Floods, repeats, endless messages and the wish for none, in a whole bot (S1-79, S1-80)."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from chatcrew.testing.acting import make_due
from chatcrew.testing.responders import ScriptedResponder

ANSWER = "Claro, eu vejo isso com você."


@pytest.fixture
def strict(lean_config: Callable[[str], Path], tmp_path: Path) -> Path:
    """The shipped configuration, with a clinic that finds six messages in a minute a flood."""
    copied = Path(shutil.copytree(lean_config("health/varizemed"), tmp_path / "strict"))
    clinic = copied / "domains" / "health" / "varizemed.yaml"
    written = yaml.safe_load(clinic.read_text("utf-8"))
    written.setdefault("people", {})["abuse"] = {"minute": 5, "longest": 500, "every": "2m"}
    clinic.write_text(yaml.safe_dump(written, allow_unicode=True), "utf-8")
    return copied


async def test_floods_repeats_long_messages_and_opt_outs_are_met_with_one_honest_notice_each(
    clinic, database, strict
):
    """One notice a kind and episode, people see it, and every message is answered in the end."""
    crew = ScriptedResponder(lambda ask: ANSWER)
    async with clinic(responder=crew, config_dir=strict) as c:
        # Too long: read in part, said so once, answered
        talk = await c.says("minha dor nas pernas é assim: " + "dói muito. " * 60)
        await c.settled()
        notice, *answered = talk.public_bot_replies
        assert "li o começo e o fim" in notice.content
        assert answered
        assert "Mensagem longa demais" in talk.notes[-1].content
        assert "abuso" not in talk.labels

        # A flood: the notice comes before the answer, note and label for the team
        for number in range(6):
            await c.says(f"e a varize número {number}, dói também?")
        await c.settled()
        flooded = talk.public_bot_replies[-1]
        assert flooded.content.startswith("Recebi muitas mensagens seguidas")
        assert "abuso" in talk.labels
        assert any("Mensagens demais" in note.content for note in talk.notes)

        # Still in the flood: no answer and no second notice, but a timer that gives it
        said, asked = len(talk.public_bot_replies), len(crew.asked)
        await c.says("e o preço da consulta, quanto fica para mim?")
        await c.settled()
        assert len(talk.public_bot_replies) == said
        assert len(crew.asked) == asked
        # Later, when the flood is over
        await make_due(database)
        assert await c.bot.parts.alarms.run() == 1
        late = await c.reply(talk, said + 1)
        await c.settled()
        assert not late.content.startswith("Recebi muitas")

        # The wish for no messages
        before = len(talk.public_bot_replies)
        await c.says("pare de me mandar mensagens")
        wish = await c.reply(talk, before + 1)
        await c.settled()
        assert wish.content.startswith("Combinado: não vou mais escrever")
        assert "nao-perturbe" in talk.labels
        assert any("pediu para não receber" in note.content for note in talk.notes)
        # It is no reason not to answer, and stands until it is taken back
        await c.says("quero voltar a receber mensagens")
        back = await c.reply(talk, before + 2)
        assert back.content.startswith("Certo, volto a avisar")
