"""One step of setting up, as it is planned, done and said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

State = Literal["planned", "done", "there", "warning"]
"""``there``: nothing had to be done."""

_SENTENCES: Mapping[str, tuple[str, str]] = {
    "create_bot": (
        "criar o bot {name!r} no Chatwoot, endereço {url}",
        "create the agent bot {name!r} in Chatwoot, address {url}",
    ),
    "bot": ("o bot {name!r} (número {id})", "the agent bot {name!r} (id {id})"),
    "bot_url": (
        "apontar o bot {id} para {url} (era {old})",
        "point agent bot {id} to {url} (it was {old})",
    ),
    "secret": (
        "guardar {what} em {path} (só o dono lê)",
        "store {what} in {path} (its owner alone reads it)",
    ),
    "webhook": (
        "criar o webhook da conta para {url}: {events}",
        "create the account webhook to {url}: {events}",
    ),
    "webhook_update": (
        "atualizar o webhook {id} da conta: {url}: {events}",
        "update account webhook {id}: {url}: {events}",
    ),
    "tab": ("a aba {title!r} nas conversas", "the tab {title!r} in conversations"),
    "tab_url": (
        "apontar a aba {title!r} ({id}) para este servidor",
        "point the tab {title!r} ({id}) to this server",
    ),
    "no_apps": (
        "este Chatwoot não deixou criar a aba (dashboard apps): siga sem ela",
        "this Chatwoot did not let us make the tab (dashboard apps): go on without it",
    ),
    "webhook_there": ("o webhook {id} da conta", "account webhook {id}"),
    "mapping": ("escrever {path}", "write {path}"),
    "backup": ("a versão anterior está em {path}", "the version before is in {path}"),
    "unread": (
        "a referência {reference} não pôde ser lida daqui: confira se o servidor a lê",
        "the reference {reference} cannot be read from here: see that the server can",
    ),
    "no_server": (
        "nenhum chatcrew responde nesta máquina: até ele subir (chatcrew run), o que os clientes "
        "escreverem nestas caixas vai para as pessoas",
        "no chatcrew answers on this machine: until it runs (chatcrew run), what customers write "
        "in these inboxes goes to people",
    ),
    "server": (
        "o servidor desta máquina conhece o bot {bot!r}",
        "the server of this machine knows bot {bot!r}",
    ),
    "connect_inbox": (
        "ligar o bot à caixa {inbox} ({name})",
        "connect the bot to inbox {inbox} ({name})",
    ),
    "replace_bot": (
        "ligar o bot à caixa {inbox} ({name}) no lugar do bot {other!r}",
        "connect the bot to inbox {inbox} ({name}) in place of bot {other!r}",
    ),
    "proof": (
        "provar: gravar o atributo chatcrew_connect numa conversa e esperar a entrega por até "
        "{seconds:.0f} s",
        "prove it: set the attribute chatcrew_connect on a conversation and wait up to "
        "{seconds:.0f} s for the delivery",
    ),
    "proven": (
        "o Chatwoot entregou e a assinatura confere: {seen}",
        "Chatwoot delivered and the signature is right: {seen}",
    ),
    "no_conversation": (
        "não há conversa nestas caixas para provar a entrega: escreva uma mensagem de teste e "
        "rode chatcrew doctor",
        "there is no conversation in these inboxes to prove a delivery with: write a test message "
        "and run chatcrew doctor",
    ),
    "public_http": (
        "o endereço público {url} é http: o que os clientes escrevem viaja sem cifra; ponha um "
        "proxy com TLS na frente e use https://",
        "the public address {url} is http: what customers write travels in the clear; put a proxy "
        "with TLS in front and use https://",
    ),
    "plain_http": (
        "o endereço do Chatwoot é http: o token viaja sem cifra",
        "Chatwoot's address is http: the token travels in the clear",
    ),
}

_SEEN = {
    "port": ("a entrega chegou à porta", "the delivery came to the port"),
    "records": ("o servidor a registrou", "the server has it in its records"),
}

_WHAT = {
    "token": ("o token do bot", "the bot's token"),
    "secret": ("o segredo do bot", "the bot's secret"),
    "account_secret": ("o segredo do webhook da conta", "the account webhook's secret"),
    "path_token": ("o token do endereço", "the address token"),
    "inbox_secret": ("o segredo da caixa {inbox}", "the secret of inbox {inbox}"),
    "user": ("o token do usuário", "the user's token"),
    "tab": ("o token da aba", "the tab's token"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done, or was.

    Attributes:
        code: which sentence says it.
        state: whether it is planned, done, was there, or is a warning.
        values: what the sentence is filled with; never a secret.
        diff: lines of a unified diff, for the mapping.
    """

    code: str
    state: State
    values: Mapping[str, object] = field(default_factory=dict)
    diff: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether it changes something."""
        return self.state in ("planned", "done") and self.code not in ("proven", "server", "backup")

    def render(self, language: str) -> str:
        """Return the step as one line in ``pt-BR`` or ``en``."""
        index = 0 if language == "pt-BR" else 1
        values = dict(self.values)
        if "what" in values:
            values["what"] = _WHAT[str(values["what"])][index].format(**self.values)
        if "how" in values:
            values["seen"] = _SEEN[str(values["how"])][index]
        return _SENTENCES[self.code][index].format(**values)


Tell = Callable[[Step], None]
"""Told of each step once it is done."""
