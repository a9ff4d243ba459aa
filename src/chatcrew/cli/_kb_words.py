"""What ``chatcrew kb`` says, in both languages."""

from typing import Any

WORDS: dict[str, dict[str, Any]] = {
    "pt-BR": {
        "none": "{tenant}: nenhum documento em config/domains/{tenant}/knowledge",
        "progress": "{tenant}: {done} de {every} documentos",
        "done": "{tenant}: {documents}, {pages}, {passages}{known}",
        "known": " ({number} já no índice)",
        "documents": ("documento", "documentos"),
        "pages": ("página de PDF", "páginas de PDF"),
        "passages": ("passagem", "passagens"),
        "faults": ("documento ficou de fora", "documentos ficaram de fora"),
        "nothing": "Nada encontrado",
        "certain": "certa",
        "shared": "por: {words}",
        "related": "por: palavras parecidas ou o mesmo sentido",
        "asked": "Perguntas que ficaram sem resposta (vezes, última em):",
        "look": "Para conferir:",
        "no_gaps": "Nenhuma pergunta sem resposta, nada para conferir",
        "kinds": {
            "contradiction": "dizem coisas diferentes",
            "duplicate": "dizem o mesmo",
            "expired": "venceu",
            "expires_soon": "vence em breve",
        },
    },
    "en": {
        "none": "{tenant}: no document in config/domains/{tenant}/knowledge",
        "progress": "{tenant}: {done} of {every} documents",
        "done": "{tenant}: {documents}, {pages}, {passages}{known}",
        "known": " ({number} indexed before)",
        "documents": ("document", "documents"),
        "pages": ("PDF page", "PDF pages"),
        "passages": ("passage", "passages"),
        "faults": ("document was left out", "documents were left out"),
        "nothing": "Nothing found",
        "certain": "certain",
        "shared": "by: {words}",
        "related": "by: related words or the same meaning",
        "asked": "Questions that were left without an answer (times, last on):",
        "look": "To look at:",
        "no_gaps": "No question without an answer, nothing to look at",
        "kinds": {
            "contradiction": "say different things",
            "duplicate": "say the same",
            "expired": "has expired",
            "expires_soon": "expires soon",
        },
    },
}


def words_of(lang: str) -> dict[str, Any]:
    """Return the words of a language, Portuguese where it is not known."""
    return WORDS.get(lang, WORDS["pt-BR"])


def counted(words: dict[str, Any], noun: str, number: int) -> str:
    """Return a number with its noun."""
    one, more = words[noun]
    return f"{number} {one if number == 1 else more}"
