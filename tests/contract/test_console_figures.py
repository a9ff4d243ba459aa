"""Pages of figures: what they show is what is counted, and what their files hold (S2-19..25)."""

import json
import random
import re
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import insert
from tests.contract.analytics_rows import NOW, Records
from tests.contract.figures_console import OTHER, RATE, SHOP, figures_console
from tests.contract.recount import facts as script

from chatcrew.accounts import Role
from chatcrew.analytics import (
    Figures,
    PostgresFacts,
)
from chatcrew.app.figure_pages import pages_over
from chatcrew.budgets import LimitState
from chatcrew.database import Database
from chatcrew.database.schema import knowledge_gap, message
from chatcrew.database.transactions import transaction
from chatcrew.messages import Author, AuthorKind, Line, Person, line_to_json
from chatcrew.testing import ManualClock
from chatcrew.web.console import Page

SAID = (
    (Author(AuthorKind.CUSTOMER, 1, "Ana"), "=SOMA(A1) oi, cadê o meu pedido?"),
    (Author(AuthorKind.BOT), "Olá, Ana! Vou chamar alguém da equipe para ver isso com você."),
    (Author(AuthorKind.PERSON, 12, "Patrícia"), "<b>cliente antiga</b>, dar prioridade"),
)


class Limits:
    """Satisfies ``Budgets``: one shop has a limit of money that is nearly used up."""

    async def state(self, tenants=None):
        """See ``Budgets.state``."""
        month = LimitState(SHOP, "tenant", "money", "month", "BRL", 100.0, 82.5, forecast=131.0)
        return [one for one in [month] if tenants is None or one.tenant in tenants]


def pages(figures: Figures) -> Sequence[Page]:
    """Return the pages of the house over figures of a test."""
    return pages_over(figures, budgets=Limits(), exchange=lambda: RATE)


async def fill(database: Database) -> None:
    """Write three weeks of two shops, always the same."""
    records, chance = Records(database), random.Random(7)
    for number in range(1, 61):
        at = NOW - timedelta(hours=chance.randrange(30, 500))
        ends = chance.choice(
            [["replied"], ["replied", "replied"], ["replied", "slot:order:number"]]
        )
        given = chance.random() < 0.3
        await records.talk(
            number,
            at=at,
            turns=[*ends, "handed_off"] if given else ends,
            tenant=SHOP if number % 3 else OTHER,
            closed=at + timedelta(hours=1) if chance.random() < 0.6 else None,
            spoke=not given and chance.random() < 0.1,
            cost=chance.choice([None, 0.0123, 0.2, 0.00071]),
            rating=chance.choice([None, None, 1, 4, 5]),
            intent=chance.choice(["price", "hours", "wants_person", ""]),
            mood=chance.choice([-0.8, -0.1, 0.2, 0.7]),
            rungs=[
                {"name": "cache", "end": "nothing", "ms": chance.randrange(9)},
                {"name": "crew", "end": "answered", "ms": chance.randrange(400, 4000)},
            ],
            feedback=chance.choice([[], ["complaint"], ["generic", "asked"]]),
            variant=chance.choice(["tone/a", "tone/b"]),
            handoff=chance.choice(["customer_asked", "emergency"]) if given else "",
        )
    async with transaction(database) as run:
        for place, (author, text) in enumerate(SAID, 1):
            at = NOW - timedelta(minutes=10 - place)
            line = Line(place, author, text, at, private=author.name == "Patrícia")
            row = {"bot": "acme-bot", "number": 1, "message_id": place, "part": 0, "episode": 1}
            row |= {"private": line.private, "deleted": False, "line": line_to_json(line)}
            await run.execute(insert(message).values(**row))
        question = {"tenant": SHOP, "question": "vocês entregam em Fernando de Noronha?"}
        await run.execute(
            insert(knowledge_gap).values(
                **question, count=7, first_at=NOW - timedelta(days=9), last_at=NOW
            )
        )
    await PostgresFacts(database, ManualClock(NOW)).run(
        {SHOP: "America/Sao_Paulo", OTHER: "America/Sao_Paulo"}
    )


@pytest.fixture
async def shop(database: Database):
    """Give a console over three weeks of two shops."""
    await fill(database)
    async with figures_console(database, pages, zone="America/Sao_Paulo") as console:
        yield console


