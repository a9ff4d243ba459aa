"""The units that amounts are compared in: "2 horas" is "120 minutos", and never "2 dias"."""

from collections.abc import Mapping

_WORDS: Mapping[str, tuple[str, int]] = {
    **dict.fromkeys(("segundos", "seconds"), ("second", 1)),
    **dict.fromkeys(("minuto", "minutos", "min", "mins", "minute", "minutes"), ("minute", 1)),
    **dict.fromkeys(("hora", "horas", "h", "hs", "hr", "hrs", "hour", "hours"), ("minute", 60)),
    **dict.fromkeys(("dia", "dias", "day", "days"), ("day", 1)),
    **dict.fromkeys(("semana", "semanas", "week", "weeks"), ("day", 7)),
    **dict.fromkeys(("quinzena", "quinzenas"), ("day", 15)),
    **dict.fromkeys(("mes", "meses", "month", "months"), ("month", 1)),
    **dict.fromkeys(("ano", "anos", "year", "years"), ("month", 12)),
    **dict.fromkeys(("sessao", "sessoes", "session", "sessions"), ("session", 1)),
    **dict.fromkeys(("vez", "vezes", "x", "times"), ("time", 1)),
    **dict.fromkeys(("parcela", "parcelas", "prestacoes", "instalments"), ("time", 1)),
    **dict.fromkeys(
        ("pessoa", "pessoas", "people", "person", "usuario", "usuarios", "user", "users"),
        ("person", 1),
    ),
    **dict.fromkeys(("conversa", "conversas", "conversation", "conversations"), ("talk", 1)),
    **dict.fromkeys(("vaga", "vagas"), ("vacancy", 1)),
    **dict.fromkeys(("produto", "produtos", "product", "products"), ("product", 1)),
    **dict.fromkeys(("ponto", "pontos", "point", "points"), ("point", 1)),
    **dict.fromkeys(("curriculo", "curriculos", "resumes"), ("resume", 1)),
    **dict.fromkeys(("unidade", "unidades", "units"), ("unit", 1)),
    **dict.fromkeys(("ml", "mililitros"), ("ml", 1)),
    **dict.fromkeys(("g", "gramas", "grams"), ("gram", 1)),
    **dict.fromkeys(("kg", "quilos"), ("gram", 1000)),
    **dict.fromkeys(("cm", "centimetros"), ("cm", 1)),
    **dict.fromkeys(("m", "metros", "meters"), ("cm", 100)),
    **dict.fromkeys(("km", "quilometros"), ("km", 1)),
    **dict.fromkeys(("mg", "miligramas"), ("mg", 1)),
}

DAYS_OF_A_MONTH = 30
""""Um mês" is what people say for "30 dias"."""

UNIT_WORDS = (
    r"horas?|minutos?|dias?|semanas?|m[eê]s(?:es)?|anos?|sess(?:ão|ões|ao|oes)|vezes|parcelas|"
    r"pessoas|conversas|vagas|produtos|pontos|hours?|minutes?|days?|weeks?|months?|years?|"
    r"sessions?|business\s+days|working\s+days|people|times"
)
"""Units before which a spelled number is an amount."""

COUNTED = frozenset({"", "person", "talk", "vacancy", "product", "unit", "resume"})
"""Units of things; "" is any noun that is not listed."""

WORKING = "(?:úteis|úteil|útil|uteis|util)"


def unit(word: str, *, working: bool) -> tuple[str, int] | None:
    """Return what an amount is counted in and how many of it, or None for any other noun.

    Args:
        word: the noun behind the number, folded.
        working: it says "úteis" behind it, or "business" before it.
    """
    known = _WORDS.get(word)
    if known is None or not working:
        return known
    return f"work{known[0]}", known[1]
