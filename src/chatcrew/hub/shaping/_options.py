"""Options of a reply: buttons or rows where the channel has them, else numbered lines (S1-39)."""

from collections.abc import Sequence

from chatcrew.tenancy.model import Capabilities


def tappable(titles: Sequence[str], capabilities: Capabilities) -> bool:
    """Return whether the channel shows all of these titles, whole, as something to tap.

    A title is never cut: what is longer is written as text, as more options than the channel has.
    """
    return 0 < len(titles) <= capabilities.max_buttons and all(
        0 < len(title) <= capabilities.button_chars for title in titles
    )


def numbered(titles: Sequence[str]) -> str:
    """Return the options as lines ``1. …``; the number is understood as the title is."""
    return "\n".join(f"{number}. {title}" for number, title in enumerate(titles, 1))
