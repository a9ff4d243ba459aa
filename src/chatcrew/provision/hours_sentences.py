"""What ``doctor`` says of who answers outside of opening hours: one of two, never both (#9293)."""

from collections.abc import Mapping

HOURS: Mapping[str, tuple[str, str]] = {
    "out_of_office": (
        "caixa {inbox} ({name}): a mensagem de fora do expediente sai junto com a resposta do bot: "
        "desligue-a na caixa, ou escreva people.opening.out_of_office: chatwoot",
        "inbox {inbox} ({name}): the out-of-office message goes out beside the bot's answer: "
        "switch it off in the inbox, or write people.opening.out_of_office: chatwoot",
    ),
    "out_of_office_off": (
        "caixa {inbox} ({name}): people.opening.out_of_office deixa a mensagem de fora do "
        "expediente para o Chatwoot, e a caixa não tem nenhuma: ligue-a na caixa, ou tire a chave",
        "inbox {inbox} ({name}): people.opening.out_of_office leaves the out-of-office message to "
        "Chatwoot, and the inbox has none: switch it on in the inbox, or leave the key out",
    ),
}
