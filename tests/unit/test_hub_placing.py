"""What customers read of when people go on: honest, and as people say it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chatcrew.hub.placing import moment, span, words
from chatcrew.hub.stages.first import comes_first
from chatcrew.ids import ConversationId
from chatcrew.messages import Placement, Wait
from chatcrew.tenancy.model import Opening, People, Persona, Route, Tenant

TENANT = Tenant("lojas/lia", "pt-BR", "America/Sao_Paulo", Persona("Lia", "Casa Lia", "claro"))
NOW = datetime(2026, 11, 25, 20, 15, tzinfo=ZoneInfo("America/Sao_Paulo"))


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-11-25T23:30+00:00", "hoje às 20:30"),
        ("2026-11-26T11:00+00:00", "amanhã às 08:00"),
        ("2026-11-30T11:00+00:00", "segunda-feira, 30/11, às 08:00"),
    ],
)
def test_the_next_opening_is_told_in_the_business_time_zone(at: str, said: str) -> None:
    """By today, tomorrow, or its day (S3-79)."""
    assert moment(datetime.fromisoformat(at), NOW, "pt-BR") == said


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "on Monday, 2026-11-30, at 08:00"), ("es", "el lunes 30/11 a las 08:00")],
)
def test_it_is_told_in_the_customers_language(language: str, said: str) -> None:
    """And in no form of a date that others read otherwise."""
    assert moment(datetime(2026, 11, 30, 11, tzinfo=UTC), NOW, language) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "1 minuto"),
        (61, "2 minutos"),
        (240, "5 minutos"),
        (2_701, "1 hora"),
        (3_601, "1 hora e 30 minutos"),
        (7_200, "2 horas"),
    ],
)
def test_a_wait_is_never_told_shorter_than_it_was(seconds: int, said: str) -> None:
    """Rounded up to what people say (N14)."""
    assert span(timedelta(seconds=seconds), "pt-BR") == said


def told(placement: Placement) -> str:
    """Return what the customer reads."""
    return words(placement, TENANT, language="pt-BR", now=NOW)


def test_only_what_is_known_is_said() -> None:
    """Figures where there are some, the opening where it is known, else nothing or no time."""
    opens = datetime(2026, 11, 26, 11, tzinfo=UTC)
    wait = Wait(timedelta(minutes=4), timedelta(minutes=18))

    assert told(Placement()) == ""
    assert "5 minutos" in told(Placement(wait=wait))
    assert "no máximo 20 minutos" in told(Placement(wait=wait))
    assert "volta amanhã às 08:00" in told(Placement(open_now=False, opens_at=opens))
    assert "volta" not in told(Placement(open_now=False)).split(";")[0]


def test_the_next_opening_is_left_to_chatwoot_where_its_inboxes_say_it() -> None:
    """One owner of out-of-office words: two would contradict each other (#9293)."""
    opening = Opening(out_of_office="chatwoot")
    tenant = replace(TENANT, people=People(opening=opening))
    closed = Placement(open_now=False, opens_at=datetime(2026, 11, 26, 11, tzinfo=UTC))

    assert words(closed, tenant, language="pt-BR", now=NOW) == ""
    assert words(closed, TENANT, language="pt-BR", now=NOW) != ""


def test_a_share_of_conversations_is_people_first_and_each_stays_so() -> None:
    """Thirty percent of them, always the same ones (S3-87)."""
    route = Route("lojas/lia", "whatsapp", "whatsapp", first="people", share=30)
    talks = [ConversationId("lia", "casa-bot", number) for number in range(4000)]

    first = [comes_first(route, talk) for talk in talks]

    assert first == [comes_first(route, talk) for talk in talks]
    assert 0.27 < first.count("people") / len(talks) < 0.33
    everybody = Route("lojas/lia", "whatsapp", "whatsapp", first="people")
    assert {comes_first(everybody, talk) for talk in talks} == {"people"}
    assert comes_first(Route("lojas/lia", "whatsapp", "whatsapp"), talks[0]) == "bot"
