"""What an admin can do about a fault, in English and in Brazilian Portuguese."""

from collections.abc import Mapping

from chatcrew.tenancy._faults.document_sentences import DOCUMENT_ASKED, DOCUMENT_HINTS
from chatcrew.tenancy._faults.limit_sentences import LIMIT_ASKED
from chatcrew.tenancy._faults.people_sentences import PEOPLE_HINTS
from chatcrew.tenancy._faults.tool_sentences import TOOL_HINTS

_ASKED: Mapping[str, tuple[str, str]] = {
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
    "type_space": (
        "delete the space at the beginning of the line and type it anew",
        "apague o espaço do começo da linha e digite de novo",
    ),
    "single_quotes": (
        "put the text in 'single quotes'",
        "ponha o texto entre 'aspas simples'",
    ),
    "close_quote": (
        "close it with the same sign; a text with an apostrophe goes in double quotes",
        "feche com o mesmo sinal; um texto com apóstrofo fica entre aspas duplas",
    ),
    "close_bracket": ("close it, or put the text in quotes", "feche-o, ou ponha o texto em aspas"),
    "quote_whole": ('put the whole text in "quotes"', 'ponha o texto todo entre "aspas"'),
    "other_quotes": (
        "put the whole text in quotes of the other kind: '\"yes\" is the answer'",
        "ponha o texto todo entre aspas do outro tipo: '\"sim\" é a resposta'",
    ),
    "write_space": ("write a space there: key: value", "escreva ali um espaço: chave: valor"),
    "write_colon": ("write a colon there: key: value", "escreva ali dois-pontos: chave: valor"),
    "key_or_text": (
        "write key: value; where a text goes on, the line is indented more than its key",
        "escreva chave: valor; a continuação de um texto fica mais recuada que a chave dele",
    ),
    "align": (
        "let it begin under the keys of its own level, with spaces",
        "comece-a embaixo das chaves do mesmo nível, com espaços",
    ),
    "value_there": (
        "write the value; one that begins with # goes in quotes",
        "escreva o valor; se ele começa com #, ponha entre aspas",
    ),
    "list_form": (
        "write it as a list: [one, another]",
        "escreva como lista: [um, outro]",
    ),
    "dash_form": (
        "begin each of its lines with '- '",
        "comece cada linha dela com '- '",
    ),
    "text_form": (
        "write one text, without [ ] and without '- ' before it",
        "escreva um só texto, sem [ ] e sem '- ' antes",
    ),
    "map_form": (
        "write key: value lines, indented below it",
        "escreva linhas chave: valor, recuadas embaixo",
    ),
    "decimal_point": (
        "write the number with a point: 0.{key}",
        "escreva o número com ponto: 0.{key}",
    ),
    "unquote_it": ("write the number without quotes", "escreva o número sem aspas"),
    "number_form": (
        "digits only, such as 30, or 0.8 with a point",
        "só algarismos, como 30, ou 0.8 com ponto",
    ),
    "true_or_false": (
        "write true or false, without quotes",
        "escreva true (sim) ou false (não), sem aspas",
    ),
    "name_manager": (
        "write manager_agent: a role of agents.yaml, or manager_llm: a model",
        "escreva manager_agent: um papel do agents.yaml, ou manager_llm: um modelo",
    ),
    "name_somebody": (
        "give a task an agent, or write coworkers: [role]",
        "dê um agent a uma tarefa, ou escreva coworkers: [papel]",
    ),
    "none_there": (
        "there is none: see that its file is in the folder and not empty",
        "não há nenhum aqui: veja se o arquivo está na pasta e não está vazio",
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
        "write 'mon 08:00-12:00' or 'mon-fri 14:00-18:00': days in the week's order, times from "
        "00:00 to 23:59, the end after the beginning",
        "escreva 'seg 08:00-12:00' ou 'seg-sex 14:00-18:00': dias na ordem da semana, horas de "
        "00:00 a 23:59, o fim depois do começo",
    ),
    "iana": ("such as America/Sao_Paulo", "como America/Sao_Paulo"),
    "new_day": (
        "look at the provider's page and write the day into as_of",
        "confira na página do provedor e ponha o dia em as_of",
    ),
    "play_it": (
        "chatcrew test {tenant} shows what the customer read",
        "chatcrew test {tenant} mostra o que o cliente leu",
    ),
}

