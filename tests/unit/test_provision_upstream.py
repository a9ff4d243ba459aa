"""What Chatwoot's failures mean is said for people, in both languages (issue 4, connect)."""

import pytest

from chatcrew.provision.upstream import in_words


@pytest.mark.parametrize(
    ("message", "portuguese", "english"),
    [
        ("version: not reached (ClientConnectorError)", "ninguém escuta ali", "nobody listens"),
        (
            "version: not reached (ClientConnectorDNSError)",
            "o nome do servidor não existe",
            "there is no server of this name",
        ),
        ("agent bots: no answer (TimeoutError)", "não respondeu a tempo", "it did not answer"),
        ("version: no answer (ClientOSError)", "a conexão falhou", "the connection failed"),
        (
            "profile: 404, this Chatwoot has no such route or base_url is wrong",
            "o endereço não é o de um Chatwoot",
            "the address is not a Chatwoot's",
        ),
        (
            "profile: 301 redirect, so base_url is not Chatwoot's final address",
            "ele redireciona (301)",
            "it redirects (301)",
        ),
        ("profile: 200 without JSON", "a página de um proxy", "a proxy's page"),
        ("profile: 502", "erro 502 do servidor", "error 502 of the server"),
        ("profile: 422 Name is too long", "422: Name is too long", "422: Name is too long"),
        ("something else", "something else", "something else"),
    ],
)
def test_a_failure_is_said_in_plain_words(message: str, portuguese: str, english: str) -> None:
    """Neither a library's class nor the name of a call of ours; Chatwoot's own word stays."""
    said = in_words(message)

    assert portuguese in said[0]
    assert english in said[1]
