"""What a message holds that can be checked: documents, days, amounts, keys (S1-22)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Final

from chatcrew.intents._dates import days
from chatcrew.intents._money import amounts
from chatcrew.privacy import Flat, Found, ceps, cnpjs, codes, cpfs, phones, random_keys

KINDS: Final = (
    "cpf",
    "cnpj",
    "cep",
    "phone",
    "email",
    "date",
    "money",
    "order_number",
    "number",
    "code",
    "pix_key",
    "pix_code",
)
"""Every kind there is; ``number``, and ``code`` (BF-10233), nothing tells the meaning of."""

_LONGEST: Final = 4_000
"""Only so many characters are read: a longer message is no answer to a question."""

_EMAIL = re.compile(r"(?<![\w.%+@-])[\w.%+-]{1,80}@[\w.-]{1,200}")
_GOOD_EMAIL = re.compile(
    r"(?=.{1,64}@)[a-z0-9_%+-]+(?:\.[a-z0-9_%+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+"
    r"[a-z]{2,24}"
)
_ORDER = re.compile(
    r"(?:\b(?:pedido|encomenda|compra|order|protocolo|purchase)\b"
    r"(?:\W{1,3}(?:e|eh|is|de|do|o|the|n|no|num|numero|number|codigo|id)\b){0,4}\W{0,4}|#)"
    r"(?P<number>[a-z]{0,4}-?\d{3,18})(?![\w]|[.,/-]\d)"
)
_NUMBER = re.compile(r"(?<![\w.,/@#$+-])\d{4,18}(?![\w@]|[.,/-]\w)")
_CODE = re.compile(r"(?<![\w@.#-])[a-z]{1,4}-?\d{3,18}(?![\w@]|[.,/-]\w)")
_PIX = re.compile(r"\b(?:pix|chave)\b[^\n]{0,40}$")
_KEYS: Final = frozenset(("cpf", "cnpj", "email", "phone"))


@dataclass(frozen=True, slots=True)
class Entity:
    """Something in a message that can be checked.

    Attributes:
        kind: one of ``KINDS``.
        value: in one spelling: digits of documents, ``+5511987654321``, ``2026-03-15``,
            ``BRL 50.00``, an e-mail in lower case, a Pix code as it was pasted.
        text: the customer's spelling.
        start: where it begins in the message.
        end: where it ends.
        valid: check digits, numbering plan and calendar agree; False is worth asking again.
    """

    kind: str
    value: str
    text: str
    start: int
    end: int
    valid: bool


def entities(text: str, *, now: datetime, region: str = "BR") -> tuple[Entity, ...]:
    """Return what ``text`` holds, in order; pure, and nothing is looked up anywhere.

    Places overlap only where a number can be two things: 11 digits may be both a CPF and a mobile
    telephone, a document may be a Pix key; an unexplained number may also be an order's.

    Args:
        text: the customer's words.
        now: the moment in the tenant's time zone, from which "amanhã" is counted.
        region: ISO 3166 code of the country whose telephones and amounts are meant.
    """
    flat = Flat.of(text[:_LONGEST])
    found: list[Entity] = []
    taken: list[tuple[int, int]] = []
    for code in codes(flat.written):
        taken.append((code.start, code.end))
        found.append(_entity(flat, code, code.start, code.end))
    stages = (
        [*_emails(flat), *random_keys(flat.text)],
        _not_ordered(flat.text, cnpjs(flat.text)),
        _not_ordered(flat.text, _people(flat.text, region)),
        list(ceps(flat.text)),
        list(amounts(flat.text, region=region)),
        list(days(flat.text, today=now.date(), region=region)),
        list(_orders(flat.text)),
    )
    for stage in stages:
        new: dict[tuple[int, int], str] = {}
        for one in stage:
            start, end = flat.span(one.start, one.end)
            other = new.get((start, end))
            if _free(start, end, taken) and (
                _free(start, end, new) or other not in (None, one.kind)
            ):
                found.append(_entity(flat, one, start, end))
                new[start, end] = one.kind
        taken += new
    found += _again(flat, found)
    return tuple(sorted(found, key=lambda entity: (entity.start, -entity.end)))


def past_dates(text: str, *, now: datetime, region: str = "BR") -> tuple[Entity, ...]:
    """Return the days in ``text`` as the last such ones, for who asks about what has been.

    "10/11" of a bill is not next year's. They are of the kind ``past_date``.
    """
    flat = Flat.of(text[:_LONGEST])
    back = days(flat.text, today=now.date(), region=region, back=True)
    named = {(one.start, one.end) for one in entities(text, now=now, region=region)}
    read = [_entity(flat, replace(one, kind="past_date"), one.start, one.end) for one in back]
    return tuple(one for one in read if (one.start, one.end) in named)


def _people(text: str, region: str) -> list[Found]:
    """Return CPFs and telephones; of 11 bare digits what they can be, a CPF where nothing fits."""
    cpf = {(one.start, one.end): one for one in cpfs(text)}
    phone = {(one.start, one.end): one for one in phones(text, region=region)}
    for place in cpf.keys() & phone.keys():
        one, other = cpf[place], phone[place]
        if one.told != other.told:
            del (phone if one.told else cpf)[place]
        elif one.valid != other.valid:
            del (phone if one.valid else cpf)[place]
    return list(chain(cpf.values(), phone.values()))


def _not_ordered(text: str, found: Iterable[Found]) -> list[Found]:
    """Return ``found`` without bare digits right after "pedido" that are an order's, not a fault.

    "O número do pedido é 12345678" is no telephone without its area code, nor 11 digits a wrong
    CPF; a right document stays one.
    """
    ordered = {(one.start, one.end) for one in _orders(text)}
    return [
        one
        for one in found
        if (one.start, one.end) not in ordered or (one.valid and one.kind != "phone")
    ]


def _emails(flat: Flat) -> Iterator[Found]:
    for found in _EMAIL.finditer(flat.text):
        value = found.group().rstrip(".-_%+")
        first, last = flat.span(found.start(), found.start() + len(value)) if value else (0, 0)
        written = flat.written[first:last]
        valid = written.isascii() and _GOOD_EMAIL.fullmatch(value) is not None
        yield Found("email", value, found.start(), found.start() + len(value), valid=valid)


def _orders(text: str) -> Iterator[Found]:
    for found in _ORDER.finditer(text):
        yield Found("order_number", found["number"].upper(), *found.span("number"))


def _again(flat: Flat, found: list[Entity]) -> Iterator[Entity]:
    """Yield what has no meaning by itself, and second meanings: a number, a code, a Pix key."""
    sure = [(one.start, one.end) for one in found if one.valid or not one.text.isdigit()]
    for match in _NUMBER.finditer(flat.text):
        start, end = flat.span(*match.span())
        if _free(start, end, sure):
            number = Found("number", match.group(), *match.span())
            yield _entity(flat, number, start, end)
    taken = [(one.start, one.end) for one in found]
    for match in _CODE.finditer(flat.text):
        start, end = flat.span(*match.span())
        if _free(start, end, taken):
            code = Found("code", match.group().upper(), *match.span())
            yield _entity(flat, code, start, end)
    for one in found:
        if one.kind in _KEYS and _PIX.search(Flat.of(flat.written[: one.start]).text[-60:]):
            yield Entity("pix_key", one.value, one.text, one.start, one.end, one.valid)


def _entity(flat: Flat, one: Found, start: int, end: int) -> Entity:
    return Entity(one.kind, one.value, flat.written[start:end], start, end, one.valid)


def _free(start: int, end: int, taken: Iterable[tuple[int, int]]) -> bool:
    return all(end <= first or last <= start for first, last in taken)
