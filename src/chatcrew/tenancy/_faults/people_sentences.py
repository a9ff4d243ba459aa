"""What this package says about how bot and people work together, in English and in Portuguese."""

from collections.abc import Mapping

PEOPLE_MESSAGES: Mapping[str, tuple[str, str]] = {
    "bad_opening": (
        "{word!r} names no days with their times",
        "{word!r} não diz dias com seus horários",
    ),
    "bad_hours": ("{word!r} is no time of opening", "{word!r} não é um horário de funcionamento"),
    "bad_holiday": ("{word!r} is not a day", "{word!r} não é um dia"),
    "specialty_of_nothing": (
        "this specialty does not say which conversations it is for",
        "esta especialidade não diz para quais conversas vale",
    ),
    "specialty_of_nobody": (
        "this specialty does not say whose the conversations are",
        "esta especialidade não diz de quem são as conversas",
    ),
    "part_of_one": (
        "a part of the conversations is one team's or one person's",
        "uma parte das conversas é de um time ou de uma pessoa",
    ),
    "shares_sum": ("the parts make {sum} percent", "as partes somam {sum} por cento"),
    "share_of_whom": (
        "share says for how many conversations first holds, and first is missing",
        "share diz para quantas conversas vale o first, e falta o first",
    ),
    "steps_order": (
        "a step after {word} minutes comes too late in the list",
        "um passo aos {word} minutos está fora de ordem",
    ),
    "steps_return": (
        "no step can follow one that returns the conversation to the bot",
        "nenhum passo pode vir depois de devolver a conversa ao bot",
    ),
    "tab_token_twice": (
        "account {other!r} has the same tab_token: one of the two tabs shows the other's talks",
        "a conta {other!r} tem o mesmo tab_token: uma das duas abas abriria a da outra",
    ),
    "tab_token_short": (
        "this tab_token is shorter than {number} signs: the tab stays shut",
        "este tab_token tem menos de {number} caracteres: a aba não abre",
    ),
    # advice
    "reason_unknown": (
        "no handoff has the reason {word!r}: this specialty never fits by it",
        "nenhuma passagem tem o motivo {word!r}: por ele esta especialidade nunca vale",
    ),
    "beyond_window": (
        "{key}: {word} comes after the 24 hours in which channel {channel!r} takes free text: "
        "nothing is sent then",
        "{key}: {word} vem depois das 24 horas em que o canal {channel!r} aceita texto livre: "
        "nada é enviado",
    ),
    "topic_unknown": (
        "no intent is called {word!r}: this specialty never fits by it",
        "nenhuma intenção se chama {word!r}: por ela esta especialidade nunca vale",
    ),
    "topic_of_nothing": (
        "nothing tells topic {word!r}: it has neither words nor intents",
        "nada revela o assunto {word!r}: não tem words nem intents",
    ),
    "handoff_topic_unknown": (
        "no intent is called {word!r}: this topic is never known by it",
        "nenhuma intenção se chama {word!r}: por ela este assunto nunca é reconhecido",
    ),
    "digest_bot_unknown": (
        "no bot of this business is called {word!r}: nobody writes the digest",
        "nenhum bot deste negócio se chama {word!r}: ninguém escreve o resumo",
    ),
    "people_unseen": (
        "method {word!r} needs to see who is available, and an account has no user_token: there "
        "Chatwoot chooses",
        "o método {word!r} precisa ver quem está disponível, e há conta sem user_token: ali quem "
        "escolhe é o Chatwoot",
    ),
}

PEOPLE_HINTS: Mapping[str, tuple[str, str]] = {
    "steps_order": (
        "write the steps by their minutes, each later than the one before",
        "escreva os passos pela ordem dos minutos, cada um depois do anterior",
    ),
    "steps_return": ("make 'return' the last step", "deixe 'return' como último passo"),
    "bad_opening": (
        "write 'mon-fri 08:00-12:00, 13:00-18:00' or 'sat 08:00-12:00'",
        "escreva 'seg-sex 08:00-12:00, 13:00-18:00' ou 'sáb 08:00-12:00'",
    ),
    "bad_hours": (
        "write '08:00-12:00'; 24:00 is the end of a day",
        "escreva '08:00-12:00'; 24:00 é o fim do dia",
    ),
    "bad_holiday": (
        "write '2026-04-03', '12-25' for each year's, or '2026-12-24/2027-01-02'",
        "escreva '2026-04-03', '12-25' para todo ano, ou '2026-12-24/2027-01-02'",
    ),
    "specialty_of_nothing": (
        "give it topics, labels, functions or reasons",
        "dê topics, labels, functions ou reasons",
    ),
    "specialty_of_nobody": ("give it a team, or agents", "dê um team ou agents"),
    "part_of_one": ("write team or agent, not both", "escreva team ou agent, não os dois"),
    "shares_sum": ("make them 100 together", "faça com que somem 100"),
    "share_of_whom": ("write first: bot or first: people", "escreva first: bot ou first: people"),
    "tab_token_twice": (
        "give each account a token of its own, such as one of 32 random signs",
        "dê a cada conta um token só dela, de uns 32 caracteres ao acaso",
    ),
    "tab_token_short": (
        "write a longer one, such as 32 random signs",
        "escreva um mais longo, de uns 32 caracteres ao acaso",
    ),
    "beyond_window": (
        "write 23h or less; in WhatsApp an approved template does it too",
        "escreva 23h ou menos; no WhatsApp um modelo (template) aprovado também resolve",
    ),
    "topic_of_nothing": ("give it words, or intents", "dê words ou intents"),
    "people_unseen": (
        "give the account a user_token in chatwoot_mapping.yaml",
        "dê um user_token à conta em chatwoot_mapping.yaml",
    ),
}
