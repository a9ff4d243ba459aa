"""Floods, repeats, endless messages and the wish for none, in a whole bot (S1-79, S1-80)."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from chatcrew.testing import Conversation
from chatcrew.testing.acting import make_due
from chatcrew.testing.responders import ScriptedResponder

ANSWER = "Claro, eu vejo isso com você."


@pytest.fixture
def with_abuse(lean_config: Callable[[str], Path], tmp_path: Path) -> Callable[..., Path]:
    """Return the shipped configuration with a clinic that says what is too much."""

    def made(**abuse: object) -> Path:
        copied = Path(shutil.copytree(lean_config("health/varizemed"), tmp_path / "strict"))
        clinic = copied / "domains" / "health" / "varizemed.yaml"
        written = yaml.safe_load(clinic.read_text("utf-8"))
        written.setdefault("people", {})["abuse"] = abuse
        clinic.write_text(yaml.safe_dump(written, allow_unicode=True), "utf-8")
        return copied

    return made


async def test_floods_repeats_long_messages_and_opt_outs_are_met_with_one_honest_notice_each(
    clinic, database, with_abuse
):
    """One notice a kind and episode, people see it, and every message is answered in the end."""
    crew = ScriptedResponder(lambda ask: ANSWER)
    strict = with_abuse(minute=5, longest=500, every="2m")
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
        await c.settled()
        assert back.content.startswith("Certo, volto a avisar")
        assert "nao-perturbe" not in talk.labels
        assert "abuso" in talk.labels


async def test_who_writes_too_much_goes_to_people_where_the_business_wants_that(clinic, with_abuse):
    """``then: handoff``, for a flood and for the same again and again; no other customer."""
    policy = with_abuse(minute=9, then="handoff")
    async with clinic(responder=ScriptedResponder(lambda ask: ANSWER), config_dir=policy) as c:

        async def writes(who: str, *texts: str) -> Conversation:
            contact = c.account.add_contact(name=who)
            for text in texts:
                talk = await c.chatwoot.customer_says(c.inbox, contact, text)
            return talk

        again = ["e a dor nas pernas?", "e o preço disso?"]
        repeats, flood, quiet = await asyncio.gather(
            writes("Repete", *again, *again, *again),
            writes("Enche", *(f"e a varize número {number}, dói?" for number in range(10))),
            writes("Calma", *(f"e a varize número {number}, dói?" for number in range(5))),
        )
        await c.settled()

        for talk, why in ((repeats, "A mesma mensagem"), (flood, "Mensagens demais")):
            assert talk.status == "open"
            assert "abuso" in talk.labels
            told = "\n".join(note.content for note in talk.notes)
            assert why in told
            assert "o cliente mandou mensagens demais em pouco tempo" in told
            assert ANSWER not in talk.public_bot_replies[-1].content
        assert quiet.status == "pending"
        assert quiet.notes == []
