"""What ``chatcrew backup`` and ``chatcrew restore`` say."""

YES = {"s", "sim", "y", "yes"}

WORDS = {
    "pt-BR": {
        "where": "diga a pasta: --to PASTA, ou CHATCREW_BACKUP_DIR",
        "taken": "{path}: {rows} linhas, {size}",
        "sealed": "O que os clientes dizem está cifrado nela com {keys}; as chaves não estão nela: "
        "guarde-as à parte. Cartões de contato (nome, telefone, e-mail) estão legíveis: guarde o "
        "arquivo como guarda o banco.",
        "plain": "Sem CHATCREW_ENCRYPTION_KEYS, tudo nela se lê, também as chaves internas da casa "
        "(recibos, auditoria): guarde o arquivo como guarda o banco.",
        "house": "a casa inteira",
        "ask": "Restaurar {what} como estava em {at}? O que veio depois, se perde. [s/N]",
        "kept": "Nada foi mudado.",
        "restored": "{rows} linhas restauradas. Nada do que estava em andamento será enviado; quem "
        "ainda espera resposta é encontrado pela ronda.",
        "left": "{rows} linhas ficaram de fora: a conversa é de outro negócio agora.",
        "erased": "Pessoas apagadas desde a cópia e apagadas de novo: {people}.",
    },
    "en": {
        "where": "say where to: --to FOLDER, or CHATCREW_BACKUP_DIR",
        "taken": "{path}: {rows} rows, {size}",
        "sealed": "What customers say is sealed in it with {keys}; the keys are not in it: keep "
        "them apart. Contact cards (name, phone, e-mail) can be read: keep the file as you keep "
        "the database.",
        "plain": "Without CHATCREW_ENCRYPTION_KEYS all of it can be read, the house's own keys "
        "(receipts, audit) too: keep the file as you keep the database.",
        "house": "the whole house",
        "ask": "Restore {what} as it was at {at}? What came after is lost. [y/N]",
        "kept": "Nothing was changed.",
        "restored": "{rows} rows restored. Nothing that was under way will be sent; who still "
        "waits for an answer is found by the sweep.",
        "left": "{rows} rows were left out: the conversation is another business's now.",
        "erased": "People erased since the backup, and erased again: {people}.",
    },
}
