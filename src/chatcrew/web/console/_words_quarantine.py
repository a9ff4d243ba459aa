"""What is read on the page of deliveries that nobody could use."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "quarantine": ("Quarentena", "Quarantine"),
    "quarantine.lead": (
        "Entregas assinadas do Chatwoot que não deu para usar. Ficam sete dias.",
        "Signed deliveries of Chatwoot that could not be used. They are kept for seven days.",
    ),
    "sheet.deliveries": ("Entregas em quarentena", "Deliveries in quarantine"),
    "quarantine.none": ("Nada em quarentena", "Nothing in quarantine"),
    "quarantine.none.how": (
        "Uma entrega vem para cá quando chega de uma caixa que o mapeamento não conhece, ou quando "
        "não é um JSON que se leia. O Chatwoot já a passou para as pessoas.",
        "A delivery comes here from an inbox that the mapping does not know, or when it is no JSON "
        "that can be read. Chatwoot has given it to people by then.",
    ),
    "quarantine.id": ("Número", "Number"),
    "quarantine.bot": ("Bot", "Bot"),
    "quarantine.reason": ("Motivo", "Reason"),
    "quarantine.at": ("Chegou", "Came"),
    "quarantine.size": ("Tamanho", "Size"),
    "quarantine.because.unmapped_inbox": (
        "a caixa não está no mapeamento",
        "the inbox is not in the mapping",
    ),
    "quarantine.because.unreadable": ("não é um JSON legível", "no JSON that can be read"),
    "quarantine.do.unmapped_inbox": (
        "Acrescente a caixa ao mapeamento (chatcrew sync) e tente de novo:",
        "Put the inbox into the mapping (chatcrew sync) and try again:",
    ),
    "quarantine.do": ("Para tentar de novo, no servidor:", "To try again, on the server:"),
    "quarantine.body": ("O que chegou", "What came"),
    "quarantine.cut": ("Só o começo.", "Only the beginning."),
    "quarantine.seen": (
        "Pode conter palavras de um cliente: esta visita ficou registrada.",
        "It may hold a customer's words: this look was put on record.",
    ),
    "quarantine.discard": ("Descartar", "Discard"),
    "quarantine.discard.how": (
        "A entrega é esquecida de vez. A conversa continua no Chatwoot.",
        "The delivery is forgotten for good. The conversation stays in Chatwoot.",
    ),
    "said.forgotten": ("Entrega descartada.", "Delivery discarded."),
    "said.forgotten.before": ("Já tinha saído da quarentena.", "It was gone already."),
}
