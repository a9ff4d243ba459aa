"""What is read on the page of what waits and what is stuck."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "mailbox": ("Fila e parados", "Queue and stuck"),
    "mailbox.lead": (
        "O que os clientes escreveram e o bot ainda não respondeu, e o que ele desistiu de "
        "responder depois de várias falhas.",
        "What customers wrote and the bot has not answered yet, and what it gave up after several "
        "failures.",
    ),
    "mailbox.waiting": ("Esperando", "Waiting"),
    "mailbox.waiting.note": ("conversas na fila", "conversations in the queue"),
    "mailbox.oldest": ("Espera mais longa", "Longest wait"),
    "mailbox.running": ("Sendo respondidas", "Being answered"),
    "mailbox.parked": ("Paradas", "Stuck"),
    "mailbox.parked.note": ("uma pessoa precisa olhar", "somebody has to look"),
    "mailbox.parked.none": ("nada falhou", "nothing failed"),
    "mailbox.unsent": ("Envios a caminho", "Being sent"),
    "mailbox.unknown.note": (
        "{count} sem confirmação do Chatwoot",
        "{count} without Chatwoot's word",
    ),
    "mailbox.stuck": ("Conversas paradas", "Stuck conversations"),
    "mailbox.stuck.none": ("Nenhuma conversa parada", "No stuck conversation"),
    "mailbox.stuck.none.how": (
        "Quando uma resposta falha várias vezes seguidas, a conversa vai para as pessoas no "
        "Chatwoot e aparece aqui, com o motivo e um botão para tentar de novo.",
        "When an answer fails several times in a row, the conversation goes to people in Chatwoot "
        "and stands here, with the reason and a button to try again.",
    ),
    "mailbox.queue": ("Na fila agora", "In the queue now"),
    "mailbox.queue.none": ("A fila está vazia", "The queue is empty"),
    "mailbox.queue.none.how": (
        "Cada mensagem passa por aqui por um ou dois segundos. Quando algo fica, o bot está "
        "sobrecarregado ou o modelo não responde.",
        "Each message passes here for a second or two. When something stays, the bot is overloaded "
        "or the model does not answer.",
    ),
    "mailbox.conversation": ("Conversa", "Conversation"),
    "mailbox.tenant": ("Negócio", "Business"),
    "mailbox.channel": ("Canal", "Channel"),
    "mailbox.since": ("Desde", "Since"),
    "mailbox.at": ("Parada em", "Stuck since"),
    "mailbox.reason": ("Motivo", "Reason"),
    "mailbox.attempts": ("Tentativas", "Tries"),
    "mailbox.state": ("Situação", "State"),
    "mailbox.state.running": ("respondendo", "answering"),
    "mailbox.state.due": ("vez dela", "next"),
    "mailbox.state.later": ("às {time}", "at {time}"),
    "parked.too_many_failures": (
        "o bot falhou várias vezes seguidas",
        "the bot failed several times in a row",
    ),
    "parked.undeliverable": (
        "a resposta não pôde ser entregue ao Chatwoot",
        "the answer could not be delivered to Chatwoot",
    ),
    "mailbox.retry": ("Tentar de novo", "Try again"),
    "mailbox.discard": ("Descartar", "Discard"),
    "mailbox.discard.how": (
        "O bot não responde mais a esta mensagem. A conversa continua com as pessoas no Chatwoot, "
        "e uma mensagem nova do cliente é respondida como sempre.",
        "The bot does not answer this message any more. The conversation stays with people in "
        "Chatwoot, and a new message of the customer is answered as ever.",
    ),
    "mailbox.first": ("As {count} primeiras.", "The first {count}."),
    "stuck.turn": ("Atendimento", "Turn"),
    "stuck.what": ("O que aconteceu", "What happened"),
    "stuck.lost": (
        "O registro deste atendimento já não existe; a mensagem ainda pode ser respondida.",
        "The record of this turn is gone; the message can still be answered.",
    ),
    "stuck.stages": ("Tempo por etapa", "Time per stage"),
    "stuck.worker": ("Processo", "Worker"),
    "stuck.began": ("Começou", "Began"),
    "stuck.config": ("Versão dos arquivos", "Version of the files"),
    "stuck.terminal": (
        "Tudo sobre a conversa, no terminal do servidor:",
        "All about the conversation, in the server's terminal:",
    ),
    "said.retried": (
        "Pedido feito: o bot tenta de novo agora.",
        "Asked: the bot tries again now.",
    ),
    "said.discarded": (
        "Descartada. A conversa continua com as pessoas no Chatwoot.",
        "Discarded. The conversation stays with people in Chatwoot.",
    ),
    "said.gone": (
        "Já não estava parada: alguém foi mais rápido.",
        "It was not stuck any more: somebody was quicker.",
    ),
}
