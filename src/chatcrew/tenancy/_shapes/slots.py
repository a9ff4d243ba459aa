"""Weekly opening times of a professional, as an admin writes them."""

import re

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PORTUGUESE = ("seg", "ter", "qua", "qui", "sex", "sab", "dom")
_POSITION = {
    **{day: place for place, day in enumerate(DAYS)},
    **{day: place for place, day in enumerate(_PORTUGUESE)},
    "sáb": 5,
}
_SLOT = re.compile(
    r"(?P<first>\w{3})(?:\s*-\s*(?P<last>\w{3}))?\s+"
    r"(?P<opens>[01][0-9]|2[0-3]):(?P<at>[0-5][0-9])\s*-\s*"
    r"(?P<closes>[01][0-9]|2[0-3]):(?P<until>[0-5][0-9])"
)


def opening_times(text: str) -> tuple[str, ...] | None:
    """Return ``mon 08:00-12:00`` for each day that ``text`` names, None where it is no such time.

    Days are English or Portuguese, one (``seg 08:00-12:00``) or a range inside the week
    (``mon-fri 14:00-18:00``); the time closes after it opens.
    """
    found = _SLOT.fullmatch(text.strip().casefold())
    if found is None:
        return None
    first = _POSITION.get(found["first"])
    last = _POSITION.get(found["last"] or found["first"])
    opens, closes = f"{found['opens']}:{found['at']}", f"{found['closes']}:{found['until']}"
    if first is None or last is None or last < first or closes <= opens:
        return None
    return tuple(f"{day} {opens}-{closes}" for day in DAYS[first : last + 1])
