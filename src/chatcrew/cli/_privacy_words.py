"""What ``chatcrew privacy`` and ``chatcrew audit`` say, in both languages."""

from typing import Final

WORDS: Final = {
    "pt-BR": {
        "nobody": "Ninguém foi encontrado em {tenant}.",
        "several": "Encontrados {count}; escolha um com --contact e --account:",
        "person": "  contato {contact} da conta {account}",
        "exported": "Tudo o que se guarda foi escrito em {path} (só você pode ler).",
        "ask": "Apagar tudo o que se guarda do contato {contact} ({account}) de {tenant}? "
        "Não há volta. [s/N]",
        "kept": "Nada foi apagado.",
        "erased": "Apagado: {rows} linhas em {tables} tabelas. Recibo {id}.",
        "clean": "Verificado: nada mais foi encontrado ({searched} lugares).",
        "unknown": "Nada se pôde conferir: não se sabe mais nada da pessoa (nome, telefone, "
        "e-mail, palavras) que se pudesse procurar.",
        "left": "Ainda aparece {count} vezes, em palavras de outros ou em arquivos seus:",
        "hit": "  {place} {key} ({kind})",
        "spoilt": "  {place} {key}: foi mudado no banco e não abria; foi apagado assim mesmo",
        "closed": "  {place} {key}: não abre (foi mudado no banco, ou falta a chave), e ninguém "
        "sabe o que diz",
        "away": "Não responderam, ou não se deixam ler, e podem ainda ter algo: {layers}. Repita "
        "quando voltarem; um arquivo, abra você mesmo.",
        "chatwoot": "O contato no Chatwoot continua lá: apague-o também, ou ele volta a escrever "
        "como alguém novo.",
        "written": "Recibo escrito em {path}.",
        "nothing_old": "Nada passou do prazo.",
        "old": "{rows:>8}  {store:<20} {kind:<12} {tenant}  (antes de {before})",
        "would": "Seriam apagadas {rows} linhas.",
        "did": "Apagadas {rows} linhas.",
        "house": "da casa",
        "genuine": "O recibo é autêntico: {id}, de {at}, {tenant}.",
        "forged": "O recibo NÃO é autêntico, ou foi mudado.",
        "unreadable": "{path} não é um recibo.",
        "no_receipts": "Nenhuma exclusão até agora.",
        "receipt": "{at}  {id}  {tenant}  por {actor}  restou: {left}",
        "deeds": "      nº  hora ({zone})           quem                o quê                   "
        "negócio  sobre",
        "no_deeds": "Nada foi registrado.",
        "whole": "A corrente está inteira: {entries} registros, até o {seq} ({hash}).",
        "broken": "A corrente foi quebrada no registro {broken} ({why}).",
    },
    "en": {
        "nobody": "Nobody was found in {tenant}.",
        "several": "Found {count}; choose one with --contact and --account:",
        "person": "  contact {contact} of account {account}",
        "exported": "Everything kept was written to {path} (only you may read it).",
        "ask": "Erase everything kept of contact {contact} ({account}) of {tenant}? "
        "There is no way back. [y/N]",
        "kept": "Nothing was erased.",
        "erased": "Erased: {rows} rows in {tables} tables. Receipt {id}.",
        "clean": "Verified: nothing more was found ({searched} places).",
        "unknown": "Nothing could be verified: nothing is known of the person any more (name, "
        "phone, e-mail, words) that could be looked for.",
        "left": "Still found {count} times, in others' words or in files of yours:",
        "hit": "  {place} {key} ({kind})",
        "spoilt": "  {place} {key}: was changed in the database and did not open; erased anyway",
        "closed": "  {place} {key}: does not open (changed in the database, or its key is "
        "missing), and nobody knows what it says",
        "away": "Did not answer, or cannot be read, and may still have something: {layers}. Do it "
        "again when they are back; open a file yourself.",
        "chatwoot": "The contact in Chatwoot is still there: delete it too, or who writes from "
        "it is somebody new.",
        "written": "Receipt written to {path}.",
        "nothing_old": "Nothing is too old.",
        "old": "{rows:>8}  {store:<20} {kind:<12} {tenant}  (before {before})",
        "would": "{rows} rows would be deleted.",
        "did": "{rows} rows deleted.",
        "house": "of the house",
        "genuine": "The receipt is genuine: {id}, of {at}, {tenant}.",
        "forged": "The receipt is NOT genuine, or was changed.",
        "unreadable": "{path} is no receipt.",
        "no_receipts": "No erasure so far.",
        "receipt": "{at}  {id}  {tenant}  by {actor}  left: {left}",
        "deeds": "      no  time ({zone})           who                 what                    "
        "business  about",
        "no_deeds": "Nothing was noted.",
        "whole": "The chain is whole: {entries} entries, up to {seq} ({hash}).",
        "broken": "The chain is broken at entry {broken} ({why}).",
    },
}
YES: Final = frozenset({"s", "sim", "y", "yes"})


def words_of(lang: str) -> dict[str, str]:
    """Return the words of a language, Portuguese where there are none."""
    return WORDS.get(lang, WORDS["pt-BR"])
