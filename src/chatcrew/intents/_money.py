"""Amounts of money: "R$ 1.234,56", "50 reais", "2 mil"."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from chatcrew.privacy import Found


def _numbered(listed: str, first: int, step: int) -> dict[str, int]:
    """Return the numbers that the listed words stand for, ``step`` apart."""
    return {word: first + place * step for place, word in enumerate(listed.split())}


_DIGITS = (
    r"\d{1,3}(?:\.\d{3}){1,4}(?:,\d{1,2})?|\d{1,3}(?:,\d{3}){1,4}\.\d{2}"
    r"|\d{1,12}(?:[.,]\d{1,2})?"
)
_TIMES = {"mil": 1_000, "k": 1_000, "milhao": 10**6, "milhoes": 10**6, "thousand": 1_000}
_SIGNS: Final = {"r$": "BRL", "us$": "USD", "u$": "USD", "$": "", "€": "EUR"}
_UNITS: Final = {
    **dict.fromkeys(("real", "reais", "conto", "contos", "pila", "pilas", "brl"), "BRL"),
    **dict.fromkeys(("dolar", "dolares", "dollar", "dollars", "usd", "bucks"), "USD"),
    **dict.fromkeys(("euro", "euros", "eur"), "EUR"),
}
_CENTS: Final = ("centavo", "centavos")
_SAID: Final = {
    **_numbered("zero um dois tres quatro cinco seis sete oito nove dez onze doze treze", 0, 1),
    **_numbered("quatorze quinze dezesseis dezessete dezoito dezenove vinte", 14, 1),
    **_numbered("trinta quarenta cinquenta sessenta setenta oitenta noventa cem", 30, 10),
    **_numbered("cento duzentos trezentos quatrocentos quinhentos seiscentos", 100, 100),
    **_numbered("setecentos oitocentos novecentos mil", 700, 100),
    **_numbered("uma duas", 1, 1),
    "catorze": 14,
}
_WORD = "|".join(sorted(_SAID, key=len, reverse=True))
_UNIT = "|".join(sorted((*_UNITS, *_CENTS), key=len, reverse=True))
_TIME = "|".join(sorted(_TIMES, key=len, reverse=True))

_WITH_SIGN = re.compile(
    rf"(?<![\w$])(r\$|us\$|u\$|\$|€) ?({_DIGITS})(?![\d]|[.,]\d)(?: ?({_TIME})\b)?"
)
_WITH_UNIT = re.compile(rf"(?<![\w$.,/-])({_DIGITS})(?: ?({_TIME}))?(?: de)? ?({_UNIT})\b")
_IN_WORDS = re.compile(rf"\b((?:{_WORD})(?: (?:e )?(?:{_WORD})){{0,7}})(?: de)? ({_UNIT})\b")
_BARE = re.compile(rf"(?<![\w$.,/-])({_DIGITS}) ?(mil|milhao|milhoes)\b(?! ?(?:{_UNIT})\b)")
_BROKEN = re.compile(r"(?<![\w$])r\$ ?\d[\d.,]{0,20}")
# "2 mil" of these is no money.
_COUNTED = re.compile(
    r" (?:de )?(?:pessoas?|vezes|seguidores|unidades?|pontos?|clientes?|metros?|quilometros?|km|ml"
    r"|kg|anos?|itens|produtos?|milhas?|caracteres|calorias|litros?|habitantes|horas?|dias?)\b"
)


def amounts(text: str, *, region: str) -> Iterator[Found]:
    """Yield amounts as ``BRL 1234.56``; of a bare ``$`` the currency is the region's."""
    read = set()
    for found in _WITH_SIGN.finditer(text):
        read.add(found.start())
        home = "BRL" if region == "BR" else "USD"
        value = _number(found[2]) * _TIMES.get(found[3] or "", 1)
        yield _money(_SIGNS[found[1]] or home, value, found)
    for found in _WITH_UNIT.finditer(text):
        value = _number(found[1]) * _TIMES.get(found[2] or "", 1)
        yield _of_unit(found[3], value, found)
    for found in _IN_WORDS.finditer(text):
        yield _of_unit(found[2], Decimal(_spoken(found[1])), found)
    for found in _BARE.finditer(text):
        if _COUNTED.match(text, found.end()) is None:
            yield _money("BRL", _number(found[1]) * _TIMES[found[2]], found)
    for found in _BROKEN.finditer(text):
        if found.start() not in read:
            yield Found("money", found.group(), *found.span(), valid=False)


def _of_unit(unit: str, value: Decimal, found: re.Match[str]) -> Found:
    return (
        _money("BRL", value / 100, found) if unit in _CENTS else _money(_UNITS[unit], value, found)
    )


def _money(currency: str, value: Decimal, found: re.Match[str]) -> Found:
    return Found("money", f"{currency} {value:.2f}", *found.span())


def _number(written: str) -> Decimal:
    """Return the number: the last mark is decimal where one or two digits follow it."""
    whole, mark, rest = written, "", ""
    for place in range(len(written) - 1, -1, -1):
        if written[place] in ".,":
            whole, mark, rest = written[:place], written[place], written[place + 1 :]
            break
    if mark and len(rest) > 2:
        whole, rest = whole + rest, ""
    return Decimal(f"{re.sub(r'[.,]', '', whole)}.{rest or '0'}")


def _spoken(said: str) -> int:
    total = part = 0
    for word in said.split():
        number = _SAID.get(word, 0)
        if number == 1_000:
            total, part = total + max(part, 1) * 1_000, 0
        else:
            part += number
    return total + part
