"""What this package says about tools in YAML, in English and in Brazilian Portuguese."""

from collections.abc import Mapping

TOOL_MESSAGES: Mapping[str, tuple[str, str]] = {
    "bad_duration": (
        "{word!r} is not a length of time (write 90m, 12h or 7d)",
        "{word!r} não é uma duração (escreva 90m, 12h ou 7d)",
    ),
    "bad_attribute": (
        "{word!r} is not the key of an attribute (letters, digits, _ and -, as in Chatwoot)",
        "{word!r} não é a chave de um atributo (letras, dígitos, _ e -, como no Chatwoot)",
    ),
    "bad_header": (
        "{word!r} is not the name of a header (letters, digits and -)",
        "{word!r} não é o nome de um cabeçalho (letras, dígitos e -)",
    ),
    "tool_twice": ("tool {word!r} stands twice", "a ferramenta {word!r} aparece duas vezes"),
    "tool_is_taken": (
        "{word!r} is a tool that comes with chatcrew",
        "{word!r} é uma ferramenta que já vem com o chatcrew",
    ),
    "tool_key_unwanted": (
        "{key} does not go with use: {use}",
        "{key} não combina com use: {use}",
    ),
    "tool_address": (
        "not an address: http:// or https://, a host written out, no user name or password",
        "não é um endereço: http:// ou https://, o host por extenso, sem usuário nem senha",
    ),
    "tool_private": (
        "the host is on a private network",
        "o host está em uma rede privada",
    ),
    "tool_never": (
        "this address is never reached: a cloud tells its keys there",
        "esse endereço nunca é acessado: ali uma nuvem conta as suas chaves",
    ),
    "tool_reads": (
        "{key} goes with what acts, and method GET only reads",
        "{key} combina com o que age, e o método GET só lê",
    ),
    "tool_cached": (
        "what acts is never answered by a cache",
        "o que age nunca é respondido por um cache",
    ),
    "tool_unasked": (
        "approval goes with what acts, and once: false says that it does not",
        "approval combina com o que age, e once: false diz que não age",
    ),
    "tool_optional": (
        "{word!r} stands in the address, so it cannot be required: false",
        "{word!r} está no endereço, por isso não pode ser required: false",
    ),
    "tool_secret": (
        "this looks like a key, and here it would be written in clear",
        "isto parece uma chave, e aqui ela ficaria à vista",
    ),
    "tool_auth": (
        "auth takes one way: bearer, or user and password, or header and value",
        "auth aceita um jeito: bearer, ou user e password, ou header e value",
    ),
    "tool_sql": (
        "only one SELECT (or WITH … SELECT) is run, without ';'",
        "só roda um SELECT (ou WITH … SELECT), sem ';'",
    ),
    "unknown_database": ("unknown database {word!r}", "banco desconhecido {word!r}"),
}

TOOL_HINTS: Mapping[str, tuple[str, str]] = {
    "tool_private": (
        "if it is yours, write trusted: true",
        "se ele é seu, escreva trusted: true",
    ),
    "tool_is_taken": ("give it another name", "dê outro nome"),
    "tool_twice": ("give it another name", "dê outro nome"),
    "tool_secret": (
        "write it under auth, as env:NAME or file:/path; change the value, it may have been seen",
        "escreva em auth, como env:NOME ou file:/caminho; troque o valor, ele pode ter sido visto",
    ),
    "unknown_database": (
        "name it under databases: with its dsn",
        "declare-o em databases: com o dsn",
    ),
    "tool_cached": ("take cache away", "tire o cache"),
}
