"""What this package says about limits, in English and in Brazilian Portuguese."""

from collections.abc import Mapping

LIMIT_MESSAGES: Mapping[str, tuple[str, str]] = {
    "no_exchange": (
        "limits in BRL, and config/models.yaml does not say what a dollar is in reais",
        "limites em BRL, e config/models.yaml não diz quanto vale um dólar em reais",
    ),
    "money_unsaid": (
        "nothing says what model calls may cost; the program's default holds: {word} a day, "
        "{number} a month",
        "nada diz quanto as chamadas ao modelo podem custar; vale o padrão do programa: {word} "
        "por dia, {number} por mês",
    ),
    "money_off": (
        "money without a limit: nothing stops model calls but the limit of tokens",
        "dinheiro sem limite: nada além do limite de tokens detém as chamadas ao modelo",
    ),
    "money_unheld": (
        "model {word!r} has no price in config/models.yaml: limits of money do not hold it",
        "o modelo {word!r} não tem preço em config/models.yaml: limites em dinheiro não o detêm",
    ),
    "day_over_month": (
        "the limit of a day ({word}) is more than that of a month ({number})",
        "o limite do dia ({word}) é maior que o do mês ({number})",
    ),
    "exchange_old": (
        "the dollar was looked up {number} days ago",
        "o dólar foi consultado há {number} dias",
    ),
    "limit_of_nobody": (
        "no crew has a role {word!r}: this limit bounds nobody",
        "nenhuma crew tem o papel {word!r}: este limite não vale para ninguém",
    ),
    "limit_of_no_function": (
        "this business has no function {word!r}: this limit bounds nothing",
        "este negócio não tem a função {word!r}: este limite não vale para nada",
    ),
}

LIMIT_ASKED: Mapping[str, tuple[str, str]] = {
    "say_exchange": (
        "write there: exchange: {{as_of: 2026-11-05, brl: 5.40}}",
        "escreva lá: exchange: {{as_of: 2026-11-05, brl: 5.40}}",
    ),
    "say_money": (
        "write limits: {{money: {{day: 10, month: 200}}}}; for reais add currency: BRL, and "
        "exchange: in config/models.yaml",
        "escreva limits: {{money: {{day: 10, month: 200}}}}; para reais, currency: BRL ali e "
        "exchange: em config/models.yaml",
    ),
}
