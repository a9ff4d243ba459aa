"""What keeps us from going on until a person has acted, with the way out, in two languages."""

from collections.abc import Mapping

from chatcrew.errors import ChatcrewError, ChatwootError
from chatcrew.provision.upstream import in_words

_SENTENCES: Mapping[str, tuple[str, str]] = {
    "not_administrator": (
        "o token não é de um administrador de {name!r}: só administradores criam bots; pegue o "
        "token de um em Configurações do perfil → Token de acesso",
        "the token is not an administrator's of {name!r}: only administrators create bots; take "
        "one's under Profile settings → Access token",
    ),
    "not_in_account": (
        "o dono do token não faz parte da conta {number}: peça um convite ou use outra conta",
        "the token's owner is not in account {number}: ask for an invitation or take another",
    ),
    "no_account": (
        "o dono do token não está em conta nenhuma",
        "the token's owner is in no account",
    ),
    "which_account": (
        "o token abre várias contas: escolha com --account: {choices}",
        "the token opens several accounts: choose one with --account: {choices}",
    ),
    "which_inboxes": (
        "diga em quais caixas o bot responde: --inbox NÚMERO (várias vezes) ou --all-inboxes; "
        "há: {choices}",
        "say in which inboxes the bot answers: --inbox ID (several times) or --all-inboxes; "
        "there are: {choices}",
    ),
    "which_tenant": (
        "diga de que negócio são as caixas: --tenant; há: {choices}",
        "say whose inboxes these are: --tenant; there are: {choices}",
    ),
    "which_channel": (
        "não sei que canal é a caixa {inbox}: diga com --inbox {inbox}=whatsapp (ou outro canal)",
        "I do not know the channel of inbox {inbox}: say it with --inbox {inbox}=whatsapp (or "
        "another channel)",
    ),
    "bad_inbox": (
        "--inbox {word!r} não é NÚMERO nem NÚMERO=canal",
        "--inbox {word!r} is neither ID nor ID=channel",
    ),
    "no_such_inbox": (
        "a caixa {inbox} não existe nesta conta; há: {choices}",
        "inbox {inbox} does not exist in this account; there are: {choices}",
    ),
    "inbox_taken": (
        "a caixa {inbox} ({name}) já tem o bot {other!r}, e o Chatwoot troca sem perguntar: use "
        "--replace se é isso mesmo",
        "inbox {inbox} ({name}) has the bot {other!r} already, and Chatwoot replaces without "
        "asking: say --replace if that is meant",
    ),
    "bot_label_taken": (
        "o rótulo de bot {bot!r} já é da conta {other!r}: escolha outro com --bot",
        "the bot label {bot!r} belongs to account {other!r}: choose another with --bot",
    ),
    "bad_label": (
        "{word!r} não serve de rótulo: letras, números, - e _, começando por letra ou número",
        "{word!r} cannot be a label: letters, digits, - and _, beginning with a letter or digit",
    ),
    "no_bot_token": (
        "o Chatwoot não mostrou o token do bot {name!r}: bots do sistema pedem o super admin",
        "Chatwoot did not show the token of bot {name!r}: system bots need the super admin",
    ),
    "bad_url": (
        "{what} precisa ser http(s)://servidor, sem usuário, senha, ? nem #",
        "{what} has to be http(s)://server, without user, password, ? or #",
    ),
    "needed": ("falta {what}", "{what} is missing"),
    "token_reference": (
        "o token não pode estar na linha de comando: diga --token env:NOME ou file:CAMINHO, ou "
        "deixe de fora para digitar sem eco",
        "the token must not stand on the command line: say --token env:NAME or file:PATH, or "
        "leave it out to type it unseen",
    ),
    "token_unread": (
        "a referência {reference} não leva a um token",
        "the reference {reference} leads to no token",
    ),
    "not_reloaded": (
        "quem responde na porta {port} desta máquina não conhece o bot {bot!r}: se é o chatcrew "
        "run, ele lê outro mapeamento (confira CHATCREW_MAPPING e chatcrew doctor) ou precisa ser "
        "reiniciado; se é outro programa, termine-o ou mude CHATCREW_PORT. As caixas ainda não "
        "foram ligadas: depois rode connect de novo",
        "what answers on port {port} of this machine does not know bot {bot!r}: if it is chatcrew "
        "run, it reads another mapping (see CHATCREW_MAPPING and chatcrew doctor) or has to be "
        "restarted; if it is another program, end it or change CHATCREW_PORT. The inboxes are not "
        "connected yet: run connect again then",
    ),
    "demo_answers": (
        "na porta {port} desta máquina responde a demonstração (chatcrew demo ou chat), não o "
        "servidor: termine-a com Ctrl-C e rode connect de novo, ou escolha outra porta com "
        "CHATCREW_PORT",
        "on port {port} of this machine the demo answers (chatcrew demo or chat) and not the "
        "server: end it with Ctrl-C and run connect again, or choose another port with "
        "CHATCREW_PORT",
    ),
    "no_such_tenant": (
        "o negócio {tenant!r} não existe em config/domains; há: {choices}; um novo se faz com "
        "chatcrew new-domain",
        "there is no business {tenant!r} in config/domains; there are: {choices}; chatcrew "
        "new-domain makes a new one",
    ),
    "no_such_channel": (
        "--inbox {inbox}={channel}: canal desconhecido; há: {choices}",
        "--inbox {inbox}={channel}: unknown channel; there are: {choices}",
    ),
    "not_proven": (
        "nenhuma entrega chegou em {seconds:.0f} s. Confira: {url} abre a partir do Chatwoot? O "
        "proxy repassa o corpo sem mexer? Depois rode connect de novo",
        "no delivery came within {seconds:.0f} s. See: does {url} open from Chatwoot's side? Does "
        "the proxy leave the body alone? Then run connect again",
    ),
    "not_proven_private": (
        "nenhuma entrega chegou em {seconds:.0f} s, e {url} é de rede privada: desde a 4.14 o "
        "Chatwoot recusa isso sem SAFE_FETCH_ALLOW_PRIVATE_NETWORK=true (no web e no Sidekiq). "
        "Arrume e rode connect de novo",
        "no delivery came within {seconds:.0f} s, and {url} is in a private network: since 4.14 "
        "Chatwoot refuses that without SAFE_FETCH_ALLOW_PRIVATE_NETWORK=true (on web and "
        "Sidekiq). Mend it and run connect again",
    ),
    "bad_delivery": (
        "chegou uma entrega, mas foi recusada: {kind}. signature_mismatch: o segredo guardado não "
        "é o do Chatwoot (rode connect de novo); timestamp_stale: acerte os relógios",
        "a delivery came and was refused: {kind}. signature_mismatch: the stored secret is not "
        "Chatwoot's (run connect again); timestamp_stale: set the clocks right",
    ),
    "unauthorized": (
        "o Chatwoot não aceita o token ({reason}): confira o token em Configurações do perfil; se "
        "está certo, um proxy pode estar tirando o cabeçalho",
        "Chatwoot does not accept the token ({reason}): see Profile settings; if it is right, a "
        "proxy may drop the header",
    ),
    "limited": (
        "o Chatwoot limita as chamadas desta máquina (429): espere {seconds:.0f} s; para tirar o "
        "limite, ponha o IP em RACK_ATTACK_ALLOWED_IPS no Chatwoot",
        "Chatwoot limits the calls of this machine (429): wait {seconds:.0f} s; to lift the limit "
        "put its IP into Chatwoot's RACK_ATTACK_ALLOWED_IPS",
    ),
    "unreachable": (
        "o Chatwoot não responde em {url} ({reason}): confira o endereço e a rede e rode de novo",
        "Chatwoot does not answer at {url} ({reason}): see address and network and run it again",
    ),
    "refused": (
        "o Chatwoot em {url} recusou: {reason}",
        "Chatwoot at {url} refused: {reason}",
    ),
    "disk": (
        "não foi possível escrever {path}: {reason}",
        "cannot write {path}: {reason}",
    ),
    "unknown_account": (
        "conta {word!r} não está no mapeamento; há: {choices}",
        "account {word!r} is not in the mapping; there are: {choices}",
    ),
    "no_user_token": (
        "a conta {account!r} não tem user_token no mapeamento, e sem ele não se vê a lista de "
        "caixas: chatcrew connect o guarda",
        "account {account!r} has no user_token in the mapping, and without it inboxes cannot be "
        "listed: chatcrew connect stores it",
    ),
    "user_token_unread": (
        "a referência de user_token da conta {account!r} não leva a nada daqui: veja chatcrew "
        "check",
        "the user_token reference of account {account!r} leads nowhere from here: see chatcrew "
        "check",
    ),
    "bad_conversation": (
        "{word!r} não é CONTA/NÚMERO, como acme/17",
        "{word!r} is not ACCOUNT/NUMBER, such as acme/17",
    ),
    "no_records": (
        "os registros não podem ser lidos: {reason}",
        "the records cannot be read: {reason}",
    ),
}

