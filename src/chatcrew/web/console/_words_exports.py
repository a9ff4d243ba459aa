"""What is read on the page of files."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "exports": ("Exportar", "Export"),
    "exports.lead": (
        "Os fatos de que todos os números são feitos, para planilhas e outros programas.",
        "The facts that all figures are made of, for spreadsheets and other programs.",
    ),
    "exports.kind": ("Arquivo", "File"),
    "exports.what": ("Uma linha por", "A line for each"),
    "exports.files": ("Baixar", "Download"),
    "exports.columns": ("{count} colunas", "{count} columns"),
    "exports.personal": ("dados pessoais", "personal data"),
    "exports.admin": ("só para administradores", "for admins only"),
    "exports.how": (
        "CSV abre em qualquer planilha; um texto que começa como fórmula ganha um apóstrofo antes. "
        "JSON tem um objeto por linha. Horas estão em UTC.",
        "CSV opens in any spreadsheet; text that begins like a formula gets an apostrophe before "
        "it. JSON has one object a line. Times are UTC.",
    ),
    "exports.sessions": ("Atendimentos", "Sessions"),
    "exports.sessions.what": (
        "atendimento: do começo de uma conversa até ela ser fechada",
        "session: from the beginning of a conversation until it is closed",
    ),
    "exports.conversations": ("Conversas", "Conversations"),
    "exports.conversations.what": (
        "conversa do Chatwoot, com todos os seus atendimentos somados",
        "conversation of Chatwoot, with all its sessions added up",
    ),
    "exports.turns": ("Respostas", "Turns"),
    "exports.turns.what": (
        "vez que o bot olhou para uma conversa, com o que fez e por quê",
        "time that the bot looked at a conversation, with what it did and why",
    ),
    "exports.model_calls": ("Chamadas a modelos", "Model calls"),
    "exports.model_calls.what": (
        "chamada a um modelo, com tokens e custo",
        "call to a model, with tokens and cost",
    ),
    "exports.moves": ("Mudanças de conversas", "Moves of conversations"),
    "exports.moves.what": (
        "vez que uma conversa foi fechada, reaberta ou assumida",
        "time that a conversation was closed, reopened or taken",
    ),
    "exports.ratings": ("Notas", "Ratings"),
    "exports.ratings.what": ("nota que um cliente deu", "rating that a customer gave"),
    "exports.handoffs": ("Passagens a pessoas", "Handoffs"),
    "exports.handoffs.what": (
        "vez que o bot passou uma conversa para pessoas, e quanto elas demoraram",
        "time that the bot gave a conversation to people, and how long they took",
    ),
    "exports.users": ("Clientes", "Customers"),
    "exports.users.what": (
        "cliente, com nome, contato e o que ele contou; quem baixa fica registrado",
        "customer, with name, contact and what was told; who downloads is put on record",
    ),
    "exports.gaps": ("Perguntas sem resposta", "Unanswered questions"),
    "exports.gaps.what": ("pergunta que ficou sem resposta", "question that nothing answered"),
    "exports.debts": ("Clientes à espera de pessoas", "Customers who waited for people"),
    "exports.debts.what": (
        "promessa de que uma pessoa responderia, e como acabou",
        "promise that a person would answer, and how it ended",
    ),
    "exports.queue": ("Fila e parados, agora", "Queue and stuck, now"),
    "exports.queue.what": (
        "conversa que espera ou está parada, e envios a caminho; não depende do período",
        "conversation that waits or is stuck, and what is being sent; whatever the time chosen",
    ),
    "exports.tenants": ("Negócios", "Businesses"),
    "exports.tenants.what": ("negócio, com o seu fuso", "business, with its timezone"),
}
