"""What is read on the page of questions without an answer."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "gaps": ("Sem resposta", "Unanswered"),
    "gaps.lead": (
        "Perguntas para as quais o bot não achou nada nos arquivos e documentos do negócio, sem o "
        "que identifica quem perguntou.",
        "Questions for which the bot found nothing in the business's files and documents, without "
        "what identifies who asked.",
    ),
    "gaps.none": ("Nenhuma pergunta ficou sem resposta", "No question went unanswered"),
    "gaps.none.how": (
        "Quando o bot não acha resposta, a pergunta fica aqui até alguém escrever a resposta nos "
        "arquivos ou documentos do negócio.",
        "When the bot finds no answer, the question stays here until somebody writes the answer "
        "into the business's files or documents.",
    ),
    "gaps.how": (
        "Escreva a resposta em faq: ou num documento do negócio: a próxima pessoa que perguntar já "
        "a recebe.",
        "Write the answer under faq: or into a document of the business: who asks next gets it.",
    ),
    "sheet.gaps": ("As mais frequentes", "The most frequent"),
    "col.question": ("Pergunta", "Question"),
    "col.asked": ("Vezes", "Times"),
    "col.first_at": ("Primeira vez", "First"),
    "col.last_at": ("Última vez", "Last"),
}