_AWAY = {
    *("unreachable", "limited", "not_reloaded", "demo_answers"),
    *("not_proven", "not_proven_private", "no_records"),
}


class Refusal(ChatcrewError):
    """Something a person has to see to; ``str()`` is English.

    Args:
        code: which sentence says it.
        values: what it is filled with, a pair where it differs by language; never a secret.
    """

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(_filled(code, values, 1))
        self.code = code
        self.values = values

    @property
    def exit_code(self) -> int:
        """1 where something is away, 2 where the admin has to act."""
        return 1 if self.code in _AWAY else 2

    def render(self, language: str) -> str:
        """Return what is wrong and the way out in ``pt-BR`` or ``en``."""
        return _filled(self.code, self.values, 0 if language == "pt-BR" else 1)


def _filled(code: str, values: Mapping[str, object], index: int) -> str:
    chosen = {key: one[index] if isinstance(one, tuple) else one for key, one in values.items()}
    return _SENTENCES[code][index].format(**chosen)


def refusal_of(error: ChatwootError, *, url: str) -> Refusal:
    """Return what Chatwoot's error means for the person who waits; the URL holds no secret."""
    if error.status == 429:
        return Refusal("limited", seconds=error.retry_after or 60.0)
    if error.status == 401:
        return Refusal("unauthorized", reason=in_words(str(error)))
    if error.status is None or error.status >= 500:
        return Refusal("unreachable", url=url, reason=in_words(str(error)))
    return Refusal("refused", url=url, reason=in_words(str(error)))
