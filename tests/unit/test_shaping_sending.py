"""Pauses between bubbles, and the typing mark around them (S2-12, S1-49)."""

import asyncio
from dataclasses import replace

import pytest

from chatcrew.errors import ChatwootUnavailable
from chatcrew.hub.shaping import shape
from chatcrew.messages import Claim, Timing
from chatcrew.tenancy.model import Capabilities, Crew, Delivery
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import Stores, Talk, claimed
from chatcrew.worker.typing import Typing

TEXT = "\n\n".join(letter * 100 for letter in "abc")


def _crew(channel: str, **delivery: float | bool | None) -> Crew:
    return Crew(
        *(channel, channel, "support", "sequential", "auto", (), ()),
        capabilities=Capabilities(markup="plain", max_buttons=10),
        timing=Timing(),
        delivery=replace(Delivery(), **delivery),  # type: ignore[arg-type]  # keys of the test
    )


def _pauses(crew: Crew) -> list[float]:
    return [bubble.pause for bubble in shape(TEXT, (), crew)]


def test_two_messages_are_a_second_apart_so_that_chatwoot_keeps_their_order() -> None:
    """Its background jobs overtake each other otherwise (contract §7); the first never waits."""
    assert _pauses(_crew("whatsapp")) == [0.0, 1.0, 1.0]
    assert _pauses(_crew("whatsapp", gap=0.0)) == [0.0, 0.0, 0.0]
    assert _pauses(_crew("web_widget", micro=True)) == [0.0, 0.0, 0.0]


def test_a_delay_as_if_typed_grows_with_the_bubble_and_has_a_bound() -> None:
    """Off by default; nobody waits longer than six seconds for one bubble."""
    assert _pauses(_crew("whatsapp", delay=2.5)) == [0.0, 2.5, 2.5]
    assert _pauses(_crew("whatsapp", delay=5.0, length=40)) == [0.0, 5.0, 5.0]
    long = [one.pause for one in shape("a" * 500 + "\n\n" + "b" * 500, (), _crew("line", delay=5))]
    assert long[1:]
    assert max(long) == 6.0


@pytest.mark.parametrize(
    ("channel", "bubbles"),
    [("whatsapp", 3), ("telegram", 3), ("email", 1), ("sms", 1), ("api", 1), ("web_widget", 1)],
)
def test_the_channel_decides_unless_the_crew_says_otherwise(channel: str, bubbles: int) -> None:
    """People chat in short messages, but nobody mails in pieces (S2-12)."""
    assert len(_pauses(_crew(channel))) == bubbles
    assert len(_pauses(_crew(channel, micro=True))) == 3
    assert len(_pauses(_crew(channel, micro=False))) == 1


@pytest.mark.parametrize(
    ("options", "tapped"),
    [
        (["Sim", "Não"], True),
        ([str(number) for number in range(10)], True),
        ([str(number) for number in range(11)], False),
        (["Sim", "um título com mais de vinte letras"], False),
    ],
)
def test_options_that_cannot_all_be_tapped_whole_are_written_with_numbers(
    options: list[str], tapped: bool
) -> None:
    """At most ten rows, and a title is never cut (S1-39, complaint 14)."""
    (bubble,) = shape("Qual?", options, _crew("whatsapp"))
    written = "Qual?\n\n" + "\n".join(f"{n}. {title}" for n, title in enumerate(options, 1))

    assert bubble.options == (tuple(options) if tapped else ())
    assert bubble.text == ("Qual?" if tapped else written)


class _Chatwoot:
    """Notes what is toggled; fails when switching on, where told so."""

    def __init__(self, *, fails: bool = False) -> None:
        self.toggled: list[bool] = []
        self._fails = fails

    async def client(self, bot: str) -> "_Chatwoot":
        return self

    def shows_typing(self, claim: Claim) -> bool:
        return True

    async def typing(self, number: int, *, on: bool) -> None:
        self.toggled.append(on)
        if on and self._fails:
            raise ChatwootUnavailable("away")


async def _claim() -> Claim:
    clock = ManualClock()
    stores = Stores.in_memory(clock)
    await stores.mailbox.put(Talk(clock).says("Quanto custa?"))
    return await claimed(stores, clock)


async def _turn(chatwoot: _Chatwoot, end: BaseException) -> None:
    claim = await _claim()
    async with Typing(chatwoot).shown(claim):  # type: ignore[arg-type]  # has what it calls
        await asyncio.sleep(0)
        raise end


@pytest.mark.parametrize("fails", [False, True])
async def test_typing_goes_off_whatever_happens_to_the_turn(fails: bool) -> None:
    """A turn that fails or is cancelled in a pause leaves no bot typing for ever (S1-49)."""
    for end in (RuntimeError("broken"), asyncio.CancelledError()):
        chatwoot = _Chatwoot(fails=fails)
        with pytest.raises(type(end)):
            await _turn(chatwoot, end)
        assert chatwoot.toggled == [True, False]
