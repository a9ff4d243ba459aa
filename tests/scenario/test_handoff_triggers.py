"""Each reason for which people get a conversation, and what they get (S1-25, S3-102..106)."""

import asyncio
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatcrew.errors import ModelUnavailable
from chatcrew.feedback import PostgresFeedback
from chatcrew.hub.handing import REASONS
from chatcrew.ledger import PostgresLedger
from chatcrew.messages import Answer, Ask, Handoff, ModelCall, ToolSpec, Usage
from chatcrew.testing import Conversation, File
from chatcrew.testing.acting import ActingResponder, Call
from chatcrew.testing.responders import ScriptedResponder
from chatcrew.tools import ToolTrouble

POLICY = """
vip: {labels: [ouro]}
people:
  handoff:
    choice: true
    topics:
      financeiro: {words: [boleto vencido], team: 5, priority: medium}
      agenda: {intents: [book, book_button], labels: [agenda]}
    vip: {enabled: true, labels: [cliente-ouro]}
    cost: {usd: 0.5}
    long: {messages: 6}
"""
OFF = """
people:
  handoff:
    asked: {enabled: false}
    evidence: {strict: true}
    attachment: {enabled: false}
    grounding: {enabled: false}
    model: {enabled: false}
    mood: {enabled: false}
    alarm: {enabled: false}
    loop: {enabled: false}
"""


@pytest.fixture
def crews_dir(prompt_crews: Path) -> Path:
    """Customers of this file send no bursts."""
    return prompt_crews


@pytest.fixture
def config(tmp_path: Path, lean_config: Callable[[str], Path]) -> Callable[[str], Path]:
    """Return the shipped configuration with other keys of the clinic's."""

    def made(keys: str) -> Path:
        copied = Path(
            shutil.copytree(lean_config("health/varizemed"), tmp_path / "domains-of-test")
        )
        clinic = copied / "domains" / "health" / "varizemed.yaml"
        said = clinic.read_text("utf-8")
        assert "\npeople:" not in said
        clinic.write_text(said + keys, "utf-8")
        return copied

    return made


class Failing:
    """A tool whose other side is down."""

    side_effects = False

    def __init__(self, like: object) -> None:
        self.spec = like

    async def call(self, arguments: object, context: object) -> None:
        """Fail."""
        raise ToolTrouble("unreached")


class Desk:
    """Conversations of many customers with one bot."""

    def __init__(self, clinic) -> None:
        self.clinic = clinic
        self.talks: dict[str, Conversation] = {}

    async def says(self, who: str, text: str | None, **options: object) -> Conversation:
        """Let a customer write and wait until he is answered."""
        c = self.clinic
        contacts = {one.name: one for one in c.account.contacts.values()}
        contact = contacts.get(who) or c.account.add_contact(name=who)
        known = self.talks.get(who)
        before = len(known.public_bot_replies) if known else 0
        talk = await c.chatwoot.customer_says(c.inbox, contact, text, **options)
        self.talks[who] = talk
        await c.chatwoot.wait_for(lambda: len(talk.public_bot_replies) > before, timeout=20.0)
        return talk

    async def handed(self, who: str, *texts: str | None, **options: object) -> Conversation:
        """Let a customer write until people have the conversation."""
        for text in texts:
            talk = await self.says(who, text, **options)
        await self.clinic.chatwoot.wait_for(lambda: talk.status == "open", timeout=20.0)
        await self.clinic.settled(idle=True)
        return talk


def note(talk: Conversation) -> str:
    """Return the handoff's note."""
    (found,) = [one.content for one in talk.notes if "passou esta conversa" in one.content]
    return found


def work_for(failing: str) -> Callable:
    """Return what the crew does by what it is asked."""

    async def work(ask: Ask, call: Call) -> str:
        message = ask.inputs["message"]
        if "caso que eu" in message:
            return "Entendi. Vou passar o seu caso para a equipe agora mesmo."
        if "preço secreto" in message:
            return "A consulta custa R$ 987,65."
        if "modelo caiu" in message:
            raise ModelUnavailable("away", kind="unavailable")
        if "não sabe" in message:
            return ""
        if "sistema" in message:
            for number in range(3):
                await call(failing, f'{{"x": "{number}"}}')
            return "Não consegui consultar."
        if "sempre igual" in message:
            return "Posso verificar isso com a nossa recepção para você, tudo certo?"
        return f"Sobre {message}: pode contar mais?"

    return work


