"""What ``chatcrew proposals`` and ``chatcrew drafts`` say, in Portuguese and English."""

WORDS = {
    "pt-BR": {
        "none": "Nenhuma proposta.",
        "no_such": "Não há proposta {id}.",
        "closed": "A proposta {id} já foi {state}.",
        "open": "aberta",
        "accepted": "aceita",
        "rejected": "recusada",
        "needs": "falta a resposta certa: accept {id} --answer “…”",
        "needs_question": "falta a pergunta: accept {id} --question “…”",
        "made": "de {by}, {at:%d/%m/%Y %H:%M} UTC, conversa {conversation}",
        "somebody": "alguém da equipe",
        "command": "correção",
        "edited": "rascunho editado",
        "deleted": "resposta apagada",
        "faq": "FAQ",
        "rule": "regra",
        "asked": "O cliente perguntou:",
        "said": "O bot respondeu:",
        "right": "O certo seria:",
        "trying": "Testando em cópias dos arquivos…",
        "faults": "Não foi aceita: chatcrew check recusa os arquivos como ficariam.",
        "not_before": "Não foi aceita: a conversa de teste já dá certo hoje, então nada mudaria. "
        "Se o modelo não segue o que os arquivos dizem, escreva uma regra.",
        "not_after": "Não foi aceita: estas conversas de teste não dão certo depois da mudança:",
        "failed": "esperava: {expected}; o cliente leu: {read}",
        "fails_before": "✓ falha antes: {case}",
        "passes_after": "✓ dá certo depois, com as outras {others} conversas",
        "sure": "Aceitar e escrever os arquivos? [s/N]",
        "kept": "Nada foi escrito.",
        "written": "Escrito: {files}. O servidor recarrega sozinho.",
        "refused": "Recusada; nada mudou.",
        "drafts_none": "Nenhum rascunho nos últimos {days} dias.",
        "drafts": "{made} rascunhos: {sent} enviados como estavam, {edited} editados, "
        "{ignored} ignorados, {open} em aberto; {used} aproveitados",
    },
    "en": {
        "none": "No proposals.",
        "no_such": "There is no proposal {id}.",
        "closed": "Proposal {id} has been {state} already.",
        "open": "open",
        "accepted": "accepted",
        "rejected": "rejected",
        "needs": "the right answer is missing: accept {id} --answer “…”",
        "needs_question": "the question is missing: accept {id} --question “…”",
        "made": "by {by}, {at:%Y-%m-%d %H:%M} UTC, conversation {conversation}",
        "somebody": "somebody of the team",
        "command": "correction",
        "edited": "edited draft",
        "deleted": "deleted reply",
        "faq": "FAQ",
        "rule": "rule",
        "asked": "The customer asked:",
        "said": "The bot answered:",
        "right": "Right would be:",
        "trying": "Trying it on copies of the files…",
        "faults": "Not accepted: chatcrew check refuses the files as they would be.",
        "not_before": "Not accepted: the conversation test passes today already, so nothing would "
        "change. If the model does not do what the files say, write a rule.",
        "not_after": "Not accepted: these conversation tests do not pass after the change:",
        "failed": "expected: {expected}; the customer read: {read}",
        "fails_before": "✓ fails before: {case}",
        "passes_after": "✓ passes after, with the other {others} conversations",
        "sure": "Accept and write the files? [y/N]",
        "kept": "Nothing was written.",
        "written": "Written: {files}. The server reloads by itself.",
        "refused": "Rejected; nothing changed.",
        "drafts_none": "No drafts in the last {days} days.",
        "drafts": "{made} drafts: {sent} sent as they were, {edited} edited, {ignored} ignored, "
        "{open} open; {used} used",
    },
}


def words_of(lang: str) -> dict[str, str]:
    """Return the words of a language, Portuguese where it is unknown."""
    return WORDS.get(lang, WORDS["pt-BR"])
