"""What ``doctor`` finds is said as people say it."""

import pytest

from chatcrew.provision.findings import Finding


@pytest.mark.parametrize(
    ("ago", "language", "said"),
    [
        (7200.0, "pt-BR", "a última entrega foi há 2 h"),
        (None, "pt-BR", "houve atividade no Chatwoot há 5 min e nenhuma entrega chegou até hoje"),
        (None, "en", "something happened in Chatwoot 5 min ago and no delivery ever arrived"),
    ],
)
def test_deliveries_that_never_came_are_not_said_to_have_come_never_ago(
    ago: float | None, language: str, said: str
) -> None:
    """'A última entrega foi há nunca' is no Portuguese."""
    values = {"bot": "acme-bot", "activity": 300.0, "ago": ago}
    found = Finding("acme", "delivery", "fault", "deliveries_lost", values)

    assert said in found.render(language)
    assert "nunca" not in found.render(language)


def test_a_silent_chatwoot_is_told_without_our_own_calls() -> None:
    """The record keeps the technical words; the reader gets plain ones."""
    values = {
        "url": "https://chat.example.com",
        "reason": "version: not reached (ClientConnectorError)",
    }
    found = Finding("acme", "reach", "fault", "unreachable", values)

    assert "(ninguém escuta ali)" in found.render("pt-BR")
    assert "(nobody listens there)" in found.render("en")
    assert found.as_json()["values"]["reason"].startswith("version: ")