async def test_each_trigger_gives_the_conversation_to_people(clinic, database, config):
    """One bot, a customer for each reason: text first, then labels, note and status."""
    text = {"type": "object", "properties": {"x": {"type": "string"}}}
    spec = ToolSpec("sistema_fora", "x", text)
    crew = ActingResponder(work_for(spec.name), database=database, tools=[Failing(spec)])
    async with clinic(responder=crew, config_dir=config(POLICY)) as c:
        c.account.add_team(5, "financeiro")
        desk = Desk(c)
        cases = {
            "Asked Smith": (["I want to talk to a human"], "o cliente pediu uma pessoa"),
            "Alarme": (["vou no procon amanhã mesmo"], "palavra de alerta"),
            "Humor": (["que palhaçada, péssimo, vocês só me enrolam"], "muito insatisfeito"),
            "Intenção": (["quero marcar"], "o assunto `agenda` é da equipe"),
            "Hispano": (["quiero hablar con una persona"], "o cliente pediu uma pessoa"),
            "Prometido": (["um caso que eu só conto inteiro"], "disse ao cliente que uma pessoa"),
            "Tema": (["estou com um boleto vencido"], "o assunto `financeiro` é da equipe"),
            "Sem resposta": (["uma coisa que ninguém não sabe"], "não tem essa resposta"),
            "Sem modelo": (["o modelo caiu de novo aqui"], "não conseguiu responder"),
            "Inventado": (["me diga o preço secreto"], "não estão nas informações"),
            "Sistema": (["veja no sistema meu exame"], "falhou várias vezes"),
            "Pergunta": (["e a ordem do exame"] * 3, "andava em círculos"),
            "Resposta": (
                ["sempre igual um", "sempre igual dois mesmo", "sempre igual três vezes já"],
                "andava em círculos",
            ),
            "Longa": (
                ["isso aqui é o começo", "mais um pedaço dela", "outro assunto novo", "fim"],
                "longa demais",
            ),
        }
        talks = await asyncio.gather(
            *(desk.handed(who, *texts) for who, (texts, _) in cases.items())
        )
        for talk, (who, (texts, why)) in zip(talks, cases.items(), strict=True):
            assert why in note(talk).partition("\n")[0], who
            assert f"Cliente: {who}" in note(talk), who
            assert f"> {texts[-1]}" in note(talk), who
            assert len(talk.public_bot_replies) == len(texts), who
            told = next(one for one in talk.notes if one.content == note(talk))
            assert talk.public_bot_replies[-1].id < told.id, who

        by = dict(zip(cases, talks, strict=True))
        assert ("alerta" in by["Alarme"].labels, by["Alarme"].priority) == (True, "urgent")
        assert {"insatisfeito", "feedback-negativo"} <= set(by["Humor"].labels)
        assert by["Humor"].priority == "high"
        assert "Humor: muito insatisfeito" in note(by["Humor"])
        assert "Sinto muito" in by["Humor"].public_bot_replies[-1].content
        assert by["Tema"].team is not None
        assert (by["Tema"].team.id, by["Tema"].priority) == (5, "medium")
        assert "agenda" in by["Intenção"].labels
        assert by["Asked Smith"].public_bot_replies[-1].content.startswith(("Of course", "Sure"))
        found = await PostgresFeedback(database).between(
            "health/varizemed", datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
        )
        kinds = {(one.kind, one.reason) for one in found}
        assert ("asked", "intent:wants_person") in kinds
        assert ("complaint", "mood") in kinds
        assert ("generic", "loop") in kinds
        assert ("unable", "no_answer") in kinds


