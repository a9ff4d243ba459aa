"""Refused, filtered and cut answers of models: what of them a crew may use."""

import pytest

from chatcrew.crews import CrewPool, Reach, engines
from chatcrew.crews._usable import sentences, usable
from chatcrew.errors import CrewError, ModelRefused
from chatcrew.ids import ConversationId
from chatcrew.messages import Ask, ModelAnswer, Timing, ToolCall
from chatcrew.tenancy.model import Capabilities, Crew, RoleSpec, TaskSpec
from chatcrew.testing import ScriptedModel

CREW = Crew(
    name="whatsapp",
    channel="whatsapp",
    function="support",
    process="sequential",
    engine="auto",
    roles=(RoleSpec("agent", "Atendente", "Ajudar", "Gentil."),),
    tasks=(TaskSpec("reply", "Responda: {message}", "Uma frase", "agent"),),
    capabilities=Capabilities(),
    timing=Timing(),
)


async def respond(text, reason):
    """Return what the compiled engine makes of one answer of a model."""
    model = ScriptedModel(ModelAnswer(text, finish_reason=reason))
    ask = Ask("t1", "health/acme", ConversationId("a", "b", 1), {"message": "oi"}, 5.0)
    reach = Reach(
        complete=model.complete,
        call_tool=lambda name, arguments: pytest.fail(f"{name} was called"),
        tools=(),
        default_model="model-x",
        config="v1",
    )
    return await engines(CrewPool())["compiled"].respond(CREW, ask, reach)


@pytest.mark.parametrize("text", ["I'm sorry, I can't assist with that.", "Você pode", ""])
def test_what_was_refused_or_filtered_is_no_answer(text):
    """Neither the model's own refusal nor half a filtered sentence is said to anybody (S3-64)."""
    with pytest.raises(ModelRefused) as caught:
        usable(ModelAnswer(text, finish_reason="content_filter"))

    assert caught.value.kind == "content_filter"
    assert not caught.value.retryable
    assert not text or text not in str(caught.value)


@pytest.mark.parametrize("reason", ["stop", "tool_calls", "eos"])
def test_an_answer_that_ended_by_itself_is_left_as_it_is(reason):
    """A model may end without a full stop."""
    answer = ModelAnswer("Sim, abrimos às 8h", (ToolCall("c", "look", "{"),), finish_reason=reason)

    assert usable(answer) is answer


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Custa R$ 300. O preço depende de", "Custa R$ 300."),
        ("Abrimos às 8h! 😊 E fecha", "Abrimos às 8h!"),
        ('Ela disse "sim." Depois', 'Ela disse "sim."'),
        ("**Atendemos aos sábados.** Tamb", "**Atendemos aos sábados.**"),
        ("Oi!\n\n1. Limpeza\n2. Clare", "Oi!"),
        ("Temos vaga. Quem atende é o Dr. Silva", "Temos vaga."),
        ("Atendemos. Fale com a J. Souza", "Atendemos."),
        ("Sim. Custa R$ 1.", "Sim."),
        ("Sim. Veja www.clinica.com.", "Sim."),
        ("Sim. Veja https://clinica.example/?", "Sim."),
        ("Está tudo certo.", "Está tudo certo."),
        ("Deixe-me ver… Um momento", "Deixe-me ver…"),
        ("O preço depende de", ""),
        ("O nosso Dr. Silva", ""),
        ("1. Limpeza", ""),
        ("", ""),
        ("...", ""),
    ],
)
def test_a_cut_answer_ends_with_its_last_whole_sentence(text, kept):
    """Half a sentence says something else than the whole one would have."""
    assert sentences(text) == kept
    assert usable(ModelAnswer(text, finish_reason="length")).text == kept


def test_a_cut_call_is_not_made():
    """Arguments that stop in the middle are no wish of the model's; whole ones before them are."""
    whole, half = ToolCall("a", "look", '{"q": "x"}'), ToolCall("b", "book", '{"day": "seg')

    answer = usable(ModelAnswer("", (whole, half), finish_reason="length"))

    assert answer.tool_calls == (whole,)


async def test_a_crew_does_not_answer_with_a_refusal():
    """It is an error of its kind, so that the ladder has the right words for it (S3-64)."""
    with pytest.raises(ModelRefused) as caught:
        await respond("I'm sorry, I can't assist with that.", "content_filter")

    assert caught.value.kind == "content_filter"


async def test_a_crew_says_whole_sentences_and_that_it_was_cut():
    """So the answer is kept for nobody else (N7); one without a whole sentence is none at all."""
    answer = await respond("Sim. O preço depende de", "length")

    assert (answer.text, answer.details["cut"]) == ("Sim.", True)
    assert "cut" not in (await respond("Sim.", "stop")).details
    with pytest.raises(CrewError, match="answered nothing"):
        await respond("O preço depende de", "length")
