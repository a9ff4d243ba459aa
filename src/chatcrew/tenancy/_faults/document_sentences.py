"""What this package says about documents, in English and in Brazilian Portuguese."""

from collections.abc import Mapping

DOCUMENT_MESSAGES: Mapping[str, tuple[str, str]] = {
    "document_link": (
        "a link that leads out of the configuration is not followed",
        "um atalho (link) que sai da configuração não é seguido",
    ),
    "document_linked_folder": (
        "a linked folder is not read",
        "uma pasta que é um atalho (link) não é lida",
    ),
    "documents_too_many": (
        "more than {limit} documents in one folder",
        "mais de {limit} documentos numa pasta",
    ),
    "documents_too_deep": (
        "is not read: too many folders inside one another",
        "não é lida: pastas demais uma dentro da outra",
    ),
    "document_too_big": ("larger than {limit} MiB", "maior que {limit} MiB"),
    "document_hidden": (
        "is not read: its name begins with a dot",
        "não é lido: o nome começa com ponto",
    ),
    "document_name": (
        "{word!r} is not read: its name holds signs that cannot be shown",
        "{word!r} não é lido: o nome tem sinais que não podem ser mostrados",
    ),
    "document_suffix": (
        "is not read: no document of kind {word!r}",
        "não é lido: {word!r} não é um tipo de documento",
    ),
    "documents_without_tenant": (
        "documents of {word!r}, which has no file",
        "documentos de {word!r}, que não tem arquivo",
    ),
    "tenant_called_knowledge": (
        "no tenant can be called {word!r} beside a folder of that name",
        "nenhum tenant pode se chamar {word!r} ao lado de uma pasta com esse nome",
    ),
    # reading what is in them
    "document_encrypted": (
        "the PDF asks for a password",
        "o PDF pede uma senha",
    ),
    "document_scanned": (
        "no text in it: {number} pages of pictures",
        "não tem texto: {number} páginas de imagem",
    ),
    "document_empty": ("no text in it", "não tem texto"),
    "document_broken": ("cannot be read as {word}", "não pode ser lido como {word}"),
    "document_too_long": ("more than {limit} pages", "mais de {limit} páginas"),
    "document_changed": (
        "has changed while it was read",
        "mudou enquanto era lido",
    ),
    "document_column": (
        "no column with the questions and answers: {word}",
        "falta a coluna com as perguntas e respostas: {word}",
    ),
    "document_row": (
        "not one of our lines: {word}",
        "não é uma linha das nossas: {word}",
    ),
    "document_over": (
        "has expired: its last day was {word}",
        "venceu: o último dia foi {word}",
    ),
    "document_partly_over": (
        "{number} of its entries have expired, the last one on {word}",
        "{number} das suas entradas venceram, a última em {word}",
    ),
    "document_day": (
        "{word!r} is no day until which it holds",
        "{word!r} não é um dia até o qual ele vale",
    ),
}

DOCUMENT_HINTS: Mapping[str, tuple[str, str]] = {
    "document_link": (
        "copy the file there instead of linking to it",
        "copie o arquivo para lá em vez de fazer um atalho",
    ),
    "document_linked_folder": (
        "put the files themselves there",
        "ponha ali os próprios arquivos",
    ),
    "documents_too_many": (
        "put several into one file: a CSV or JSONL holds many entries",
        "junte vários num arquivo: um CSV ou JSONL comporta muitas entradas",
    ),
    "documents_too_deep": ("move it further up", "traga-a mais para cima"),
    "document_too_big": (
        "split it, or save the PDF without pictures",
        "divida-o, ou salve o PDF sem as imagens",
    ),
    "document_name": ("rename it", "renomeie"),
    "tenant_called_knowledge": (
        "give the tenant another name",
        "dê outro nome ao tenant",
    ),
    "document_encrypted": (
        "save it without a password",
        "salve-o sem senha",
    ),
    "document_scanned": (
        "it was scanned: run text recognition (OCR) over it, or write the text down",
        "ele foi digitalizado: passe um reconhecimento de texto (OCR), ou escreva o texto",
    ),
    "document_empty": (
        "write something into it, or delete it",
        "escreva algo nele, ou apague-o",
    ),
    "document_broken": (
        "open it and save it again in that format",
        "abra-o e salve de novo nesse formato",
    ),
    "document_too_long": ("split it", "divida-o"),
    "document_changed": ("try again", "tente de novo"),
    "document_column": (
        "call them pergunta and resposta, or question and answer",
        "chame-as de pergunta e resposta, ou question e answer",
    ),
    "document_row": (
        'write {{"question": "…", "answer": "…"}} or {{"title": "…", "text": "…"}}, one a line',
        'escreva {{"question": "…", "answer": "…"}} ou {{"title": "…", "text": "…"}}, um por linha',
    ),
    "document_over": (
        "renew it or delete it: customers are told nothing of it any more",
        "renove-o ou apague-o: nada dele é dito aos clientes",
    ),
    "document_partly_over": (
        "renew or delete them: customers are told nothing of them any more",
        "renove-as ou apague-as: nada delas é dito aos clientes",
    ),
    "document_day": (
        "write the day as 2026-12-31 or 31/12/2026",
        "escreva o dia como 2026-12-31 ou 31/12/2026",
    ),
}

DOCUMENT_ASKED: Mapping[str, tuple[str, str]] = {
    "rename_document": (
        "rename it to {word} if it is meant",
        "renomeie para {word} se for para ler",
    ),
    "save_as": (
        "save it as PDF or text; one of: {choices}",
        "salve como PDF ou texto; um destes: {choices}",
    ),
    "make_tenant_file": (
        "make config/domains/{word}.yaml or rename the folder",
        "crie config/domains/{word}.yaml ou mude o nome da pasta",
    ),
}
"""Hints of documents that name something; whoever reports the fault asks for them."""