async def test_vips_and_dear_talks_go_to_people(clinic, database, config):
    """Who is known as a VIP, and whose talk has cost too much."""
    crew = ActingResponder(work_for("none"), database=database)
    async with clinic(responder=crew, config_dir=config(POLICY)) as c:
        desk = Desk(c)
        vip = await desk.says("Ouro", "oi")
        await c.settled()
        await c.chatwoot.set_labels(vip, ["ouro"])
        await c.settled()
        await desk.handed("Ouro", "tenho uma dúvida sobre o exame")
        assert "cliente VIP" in note(vip)
        assert "Cliente: Ouro · VIP" in note(vip)
        assert {"ouro", "cliente-ouro"} <= set(vip.labels)

        dear = await desk.says("Cara", "tenho uma dúvida sobre a cirurgia")
        call = ModelCall(
            "health/varizemed",
            "m",
            Usage(1, 1),
            datetime.now(UTC),
            turn_id=crew.asked[-1].turn_id,
            cost=0.6,
        )
        await PostgresLedger(database).record_call(call)
        await desk.handed("Cara", "e outra sobre o repouso depois")
        assert "passou do custo" in note(dear)
        assert "US$ 0" in note(dear)


async def test_what_is_switched_off_calls_nobody_and_is_said_honestly(clinic, config):
    """The bot keeps the conversation, and ``strict`` hands over what rests on nothing."""

    def say(ask: Ask) -> str | Answer | Exception:
        message = ask.inputs["message"]
        if "preço secreto" in message:
            return "A consulta custa R$ 987,65."
        if "modelo caiu" in message:
            return ModelUnavailable("away", kind="unavailable")
        if "de volta" in message:
            return "Você quer saber do exame ou da consulta?"
        return Answer("Sim, isso é sempre seguro.", engine="compiled")

    async with clinic(responder=ScriptedResponder(say), config_dir=config(OFF)) as c:
        desk = Desk(c)
        stays = {
            "quero falar com um atendente": "quem atende sou eu",
            "me diga o preço secreto": "não sei responder com segurança",
            "o modelo caiu de novo aqui": "daqui a pouco",
            "que palhaçada, péssimo, vocês só me enrolam, de volta": "exame ou da consulta",
            "vou no procon perguntar de volta": "exame ou da consulta",
        }
        talks = await asyncio.gather(*(desk.says(f"C {n}", t) for n, t in enumerate(stays)))
        strict = await desk.handed("Estrita", "posso fazer isso em casa sozinha")
        await c.settled()

        for talk, words in zip(talks, stays.values(), strict=True):
            assert words in talk.public_bot_replies[0].content
            assert "atendente" not in talk.public_bot_replies[0].content
            assert talk.status == "pending"
        assert "não se apoiava em nada" in note(strict)


async def test_a_role_that_calls_people_a_file_and_the_choice_of_a_person_are_obeyed(
    clinic, config
):
    """What roles may call people for, what nobody can open, and bot or human (complaint 24)."""

    def say(ask: Ask) -> Answer:
        reason = ask.inputs["message"].split()[-1]
        return Answer("Uma pessoa continua com você.", engine="crewai", handoff=Handoff(reason))

    folder = config(POLICY)
    domain = folder / "domains" / "health" / "varizemed.yaml"
    buttons = "    buttons: [Marcar consulta, Ver valores, Falar com a recepção]\n"
    assert buttons in domain.read_text("utf-8")
    domain.write_text(domain.read_text("utf-8").replace(buttons, ""), "utf-8")
    async with clinic(responder=ScriptedResponder(say), config_dir=folder) as c:
        desk, called = Desk(c), ("urgent", "complaint", "scheduling", "other")
        talks = await asyncio.gather(*(desk.handed(one, f"o caso é {one}") for one in called))
        for talk, name in zip(talks, called, strict=True):
            assert REASONS[name].words in note(talk).partition("\n")[0]

        voice = File("audio", "voz.ogg", "audio/ogg")
        heard = await desk.handed("Ouvida", None, files=[voice])
        assert "algo que o bot não consegue abrir" in note(heard).partition("\n")[0]

        chooses = await desk.says("Escolhe", "oi")
        await c.settled()
        (offer,) = chooses.public_bot_replies
        titles = [one["title"] for one in offer.content_attributes["items"]]
        assert titles == ["Assistente virtual", "Atendimento humano"]
        assert chooses.status == "pending"
        await c.chatwoot.click(offer, "Atendimento humano")
        await c.chatwoot.wait_for(lambda: chooses.status == "open", timeout=20.0)
        await c.settled()
        assert "o cliente pediu uma pessoa" in note(chooses)
