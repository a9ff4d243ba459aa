"""What a sentence says of one person's days, and of one customer's own appointment or parcel.

That a weekday stands in the opening hours founds neither: nobody attends on every day the business
is open, and no consultation is booked because the business opens on Mondays.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chatcrew.hub.claims import _clauses
from chatcrew.hub.claims._dates import weekdays
from chatcrew.hub.claims._said import fold

_TITLE = re.compile(r"^(?:dra?|doutora?|profa?|enf|sra?)\.?\s+", re.IGNORECASE)
_THING = (
    r"(?:consulta|exame|retorno|hor[áa]rio|visita|reserva|agendamento|atendimento|sess[ãa]o|vaga|"
    r"demonstra[çc][ãa]o|entrevista|procedimento|avalia[çc][ãa]o|appointment|visit|booking|session)"
)
_FIXED = (
    r"(?:(?:re)?marcad[oa]|(?:re)?agendad[oa]|confirmad[oa]|reservad[oa]|garantid[oa]|"
    r"booked|confirmed|scheduled|reserved)"
)
_SETTLED = re.compile(
    r"\b(?:(?:re)?marquei|(?:re)?agendei|reservei|confirmei|encaixei)\b"
    rf"|\b(?:est[áa]|foi|ficou|fica|já|is|has\s+been)\s+(?:\w+\s+)?{_FIXED}\b"
    rf"|\b(?:sua?|your)\s+(?:\w+\s+)?{_THING}\b[^.!?\n]{{0,60}}?\b(?:será|ficou|fica)\b"
    rf"|\b{_THING}\b[^.!?,;\n]{{0,30}}?\b{_FIXED}\s+(?:para|pra|for|on)\b"
    r"|\b(?:chega|chegará|vai\s+chegar|cai|será\s+entregue|fica(?:rá)?\s+pront[oa]|"
    r"(?:vai\s+)?sai(?:r)?\s+para\s+entrega|will\s+arrive|arrives)\b"
    r"(?=[^.!?\n]{0,40}\b(?:amanh[ãa]|hoje|segunda|ter[çc]a|quarta|quinta|sexta|s[áa]bado|domingo|"
    r"semana\s+que\s+vem|today|tomorrow)\b)",
    re.IGNORECASE,
)
_ONLY_IF = re.compile(
    r"\b(?:se|quando|assim\s+que|depois\s+que|caso|at[ée]\s+que|para\s+(?:que|ficar)|if|when|once)\b"
    r"|\bn[ãa]o\b",
    re.IGNORECASE,
)
_TODAY = re.compile(r"\b(?:chega|cai|fica\s+pront[oa]|será\s+entregue|arrives)\s+hoje\b", re.I)
_BREAK = re.compile(r"[;:.!?\n]|\s(?:mas|but|e\s+(?:a|o)\s+(?=[DP]))")


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody with the weekdays on which he or she attends.

    Attributes:
        name: folded, without a title.
        first: the folded first name.
        days: 0 is Monday.
    """

    name: str
    first: str
    days: frozenset[int]


def shifts(people: Iterable[tuple[str, str]]) -> tuple[Shift, ...]:
    """Return who attends on which days; who has no times of his own is bound to none.

    Args:
        people: names, with their times in words ("segunda 08:00-12:00; quarta 14:00-18:00").
    """
    found = []
    for name, times in people:
        days = frozenset(day for _, day in weekdays(times))
        bare = fold(_TITLE.sub("", name)).strip()
        if days and bare:
            found.append(Shift(bare, bare.split()[0], days))
    return tuple(found)


def strange_days(text: str, people: tuple[Shift, ...]) -> Iterator[tuple[str, int]]:
    """Return the weekdays that a sentence gives to somebody who does not attend on them."""
    folded = fold(text)
    if len(folded) != len(text) or not people:
        return
    named = sorted(
        (found.start(), one)
        for one in people
        for found in [
            re.search(
                rf"(?<!\w)(?:{re.escape(one.name)}|dra?\.? {re.escape(one.first)})(?!\w)", folded
            )
        ]
        if found is not None
    )
    days = list(weekdays(text))
    for number, (place, one) in enumerate(named):
        end = named[number + 1][0] if number + 1 < len(named) else len(text)
        stop = _BREAK.search(text, place + len(one.first) + 1, end)
        # "A Dra. Helena": the dot of a title stands before the name
        until = stop.start() if stop else end
        begin = 0 if len(named) == 1 and not any(place <= at < until for at, _ in days) else place
        if _clauses.denies(text[begin:until]) or "?" in text:
            continue
        for at, day in days:
            if begin <= at < until and day not in one.days:
                yield text[at:].split(maxsplit=1)[0].strip(".,;:!"), day


def is_settled(text: str) -> bool:
    """Return whether a sentence says that a day or hour of the customer's own is fixed."""
    if text.rstrip(" *_").endswith("?"):
        return False
    found = _SETTLED.search(text)
    return found is not None and _ONLY_IF.search(text[: found.end()]) is None


def arrives_today(text: str) -> str | None:
    """Return the words in which a sentence promises something for today, or None."""
    found = _TODAY.search(text)
    return found.group() if found and _ONLY_IF.search(text[: found.end()]) is None else None
