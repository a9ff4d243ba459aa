"""Writes spelled numbers of Portuguese and English in digits where they say an amount."""

import re

from chatcrew.hub.claims._said import before, fold
from chatcrew.hub.claims._units import UNIT_WORDS

_TO_NINETEEN = (
    *("um", "dois", "tres", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez", "onze"),
    *("doze", "treze", "catorze", "quinze", "dezesseis", "dezessete", "dezoito", "dezenove"),
)
_TENS = ("vinte", "trinta", "quarenta", "cinquenta", "sessenta", "setenta", "oitenta", "noventa")
_HUNDREDS = (
    *("cento", "duzentos", "trezentos", "quatrocentos", "quinhentos"),
    *("seiscentos", "setecentos", "oitocentos", "novecentos"),
)
_ENGLISH = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_ENGLISH_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SPELLED = {
    **{word: n for n, word in enumerate(_TO_NINETEEN, 1)},
    **{word: n * 10 for n, word in enumerate(_TENS, 2)},
    **{word: n * 100 for n, word in enumerate(_HUNDREDS, 1)},
    **{word[:-2] + "as": n * 100 for n, word in enumerate(_HUNDREDS, 1) if word.endswith("os")},
    **{word: n for n, word in enumerate(_ENGLISH, 1)},
    **{word: n * 10 for n, word in enumerate(_ENGLISH_TENS, 2)},
    **{"uma": 1, "duas": 2, "quatorze": 14, "cem": 100, "mil": 1000},
    **{"hundred": 100, "thousand": 1000},
}
_TIMES = {"mil": 1000, "thousand": 1000}
_WORD = "|".join(sorted((*_SPELLED, "três"), key=len, reverse=True))
_RUN = rf"(?:{_WORD})(?:(?:\s+(?:e\s+|and\s+)?|-)(?:{_WORD})){{0,8}}+"
_MONEY = r"reais|real|d[oó]lar(?:es)?|dollars?|euros?|por\s+cento|percent"
_DAYTIME = r"(?:horas?\s+)?da\s+(?:manh[ãa]|tarde|noite)|o'clock|[ap]m"

# "uma vez", "um dia" and "um minuto" are turns of phrase; "um ano de garantia" is a promise
_ALONE = (
    r"(?:reais|real|ano|anos|m[eê]s|semana|hora|year|month|week|hour|dia\s+[uú]til|por\s+cento)"
)
_ONE = re.compile(rf"(?<![\w,-])(?:um|uma|one)(?=\s+{_ALONE}\b)", re.IGNORECASE)
_UP_TO = r"\s+(?:a|até|ou|e|to|or|and)\s+"
_LOWER = re.compile(
    rf"(?<![\w,-])(?!(?:um|uma|one)\b)({_RUN})(?={_UP_TO}(?:\d|{_RUN})[\d.,]*\s*"
    rf"(?:{_MONEY}|{UNIT_WORDS})\b)",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    rf"(?<![\w-])(?<![\d,]\s)(?!(?:um|uma|one)\s+(?!{_MONEY}))({_RUN})"
    rf"(?=\s+(?:{_MONEY}|{_DAYTIME}|(?:outr[ao]s\s+)?(?:{UNIT_WORDS}))\b)",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    rf"(?<=\bàs\s)({_RUN})\b(?!\s+(?:vez|pessoas|op[cç]|dias|semanas|meses))", re.IGNORECASE
)
_ANY = re.compile(rf"(?<![\w,-])(?!(?:um|uma|one)\b)({_RUN})(?!\w)", re.IGNORECASE)
# "o valor é duzentos e noventa": no unit, but a verb of price
_PRICED = re.compile(
    r"(?:\b(?:custa|custam|sai|saem|fica)(?:\s+(?:por|em))?|\b(?:valor|preço|total)\s+(?:é|de|fica\s+em)|"
    rf"\bpor\s+apenas)\s+(?P<run>{_RUN})(?!\s*(?:a|até|ou)\s|\w)",
    re.IGNORECASE,
)
_LEAST_PRICE = 20
_THOUSANDS = re.compile(r"(?P<sign>R\$\s*)?(?<![\w.,-])(?P<number>\d+(?:[.,]\d+)?)k\b")
_POINTING = re.compile(
    r"\b(?:[ao]s|[dn][ao]s|pel[ao]s|ess[ae]s|est[ae]s|dess[ae]s|[st]uas|[st]eus|noss[ao]s|the|these)\s+$",
    re.IGNORECASE,
)
_OF_TIME = re.compile(
    rf"\s+(?:{_MONEY}|horas?|minutos?|dias?|semanas?|m[eê]s(?:es)?|anos?|hours?|minutes?|days?|"
    r"weeks?|months?|years?)\b",
    re.IGNORECASE,
)
_HALF_HOUR = re.compile(r"\b(?:meia\s+hora|half\s+an\s+hour)\b", re.IGNORECASE)

_MOST_DIGITS = 15
"""Digits of a number that are looked at: a model that runs wild writes thousands."""


def in_digits(text: str, *, every: bool = False) -> str:
    """Return ``text`` with its spelled amounts in digits: "três sessões" becomes "3 sessões".

    Words that only count ("as duas vagas", "um momento") stay words.

    Args:
        text: a sentence.
        every: of a customer, whose "dois atendentes" may become "2 vagas" in the reply.
    """
    if every:
        return _ANY.sub(_digits, text)
    text = _HALF_HOUR.sub("30 minutos", text)
    text = _THOUSANDS.sub(_thousands, text)
    text = _PRICED.sub(_price, text)
    text = _LOWER.sub(_digits, text)
    text = _CLOCK.sub(_digits, text)
    return _ONE.sub("1", _AMOUNT.sub(_amount, text))


def _amount(found: re.Match[str]) -> str:
    """Return the digits, unless it points at what was spoken of: "as duas vagas"."""
    digits = _digits(found)
    pointing = _POINTING.search(before(found.string, found.start())) is not None
    if pointing and len(digits) == 1 and not _OF_TIME.match(found.string, found.end()):
        return found.group()
    return digits


def _thousands(found: re.Match[str]) -> str:
    """Return "2k" as people mean it: two thousand of the currency."""
    return f"{found['sign'] or ''}{found['number']} mil{'' if found['sign'] else ' reais'}"


def _price(found: re.Match[str]) -> str:
    """Return a price in digits; of a few, "sai por dois" may count anything."""
    value = _value(found["run"])
    return found.group().replace(found["run"], str(value)) if value >= _LEAST_PRICE else found[0]


def _digits(found: re.Match[str]) -> str:
    return str(_value(found.group()))


def _value(spelled: str) -> int:
    total = part = 0
    for word in re.split(r"[\s-]+", fold(spelled)):
        if word in _TIMES:
            total, part = total + (part or 1) * _TIMES[word], 0
        elif word == "hundred":
            part = (part or 1) * 100
        elif word not in ("e", "and"):
            part += _SPELLED[word]
    return total + part


def hundredths(number: str) -> int:
    """Fold a Brazilian or English number: ``1.500,00`` and ``1,500`` are 150000 hundredths."""
    digits = number.rstrip(".,")
    decimals = re.search(r"[.,](\d{1,2})$", digits)
    whole = re.sub(r"\D", "", digits[: decimals.start()] if decimals else digits)
    cents = (decimals.group(1) if decimals else "").ljust(2, "0")
    return int((whole or "0")[:_MOST_DIGITS] + cents)
