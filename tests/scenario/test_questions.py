"""Intents that ask for what they have to know, and what they do to the conversation."""

import pytest

from chatcrew.testing.responders import ScriptedResponder


@pytest.fixture
def shop(clinic):
    """Return a context manager that runs the example shop."""
    return lambda **options: clinic(tenant="cosmetics/bella", **options)


async def test_an_intent_asks_and_gives_the_answer_to_people(shop) -> None:
    """The number is asked for, read from the customer's words, and stands in the note (S1-37)."""
    crew = ScriptedResponder(lambda ask: "Não devia ser perguntada.")
    async with shop(responder=crew) as c:
        conversation = await c.says("meu pedido ainda não chegou")
        asked = await c.reply(conversation)
        await c.settled()
        assert conversation.status == "pending"
        await c.says("é o bf-10233")
        reply = await c.reply(conversation, 2)
        await c.settled()

        assert "BF" in asked.content
        assert asked.content_attributes["chatcrew"]["reason"] == "slot:order:pedido"
        assert "BF-10233" in reply.content
        assert conversation.status == "open"
        assert conversation.labels == ["pedido"]
        assert "pedido: BF-10233" in conversation.notes[-1].content
        assert not crew.asked


async def test_a_question_back_is_answered_by_the_crew_and_what_was_asked_stays_known(shop) -> None:
    """Nobody is held in a form: a question is no answer, and a number later still is (S1-37)."""
    crew = ScriptedResponder(lambda ask: "Ainda não temos loja no Recife.")
    async with shop(responder=crew) as c:
        conversation = await c.says("cadê minha encomenda")
        await c.reply(conversation)
        await c.settled()
        await c.says("vocês têm loja física no Recife?")
        answer = await c.reply(conversation, 2)
        await c.settled()
        await c.says("achei: BF-10233")
        reply = await c.reply(conversation, 3)
        await c.settled()

        assert answer.content == "Ainda não temos loja no Recife."
        assert len(crew.asked) == 1
        assert "BF-10233" in reply.content
        assert conversation.status == "open"


async def test_who_will_not_tell_is_not_asked_a_third_time(shop) -> None:
    """A refusal is an answer: people get the conversation without the number (features §3.4)."""
    async with shop() as c:
        conversation = await c.says("meu pedido não chegou")
        await c.reply(conversation)
        await c.settled()
        await c.says("não tenho o número")
        reply = await c.reply(conversation, 2)
        await c.settled()

        assert "{" not in reply.content
        assert conversation.status == "open"
        assert "pedido: (não informado)" in conversation.notes[-1].content


async def test_the_next_episode_begins_with_nothing(shop) -> None:
    """A number of the case that was resolved is none of the new one (S1-24)."""
    async with shop() as c:
        conversation = await c.says("meu pedido BF-10233 não chegou")
        await c.reply(conversation)
        await c.settled()
        await c.chatwoot.set_status(conversation, "resolved", by=c.agent)
        await c.settled()
        await c.chatwoot.set_status(conversation, "pending", by=c.agent)
        await c.settled()
        await c.says("meu pedido não chegou")
        asked = await c.reply(conversation, 2)

        assert asked.content_attributes["chatcrew"]["reason"] == "slot:order:pedido"


async def test_a_danger_gets_label_and_priority_before_people_get_it(shop) -> None:
    """Text, labels and priority come before the status: afterwards it is theirs (S1-41)."""
    async with shop() as c:
        conversation = await c.says("usei o creme e meu rosto inchou")
        await c.reply(conversation)
        await c.settled()

        assert conversation.labels == ["reacao"]
        assert conversation.priority == "urgent"
        assert conversation.status == "open"


async def test_what_people_have_set_is_left_alone(shop) -> None:
    """Labels of people stay, a higher priority stands, what is there already is not sent again."""
    async with shop() as c:
        conversation = await c.says("Oi!")
        await c.reply(conversation)
        await c.settled()
        await c.chatwoot.set_labels(conversation, ["troca", "cliente-antigo"])
        conversation.priority = "urgent"
        await c.says("o sérum chegou quebrado")
        await c.reply(conversation, 2)
        await c.settled()

        assert conversation.labels == ["troca", "cliente-antigo"]
        assert conversation.priority == "urgent"
        assert not {"labels", "toggle_priority"} & {
            call for call, n in c.chatwoot.calls.items() if n
        }


