"""What is read on the pages of conversations."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "conversations": ("Conversas", "Conversations"),
    "conversations.lead": (
        "Cada atendimento: como terminou, por quê, e quanto custou. Abrir uma conversa mostra o "
        "que foi dito, e fica registrado quem olhou.",
        "Each session: how it ended, why, and what it cost. Opening a conversation shows what was "
        "said, and who looked is put on record.",
    ),
    "conversations.narrow": ("Procurar", "Find"),
    "conversations.number": ("Número da conversa", "Number of the conversation"),
    "conversations.unhappy": ("Só clientes descontentes", "Only displeased customers"),
    "conversations.found": ("Atendimentos", "Sessions"),
    "conversations.none": ("Nenhuma conversa neste período", "No conversation in this time"),
    "conversations.none.how": (
        "Conversas aparecem aqui alguns segundos depois que o bot olhou para elas.",
        "Conversations stand here seconds after the bot has looked at them.",
    ),
    "conversations.narrowed": ("Nenhuma conversa assim", "No such conversation"),
    "conversations.narrowed.how": (
        "Tire um dos filtros, ou escolha um período maior.",
        "Take one of the filters away, or choose a longer time.",
    ),
    "talks.conversation": ("Conversa", "Conversation"),
    "talks.episode": ("{number}º atendimento", "session {number}"),
    "talks.began": ("Começou", "Began"),
    "talks.tenant": ("Negócio", "Business"),
    "talks.ending": ("Fim", "Ending"),
    "talks.intent": ("Intenção", "Intent"),
    "talks.turns": ("Respostas", "Turns"),
    "talks.mood": ("Humor", "Mood"),
    "talks.rating": ("Nota", "Rating"),
    "talks.cost": ("Custo", "Cost"),
    "talks.quiet": ("o bot não falou", "the bot said nothing"),
    "talks.quiet.why": ("Por que está calado", "Why it is quiet"),
    "talks.file": ("Baixar {form}", "Download {form}"),
    "talks.owner": ("Quem atende", "Who answers"),
    "talks.owner.person": ("uma pessoa", "a person"),
    "talks.owner.bot": ("o bot", "the bot"),
    "talks.owner.other_ai": ("outro robô", "another bot"),
    "talks.owner.nobody": ("ninguém", "nobody"),
    "talks.owner.unknown": ("não se sabe", "not known"),
    "talks.session": ("{number}º atendimento", "Session {number}"),
    "talks.rated": ("nota {stars}", "rated {stars}"),
    "talks.said": ("O que foi dito", "What was said"),
    "talks.said.none": (
        "As mensagens já foram apagadas, ou ainda não chegaram aqui.",
        "The messages have been erased, or have not come here yet.",
    ),
    "talks.private": ("nota privada", "private note"),
    "talks.deleted": ("mensagem apagada", "deleted message"),
    "talks.by.customer": ("Cliente", "Customer"),
    "talks.by.bot": ("Bot", "Bot"),
    "talks.by.person": ("Pessoa", "Person"),
    "talks.by.phone": ("Pessoa, pelo celular", "Person, by phone"),
    "talks.by.other_bot": ("Outro robô", "Another bot"),
    "talks.by.automation": ("Automação", "Automation"),
    "talks.by.campaign": ("Campanha", "Campaign"),
    "talks.by.template": ("Chatwoot", "Chatwoot"),
    "talks.why": ("Por que o bot fez isso", "Why the bot did it"),
    "talks.why.none": (
        "O bot não olhou para esta conversa, ou os registros já foram apagados.",
        "The bot has not looked at this conversation, or its records have been erased.",
    ),
    "talks.turn": ("Código", "Id"),
}
