"""Nothing invented leaves: prices, links, e-mails, phones must stand in a source (S3-116)."""

import pytest

from chatcrew.hub.grounding import has_secret, unfounded

SOURCE = (
    "A consulta custa R$ 350,00 e o retorno em 30 dias é grátis. Desconto de 10% no Pix. "
    "Site: https://varizemed.example.com/agendar · contato@varizemed.example.com · (81) 3333-4444. "
    "Tratamento completo a partir de R$ 1.500."
)


@pytest.mark.parametrize(
    "reply",
    [
        "A consulta custa R$ 350,00.",
        "Custa R$350 a consulta.",
        "São 350 reais.",
        "A partir de R$ 1.500,00 o tratamento.",
        "A partir de R$ 1500.",
        "A partir de 1,5 mil reais.".replace("1,5 mil", "1.500"),
        "No Pix tem 10% de desconto.",
        "Agende em https://varizemed.example.com/agendar.",
        "Agende em varizemed.example.com/agendar",
        "Escreva para contato@varizemed.example.com!",
        "Ligue para (81) 3333-4444.",
        "Ligue para 81 33334444.",
        "Atendemos das 8h às 18h, dias 12 e 13/10.",
        "O exame dura 30 minutos.",
    ],
)
def test_a_figure_or_address_that_stands_in_a_source_passes(reply: str) -> None:
    """The same figure in another Portuguese or English spelling is the same figure."""
    assert unfounded(reply, sources=[SOURCE]) == []


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("A consulta custa R$ 35,00.", "price"),
        ("A consulta custa R$ 3.500.", "price"),
        ("Sai por 300 reais.", "price"),
        ("Fica em 2 mil reais.", "price"),
        ("Temos 15% de desconto.", "percent"),
        ("Veja https://varizemed.example.com/promo", "link"),
        ("Veja http://evil.example.net/agendar", "link"),
        ("Veja varizemed-promo.com.br", "link"),
        ("Escreva para vendas@varizemed.example.com", "email"),
        ("Ligue para (81) 9999-4444.", "phone"),
    ],
)
def test_an_invented_figure_or_address_is_found(reply: str, kind: str) -> None:
    """Each kind of invention is named, so that the note can say why people got the conversation."""
    assert [claim.kind for claim in unfounded(reply, sources=[SOURCE])] == [kind]


def test_without_any_source_every_price_is_unfounded() -> None:
    """An empty knowledge base backs nothing."""
    assert unfounded("Custa R$ 1,00", sources=[])


@pytest.mark.parametrize(
    "text",
    [
        "chave sk-abcdefghijklmnopqrstuvwx",
        "AKIAABCDEFGHIJKLMNOP",
        "-----BEGIN RSA PRIVATE KEY-----",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.c2lnbmF0dXJlMTIz",
    ],
)
def test_something_shaped_like_a_credential_is_seen(text: str) -> None:
    """A model that repeats a key must not repeat it to a customer."""
    assert has_secret(text)


def test_plain_portuguese_holds_no_secret() -> None:
    """Long words and hyphens are no credentials."""
    assert not has_secret(
        "A escleroterapia-com-espuma-densa-guiada é otorrinolaringologicamente ok"
    )
