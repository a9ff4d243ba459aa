"""Nothing invented leaves: prices, links, e-mails, phones must stand in a source (S3-116)."""

import time

import pytest

from chatcrew.hub.claims import Sources
from chatcrew.hub.grounding import has_secret

SOURCE = (
    "Atendemos de segunda a sexta, das 8h às 18h. O exame dura 30 minutos, em 13/10/2026. "
    "A consulta custa R$ 350,00 e o retorno em 30 dias é grátis. Desconto de 10% no Pix. "
    "Site: https://varizemed.example.com/agendar · contato@varizemed.example.com · (81) 3333-4444. "
    "Tratamento completo a partir de R$ 1.500, em até 6 vezes sem juros."
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
        "Atendemos das 8h às 18h, também no dia 13/10.",
        "O exame dura 30 minutos.",
        "São trezentos e cinquenta reais.",
        "Dez por cento no Pix.",
        "De 350 a 1.500 reais.",
        "Entre R$ 350 – 1.500.",
        "Parcelamos em até 6x sem juros.",
        "Ligue para +55 81 3333-4444.",
        "Esperamos você em 13-10-2026, às 8h.",
        "De 2019 - 2023 foi assim.",
        "Fica tudo bem.Me avise quando vier.",
    ],
)
def test_a_figure_or_address_that_stands_in_a_source_passes(reply: str) -> None:
    """The same figure in another Portuguese or English spelling is the same figure."""
    assert Sources(own=(SOURCE,)).unfounded(reply) == []


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
        ("São trezentos reais.", "price"),
        ("De 350 a 900 reais.", "price"),
        ("De 100 a 350 reais.", "price"),
        ("R$ 350 a 900, conforme o caso.", "price"),
        ("Fica em 6x de 35.", "price"),
        ("Fica em 10x de R$ 350.", "instalments"),
        ("Só 199,90 à vista.", "price"),
        ("US$ 350 a consulta.", "price"),
        ("Parcelamos em até 12x.", "instalments"),
        ("Temos cinquenta por cento de desconto.", "percent"),
        ("Veja promo.xyz", "link"),
        ("Ligue para +55 81 9999-4444.", "phone"),
    ],
)
def test_an_invented_figure_or_address_is_found(reply: str, kind: str) -> None:
    """Each kind of invention is named, so that the note can say why people got the conversation."""
    assert [claim.kind for claim in Sources(own=(SOURCE,)).unfounded(reply)] == [kind]


@pytest.mark.parametrize(
    "odd",
    [
        "a" * 20_000,
        "a." * 10_000,
        "1" * 20_000,
        "um e " * 4_000,
        "R$ 1 a " * 3_000,
        "das 8 às " * 2_000,
        "Kit A " * 3_000,
        "1, " * 6_000,
        "segunda a " * 2_000,
        "Rua A, " * 3_000,
        "1) " * 6_000,
        "(81) " * 4_000,
        "dia 1 e 2 e " * 2_000,
        "não " * 5_000,
        "a.1." * 5_000,
    ],
)
def test_a_model_that_runs_wild_does_not_stop_the_server(odd: str) -> None:
    """Reading takes time in proportion to the length: it is done on the event loop."""
    started = time.process_time()
    Sources(own=(SOURCE,)).unfounded(odd)

    assert time.process_time() - started < 0.5


def test_digits_of_two_sources_are_no_phone_number_together() -> None:
    """Prices and times that follow each other by chance back no number."""
    assert Sources(own=("sala 1234", "ramal 5678")).unfounded("Ligue para 1234-5678.")


def test_without_any_source_every_price_is_unfounded() -> None:
    """An empty knowledge base backs nothing."""
    assert Sources().unfounded("Custa R$ 1,00")


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
