"""What a failed call to Chatwoot means, said for people instead of programmers."""

import re

_WORDS = re.compile(r"(?P<act>[\w ]+): (?:not reached|no answer) \((?P<kind>\w+)\)")
_STATUS = re.compile(r"(?P<act>[\w ]+): (?P<status>\d{3})(?:,? (?P<rest>.*))?", re.DOTALL)

_KINDS = {
    "ClientConnectorDNSError": ("o nome do servidor não existe", "there is no server of this name"),
    "ClientConnectorCertificateError": (
        "o certificado TLS dele não vale",
        "its TLS certificate is not valid",
    ),
    "ClientConnectorSSLError": ("ele não fala TLS", "it does not speak TLS"),
    "ClientConnectorError": ("ninguém escuta ali", "nobody listens there"),
    "ServerDisconnectedError": ("a conexão caiu", "the connection broke"),
}
_TOO_LATE = ("não respondeu a tempo", "it did not answer in time")
_NO_ANSWER = ("a conexão falhou", "the connection failed")


def in_words(message: str) -> tuple[str, str]:
    """Return what a ``ChatwootError``'s message means, in ``pt-BR`` and ``en``.

    What is not known stands as it is: it is Chatwoot's own word.
    """
    found = _WORDS.fullmatch(message)
    if found is not None:
        kind = found["kind"]
        return _KINDS.get(kind, _TOO_LATE if "Timeout" in kind else _NO_ANSWER)
    found = _STATUS.fullmatch(message)
    if found is None:
        return message, message
    return _answered(int(found["status"]), found["rest"] or "")


def _answered(status: int, rest: str) -> tuple[str, str]:
    """Return what an answer means that was none of those wished for."""
    if status == 404 and rest.startswith("this Chatwoot has no such route"):
        return (
            "ele responde 404: o endereço não é o de um Chatwoot, ou este Chatwoot é antigo demais",
            "it answers 404: the address is not a Chatwoot's, or this Chatwoot is too old",
        )
    if 300 <= status < 400:
        return (
            f"ele redireciona ({status}): use o endereço final, como aparece no navegador",
            f"it redirects ({status}): use the final address, as the browser shows it",
        )
    if rest == "without JSON":
        return (
            f"ele respondeu {status} com algo que não é do Chatwoot: pode ser a página de um proxy",
            f"it answered {status} with what is not Chatwoot's: it may be a proxy's page",
        )
    if status >= 500:
        return f"erro {status} do servidor", f"error {status} of the server"
    own = f": {rest}" if rest else ""
    return f"ele respondeu {status}{own}", f"it answered {status}{own}"
