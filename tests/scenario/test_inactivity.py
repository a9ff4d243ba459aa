"""Silent customers, the channel's window and templates, in a whole bot (S3-72, complaint 23)."""

import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from chatcrew.clock import SystemClock
from chatcrew.database import Database
from chatcrew.ids import ConversationId
from chatcrew.testing import Conversation
from chatcrew.testing.acting import make_due, make_old
from chatcrew.testing.responders import ScriptedResponder
from chatcrew.timers import PostgresTimers

ANSWER = "Claro, eu vejo isso com você."
QUESTION = "tenho uma dúvida sobre o exame da minha mãe"
TEMPLATE = {
    "name": "retomar_conversa",
    "language": "pt_BR",
    "text": "Olá, {{1}}! A {{2}} tem uma resposta para você. Podemos continuar por aqui?",
    "params": {"1": "{nome}", "2": "{empresa}"},
}
SILENCE = {"nudge_after": "30m", "close_after": "2h", "template": TEMPLATE}


@pytest.fixture
def patient(lean_config: Callable[[str], Path], tmp_path: Path) -> Path:
    """The shipped configuration, with a clinic that asks, closes and has a template."""
    copied = Path(shutil.copytree(lean_config("health/varizemed"), tmp_path / "patient"))
    clinic = copied / "domains" / "health" / "varizemed.yaml"
    written = yaml.safe_load(clinic.read_text("utf-8"))
    written.setdefault("people", {})["inactivity"] = SILENCE
    written["people"].pop("opening", None)
    clinic.write_text(yaml.safe_dump(written, allow_unicode=True), "utf-8")
    return copied


@dataclass
class Quiet:
    """A clinic whose time is moved, and what waits in its conversations."""

    c: object
    database: Database

    async def waits(self, conversation: Conversation) -> list[tuple[str, str]]:
        """Return what waits in a conversation: kind and step."""
        timers = PostgresTimers(self.database, SystemClock())
        found = await timers.of(ConversationId("demo", "clinic-bot", conversation.id))
        return [(one.kind, one.payload["step"]) for one in found]

    async def later(self) -> None:
        """Let everything come due that waits."""
        await make_due(self.database)
        await self.c.bot.parts.alarms.run()
        await self.c.settled()

    async def asks(self, name: str, text: str = QUESTION) -> Conversation:
        """Let a customer write, in his one conversation, and the bot answer."""
        known = next((one for one in self.c.account.contacts.values() if one.name == name), None)
        number = f"+55819900{len(self.c.account.contacts):05}"
        contact = known or self.c.account.add_contact(name=name, phone_number=number)
        conversation = await self.c.chatwoot.customer_says(self.c.inbox, contact, text)
        await self.c.settled()
        return conversation


@pytest.fixture
async def quiet(clinic, database, patient) -> AsyncIterator[Quiet]:
    """Give such a clinic."""
    crew = ScriptedResponder(lambda ask: ANSWER)
    async with clinic(responder=crew, config_dir=patient) as c:
        yield Quiet(c, database)


async def test_a_silent_customer_is_asked_once_and_then_closed(quiet):
    """By durable timers, one at a time; who says thanks is not asked, whom people serve neither."""
    silent = await quiet.asks("Maria Lima")
    assert await quiet.waits(silent) == [("inactivity", "nudge")]
    thankful = await quiet.asks("Ana", "obrigada!")
    assert await quiet.waits(thankful) == [("inactivity", "close")]
    taken = await quiet.asks("Rui")
    await quiet.asks("Rui", "e o da minha avó?")
    assert await quiet.waits(taken) == [("inactivity", "nudge")]
    await quiet.c.chatwoot.agent_says(taken, "Oi, aqui é a Patrícia.")
    told = len(taken.public_bot_replies)

    await quiet.later()
    assert silent.public_bot_replies[-1].content.startswith("Ainda está por aí?")
    assert silent.status == "pending"
    assert await quiet.waits(silent) == [("inactivity", "close")]
    assert thankful.status == "resolved"
    await quiet.later()
    assert "encerro esta conversa por agora" in silent.public_bot_replies[-1].content
    assert silent.status == "resolved"
    assert "encerrado-inatividade" in silent.labels
    assert len(silent.public_bot_replies) == 3
    assert await quiet.waits(silent) == []
    assert len(taken.public_bot_replies) == told
    assert taken.status != "resolved"


async def test_outside_of_the_window_a_template_goes_whatever_was_to_be_said(quiet):
    """Nudges and what an operator lets the bot say after a day; none to who wants no messages."""
    late = await quiet.asks("Lia Souza")
    leaves = await quiet.asks("Téo")
    await quiet.asks("Téo", "pare de me mandar mensagens")
    wished = len(leaves.public_bot_replies)
    assert await quiet.waits(leaves) == [("inactivity", "close")]
    paused = await quiet.asks("Davi")
    await quiet.c.chatwoot.agent_says(paused, "/bot parar", private=True)
    await quiet.asks("Davi", "e quanto custa o exame?")
    await make_old(quiet.database, hours=25)
    await quiet.later()

    form = late.public_bot_replies[-1]
    assert form.content.startswith("Olá, Lia! A ")
    sent = form.additional_attributes["template_params"]
    assert (sent["name"], sent["language"]) == ("retomar_conversa", "pt_BR")
    assert sent["processed_params"]["body"]["1"] == "Lia"
    assert "foi o modelo `retomar_conversa` no lugar" in late.notes[-1].content
    assert len(leaves.public_bot_replies) == wished
    assert leaves.status == "resolved"
    assert "sem despedida" in leaves.notes[-1].content

    await quiet.c.chatwoot.agent_says(paused, "/bot voltar", private=True)
    await quiet.c.settled()
    assert paused.public_bot_replies[-1].content.startswith("Olá, Davi! A ")
    assert paused.status == "pending"


async def test_a_talk_given_to_the_bot_with_nothing_said_begins_with_a_welcome(clinic):
    """Else the last message is answered, once; what was answered is not begun anew (S3-37)."""
    crew = ScriptedResponder(lambda ask: ANSWER)
    async with clinic(
        responder=crew, channel="web_widget", chatwoot_channel="Channel::WebWidget"
    ) as c:
        empty = await c.chatwoot.begins(c.inbox, c.contact)
        await c.chatwoot.assign(empty, c.agent)
        await c.settled()
        assert empty.public_bot_replies == []
        await c.chatwoot.assign(empty, c.agent_bot)
        await c.settled()
        assert len(empty.public_bot_replies) == 1
        assert "Varizemed" in empty.public_bot_replies[0].content
        assert crew.asked == []

        await c.chatwoot.assign(empty, c.agent)
        await c.chatwoot.assign(empty, c.agent_bot)
        await c.settled()
        assert len(empty.public_bot_replies) == 1

        await c.chatwoot.assign(empty, c.agent)
        await c.says(QUESTION)
        await c.settled()
        await c.chatwoot.assign(empty, c.agent_bot)
        await c.chatwoot.set_status(empty, "pending")
        await c.settled()
        assert empty.public_bot_replies[-1].content == ANSWER
        assert len(crew.asked) == 1
