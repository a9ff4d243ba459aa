"""What this package advises about files that hold, in English and in Brazilian Portuguese."""

from collections.abc import Mapping

LINT_MESSAGES: Mapping[str, tuple[str, str]] = {
    # prompts and limits (S3-110..112)
    "may_invent": (
        "no text of role {word!r} or of its tasks says that nothing may be invented",
        "nenhum texto do papel {word!r} nem de suas tarefas diz que nada pode ser inventado",
    ),
    "knows_nothing": (
        "role {word!r} gets neither {{knowledge}} nor {{facts}} nor a tool to search with",
        "o papel {word!r} não recebe {{knowledge}}, nem {{facts}}, nem ferramenta de busca",
    ),
    "rules_unsaid": (
        "nothing of crew {word!r} holds {{rules}}: the house's rules reach no model",
        "nada na crew {word!r} contém {{rules}}: as regras da casa não chegam ao modelo",
    ),
    "text_vague": (
        "{word!r} is too short to guide a model",
        "{word!r} é curto demais para orientar um modelo",
    ),
    "text_long": (
        "{number} characters: every call pays for them",
        "{number} caracteres: cada chamada paga por eles",
    ),
    "limit_unsaid": (
        "no layer gives role {word!r} a {key}; the program's default holds",
        "nenhuma camada dá {key} ao papel {word!r}; vale o padrão do programa",
    ),
    "temperature_high": (
        "temperature {number} makes role {word!r} say things differently each time, and uncached",
        "temperatura {number} faz o papel {word!r} variar a cada vez, e sem cache",
    ),
    "tokens_beyond_channel": (
        "max_tokens {number} is far more than the {limit} characters of channel {channel!r}",
        "max_tokens {number} é muito mais que os {limit} caracteres do canal {channel!r}",
    ),
    "cannot_give_up": (
        "role {word!r} has tools but not handoff: it cannot call people",
        "o papel {word!r} tem ferramentas mas não handoff: não consegue chamar uma pessoa",
    ),
    "delegates_to_nobody": (
        "role {word!r} may hand work on, but there is no other role: name one in coworkers",
        "o papel {word!r} pode passar trabalho, mas não há outro papel: indique um em coworkers",
    ),
    "manager_idle": (
        "{word} does nothing without process: hierarchical",
        "{word} não faz nada sem process: hierarchical",
    ),
    "many_tools": (
        "{number} tools: with more than {limit} a model chooses badly",
        "{number} ferramentas: com mais de {limit} o modelo escolhe mal",
    ),
    "model_unlisted": (
        "model {word!r} is not in config/models.yaml: its price and limits are unknown",
        "o modelo {word!r} não está em config/models.yaml: preço e limites desconhecidos",
    ),
    "price_old": (
        "prices older than a year, the oldest was looked up {number} days ago: {word}",
        "preços com mais de um ano, o mais antigo consultado há {number} dias: {word}",
    ),
    # intents
    "intent_unreachable": (
        "intent {word!r} is never reached: intent {other!r} catches all its phrases",
        "a intenção {word!r} nunca é alcançada: a intenção {other!r} pega todas as suas frases",
    ),
    "phrase_caught": (
        "intent {other!r} catches phrase {word!r}",
        "a intenção {other!r} pega a frase {word!r}",
    ),
    "phrase_not_hit": (
        "phrase {word!r} by itself hits no intent",
        "a frase {word!r} sozinha não atinge nenhuma intenção",
    ),
    # knowledge
    "wording_twice": (
        "{word!r} asks what line {line_before} asks already",
        "{word!r} pergunta o mesmo que a linha {line_before}",
    ),
    "entry_unreachable": (
        "nobody finds this entry: even its own question leads to others",
        "ninguém acha esta entrada: até a própria pergunta leva a outras",
    ),
    "entry_behind_intent": (
        "intent {other!r} answers {word!r} before the knowledge is asked",
        "a intenção {other!r} responde {word!r} antes de consultar o conhecimento",
    ),
    # channels
    "text_beyond_channel": (
        "{number} characters, but channel {channel!r} takes {limit}: it is sent in parts",
        "{number} caracteres, mas o canal {channel!r} aceita {limit}: vai em partes",
    ),
    "buttons_beyond_channel": (
        "{number} buttons, but channel {channel!r} shows {limit}: they become numbered lines",
        "{number} botões, mas o canal {channel!r} mostra {limit}: viram linhas numeradas",
    ),
    "button_beyond_channel": (
        "button {word!r} is longer than the {limit} characters of channel {channel!r}",
        "o botão {word!r} passa dos {limit} caracteres do canal {channel!r}",
    ),
    "button_leads_nowhere": (
        "button {word!r} leads to nothing fixed: without a model only people answer it",
        "o botão {word!r} não leva a nada pronto: sem modelo, só uma pessoa responde",
    ),
    # what was left behind
    "example_left": (
        "{word!r} is made up, it came with an example; lines: {lines}",
        "{word!r} é inventado, veio de um exemplo; linhas: {lines}",
    ),
    "curly_quotes": (
        "{word!r}: curly quotes are no quotes for YAML, they become part of the text",
        "{word!r}: aspas curvas não são aspas para o YAML, elas viram parte do texto",
    ),
    "odd_time": ("{word!r} is on no clock", "{word!r} não existe no relógio"),
    "closes_first": (
        "{word!r} closes before it opens",
        "{word!r} fecha antes de abrir",
    ),
    # the business
    "examples_unshown": (
        "prompts have room for {number} examples: from this one on none reaches a model",
        "nos prompts cabem {number} exemplos: deste em diante nenhum chega ao modelo",
    ),
    "trial_of_nothing": (
        "experiment {word!r} compares two personas that are the same",
        "o experimento {word!r} compara duas personas iguais",
    ),
    "trial_over": (
        "this experiment ended on {word}: everybody meets `persona` again",
        "este experimento terminou em {word}: todos encontram `persona` de novo",
    ),
    "rule_over": ("this rule ended on {word}", "esta regra terminou em {word}"),
    "slots_overlap": (
        "{word!r} overlaps another time of the same person",
        "{word!r} se sobrepõe a outro horário da mesma pessoa",
    ),
    "tenant_unrouted": (
        "no inbox leads to tenant {word!r}",
        "nenhuma caixa leva ao tenant {word!r}",
    ),
}
