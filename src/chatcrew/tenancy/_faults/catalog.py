"""Every sentence this package says about a fault, in English and in Brazilian Portuguese."""

from collections.abc import Mapping

from chatcrew.tenancy._faults.crew_sentences import CREW_MESSAGES
from chatcrew.tenancy._faults.document_sentences import DOCUMENT_MESSAGES
from chatcrew.tenancy._faults.hints import HINTS, WORDS
from chatcrew.tenancy._faults.limit_sentences import LIMIT_MESSAGES
from chatcrew.tenancy._faults.lint_sentences import LINT_MESSAGES
from chatcrew.tenancy._faults.people_sentences import PEOPLE_MESSAGES
from chatcrew.tenancy._faults.syntax import SYNTAX_MESSAGES
from chatcrew.tenancy._faults.tool_sentences import TOOL_MESSAGES

LANGUAGES = ("en", "pt-BR")

MESSAGES: Mapping[str, tuple[str, str]] = {
    # reading
    "unreadable_file": ("cannot be read: {reason}", "não pode ser lido: {reason}"),
    "no_such_folder": ("there is no such folder", "essa pasta não existe"),
    "file_too_big": ("larger than {limit} KiB", "maior que {limit} KiB"),
    "not_utf8": ("not UTF-8 text", "não é texto em UTF-8"),
    "odd_character": (
        "character U+{number} is not allowed in YAML",
        "o caractere U+{number} não é permitido em YAML",
    ),
    "duplicate_key": ("key {key!r} stands twice", "a chave {key!r} aparece duas vezes"),
    "odd_key": ("a key must be one word or number", "uma chave precisa ser uma palavra ou número"),
    "merge_key": ("merge keys (<<) are not read", "chaves de fusão (<<) não são lidas"),
    "odd_tag": ("tags (!...) are not read", "marcas (!...) não são lidas"),
    "unknown_alias": (
        "an alias (*...) without its anchor (&...) before it",
        "um apelido (*...) sem sua âncora (&...) antes dele",
    ),
    "second_document": ("a second document (---) begins", "um segundo documento (---) começa"),
    "too_deep": ("nested deeper than {limit} levels", "mais de {limit} níveis de profundidade"),
    "too_many_values": (
        "more than {limit} values once aliases are expanded",
        "mais de {limit} valores depois de expandir os apelidos (aliases)",
    ),
    "not_a_map": ("expected a map, found {found}", "esperava um mapa, encontrei {found}"),
    # shapes
    "unknown_key": ("unknown key {key!r}", "chave desconhecida {key!r}"),
    "missing_key": ("key {key!r} is missing", "falta a chave {key!r}"),
    "wrong_type": ("expected {expected}, found {found}", "esperava {expected}, encontrei {found}"),
    "odd_number": (
        "no number to reckon with: infinite, undefined or far too large",
        "não é um número com que se possa contar: infinito, indefinido ou grande demais",
    ),
    "empty_text": ("the text is empty", "o texto está vazio"),
    "text_too_long": ("longer than {limit} characters", "mais de {limit} caracteres"),
    "empty_list": ("the list is empty", "a lista está vazia"),
    "list_too_long": ("more than {limit} items", "mais de {limit} itens"),
    "out_of_range": ("must be {relation} {limit}", "precisa ser {relation} {limit}"),
    "unknown_word": ("unknown value {word!r}", "valor desconhecido {word!r}"),
    "bad_name": (
        "{word!r} is not a name: use a-z, 0-9 and _, beginning with a letter",
        "{word!r} não é um nome: use a-z, 0-9 e _, começando por letra",
    ),
    "bad_label": (
        "{word!r} is not a label: use letters, digits, - and _ (at most 63)",
        "{word!r} não é um rótulo: use letras, dígitos, - e _ (até 63)",
    ),
    "bad_tenant": (
        "{word!r} is not a tenant: write domain/name, as under config/domains",
        "{word!r} não é um tenant: escreva dominio/nome, como em config/domains",
    ),
    "bad_tag": (
        "{word!r} is no label: Chatwoot takes letters, digits, _ and -, no spaces",
        "{word!r} não serve de etiqueta: o Chatwoot aceita letras, dígitos, _ e -, sem espaços",
    ),
    "bad_inbox": (
        '{word!r} is not an inbox id: write Chatwoot\'s number, such as "31"',
        '{word!r} não é o id de uma caixa de entrada: escreva o número do Chatwoot, como "31"',
    ),
    "invalid": ("not valid: {problem}", "não é válido: {problem}"),
    # mapping
    "empty_mapping": (
        "the mapping is empty: no account, no bot",
        "o mapeamento está vazio: nenhuma conta, nenhum bot",
    ),
    "no_accounts": ("no account is mapped", "nenhuma conta está mapeada"),
    "no_bots": ("no account has a bot", "nenhuma conta tem um bot"),
    "bad_version": ("version must be 1", "version precisa ser 1"),
    "unknown_tenant": ("unknown tenant {word!r}", "tenant desconhecido {word!r}"),
    "unknown_channel": ("unknown channel {word!r}", "canal desconhecido {word!r}"),
    "unknown_crew": ("unknown crew {word!r}", "crew desconhecida {word!r}"),
    "no_tenant": ("no tenant for this inbox", "nenhum tenant para esta caixa de entrada"),
    "no_route": (
        "nothing leads to a tenant: no inboxes, no tenant here and no default",
        "nada leva a um tenant: sem inboxes, sem tenant aqui e sem default",
    ),
    "bot_twice": (
        "bot {word!r} stands in account {other!r} too",
        "o bot {word!r} também está na conta {other!r}",
    ),
    "bot_id_twice": (
        "agent_bot_id {number} belongs to bot {other!r} already",
        "o agent_bot_id {number} já é do bot {other!r}",
    ),
    "account_twice": (
        "account {number} at {url} is account {other!r} already",
        "a conta {number} em {url} já é a conta {other!r}",
    ),
    "inbox_twice": (
        "inbox {number} at {url} stands in account {other!r} too",
        "a caixa {number} em {url} também está na conta {other!r}",
    ),
    "bad_base_url": (
        "base_url must be http:// or https:// with a host, nothing after the path",
        "base_url precisa ser http:// ou https:// com um endereço, sem nada depois do caminho",
    ),
    "base_url_credentials": (
        "base_url must not hold a user name or password",
        "base_url não pode conter usuário nem senha",
    ),
    "path_token_needed": (
        "signature {word!r} needs a path_token",
        "signature {word!r} exige um path_token",
    ),
    "secrets_needed": (
        "signature {word!r} needs at least one secret",
        "signature {word!r} exige ao menos um segredo",
    ),
    "unmapped_inbox_secret": (
        "inbox {word!r} is not among this account's inboxes",
        "a caixa {word!r} não está entre as caixas desta conta",
    ),
    "literal_secret": (
        "a secret must be a reference, its value does not belong here",
        "um segredo precisa ser uma referência, o valor não deve ficar aqui",
    ),
    "secret_env_missing": (
        "environment variable of {reference!r} is not set",
        "a variável de ambiente de {reference!r} não está definida",
    ),
    "secret_empty": ("{reference!r} is empty", "{reference!r} está vazio"),
    "secret_unreadable": (
        "{reference!r} cannot be read: {reason}",
        "{reference!r} não pode ser lido: {reason}",
    ),
    # models
    "bad_model": (
        "{word!r} is no name of a model: use letters, digits and . _ : / @ + -",
        "{word!r} não é nome de modelo: use letras, dígitos e . _ : / @ + -",
    ),
    "bad_day": (
        "not a day such as 2026-11-05 (year-month-day)",
        "não é um dia como 2026-11-05 (ano-mês-dia)",
    ),
    "default_provider": (
        "'default' is the provider of OPENAI_BASE_URL and OPENAI_API_KEY",
        "'default' é o provedor de OPENAI_BASE_URL e OPENAI_API_KEY",
    ),
    "unknown_provider": ("unknown provider {word!r}", "provedor desconhecido {word!r}"),
    "unknown_model": (
        "model {word!r} is not among models",
        "o modelo {word!r} não está em models",
    ),
    "own_fallback": (
        "model {word!r} cannot stand in for itself",
        "o modelo {word!r} não pode substituir a si mesmo",
    ),
    # domains
    "no_tenants": ("no tenant file under this folder", "nenhum arquivo de tenant nesta pasta"),
    "yml_file": (
        "is not read: rename it to {word}",
        "não é lido: renomeie para {word}",
    ),
    "unknown_file": ("unknown file {word!r}", "arquivo desconhecido {word!r}"),
    "bad_file_name": (
        "file or folder name {word!r} must be a-z, 0-9, - and _",
        "o nome de arquivo ou pasta {word!r} precisa ser a-z, 0-9, - e _",
    ),
    "tenant_incomplete": (
        "{key} is missing, here and in _base.yaml",
        "falta {key}, aqui e em _base.yaml",
    ),
    "unknown_timezone": ("unknown time zone {word!r}", "fuso horário desconhecido {word!r}"),
    "unknown_function": ("unknown function {word!r}", "função desconhecida {word!r}"),
    "default_function_missing": (
        "default_function {word!r} is not among this tenant's functions",
        "default_function {word!r} não está entre as funções deste tenant",
    ),
    "unknown_tool": ("unknown tool {word!r}", "ferramenta desconhecida {word!r}"),
    "unknown_text": ("unknown text {word!r}", "texto desconhecido {word!r}"),
    "language_not_listed": (
        "language is {language}, which languages does not list",
        "language é {language}, que não está na lista languages",
    ),
    "text_without_language": (
        "text {word!r} has no words in {language}, this tenant's language",
        "o texto {word!r} não tem palavras em {language}, a língua deste tenant",
    ),
    "bad_slot": ("{word!r} is not an opening time", "{word!r} não é um horário de atendimento"),
    "question_twice": (
        "question {word!r} stands at line {line_before} already",
        "a pergunta {word!r} já está na linha {line_before}",
    ),
    "until_before_from": (
        "until lies before from: the rule never holds",
        "until é antes de from: a regra nunca vale",
    ),
    "stop_before_start": (
        "stop lies before start: the experiment never runs",
        "stop é antes de start: o experimento nunca vale",
    ),
    "plan_twice": (
        "plan {word!r} stands at line {line_before} already",
        "o plano {word!r} já está na linha {line_before}",
    ),
    "recommended_twice": (
        "only one plan can be recommended; line {line_before} has one already",
        "só um plano pode ser recomendado; a linha {line_before} já tem um",
    ),
    "intent_twice": ("intent {word!r} stands twice", "a intenção {word!r} aparece duas vezes"),
    "phrase_twice": (
        "phrase {word!r} belongs to intent {other!r} already",
        "a frase {word!r} já é da intenção {other!r}",
    ),
    "phrase_says_nothing": (
        "phrase {word!r} has no letter or digit",
        "a frase {word!r} não tem letra nem dígito",
    ),
    "intent_needs_replies": (
        "action 'reply' needs at least one text under replies",
        "a ação 'reply' precisa de ao menos um texto em replies",
    ),
    "intent_needs_route": (
        "action 'route' needs the key route",
        "a ação 'route' precisa da chave route",
    ),
    "route_not_wanted": (
        "route only goes with action 'route', not {word!r}",
        "route só combina com a ação 'route', não com {word!r}",
    ),
    "replies_not_wanted": (
        "with action 'crew' the crew words the answer, not replies",
        "com a ação 'crew' quem escreve a resposta é a crew, não replies",
    ),
    "slots_of_whole": (
        "intent {word!r} asks with slots, which goes with wishes, not with whole: true",
        "a intenção {word!r} pergunta com slots, o que combina com pedidos, não com whole: true",
    ),
    "slot_twice": ("slot {word!r} stands twice", "o slot {word!r} aparece duas vezes"),
    "slot_kinds": (
        "slot {word!r} is {kind!r} here and {other!r} in another intent: give it another name",
        "o slot {word!r} é {kind!r} aqui e {other!r} em outra intenção: dê outro nome a este",
    ),
    "keyword_twice": (
        "keyword {word!r} belongs to intent {other!r} already",
        "a palavra-chave {word!r} já é da intenção {other!r}",
    ),
    "unknown_placeholder": (
        "nobody fills the placeholder {{{word}}}",
        "ninguém preenche o espaço {{{word}}}",
    ),
    # conversation tests
    "tests_without_tenant": (
        "conversation tests of {word!r}, which has no file",
        "testes de conversa de {word!r}, que não tem arquivo",
    ),
    "conversation_twice": (
        "conversation {word!r} stands at line {line_before} already",
        "a conversa {word!r} já está na linha {line_before}",
    ),
    "conversation_failed": (
        "conversation test {word!r} fails: wanted {kind} {expected!r}, got {got!r}",
        "o teste de conversa {word!r} falha: esperava {kind} {expected!r}, veio {got!r}",
    ),
    "unknown_intent": ("unknown intent {word!r}", "intenção desconhecida {word!r}"),
    **CREW_MESSAGES,
    **DOCUMENT_MESSAGES,
    **LIMIT_MESSAGES,
    **LINT_MESSAGES,
    **PEOPLE_MESSAGES,
    **SYNTAX_MESSAGES,
    **TOOL_MESSAGES,
}


def sentence(key: str, *, language: str, values: Mapping[str, object]) -> str:
    """Return the message or hint ``key`` in ``language`` with its values filled in.

    Raises:
        KeyError: no such sentence, or a value is missing.
    """
    english, portuguese = MESSAGES[key] if key in MESSAGES else HINTS[key]
    if language == "en":
        return english.format(**values)
    translated = {
        name: WORDS.get(value, value) if isinstance(value, str) and name in _TRANSLATED else value
        for name, value in values.items()
    }
    return portuguese.format(**translated)


_TRANSLATED = ("expected", "found", "relation", "reason")
