"""The report: what a business's knowledge says twice, in two ways, or no longer."""

from datetime import date

import pytest

from chatcrew.knowledge import MemoryKnowledge
from chatcrew.knowledge._report import Kind, Said, figures, report
from chatcrew.tenancy.model import Faq

TODAY = date(2026, 11, 21)


def kinds(*said: Said) -> list[tuple[Kind, str]]:
    """Return kind and detail of each remark."""
    return [(one.kind, one.detail) for one in report(said, today=TODAY)]


def test_two_prices_for_one_thing_contradict() -> None:
    """The admin learns where both stand and what they say."""
    one = Said("a.md:3", "Quanto custa a consulta?", "A consulta custa R$ 250,00.")
    other = Said("b.md:9", "Preço da consulta: quanto custa", "O valor é R$ 280.")

    found = report([one, other], today=TODAY)

    assert [(one.kind, one.sources) for one in found] == [
        (Kind.CONTRADICTION, ("a.md:3", "b.md:9"))
    ]
    assert found[0].detail == "price: R$ 250 / R$ 280"


def test_the_same_question_about_two_things_is_no_contradiction() -> None:
    """Issue 5: a report that cries wolf is not read; "testa oleosa" makes no oily skin of it."""
    one = Said("a:1", "O que vocês indicam para pele oleosa?", "O Kit Oleosa, R$ 189,90, da pele.")
    two = Said("a:9", "O que vocês indicam para pele mista?", "O Kit Mista, R$ 199,90: oleosa.")

    assert kinds(one, two) == []


def test_prices_are_shown_as_they_are_written() -> None:
    """An admin looks for R$ 1.189,90, not for its cents."""
    one = Said("a:1", "Preço do kit de verão", "Sai por R$ 1.189,90.")
    two = Said("b:1", "Preço do kit de verão", "Sai por R$ 1.199,00.")

    assert kinds(one, two) == [(Kind.CONTRADICTION, "price: R$ 1189,90 / R$ 1199")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A entrega leva 3 dias úteis.", "A entrega leva 5 dias úteis."),
        ("Desconto de 10% no Pix.", "Desconto de 15 por cento no Pix."),
        ("A loja abre às 9h.", "A loja abre às 10:00."),
        ("A promoção da loja vai até 30/11.", "A promoção da loja vai até 15/12."),
    ],
)
def test_days_percentages_hours_and_dates_contradict_too(one: str, other: str) -> None:
    """Whatever figure differs where the words are the same."""
    assert [kind for kind, _ in kinds(Said("a:1", "A", one), Said("b:1", "B", other))] == [
        Kind.CONTRADICTION
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A consulta custa R$ 250,00.", "A consulta custa 250 reais."),
        ("A loja abre às 9h.", "A loja abre às 9:00."),
        ("Abrimos às 8h e fechamos às 18h.", "Abrimos às 8h."),
        ("O corte custa R$ 50.", "A tintura de mechas sai por R$ 90."),
    ],
)
def test_the_same_figure_written_in_two_ways_is_no_contradiction(one: str, other: str) -> None:
    """Nor is one that says less, nor one about another thing."""
    found = kinds(Said("a:1", "A", one), Said("b:1", "B", other))
    assert Kind.CONTRADICTION not in [kind for kind, _ in found]


def test_what_is_said_twice_is_told() -> None:
    """One of the two will be forgotten when it changes."""
    text = "Aceitamos Pix, boleto e cartão de crédito."
    assert kinds(Said("a:1", "Pagar", text), Said("b:1", "Formas", text)) == [(Kind.DUPLICATE, "")]


def test_what_has_expired_and_what_soon_will_is_told_with_its_day() -> None:
    """The last day itself still holds."""
    found = kinds(
        Said("a:1", "Natal", "Panetone.", date(2026, 11, 20)),
        Said("b:1", "Verão", "Sorvete.", date(2026, 11, 21)),
        Said("c:1", "Páscoa", "Ovos.", date(2027, 3, 1)),
    )
    assert found == [(Kind.EXPIRED, "2026-11-20"), (Kind.EXPIRES_SOON, "2026-11-21")]


def test_figures_have_one_spelling() -> None:
    """Money, hours and percentages are compared as what they mean."""
    assert figures("R$ 1.250,00 ou 12,5 %, das 08:00 às 18h30")["price"] == {"R$ 1250"}
    assert figures("das 08:00 às 18h30")["hours"] == {"8h", "18h30"}
    assert figures("sem números") == {}


async def test_configured_answers_are_reported_on_as_well() -> None:
    """A version without documents has entries only."""
    knowledge = MemoryKnowledge()
    entries = [
        Faq("Quanto custa o corte?", "R$ 50.", (), ("shop.yaml", 3)),
        Faq("Quanto custa um corte?", "R$ 60.", (), ("shop.yaml", 9)),
    ]
    await knowledge.sync("shop/a", entries, version="1")

    found = await knowledge.report("shop/a", version="1", today=TODAY)

    assert [one.sources for one in found] == [("shop.yaml:3", "shop.yaml:9")]
    assert await knowledge.report("shop/a", version="2", today=TODAY) == []


def test_other_products_do_not_contradict_each_other() -> None:
    """Rows of one price table, and questions about two things, may name two prices."""
    apart = [
        Said("p.csv:2", "preços", "produto: Kit Seca; preço: R$ 209,90; uso: manhã e noite"),
        Said("p.csv:3", "preços", "produto: Kit Mista; preço: R$ 199,90; uso: manhã e noite"),
        Said("a.yaml:4", "Quanto custa o Clube Broto?", "Clube Broto: R$ 69,90 por mês."),
        Said("a.yaml:9", "Quanto custa o Clube Flor?", "Clube Flor: R$ 119,90 por mês."),
    ]
    same = [
        Said("p.csv:2", "preços", "produto: Kit Seca; preço: R$ 209,90; uso: manhã e noite"),
        Said("q.csv:2", "promo", "produto: kit seca; preço: R$ 199,90; uso: manhã e noite"),
    ]

    assert report(apart, today=date(2026, 11, 21)) == []
    (found,) = report(same, today=date(2026, 11, 21))
    assert found.sources == ("p.csv:2", "q.csv:2")