_PLAIN: Mapping[str, tuple[str, str]] = {
    "odd_character": ("delete it and type it anew", "apague e digite de novo"),
    "odd_tag": (
        "put a text that begins with ! in quotes; files are joined by extends and _base.yaml only",
        "ponha entre aspas um texto que começa com !; só extends e _base.yaml juntam arquivos",
    ),
    "merge_key": ("write its keys out here", "escreva as chaves dele aqui"),
    "second_document": ("give it a file of its own", "ponha-o em um arquivo só dele"),
    "odd_key": ('put it in "quotes"', 'ponha entre "aspas"'),
    "empty_text": ("write a text or delete the key", "escreva um texto ou apague a chave"),
    "empty_list": ("write an item or delete the key", "escreva um item ou apague a chave"),
    "bad_base_url": ("such as https://desk.example.com", "como https://desk.example.com"),
    "base_url_credentials": (
        "write the address alone; token and api_key are keys of their own",
        "escreva só o endereço; token e api_key são outras chaves",
    ),
    "bot_id_twice": (
        "each bot has its own number in Chatwoot",
        "cada bot tem seu número no Chatwoot",
    ),
    "bot_twice": ("give one of them another label", "dê outro rótulo a um deles"),
    "account_twice": (
        "write both under one label",
        "escreva as duas sob um só rótulo",
    ),
    "inbox_twice": (
        "delete it where it does not belong: an inbox is in one account",
        "apague onde não é o lugar: uma caixa é de uma só conta",
    ),
    "path_token_needed": ("add path_token: env:NAME", "acrescente path_token: env:NOME"),
    "secrets_needed": (
        "add secrets: {{agent_bot: [env:NAME]}}",
        "acrescente secrets: {{agent_bot: [env:NOME]}}",
    ),
    "extends_cycle": ("delete extends in one of them", "apague extends em um deles"),
    "message_not_last": (
        "move it to the end of the text",
        "passe para o fim do texto",
    ),
    "wait_below_quiet": ("raise max_wait or lower quiet", "aumente max_wait ou diminua quiet"),
    "stop_before_start": ("change one of the two days", "troque um dos dois dias"),
    "until_before_from": ("change one of the two days", "troque um dos dois dias"),
    "plan_twice": ("keep one of the two", "deixe só um dos dois"),
    "recommended_twice": (
        "delete recommended from all plans but one",
        "apague recommended de todos os planos menos um",
    ),
    "question_twice": (
        "keep one; other wordings go under also",
        "deixe uma; outras maneiras de perguntar vão em also",
    ),
    "intent_twice": ("keep one and join their phrases", "deixe uma e junte as frases"),
    "keyword_twice": (
        "keep it in one of them, or make it a phrase",
        "deixe-a em uma delas, ou faça dela uma frase (phrases)",
    ),
    "phrase_twice": ("keep it in one of them", "deixe-a em uma delas"),
    "conversation_twice": ("give one of them another name", "dê outro nome a uma delas"),
    "tests_without_tenant": (
        "rename the file after its tenant",
        "dê ao arquivo o nome do tenant",
    ),
    "model_twice": ("write model", "escreva model"),
    "button_leads_nowhere": (
        "give its intent replies, or write a faq entry that asks so",
        "dê replies à intenção dele, ou escreva uma pergunta igual em faq",
    ),
    "example_left": (
        "write the business's own: customers read it",
        "escreva o do negócio: é o que o cliente lê",
    ),
    "curly_quotes": (
        'write straight quotes, "so", or none',
        'escreva aspas retas, "assim", ou nenhuma',
    ),
    "odd_time": ("such as 9h, 18h30 or 09:00", "como 9h, 18h30 ou 09:00"),
    "closes_first": (
        "exchange them, or say that it is the next day",
        "troque os dois, ou diga que é no dia seguinte",
    ),
    **DOCUMENT_HINTS,
    **PEOPLE_HINTS,
}
"""The way out of what is always mended alike, by the fault's own code."""

HINTS: Mapping[str, tuple[str, str]] = {
    **_ASKED,
    **DOCUMENT_ASKED,
    **LIMIT_ASKED,
    **{f"{code}_hint": said for code, said in {**_PLAIN, **TOOL_HINTS}.items()},
}
USUAL: Mapping[str, str] = {code: f"{code}_hint" for code in (*_PLAIN, *TOOL_HINTS)}
"""The hint of a fault for which nobody gives one."""

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
