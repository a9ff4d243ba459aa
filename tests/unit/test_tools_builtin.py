"""Our own tools: search, handoff, and opening times that promise no booking."""

from dataclasses import replace
from datetime import UTC, datetime

import orjson
import pytest

from chatcrew.app.configuration import sync_knowledge
from chatcrew.ids import ConversationId
from chatcrew.knowledge import MemoryKnowledge
from chatcrew.messages import Handoff, ToolResult
from chatcrew.tenancy.model import Faq, Persona, Professional, Tenant
from chatcrew.testing import ManualClock
from chatcrew.tools import ToolContext, builtin_catalogue

HELENA = Professional(
    "Dra. Helena Prado",
    "Angiologia",
    ("varizes", "pernas inchadas"),
    ("mon 08:00-12:00", "wed 14:00-18:00"),
)
CAIO = Professional("Dr. Caio Menezes", "Angiologia", ("trombose",), ("tue 08:00-12:00",))
RAFAEL = Professional("Dr. Rafael Tanaka", "Ecografia vascular", ("doppler",), ())

# Monday, 23 November 2026, 10:30 in São Paulo (UTC-3)
MONDAY = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)


def tenant(
    language: str = "pt-BR", people: tuple[Professional, ...] = (HELENA, CAIO, RAFAEL)
) -> Tenant:
    """Return a clinic."""
    return Tenant(
        key="health/x",
        language=language,
        timezone="America/Sao_Paulo",
        persona=Persona("Clara", "Clínica X", "calmo"),
        professionals=people,
    )


def turn(now: datetime = MONDAY, who: Tenant | None = None) -> ToolContext:
    """Return the context of one turn."""
    return ToolContext(
        tenant=who or tenant(),
        conversation=ConversationId("acme", "acme-bot", 7),
        knowledge=MemoryKnowledge(),
        clock=ManualClock(now),
        budget=5.0,
    )


async def call(name: str, context: ToolContext, **arguments: object) -> ToolResult:
    """Call a built-in tool as a model would."""
    return await builtin_catalogue().call(name, orjson.dumps(arguments).decode(), context)


async def test_opening_times_are_those_of_the_next_seven_days_in_the_tenants_zone() -> None:
    """Times come from the weekly ones, in local time, nearest first, the past ones left out."""
    result = await call("available_slots", turn(), specialty="angiologia")

    assert result.ok
    assert (
        "- Dra. Helena Prado (Angiologia): segunda 23/11 10:30–12:00; quarta 25/11 14:00–18:00"
        in (result.text)
    )
    assert "- Dr. Caio Menezes (Angiologia): terça 24/11 08:00–12:00" in result.text
    assert "Rafael" not in result.text


async def test_opening_times_never_promise_a_booking() -> None:
    """The text says that these are not vacancies and that a person confirms (honesty)."""
    for language, words in (("pt-BR", "não vagas confirmadas"), ("en", "not confirmed vacancies")):
        result = await call("available_slots", turn(who=tenant(language)))
        assert words in result.text


async def test_a_time_that_is_over_today_is_offered_next_week_only() -> None:
    """At noon Monday morning is past; with seven days the next Monday is not in view."""
    noon = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    result = await call("available_slots", turn(noon), professional="Helena")

    assert "segunda" not in result.text
    assert "quarta 25/11" in result.text


async def test_the_day_is_the_tenants_and_not_the_servers() -> None:
    """At 01:00 UTC on Tuesday it is still Monday evening in São Paulo."""
    late = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    result = await call("available_slots", turn(late), professional="Dr. Caio")

    assert "a partir de 23/11/2026" in result.text
    assert "terça 24/11 08:00–12:00" in result.text


@pytest.mark.parametrize("asked", ["varizes", "Tenho VARIZES", "pernas inchadas"])
async def test_a_complaint_leads_to_its_specialtys_professional(asked: str) -> None:
    """Varizes finds the angiologist who treats them (S2-36)."""
    result = await call("available_slots", turn(), specialty=asked)
    assert "Dra. Helena Prado" in result.text


@pytest.mark.parametrize(
    ("from_date", "day"),
    [
        ("2026-12-01", "01/12/2026"),
        ("1/12", "01/12/2026"),
        ("2026-01-01", "23/11/2026"),
        ("5/1", "05/01/2027"),
        ("2026-12-01T10:00:00", "01/12/2026"),
    ],
)
async def test_the_first_day_is_read_in_both_notations(from_date: str, day: str) -> None:
    """ISO or Brazilian, a day without a year is the next such day, never before today."""
    result = await call("available_slots", turn(), from_date=from_date)
    assert f"a partir de {day}" in result.text


@pytest.mark.parametrize("from_date", ["amanhã", "2026-13-01", "31/02", "2030-01-01"])
async def test_a_day_that_cannot_be_read_or_is_too_far_is_said(from_date: str) -> None:
    """The model is told the form and the bound."""
    result = await call("available_slots", turn(), from_date=from_date)
    assert not result.ok
    assert "AAAA-MM-DD" in result.text


async def test_an_unknown_specialty_is_answered_with_the_known_ones() -> None:
    """No professional is made up for what the clinic does not do."""
    result = await call("available_slots", turn(), specialty="cardiologia")
    assert not result.ok
    assert "Dra. Helena Prado (Angiologia)" in result.text


async def test_a_professional_without_times_and_a_tenant_without_people_are_said() -> None:
    """Nothing is invented where nothing is configured."""
    assert "sem horário" in (await call("available_slots", turn(), specialty="doppler")).text
    empty = await call("available_slots", turn(who=tenant(people=())))
    assert not empty.ok
    assert "handoff" in empty.text


async def test_search_gives_the_entry_and_keeps_it_for_the_grounding_check() -> None:
    """The model reads the fact of the turn's own version, and the turn knows where it stands."""
    entry = Faq("Quanto custa a consulta?", "R$ 350.", ("preço",), ("x.yaml", 12))
    context = turn(who=replace(tenant(), faq=(entry,)))
    dearer = replace(context.tenant, faq=(replace(entry, answer="R$ 400."),))
    await sync_knowledge(context.knowledge, [context.tenant, dearer])

    for question in ("qual o preço?", "qual o preço da consulta?"):
        result = await call("search_knowledge", context, query=question)

    assert result == ToolResult(ok=True, text="1. Quanto custa a consulta?\nR$ 350.")
    assert [passage.source for passage in context.passages] == ["x.yaml:12"]


async def test_search_that_finds_nothing_says_not_to_invent() -> None:
    """Nothing found is an answer too, and tells the model what not to do."""
    context = turn()
    result = await call("search_knowledge", context, query="botox")
    assert result.ok
    assert "Não invente" in result.text
    assert context.passages == []


async def test_handoff_leaves_reason_and_summary_for_the_turn() -> None:
    """The tool only marks; the turn says it, notes it and opens the conversation (S3-66)."""
    context = turn()
    result = await call("handoff", context, reason="scheduling", summary="Quer quarta à tarde.")
    assert result.ok
    assert context.handoff == Handoff("scheduling", "Quer quarta à tarde.")


async def test_a_reason_of_the_models_own_never_stops_a_handoff() -> None:
    """Reasons are few for metrics; what the model wrote goes into the note."""
    context = turn()
    await call("handoff", context, reason="cliente bravo", summary="Esperou muito.")
    assert context.handoff == Handoff("other", "cliente bravo: Esperou muito.")