async def test_the_crew_reads_what_the_customer_has_told(clinic) -> None:
    """Asked something else between two questions, it need not ask for the CNPJ again (S1-24)."""
    crew = ScriptedResponder(lambda ask: "Atendemos em dias úteis.")
    async with clinic(tenant="sales/timmy", responder=crew) as c:
        conversation = await c.says("fui cobrado duas vezes")
        await c.reply(conversation)
        await c.settled()
        await c.says("11.222.333/0001-81")
        await c.reply(conversation, 2)
        await c.settled()
        await c.says("e vocês trabalham no feriado?")
        await c.reply(conversation, 3)
        await c.settled()

        assert crew.asked[-1].inputs["collected"] == "- cnpj: 11.222.333/0001-81"
        record = conversation.public_bot_replies[1].content_attributes["chatcrew"]
        assert record["reason"] == "slot:billing:data_da_cobranca"
        assert "11.222" not in str(record)


async def test_thanks_between_a_question_and_its_answer_change_nothing(shop) -> None:
    """People are polite, and the bot still knows what it asked (S1-24)."""
    async with shop() as c:
        conversation = await c.says("meu pedido não chegou")
        await c.reply(conversation)
        await c.settled()
        await c.says("obrigada!")
        await c.reply(conversation, 2)
        await c.settled()
        await c.says("BF-10233")
        reply = await c.reply(conversation, 3)
        await c.settled()

        assert "BF-10233" in reply.content
        assert conversation.labels == ["pedido"]


async def test_who_asks_for_a_person_meanwhile_need_not_tell_it_twice(clinic) -> None:
    """What was told before stands in the team's note, whichever way the talk got there (S1-22)."""
    async with clinic(tenant="sales/timmy") as c:
        conversation = await c.says("fui cobrado duas vezes")
        await c.reply(conversation)
        await c.settled()
        await c.says("11.222.333/0001-81")
        await c.reply(conversation, 2)
        await c.settled()
        await c.says("quero falar com um atendente")
        await c.reply(conversation, 3)
        await c.settled()

        assert conversation.status == "open"
        assert "- cnpj: 11.222.333/0001-81" in conversation.notes[-1].content


async def test_an_answer_that_nobody_can_read_is_noted_and_not_met_with_not_knowing(clinic) -> None:
    """The bot asked, the customer answered: people go on, and are told politely (S1-61)."""
    async with clinic() as c:
        conversation = await c.says("Oi!")
        greeting = await c.reply(conversation)
        await c.settled()
        await c.says("é sobre a perna da minha mãe")
        reply = await c.reply(conversation, 2)
        await c.settled()

        assert greeting.content.endswith("?")
        assert reply.content.startswith("Anotei!")
        assert conversation.status == "open"


async def test_what_one_customer_told_reaches_no_other_by_a_kept_answer(clinic) -> None:
    """Whatever stands in the prompt of one is in no answer that is given again (S4-33, N7)."""
    crew = ScriptedResponder(lambda ask: f"Sim! {ask.inputs['collected']}")
    async with clinic(tenant="sales/timmy", responder=crew, times={"history": 0}) as c:
        conversation = await c.says("fui cobrado duas vezes")
        await c.reply(conversation)
        await c.settled()
        await c.says("11.222.333/0001-81")
        await c.reply(conversation, 2)
        await c.settled()
        await c.says("Quais canais vocês atendem?")
        first = await c.reply(conversation, 3)
        await c.settled()
        other = c.account.add_contact(name="João", phone_number="+5581990000001")
        talk = await c.chatwoot.customer_says(c.inbox, other, "Quais canais vocês atendem?")
        second = await c.reply(talk)
        await c.settled()

        assert "11.222.333/0001-81" in first.content
        assert "11.222" not in second.content
        assert len(crew.asked) == 2
