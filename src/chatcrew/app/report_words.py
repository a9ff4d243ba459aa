"""What reports call their figures, and what can be done about costs, in two languages."""

from collections.abc import Mapping

_SHARES = frozenset({"containment", "escalation", "durability", "promise_kept", "satisfied"})

_SUMMARY: Mapping[str, tuple[str, str]] = {
    "users": ("clientes", "customers"),
    "conversations": ("conversas", "conversations"),
    "sessions": ("sessões", "sessions"),
    "heard": ("mensagens dos clientes", "messages of customers"),
    "said": ("mensagens do bot", "messages of the bot"),
    "turns": ("turnos", "turns"),
    "containment": ("contidas sem pessoas", "contained without people"),
    "escalation": ("passadas a pessoas", "given to people"),
    "durability": ("resolução durável", "durable resolution"),
    "depth": ("respostas por sessão", "answers a session"),
    "answer_ms_p50": ("resposta, p50 (ms)", "answer, p50 (ms)"),
    "answer_ms_p95": ("resposta, p95 (ms)", "answer, p95 (ms)"),
    "answer_ms_p99": ("resposta, p99 (ms)", "answer, p99 (ms)"),
    "promise_kept": ("dentro do tempo prometido", "within the promised time"),
    "satisfaction": ("nota média (1 a 5)", "mean rating (1 to 5)"),
    "satisfied": ("notas 4 e 5", "ratings of 4 and 5"),
    "cost_usd": ("custo (US$)", "cost (US$)"),
    "cost_brl": ("custo (R$)", "cost (R$)"),
    "unpriced_calls": ("chamadas sem preço conhecido", "calls of unknown price"),
    "cost_usd_session": ("custo por sessão (US$)", "cost of a session (US$)"),
    "cost_usd_contained": ("custo por sessão contida (US$)", "cost of a contained session (US$)"),
    "saved_usd": ("não gasto, estimativa (US$)", "not spent, an estimate (US$)"),
    "saved_brl": ("não gasto, estimativa (R$)", "not spent, an estimate (R$)"),
}
_COLUMNS: Mapping[str, tuple[str, str]] = {
    "figure": ("número", "figure"),
    "value": ("valor", "value"),
    "role": ("papel", "role"),
    "model": ("modelo", "model"),
    "tenant": ("negócio", "business"),
    "day": ("dia", "day"),
    "calls": ("chamadas", "calls"),
    "failed": ("falhas", "failed"),
    "prompt_tokens": ("tokens pedidos", "prompt tokens"),
    "completion_tokens": ("tokens respondidos", "completion tokens"),
    "cached_tokens": ("em cache", "cached"),
    "conversation": ("conversa", "conversation"),
    "session": ("sessão", "session"),
    "began_at": ("começou", "began"),
    "ending": ("fim", "ending"),
    "reason": ("motivo", "reason"),
    "intent": ("intenção", "intent"),
    "mood": ("humor", "mood"),
    "rating": ("nota", "rating"),
    "variant": ("variante", "variant"),
    "saver": ("o que poupou", "what saved"),
    "count": ("vezes", "times"),
    "usd": ("US$", "US$"),
    "brl": ("R$", "R$"),
    "unknown": ("sem preço", "unknown"),
    "how": ("como se sabe", "how it is known"),
    "cause": ("causa", "cause"),
    "of": ("de", "of"),
    "advice": ("o que fazer", "what to do"),
    "experiment": ("experimento", "experiment"),
    "measure": ("medida", "measure"),
    "arm_a": ("a", "a"),
    "arm_b": ("b", "b"),
    "difference": ("diferença", "difference"),
    "verdict": ("veredito", "verdict"),
}
_VALUES: Mapping[str, tuple[str, str]] = {
    "contained": ("contida", "contained"),
    "abandoned": ("abandonada", "abandoned"),
    "handed_off": ("passada a pessoas", "given to people"),
    "taken_over": ("assumida por pessoas", "taken over by people"),
    "going_on": ("em andamento", "going on"),
    "shortcut": ("intenções respondidas sem modelo", "intents answered without a model"),
    "knowledge": ("conhecimento, palavra por palavra", "knowledge, word for word"),
    "kept": ("respostas dadas de novo", "answers given again"),
    "completions": ("chamadas repetidas", "calls given again"),
    "bursts": ("mensagens respondidas juntas", "messages answered together"),
    "spent": ("gasto", "spent"),
    "without": ("sem tudo isso", "without all of it"),
    "measured": ("medido", "measured"),
    "estimated": ("estimado pela média", "estimated by the mean"),
    "not_enough_data": ("dados insuficientes", "not enough data"),
    "no_difference": ("nenhuma diferença aparece", "no difference was shown"),
    "a": ("a é melhor", "a is better"),
    "b": ("b é melhor", "b is better"),
    "prompt": ("pedidos longos", "long requests"),
    "uncached": ("pouco em cache no provedor", "little cached by the provider"),
    "calls": ("muitas chamadas por resposta", "many calls for an answer"),
    "model": ("outro modelo custaria menos", "another model would cost less"),
    "failed": ("chamadas que falham", "calls that fail"),
    "unpriced": ("modelo sem preço", "model without a price"),
    "role": ("a maior parte é de um papel", "most of it is one role's"),
}
_ADVICE: Mapping[str, tuple[str, str]] = {
    "prompt": (
        "diminua history e history_tokens da crew, exemplos e regras que valem sempre",
        "lower the crew's history and history_tokens, examples and rules that always hold",
    ),
    "uncached": (
        "o começo do pedido muda a cada vez: tire datas e nomes do texto dos papéis",
        "the beginning of requests changes: take days and names out of the roles' texts",
    ),
    "calls": (
        "veja tools e papéis da crew: uma crew de um papel e uma tarefa pergunta uma vez",
        "look at the crew's tools and roles: one of one role and one task asks once",
    ),
    "model": (
        "compare os dois com chatcrew test antes de trocar model na crew",
        "compare both with chatcrew test before changing model in the crew",
    ),
    "failed": (
        "veja chatcrew doctor e os limites do provedor",
        "see chatcrew doctor and the provider's limits",
    ),
    "unpriced": (
        "ponha o preço em config/models.yaml; até lá ninguém sabe quanto custa",
        "put its price into config/models.yaml; until then nobody knows what it costs",
    ),
    "role": (
        "é por este papel que vale começar: pedido, tools e model",
        "this role is where to begin: its request, tools and model",
    ),
}


