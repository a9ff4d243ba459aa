"""How much a model would have read and written for a turn: by what was said and found (N6)."""

from dataclasses import replace

import pytest
from benchmarks._shipped import EPOCH, Shipped, load_shipped

from chatcrew.hub import sparing
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.messages import Passage


@pytest.fixture(scope="module")
def shipped() -> Shipped:
    """Give the shipped example business."""
    return load_shipped()


def turn(shipped: Shipped, text: str, *, said: str = "Sim.") -> TurnContext:
    """Return a turn that found something and was answered."""
    ctx = shipped.turn(1, text, name="Ana", at=EPOCH)
    ctx.passages = (Passage("faq/1", "Onde fica?", "Na rua " + "x" * 500, 1.0),)
    ctx.reply = Reply(said, engine="compiled", reason="crew")
    return ctx


def test_each_character_of_an_answer_weighs_as_much_as_four_of_the_prompt(shipped) -> None:
    """And nothing that stands in every prompt weighs anything."""
    short = turn(shipped, "Onde fica?")
    assert sparing.weight(turn(shipped, "Onde fica?!!!")) == sparing.weight(short) + 3
    longer = turn(shipped, "Onde fica?", said="Sim..")
    assert sparing.weight(longer) == sparing.weight(short) + sparing.OUTPUT


def test_a_greeting_in_a_burst_would_have_read_no_knowledge(shipped) -> None:
    """A question would; the last message is the turn itself and weighs nothing more."""
    ctx = turn(shipped, "Oi\nOnde fica a clínica?", said="x" * 60)
    greeting = sparing.more(ctx, ["Oi", "Onde fica a clínica?"])
    question = sparing.more(ctx, ["Onde fica a clínica?", "Oi"])
    assert 0 < greeting < question - 400
    assert sparing.more(ctx, ["Onde fica a clínica?"]) == 0


def test_what_was_said_before_weighs_in_every_further_message(shipped) -> None:
    """Three messages alone would have been read once, twice and three times."""
    ctx = replace(turn(shipped, "a\nb\nc"), summary="")
    one = sparing.more(ctx, ["Onde fica?", "c"])
    two = sparing.more(ctx, ["Onde fica?", "Onde fica?", "c"])
    assert two == 2 * one + len("Onde fica?")