async def test_a_conversation_opens_with_its_words_and_who_looked_is_on_record(shop) -> None:
    """Escaped on the page, safe for spreadsheets in the file, noted before either (S2-23)."""
    listed = await shop.text("conversations?number=1")
    assert "/console/conversations/acme/acme-bot/1" in listed
    assert "/console/conversations/acme/acme-bot/2" not in listed
    assert [one.action for one in shop.book.deeds] == ["console.entered"]

    page = await shop.text("conversations/acme/acme-bot/1")
    assert "&lt;b&gt;cliente antiga&lt;/b&gt;" in page
    assert "passou para as pessoas" in page
    text = await shop.text("conversations/acme/acme-bot/1/transcript.csv")
    assert "'=SOMA(A1) oi" in text
    assert [row["text"] for row in script.rows(text) if row["text"]] == [words for _, words in SAID]
    lines = (await shop.text("conversations/acme/acme-bot/1/transcript.json")).splitlines()
    assert [json.loads(line)["text"] for line in lines][:3] == [words for _, words in SAID]
    deeds = [(one.action, one.target, one.person) for one in shop.book.deeds[1:]]
    person = Person(SHOP, "acme", 1)
    assert deeds == [
        ("conversation.viewed", "acme-bot/1", person),
        *[("conversation.exported", "acme-bot/1", person)] * 2,
    ]
    await shop.text("conversations/acme/acme-bot/999999999", status=404)
    await shop.text("conversations/nonsense", status=404)


async def test_files_hold_what_the_list_shows_and_nothing_of_other_shops(database) -> None:
    """Of one shop's viewer: its rows alone; no customers' names, no stranger (S2-05)."""
    await fill(database)
    async with figures_console(database, pages, role=Role.VIEWER, tenants=[SHOP]) as mine:
        sessions = script.rows(await mine.text("conversations/sessions.csv?ending=handed_off"))
        every = script.rows(await mine.text("exports/sessions.csv"))
        assert {row["tenant"] for row in every} == {SHOP}
        assert len(sessions) == sum(row["ending"] == "handed_off" for row in every) > 0
        turns = (await mine.text("exports/turns.json")).splitlines()
        assert {json.loads(line)["tenant"] for line in turns} == {SHOP}
        await mine.text("exports/users.csv", status=403)
        await mine.text("exports/nothing.csv", status=404)
        await mine.text("conversations/acme/acme-bot/3", status=404)
        gaps = await mine.text("gaps")
        assert "Fernando de Noronha" in gaps
        assert script.rows(await mine.text("gaps/gaps.csv"))[0]["asked"] == "7"
        deeds = [one.action for one in mine.book.deeds]
    assert deeds == ["console.entered"]
    async with figures_console(database, pages) as house:
        assert len(script.rows(await house.text("exports/users.csv"))) == 60
        assert [one.action for one in house.book.deeds] == ["console.entered", "users.exported"]


async def test_an_experiment_is_concluded_by_business_and_only_with_enough_data(shop) -> None:
    """Both arms of both shops, none of which has a hundred ended sessions (S2-41)."""
    sessions = script.rows(await shop.text("exports/sessions.csv"))
    wanted = Counter((row["tenant"], row["variant"][-1]) for row in sessions if row["ending"])
    rows = script.rows(await shop.text("experiments/variants.csv"))
    found = {(row["tenant"], row["variant"]): int(row["attended"]) for row in rows}
    assert found == wanted
    apart = script.rows(await shop.text("experiments/differences.csv"))
    assert {row["verdict"] for row in apart} == {"not_enough_data"}
    assert all(float(row["a_low"]) <= float(row["a"]) <= float(row["a_high"]) for row in apart)
    assert "dados de menos" in await shop.text("experiments")


async def test_an_empty_house_says_what_would_have_to_happen(database) -> None:
    """Each page of figures explains itself before anything was counted."""
    async with figures_console(database, pages) as console:
        for name in ("overview", "latency", "moods", "gaps", "compare", "experiments"):
            assert 'class="empty"' in await console.text(name), name
        assert "Nenhuma conversa neste período" in await console.text("conversations")
        cost = re.sub(r"<[^>]+>", "", await console.text("cost"))
        assert "R$ 82,50 de R$ 100,00" in cost
        for wrong in ("overview/nothing.csv", "overview/turns.exe", "gaps?after=x"):
            await console.text(wrong, status=404)
