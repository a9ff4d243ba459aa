"""How people read a limit, and that it refused a call: in Portuguese and in English."""

from chatcrew.errors import Refusal

_SIGNS = {"USD": "US$", "BRL": "R$"}
_KINDS = {
    "tokens": ("tokens", "tokens"),
    "calls": ("chamadas ao modelo", "model calls"),
    "answers": ("respostas", "answers"),
    "slots": ("chamadas ao mesmo tempo", "calls at once"),
}
_SPANS = {
    "minute": (" por minuto", " a minute"),
    "hour": (" por hora", " an hour"),
    "day": (" por dia", " a day"),
    "month": (" por mês", " a month"),
    "now": ("", ""),
}
_SCOPES = {
    "role": ("do papel", "of role"),
    "function": ("da função", "of function"),
}
_BACK = {
    "day": ("volta às {0}", "back at {0}"),
    "hour": ("volta às {0}", "back at {0}"),
    "month": ("volta em {0}", "back on {0}"),
}


def amount_told(value: float, *, kind: str, currency: str = "", language: str = "pt-BR") -> str:
    """Return an amount of a limit as people write it: ``R$ 1.234,50`` or ``1.200 tokens``."""
    english = language != "pt-BR"
    if kind == "money":
        places = 2 if abs(value) >= 0.1 or not value else 4
        number = f"{value:,.{places}f}"
        sign = _SIGNS.get(currency, currency)
        return f"{sign} {number if english else _turned(number)}"
    number = f"{value:,.0f}"
    return f"{number if english else _turned(number)} {_KINDS[kind][english]}"


def limit_told(refusal: Refusal, language: str = "pt-BR") -> str:
    """Return which limit it is: ``limite de R$ 50,00 por dia do papel atendente``."""
    english = language != "pt-BR"
    most = amount_told(
        refusal.most, kind=refusal.kind, currency=refusal.currency, language=language
    )
    words = f"{'limit of' if english else 'limite de'} {most}{_SPANS[refusal.span][english]}"
    scope, _, name = refusal.scope.partition(":")
    return f"{words} {_SCOPES[scope][english]} {name}" if name else words


def refusal_told(refusal: Refusal, language: str = "pt-BR") -> str:
    """Return that it is reached and for how long, as a part of a sentence."""
    english = language != "pt-BR"
    words = f"{limit_told(refusal, language)} {'reached' if english else 'atingido'}"
    known = _BACK.get(refusal.span)
    if known is not None and refusal.until:
        return f"{words}; {known[english].format(refusal.until)}"
    seconds = max(1, round(refusal.seconds))
    return f"{words}; {'back in' if english else 'volta em'} {seconds} s"


def _turned(number: str) -> str:
    return number.translate(str.maketrans(",.", ".,"))
