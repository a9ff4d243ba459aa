"""What an admin can do about a fault, in English and in Brazilian Portuguese."""

from collections.abc import Mapping

HINTS: Mapping[str, tuple[str, str]] = {
    "did_you_mean": ("did you mean {suggestion!r}?", "você quis dizer {suggestion!r}?"),
    "one_of": ("one of: {choices}", "um destes: {choices}"),
    "save_utf8": ("save the file as UTF-8", "salve o arquivo em UTF-8"),
    "use_spaces": ("indent with spaces, not tabs", "recue com espaços, não com tabulação"),
    "check_quotes": (
        'put text that holds : # ? , [ ] {{ }} or begins with @ % ` * & ! in "quotes"',
        'ponha entre "aspas" um texto que contenha : # ? , [ ] {{ }} ou comece com @ % ` * & !',
    ),
    "check_indent": (
        "see how far this line and the ones above are indented, and that quotes and brackets are "
        "closed",
        "veja o recuo desta linha e das de cima, e se aspas e colchetes foram fechados",
    ),
    "unquote_it": ("write the number without quotes", "escreva o número sem aspas"),
    "number_form": (
        "digits only, such as 30, or 0.8 with a point",
        "só algarismos, como 30, ou 0.8 com ponto",
    ),
    "true_or_false": (
        "write true or false, without quotes",
        "escreva true ou false (sim ou não), sem aspas",
    ),
    "keep_one": ("keep one of the two", "deixe só uma das duas"),
    "quote_it": ("put it in quotes to make it text", "ponha entre aspas para que seja texto"),
    "crewai_key": (
        "CrewAI knows it, chatcrew decides it elsewhere",
        "o CrewAI conhece essa chave, o chatcrew decide isso em outro lugar",
    ),
    "map_one": (
        "see the commented chatwoot_mapping.yaml that comes with chatcrew",
        "veja o chatwoot_mapping.yaml comentado que vem com o chatcrew",
    ),
    "reference_it": (
        "write env:NAME or file:/path; change the value, it may have been seen",
        "escreva env:NOME ou file:/caminho; troque o valor, ele pode ter sido visto",
    ),
    "stand_there": (
        "start in the folder that holds config and crews, or set CHATCREW_CONFIG_DIR and "
        "CHATCREW_CREWS_DIR",
        "rode na pasta onde estão config e crews, ou defina CHATCREW_CONFIG_DIR e "
        "CHATCREW_CREWS_DIR",
    ),
    "stand_here": (
        "start in the folder that holds it, or set CHATCREW_MAPPING",
        "rode na pasta onde ele está, ou defina CHATCREW_MAPPING",
    ),
    "set_it": (
        "set it for the process that runs chatcrew",
        "defina-a para o processo que roda o chatcrew",
    ),
    "name_it_else": (
        "give this one another name",
        "dê outro nome a este",
    ),
    "tenant_file": (
        "make config/domains/{word}.yaml or choose an existing one",
        "crie config/domains/{word}.yaml ou escolha um que exista",
    ),
    "give_tenant": (
        "give the inbox, its account or default a tenant",
        "dê um tenant à caixa, à conta ou ao default",
    ),
    "slot_form": (
        "write 'mon 08:00-12:00', 'mon-fri 14:00-18:00' or 'seg 08:00-12:00'",
        "escreva 'seg 08:00-12:00', 'seg-sex 14:00-18:00' ou 'mon 08:00-12:00'",
    ),
    "iana": ("such as America/Sao_Paulo", "como America/Sao_Paulo"),
}

WORDS: Mapping[str, str] = {
    "text": "texto",
    "a whole number": "um número inteiro",
    "a number": "um número",
    "true or false": "true ou false",
    "a list": "uma lista",
    "a map": "um mapa",
    "nothing": "nada",
    "at least": "no mínimo",
    "at most": "no máximo",
    "more than": "mais que",
    "less than": "menos que",
    "No such file or directory": "o arquivo não existe",
    "Permission denied": "sem permissão",
    "Is a directory": "é uma pasta",
}
"""The few words that are filled into sentences, English to Portuguese."""


def syntax_hint(problem: str, line: int | None, text: str) -> str:
    """Return the way out of what is most often behind one of libyaml's problems."""
    rows = text.splitlines()
    row = rows[line - 1] if line is not None and line <= len(rows) else ""
    if "\t" in row[: len(row) - len(row.lstrip())]:
        return "use_spaces"
    if "mapping values" in problem or "cannot start any token" in problem:
        return "check_quotes"
    return "check_indent"
