"""Reads the prices, percentages and instalments of a Portuguese or English text."""

import re
from collections.abc import Iterator

from chatcrew.hub.claims._numbers import hundredths
from chatcrew.hub.claims._said import Key, Said, said

_NUMBER = r"\d[\d.,]*+"
_BEFORE = r"R\$|BRL|US\$|USD|\$|€|EUR"
_AFTER = r"reais|real|BRL|d[oó]lar(?:es)?|dollars?|USD|euros?|EUR|€"
_UP_TO = r"\s*(?:a|até|e|ou|to|and|or|-|–|—)\s*"
_UNIT = r"\s*(?:h\b|hora|hour|min|dia|day|semana|week|m[eê]s|month|ano|year|sess|ve[zs]|x\b|%|/)"

_MONEY = re.compile(
    rf"(?P<before>{_BEFORE})\s*(?P<one>{_NUMBER})(?P<one_thousand>\s*mil\b)?"
    rf"|(?<![\d.,])(?P<two>{_NUMBER})(?P<two_thousand>\s*mil)?\s*(?P<after>{_AFTER})(?!\w)"
    # cents alone say money: "custa 199,90"; metres and kilos have a unit behind them
    r"|(?<![\d.,])(?P<bare>\d{1,3}(?:\.\d{3})*,\d{2})(?!\d|,\d|\s*(?:%|[ck]?m\b|k?g\b|m?l\b))"
    # "10x de 35" and "em até 12x": what an instalment costs, and how many there are
    r"|\b(?:\d{1,2})\s*(?:x|vezes|parcelas)\s+(?:de|of)\s+(?P<each>\d[\d.,]*+)"
    # "custa 350": a verb of price, and no unit behind the number
    r"|\b(?:custa|custam|sai\s+por|saem\s+por|fica\s+(?:por|em)|valor\s+(?:é|de)|preço\s+(?:é|de)|"
    r"por\s+apenas|apenas|costs?|só)\s+(?P<verb>\d+(?:[.,]\d+)*+)(?=\s*(?:[.,;!?)]|$|por\b|a\s+sess|a\b|"
    r"cada|no\b|à\s+vista|per\b))",
    re.IGNORECASE,
)
_INSTALMENTS = re.compile(
    r"\b(\d{1,2})\s*(?:x|vezes|parcelas)\s+(?:de\s+(?:R\$\s*)?\d|(?:sem|com)\s+juros|iguais|"
    r"no\s+cart|fixas)"
    r"|\b(?:em\s+at[eé]|parcel\w+(?:\s+\w+){0,3}?\s+em|divid\w+(?:\s+\w+){0,3}?\s+em|at[eé])\s+"
    r"(\d{1,2})\s*(?:x|vezes|parcelas)\b(?!\s+(?:ao|por|a)\b)"
    r"|\bem\s+(\d{1,2})\s*x\b(?!\s+(?:ao|por|a)\b)"
    r"|\b(\d{1,2})\s+(?:interest-free\s+)?instal+ments",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"(?<![\d.,])(\d[\d.,]*+)\s*(?:%|por\s+cento\b|percent\b)", re.IGNORECASE)
_PERCENT_RANGE = re.compile(
    rf"(?<![\d.,])(\d[\d.,]*+)(?={_UP_TO}\d[\d.,]*+\s*(?:%|por\s+cento\b|percent\b))", re.IGNORECASE
)
_RANGE_BEHIND = re.compile(
    rf"({_BEFORE})(\s*{_NUMBER}{_UP_TO})(?={_NUMBER}(?!{_UNIT}))(?!\s*{_BEFORE})", re.IGNORECASE
)
_RANGE_AHEAD = re.compile(
    rf"(?<![\d.,])({_NUMBER})(?={_UP_TO}{_NUMBER}(?:\s*mil)?\s*({_AFTER})\b)", re.IGNORECASE
)
_HALF = re.compile(
    r"\b(?:(?:pela|por)\s+metade\s+d[oe]\s+(?:preço|valor)|half\s+(?:the\s+)?price)\b",
    re.IGNORECASE,
)
_CURRENCIES = {"r": "BRL", "b": "BRL", "u": "USD", "d": "USD", "€": "EUR", "e": "EUR", "$": "USD"}
_ANY = ("", "BRL", "USD", "EUR")


def read(text: str) -> tuple[list[Said], str]:
    """Return the figures of a text whose numbers are in digits, and the text without them."""
    text = _RANGE_BEHIND.sub(r"\1\2\1", text)
    text = _PERCENT_RANGE.sub(r"\1%", _RANGE_AHEAD.sub(r"\1 \2", text))
    figures = list(_instalments(text))
    figures += [_price(found) for found in _MONEY.finditer(text)]
    text = _INSTALMENTS.sub(_kept_price, _MONEY.sub(" ", text))
    for found in _PERCENT.finditer(text):
        figures.append(said("percent", found.group(), ("percent", str(hundredths(found[1])))))
    text = _PERCENT.sub(" ", text)
    figures += [
        said("percent", found.group(), ("percent", "5000")) for found in _HALF.finditer(text)
    ]
    return figures, text


def _kept_price(found: re.Match[str]) -> str:
    """Leave nothing of how many instalments there are; what each costs was read before."""
    return " " * len(found.group())


def _instalments(text: str) -> Iterator[Said]:
    for found in _INSTALMENTS.finditer(text):
        times = next(group for group in found.groups() if group)
        own: Key = ("instalments", str(int(times)))
        counted: Key = ("number", f"{int(times)}00", "time")
        yield said("instalments", found.group(), own, backs=(own, counted))


def _price(found: re.Match[str]) -> Said:
    number = found["one"] or found["two"] or found["bare"] or found["each"] or found["verb"]
    sign = (found["before"] or found["after"] or "-").lower()
    value = hundredths(number)
    if found["one_thousand"] or found["two_thousand"]:
        value *= 1000
    currency = _CURRENCIES.get(sign[0], "")
    # A currency that one side does not tell fits any
    fitting = (currency, "") if currency else _ANY
    needs = tuple(("price", str(value), one) for one in fitting)
    return Said("price", found.group().strip(" .,;:"), needs, (("price", str(value), currency),))
