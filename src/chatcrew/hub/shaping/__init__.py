"""Shapes a reply for its channel: marks that it shows, bubbles that fit, options, pauses."""

from collections.abc import Sequence
from dataclasses import dataclass

from chatcrew.hub.shaping import _options
from chatcrew.hub.shaping._cutting import micro, split
from chatcrew.hub.shaping._literal import literal
from chatcrew.hub.shaping._markdown import for_channel
from chatcrew.hub.shaping._pauses import LONGEST_PAUSE, pause
from chatcrew.tenancy.model import Crew

__all__ = [
    "LONGEST_PAUSE",
    "Bubble",
    "for_channel",
    "literal",
    "micro",
    "pause",
    "shape",
    "split",
]


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message of a reply.

    Attributes:
        text: in the channel's marks, never longer than the channel takes.
        options: titles to tap below it.
        pause: seconds to wait before it is sent, after the one before it was.
    """

    text: str
    options: tuple[str, ...] = ()
    pause: float = 0.0


def shape(text: str, options: Sequence[str], crew: Crew) -> list[Bubble]:
    """Return the messages a reply becomes on the crew's channel, in order; pure.

    Args:
        text: words for the customer in CommonMark; "" says nothing.
        options: titles offered with the text.
        crew: whose channel, capabilities and delivery count.
    """
    shown, delivery = crew.capabilities, crew.delivery.on(crew.channel)
    text = for_channel(text, shown.markup)
    if not text:
        return []
    tappable = _options.tappable(options, shown)
    if options and not tappable:
        text = f"{text}\n\n{_options.numbered(options)}"
    if delivery.micro:
        texts = micro(
            text,
            max_chars=shown.max_chars,
            length=delivery.length,
            bubbles=delivery.bubbles,
        )
    else:
        texts = split(text, max_chars=shown.max_chars)
    if tappable:
        texts[-1:] = split(texts[-1], max_chars=min(shown.button_text, shown.max_chars))
    last = len(texts) - 1
    return [
        Bubble(
            one,
            options=tuple(options) if tappable and place == last else (),
            pause=pause(one, delivery) if place else 0.0,
        )
        for place, one in enumerate(texts)
    ]
