"""What roles do beside answering: done in Chatwoot after the reply, by Chatwoot's own rules."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from chatcrew.clock import SystemClock
from chatcrew.messages import Ask, PartState
from chatcrew.testing.acting import ActingResponder, Call, make_due, make_old
from chatcrew.timers import PostgresTimers, Timer

QUESTION = "tenho uma dúvida sobre o exame da minha mãe"
ANSWER = "Claro, eu vejo isso com você."


def crew_that(database, *calls: tuple[str, dict[str, object]]) -> ActingResponder:
    """Return a crew that makes these calls in its first turn, and then answers."""

    async def work(ask: Ask, call: Call) -> str:
        if len(crew.asked) > 1:
            return "Certo."
        for name, arguments in calls:
            result = await call(name, orjson.dumps(arguments).decode())
            assert result.ok, result.text
        return ANSWER

    crew = ActingResponder(work, database=database)
    return crew


async def test_labels_priority_attribute_and_note_are_done_after_the_reply(clinic, database):
    """Labels that people gave stay (Chatwoot replaces), the customer reads only the answer."""
    crew = crew_that(
        database,
        ("add_label", {"labels": ["Exame", "prioritário"]}),
        ("set_priority", {"priority": "high"}),
        ("set_attribute", {"name": "etapa", "value": "duvida"}),
        ("add_note", {"text": "Filha da paciente pergunta pelo exame."}),
    )
    async with clinic(responder=crew) as c:
        conversation = await c.says("oi")
        await c.settled()
        await c.chatwoot.set_labels(conversation, ["vip"])
        await c.says(QUESTION)
        await c.chatwoot.wait_for(lambda: conversation.custom_attributes.get("etapa") == "duvida")
        await c.settled()

        assert conversation.labels == ["vip", "exame", "prioritário"]
        assert conversation.priority == "high"
        assert "Filha da paciente" in conversation.notes[-1].content
        assert conversation.public_bot_replies[-1].content == ANSWER
        assert conversation.status == "pending"


async def test_resolving_says_farewell_first(clinic, database):
    """The last word is sent in a conversation that is still ours; then label, note and status."""
    crew = crew_that(
        database, ("resolve_conversation", {"reason": "resolvido", "summary": "Dúvida sanada"})
    )
    async with clinic(responder=crew) as c:
        conversation = await c.says(QUESTION)
        await c.chatwoot.wait_for(lambda: conversation.status == "resolved")
        await c.settled()

        assert [reply.content for reply in conversation.public_bot_replies] == [ANSWER]
        assert "encerrado-resolvido" in conversation.labels
        assert "Dúvida sanada" in conversation.notes[-1].content


async def test_the_customers_card_is_changed_with_a_user_token(clinic, database):
    """A bot may not (contract §2.5); attributes that people wrote stay."""
    crew = crew_that(
        database,
        ("update_contact", {"email": "maria@exemplo.com.br", "attribute": "plano", "value": "A"}),
    )
    async with clinic(responder=crew, user_token=True) as c:
        c.contact.custom_attributes["time"] = "Sport"
        conversation = await c.says(QUESTION)
        await c.reply(conversation)
        await c.settled()

        assert c.contact.email == "maria@exemplo.com.br"
        assert c.contact.custom_attributes == {"time": "Sport", "plano": "A"}


async def test_without_a_user_token_the_card_is_left_alone_and_the_answer_goes_out(
    clinic, database
):
    """What the bot may not do is left out and counted; nothing else waits for it (ADR 0015)."""
    crew = crew_that(database, ("update_contact", {"email": "maria@exemplo.com.br"}))
    async with clinic(responder=crew) as c:
        conversation = await c.says(QUESTION)
        reply = await c.reply(conversation)
        await c.settled()

        assert reply.content == ANSWER
        assert c.contact.email is None
        assert await c.bot.metric("chatcrew_acts_left_out_total", act="contact") == 1
        assert (await c.bot.outbox.undelivered())[PartState.PLANNED] == 0


FOLLOW_UP = {"text": "{saudacao}, {nome}! Conseguiu ver o preparo do exame?"}


async def _promised(c, crew, database, **changes: object) -> PostgresTimers:
    """Set a follow-up as the tool does, due now."""
    state = await _state(c, crew)
    timers = PostgresTimers(database, SystemClock())
    payload = {
        **FOLLOW_UP,
        "customer_id": state.last_customer_id,
        "after": state.last_message_id,
        "episode": state.episode,
        "window_until": (datetime.now(UTC) + timedelta(hours=20)).timestamp(),
        **changes,
    }
    due = datetime.now(UTC) + timedelta(hours=5)
    await timers.set(Timer("f1", state.id, "followup", due, payload))
    return timers


async def _state(c, crew):
    """Return the row of the conversation that the crew was asked in."""
    return await c.bot.base.mailbox.state(crew.asked[0].conversation)


@pytest.fixture
def crew(database) -> ActingResponder:
    """Give a crew that only answers."""
    return crew_that(database)


async def test_a_follow_up_is_rendered_when_it_is_due(clinic, crew, database):
    """Name and time of day are those of the moment; it is sent once, like any reply (S3-72)."""
    async with clinic(responder=crew) as c:
        conversation = await c.says(QUESTION)
        await c.reply(conversation)
        await c.settled()
        await _promised(c, crew, database)
        assert await c.bot.parts.alarms.run() == 0
        await make_due(database)
        assert await c.bot.parts.alarms.run() == 1
        reply = await c.reply(conversation, 2)
        await c.settled()
        assert await c.bot.parts.alarms.run() == 0

        assert reply.content.endswith(", Maria! Conseguiu ver o preparo do exame?")
        assert reply.content.split(",")[0] in ("Bom dia", "Boa tarde", "Boa noite")
        assert len(conversation.public_bot_replies) == 2


async def test_a_customer_who_writes_before_is_not_asked_again(clinic, crew, database):
    """The follow-up is over with his word."""
    async with clinic(responder=crew) as c:
        conversation = await c.says(QUESTION)
        await c.reply(conversation)
        await c.settled()
        await _promised(c, crew, database)
        await c.says("e quando sai o resultado do exame dela?")
        await c.reply(conversation, 2)
        await c.settled()
        await make_due(database)
        await c.bot.parts.alarms.run()
        await c.settled()

        assert len(conversation.public_bot_replies) == 2


@pytest.mark.parametrize("what", ["person", "resolved", "silenced", "handed_back"])
async def test_people_and_the_end_of_the_talk_end_the_follow_up(clinic, crew, database, what):
    """A person took over, also one who gave it back; resolved; silenced: nothing is sent."""
    async with clinic(responder=crew) as c:
        conversation = await c.says(QUESTION)
        await c.reply(conversation)
        await c.settled()
        await _promised(c, crew, database)
        if what == "resolved":
            await c.chatwoot.resolve(conversation, by=c.agent)
        elif what == "silenced":
            await c.chatwoot.agent_says(conversation, "/bot parar", private=True)
        else:
            await c.chatwoot.agent_says(conversation, "Oi, aqui é a Patrícia.")
        if what == "handed_back":
            await c.settled()
            await c.chatwoot.agent_says(conversation, "/bot voltar", private=True)
        await c.settled()
        await make_due(database)
        await c.bot.parts.alarms.run()
        await c.settled()

        assert len(conversation.public_bot_replies) == 1


@pytest.mark.parametrize("window", ["promised_until", "since_the_last_word"])
async def test_outside_of_the_channels_window_people_are_told(clinic, crew, database, window):
    """WhatsApp would refuse it: the note has the text, and the conversation is open.

    The window begins with the customer's last word, however late the turn was that promised it.
    """
    async with clinic(responder=crew) as c:
        conversation = await c.says(QUESTION)
        await c.reply(conversation)
        await c.settled()
        past = (datetime.now(UTC) - timedelta(minutes=1)).timestamp()
        if window == "promised_until":
            await _promised(c, crew, database, window_until=past)
        else:
            await _promised(c, crew, database)
            await make_old(database, hours=25)
        await make_due(database)
        await c.bot.parts.alarms.run()
        await c.settled()

        assert len(conversation.public_bot_replies) == 1
        assert "janela de resposta" in conversation.notes[-1].content
        assert conversation.status == "open"


async def test_an_invented_price_in_a_follow_up_never_reaches_the_customer(clinic, crew, database):
    """It is checked like every reply, when it is sent; people get it to decide."""
    async with clinic(responder=crew) as c:
        conversation = await c.says(QUESTION)
        await c.reply(conversation)
        await c.settled()
        await _promised(c, crew, database, text="Fechamos por R$ 77,13 hoje?")
        await make_due(database)
        await c.bot.parts.alarms.run()
        await c.settled()

        assert len(conversation.public_bot_replies) == 1
        assert "não foi enviado" in conversation.notes[-1].content


async def test_an_operators_reminder_is_a_note_at_its_time(clinic, crew, database):
    """Also where people have the conversation, and the customer reads nothing of it."""
    async with clinic(responder=crew) as c:
        conversation = await c.says(QUESTION)
        await c.reply(conversation)
        await c.chatwoot.agent_says(conversation, "Oi, aqui é a Patrícia.")
        await c.chatwoot.agent_says(conversation, "/bot lembrete 2h ligar para ela", private=True)
        await c.settled()
        assert "Lembrete anotado" in conversation.notes[-1].content
        place = crew.asked[0].conversation
        (timer,) = await PostgresTimers(database, SystemClock()).of(place)
        # Another Chatwoot has a message of the same number, and a reminder in it
        assert timer.key.startswith(f"reminder:{place.bot}:")
        await make_due(database)
        assert await c.bot.parts.alarms.run() == 1
        await c.settled()

        assert "ligar para ela" in conversation.notes[-1].content
        assert len(conversation.public_bot_replies) == 1


async def test_a_reset_begins_a_new_episode(clinic, crew, database):
    """Topic, function and earlier lines no longer count for the bot (S1-33)."""
    async with clinic(responder=crew) as c:
        conversation = await c.says(QUESTION)
        await c.reply(conversation)
        await c.settled()
        before = await _state(c, crew)
        await c.chatwoot.agent_says(conversation, "/bot resetar", private=True)
        await c.settled()
        after = await _state(c, crew)
        assert after.episode == before.episode + 2  # the one between is empty
        assert (after.function, after.topic.intent) == (None, None)
        await c.says("e o prazo do laudo dela, pode me dizer?")
        await c.reply(conversation, 2)

        assert "exame da minha mãe" not in crew.asked[-1].inputs["history"]
        assert "esqueceu" in conversation.notes[-1].content
