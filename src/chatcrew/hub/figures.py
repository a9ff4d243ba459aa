"""Reads the prices and percentages of a Portuguese or English text as figures to compare."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NUMBER = r"\d[\d.,]*+"
_BEFORE = r"R\$|BRL|US\$|USD|\$|€|EUR"
_AFTER = r"reais|real|BRL|d[oó]lar(?:es)?|euros?"
_UP_TO = r"\s*(?:a|até|to|-|–|—)\s*"
_UNIT = r"\s*(?:h\b|hora|hour|min|dia|day|semana|week|m[eê]s|month|ano|year|sess|ve[zs]|x\b|%|/)"

_MONEY = re.compile(
    rf"(?P<before>{_BEFORE})\s*(?P<one>{_NUMBER})(?P<one_thousand>\s*mil\b)?"
    rf"|(?<![\d.,])(?P<two>{_NUMBER})(?P<two_thousand>\s*mil)?\s*(?P<after>{_AFTER})\b"
    # cents alone say money: "custa 199,90"; metres and kilos have a unit behind them
    r"|(?<![\d.,])(?P<bare>\d{1,3}(?:\.\d{3})*,\d{2})(?!\d|,\d|\s*(?:%|[ck]?m\b|k?g\b|m?l\b))"
    # "10x de 35" and "em até 12x": what an instalment costs, and how many there are
    r"|\b(?:\d{1,2})\s*(?:x|vezes)\s+de\s+(?P<each>\d[\d.,]*+)",
    re.IGNORECASE,
)
_INSTALMENTS = re.compile(
    r"\b(\d{1,2})\s*(?:x|vezes)\s+(?:de\s+(?:R\$\s*)?\d|(?:sem|com)\s+juros|iguais|no\s+cart)"
    r"|\b(?:em\s+at[eé]|parcel\w+(?:\s+\w+){0,3}?\s+em)\s+(\d{1,2})\s*(?:x|vezes)\b"
    r"(?!\s+(?:ao|por|a)\b)"
    r"|\bem\s+(\d{1,2})\s*x\b(?!\s+(?:ao|por|a)\b)",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"(?<![\d.,])(\d[\d.,]*+)\s*(?:%|por\s+cento\b|percent\b)", re.IGNORECASE)
_RANGE_BEHIND = re.compile(
    rf"({_BEFORE})(\s*{_NUMBER}{_UP_TO})(?={_NUMBER}(?!{_UNIT}))", re.IGNORECASE
)
_RANGE_AHEAD = re.compile(
    rf"(?<![\d.,])({_NUMBER})(?={_UP_TO}{_NUMBER}(?:\s*mil)?\s*({_AFTER})\b)", re.IGNORECASE
)

_CURRENCIES = {"r": "BRL", "b": "BRL", "u": "USD", "d": "USD", "€": "EUR", "e": "EUR"}
_TO_NINETEEN = (
    *("um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez", "onze"),
    *("doze", "treze", "catorze", "quinze", "dezesseis", "dezessete", "dezoito", "dezenove"),
)
_TENS = ("vinte", "trinta", "quarenta", "cinquenta", "sessenta", "setenta", "oitenta", "noventa")
_HUNDREDS = (
    *("cento", "duzentos", "trezentos", "quatrocentos", "quinhentos"),
    *("seiscentos", "setecentos", "oitocentos", "novecentos"),
)
_SPELLED = {
    **{word: n for n, word in enumerate(_TO_NINETEEN, 1)},
    **{word: n * 10 for n, word in enumerate(_TENS, 2)},
    **{word: n * 100 for n, word in enumerate(_HUNDREDS, 1)},
    **{"uma": 1, "duas": 2, "tres": 3, "quatorze": 14, "cem": 100, "mil": 1000},
}
_WORD = "|".join(_SPELLED)
_WORDS = re.compile(
    rf"(?<![\d,]\s)\b(?:{_WORD})(?:\s+(?:e\s+)?(?:{_WORD})){{0,8}}+(?=\s+(?:{_AFTER}|por\s+cento)\b)",
    re.IGNORECASE,
)


Key = tuple[str, int, str]
"""Kind, value in hundredths and currency of a figure."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One amount of a text.

    Attributes:
        kind: ``price``, ``percent`` or ``instalments``.
        value: in hundredths.
        currency: ``BRL``, ``USD``, ``EUR``, or "" where the text does not tell.
        text: as it is written.
    """

    kind: str
    value: int
    currency: str
    text: str

    @property
    def key(self) -> Key:
        """What two figures that say the same have in common."""
        return self.kind, self.value, self.currency

    def stands_in(self, known: frozenset[Key]) -> bool:
        """Return whether a source has this figure; a currency that one does not tell fits any."""
        fitting = (self.currency, "") if self.currency else ("", "BRL", "USD", "EUR")
        return any((self.kind, self.value, currency) in known for currency in fitting)


def read(text: str) -> tuple[list[Figure], str]:
    """Return the figures of a text, and the text without them."""
    text = _RANGE_BEHIND.sub(r"\1\2\1", _WORDS.sub(_in_digits, text))
    text = _RANGE_AHEAD.sub(r"\1 \2", text)
    figures = list(_instalments(text))
    for found in _MONEY.finditer(text):
        figures.append(_price(found))
    text = _MONEY.sub(" ", text)
    for found in _PERCENT.finditer(text):
        figures.append(Figure("percent", _hundredths(found[1]), "", found.group()))
    return figures, _PERCENT.sub(" ", text)


def _instalments(text: str) -> Iterator[Figure]:
    for found in _INSTALMENTS.finditer(text):
        times = next(group for group in found.groups() if group)
        yield Figure("instalments", int(times) * 100, "", found.group())


def _price(found: re.Match[str]) -> Figure:
    number = found["one"] or found["two"] or found["bare"] or found["each"]
    sign = (found["before"] or found["after"] or "$").lower()
    value = _hundredths(number)
    if found["one_thousand"] or found["two_thousand"]:
        value *= 1000
    return Figure("price", value, _CURRENCIES.get(sign[0], ""), found.group())


def _hundredths(number: str) -> int:
    """Fold a Brazilian or English number: ``1.500,00`` and ``1,500`` are 150000 hundredths."""
    digits = number.rstrip(".,")
    decimals = re.search(r"[.,](\d{1,2})$", digits)
    whole = re.sub(r"\D", "", digits[: decimals.start()] if decimals else digits)
    cents = (decimals.group(1) if decimals else "").ljust(2, "0")
    return int((whole or "0") + cents)


def _in_digits(found: re.Match[str]) -> str:
    total = part = 0
    for word in found.group().lower().split():
        if word == "mil":
            total, part = total + (part or 1) * 1000, 0
        elif word != "e":
            part += _SPELLED[word]
    return str(total + part)
