"""What is one person's own: a professional's days, a customer's booking, a Pix key (S3-116)."""

from collections.abc import Mapping
from datetime import date

import pytest
from benchmarks._shipped import load_shipped

from chatcrew.hub import deeds, grounding
from chatcrew.tenancy import Tenant

FRIDAY = date(2026, 11, 20)
CLINIC, SHOP, SAAS, JOBS = "health/varizemed", "cosmetics/bella", "sales/timmy", "jobs/sophie"


@pytest.fixture(scope="module")
def tenants() -> Mapping[str, Tenant]:
    """The shipped businesses."""
    return load_shipped().configuration.tenants


@pytest.mark.parametrize(
    ("name", "reply", "kind"),
    [
        (CLINIC, "A Dra. Helena Prado atende às sextas.", "date"),
        (CLINIC, "O Dr. Rafael Tanaka atende aos sábados.", "date"),
        (CLINIC, "Às sextas quem atende é o Dr. Caio Menezes, de manhã.", "date"),
        (CLINIC, "Sua consulta está confirmada para segunda-feira, às 8h.", "date"),
        (CLINIC, "Pronto, marquei para você na quarta às 14h com a Dra. Helena Prado.", "date"),
        (CLINIC, "O laudo fica pronto amanhã.", "date"),
        (CLINIC, "Tem vaga na sexta, dia 27/11.", "date"),
        (CLINIC, "Hoje atendemos até 21 horas.", "hour"),
        (CLINIC, "Atendemos também a Amil e a NotreDame.", "name"),
        (CLINIC, "Sim, a Amil é aceita aqui.", "name"),
        (CLINIC, "Aceitamos todos os planos, inclusive Hapvida.", "name"),
        (CLINIC, "O valor é duzentos e noventa e nove.", "price"),
        (CLINIC, "Fica em torno de 2k.", "price"),
        (CLINIC, "A meia de compressão custa de R$ 180 a R$ 350.", "price"),
        (CLINIC, "Endolaser: R$ 900.", "price"),
        (CLINIC, "Laser transdérmico: a partir de R$ 250 por sessão.", "price"),
        (SHOP, "Seu pedido já saiu para entrega e chega hoje.", "date"),
        (SHOP, "No Pix o desconto é de 15%.", "percent"),
        (SHOP, "A chave Pix é 41955550131.", "phone"),
        (SHOP, "Assine o Clube Pétala por R$ 69,90 por mês.", "name"),
        (JOBS, "Fale com a Juliana Ramos no RH.", "name"),
    ],
)
def test_what_stands_somewhere_founds_nothing_that_is_somebodys_own(
    tenants: Mapping[str, Tenant], name: str, reply: str, kind: str
) -> None:
    """Issue 5: a day of the opening hours books no consultation; a phone is no Pix key."""
    found = grounding.of_tenant(tenants[name], day=FRIDAY).unfounded(reply)

    assert kind in {claim.kind for claim in found}, found


@pytest.mark.parametrize(
    ("name", "reply"),
    [
        (CLINIC, "Atendemos das 8 às 18h de segunda a sexta e das 8h às 12h no sábado."),
        (CLINIC, "Atendemos seg a sex das 8h às 18h e sábado das 8h às 12h."),
        (CLINIC, "Hoje, sexta-feira, 20 de novembro, a clínica fica aberta até 18 horas."),
        (CLINIC, "Na próxima segunda, dia 23, a Dra. Helena atende de manhã."),
        (CLINIC, "A Dra. Helena não atende às sextas; a Dra. Beatriz, sim."),
        (CLINIC, "O retorno, dentro de um mês, é gratuito."),
        (CLINIC, "Com o carimbo, o estacionamento fica R$ 15 por até duas horas."),
        (CLINIC, "Fale com a Dra. Helena Prado ou com a recepção pelo telefone (11) 5555-0120."),
        (SHOP, "O estorno no cartão aparece em 1 ou 2 faturas."),
        (SHOP, "No Pix você tem 5% de desconto, e o reembolso volta em 1 dia útil."),
        (SAAS, "Depois de confirmado o pagamento, o time atende de segunda a sexta."),
    ],
)
def test_what_the_business_wrote_passes_in_other_words(
    tenants: Mapping[str, Tenant], name: str, reply: str
) -> None:
    """Issue 5: right replies are refused in two of a hundred at most."""
    assert grounding.of_tenant(tenants[name], day=FRIDAY).unfounded(reply) == []


def test_a_booking_passes_where_a_tool_or_a_person_told_of_it(
    tenants: Mapping[str, Tenant],
) -> None:
    """What the reception wrote may be said again, also on a day on which nobody attends."""
    own = grounding.of_tenant(tenants[CLINIC], day=FRIDAY)
    told = grounding.Sources(own=own.own, earlier=("Ficou para sexta às 9h.",), day=FRIDAY)

    assert told.unfounded("Sua consulta está marcada para sexta às 9h.") == []


@pytest.mark.parametrize(
    ("reply", "results", "acts", "deed"),
    [
        ("Seu pedido foi cancelado.", (), False, True),
        ("Seu pedido foi cancelado.", (), True, True),
        ("Cancelei seu pedido.", (), True, True),
        ("Seu reembolso já foi aprovado!", (), False, True),
        ("Sua consulta está confirmada.", (), False, True),
        ("Seu pedido foi cancelado.", ("status: cancelado",), False, False),
        ("Atualizei seu cadastro.", (), True, False),
        ("Sua consulta está confirmada?", (), False, False),
        ("Depois que o pagamento foi confirmado, conte 3 dias úteis.", (), False, False),
        ("Se o pedido foi cancelado, o estorno sai sozinho.", (), False, False),
    ],
)
def test_what_nobody_did_is_not_said_to_be_done(
    reply: str, results: tuple[str, ...], acts: bool, deed: bool
) -> None:
    """A label put on a conversation is no licence to tell of a refund."""
    assert (deeds.claimed(reply, results=results, acts=acts) is not None) is deed
