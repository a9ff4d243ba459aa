"""Shows on a terminal what customers and operators wrote: nothing in it steers the terminal."""

import re

_STEERS = re.compile(
    # C0 but tab and newline, DEL and C1: what begins an escape sequence, or goes back over a line
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f"
    # and what turns the direction, so that a line reads otherwise than it is
    r"\u2028-\u202e\u2066-\u2069]"
)


def shown(text: str) -> str:
    """Return ``text`` with U+FFFD for every sign that a terminal obeys instead of showing it."""
    return _STEERS.sub("\ufffd", text.replace("\r\n", "\n"))