def advice(language: str) -> Mapping[str, str]:
    """Return what can be done about each cause."""
    return {cause: said[language == "en"] for cause, said in _ADVICE.items()}


def named(word: str, language: str) -> str:
    """Return how a column is called; one without a name of its own is called by its key."""
    known = _COLUMNS.get(word) or _SUMMARY.get(word)
    return known[language == "en"] if known else word.replace("_", " ")


def told(word: str, language: str) -> str:
    """Return how a figure or value is called, or the word itself."""
    known = _SUMMARY.get(word) or _VALUES.get(word)
    return known[language == "en"] if known else word


def cell(value: str | int | float | None, language: str, *, figure: str = "") -> str:
    """Return a value as people write it; a dash where nobody knows it.

    Args:
        value: what a sheet says.
        language: ``pt-BR`` or ``en``.
        figure: which it is, where a row is one figure: shares are told in percent.
    """
    if value is None:
        return "–"
    if isinstance(value, str):
        return told(value, language)
    if figure in _SHARES:
        number = f"{value:.1%}"
    elif isinstance(value, float):
        number = f"{value:,.4f}" if 0 < abs(value) < 1 else f"{value:,.2f}"
    else:
        number = f"{value:,}"
    points = {ord(","): ".", ord("."): ","}
    return number if language == "en" else number.translate(points)
