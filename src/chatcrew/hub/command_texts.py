"""What operators read about commands: pt-BR first, English beside it."""

HELP = (
    "**Comandos do bot** (escreva em nota privada):\n"
    "- `/bot parar`: o bot fica em silêncio nesta conversa\n"
    "- `/bot voltar`: o bot volta a responder\n"
    "- `/bot pedidos`: o que espera a sua autorização\n"
    "- `/bot aprovar 12`: autoriza o pedido 12\n"
    "- `/bot negar 12 motivo`: não autoriza, e por quê\n"
    "- `/bot lembrete 2h ligar para o cliente`: uma nota privada daqui a 2 horas "
    "(também `30min`, `1d`, `14:30`, `amanhã 9h`, `25/11 9h`)\n"
    "- `/bot resetar`: o bot esquece o que foi dito até aqui nesta conversa\n"
    "- `/bot memória`: o que o bot lembra deste cliente\n"
    "- `/bot esquecer`: esquece tudo o que lembra dele; `/bot esquecer 7`, só o fato 7\n"
    "- `/bot ajuda`: esta lista\n\n"
    "Para assumir, basta responder ao cliente ou atribuir a conversa a você. "
    "Para devolver, atribua a conversa ao bot e deixe o status como pendente. "
    "(In English: stop, resume, requests, approve 12, deny 12 reason, remind 2h text, reset, "
    "memory, forget, help. "
    "Take over by replying; hand back by assigning the bot and setting the status to pending.)"
)

STOPPED = "🔇 O bot está em silêncio nesta conversa. Para voltar: `/bot voltar`. (Bot silenced.)"
GOES_ON = "🔊 O bot volta a responder nesta conversa. (The bot answers again.)"
NOT_YET = (
    "🔊 O bot já pode responder, mas esta conversa está com a equipe. Para devolver, atribua a "
    "conversa ao bot e deixe o status como pendente. "
    "(The bot may answer once the conversation is handed back: assign the bot, status pending.)"
)
"""What `/bot voltar` is answered with where status or owner still keep the bot quiet."""

RESET = (
    "🧹 O bot esqueceu o assunto desta conversa: perguntas em aberto, dados coletados, resumo e "
    "função. Mensagens antigas ficam no Chatwoot, mas o bot não as lê mais. "
    "(The bot starts over here.)"
)

NO_NUMBER = (
    "❓ Falta o número do pedido: `/bot aprovar 12` ou `/bot negar 12 motivo`. "
    "Para ver os pedidos: `/bot pedidos`. (Which request?)"
)

ONE_AT_A_TIME = (
    "❓ Um pedido de cada vez, para não haver engano: `/bot aprovar 12`, depois `/bot aprovar 13`. "
    "Nada foi feito. (One request at a time; nothing was done.)"
)

NO_MOMENT = (
    "❓ Não entendi quando: `/bot lembrete 2h ligar`, `30min`, `1d`, `14:30`, `amanhã 9h` ou "
    "`25/11 9h`, e depois o texto. (When? Up to one year ahead.)"
)

NO_FACT = (
    "❓ Qual fato? `/bot memória` mostra os números, `/bot esquecer 7` esquece o fato 7, "
    "`/bot esquecer tudo` esquece tudo. (Which fact?)"
)

NO_MEMORY = "🧠 O bot não se lembra de nada deste cliente. (Nothing is remembered.)"
MEMORY = "🧠 **O que o bot lembra deste cliente** (para apagar: `/bot esquecer 7`):"
NOT_KNOWN = "❓ Não há fato {number} deste cliente: veja `/bot memória`. (No such fact.)"
FORGOTTEN_ONE = "🧽 O bot esqueceu o fato {number}. (Forgotten.)"
FORGOTTEN = (
    "🧽 O bot esqueceu este cliente: {facts} fato(s), {summaries} resumo(s), e não lê mais o que "
    "foi dito até aqui. O que está no contato e nas mensagens do Chatwoot continua lá. "
    "(Everything remembered is forgotten, earlier lines are not read any more.)"
)

REMINDS = "⏰ Lembrete anotado para {moment}. (Reminder set.)"


def unknown(word: str, meant: str | None) -> str:
    """Return the answer to a word that is no command, with the one it is like."""
    said = f"`{word[:30]}`".replace("\n", " ")
    guess = f" Você quis dizer `/bot {meant}`? (Did you mean it?)" if meant else ""
    return f"❓ Não conheço o comando {said}.{guess}\n\n{HELP}"
