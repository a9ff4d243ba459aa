"""What is read on the page of limits."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "limits": ("Limites", "Limits"),
    "limits.lead": (
        "Quanto de cada limite já foi usado e onde o mês vai terminar neste ritmo. Um limite cheio "
        "recusa antes de gastar: o bot responde com o que sabe e chama as pessoas.",
        "How much of each limit is used and where the month ends at this pace. A full limit "
        "refuses before it spends: the bot answers with what it knows and calls people.",
    ),
    "limits.full": ("Cheios", "Full"),
    "limits.near": ("Quase cheios", "Nearly full"),
    "limits.near.note": ("80 % ou mais", "80 % or more"),
    "limits.refused": ("Recusas agora", "Refused now"),
    "limits.refused.note": ("nos períodos em curso", "in the spans that run"),
    "limits.none": ("Nada contado ainda", "Nothing counted yet"),
    "limits.none.how": (
        "Todo negócio tem limites, também o que não os escreve: US$ 10 por dia, US$ 200 por mês. "
        "Os seus ficam em limits: no arquivo do negócio.",
        "Every business has limits, also one that says none: US$ 10 a day, US$ 200 a month. Your "
        "own stand under limits: in the business's file.",
    ),
    "limits.scope.tenant": ("o negócio todo", "the whole business"),
    "limits.scope.contact": ("cada cliente", "each customer"),
    "limits.scope.role": ("papel {name}", "role {name}"),
    "limits.scope.function": ("função {name}", "function {name}"),
    "limits.kind.money": ("Dinheiro", "Money"),
    "limits.kind.tokens": ("Tokens", "Tokens"),
    "limits.kind.calls": ("Chamadas a modelos", "Calls to models"),
    "limits.kind.slots": ("Chamadas ao mesmo tempo", "Calls at once"),
    "limits.kind.answers": ("Respostas", "Answers"),
    "limits.span.minute": ("por minuto", "per minute"),
    "limits.span.hour": ("por hora", "per hour"),
    "limits.span.day": ("por dia", "per day"),
    "limits.span.month": ("por mês", "per month"),
    "limits.span.now": ("agora", "now"),
    "limits.so_far": ("{used} até agora", "{used} so far"),
    "limits.of": ("{used} de {most}", "{used} of {most}"),
    "limits.unbounded": ("sem limite", "no limit"),
    "limits.unseen": ("até {most}", "up to {most}"),
    "limits.left": ("restam {left}", "{left} left"),
    "limits.back": ("volta {time}", "back {time}"),
    "limits.forecast": ("fim do mês neste ritmo: {sum}", "month-end at this pace: {sum}"),
    "limits.refusals": ("{count} recusadas", "{count} refused"),
}
