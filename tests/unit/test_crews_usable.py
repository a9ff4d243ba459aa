"""Refused, filtered and cut answers of models: what of them a crew may use."""

import pytest

from chatcrew.crews._usable import sentences, usable
from chatcrew.errors import ModelRefused
from chatcrew.messages import ModelAnswer, ToolCall


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
