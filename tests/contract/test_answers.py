"""Kept answers: one suite over PostgreSQL and memory."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chatcrew.answers import Answers, MemoryAnswers, PostgresAnswers, Rest, Row

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
ROW = Row(
    tenant="shop/a",
    exact="e1",
    shape="s1",
    scope=("web", "web_widget", "support", "pt-BR", ""),
    question="Vocês entregam?",
    text="Sim, em todo o país.",
    rests=(Rest("fact", "entrega", "d1", "facts.entrega"), Rest("knowledge", "Entrega", "d2")),
    knowledge="k1",
    sure=True,
    turn="t1",
    made_at=NOW,
    expires_at=NOW + timedelta(hours=1),
)


@pytest.fixture(params=["memory", "postgres"])
def store(request: pytest.FixtureRequest) -> Answers:
    """Give an empty store of each kind."""
    if request.param == "memory":
        return MemoryAnswers()
    return PostgresAnswers(request.getfixturevalue("database"))


async def test_an_answer_is_found_by_its_words_or_by_its_shape_until_it_expires(
    store: Answers,
) -> None:
    """All of the row comes back; another tenant, or an empty shape, finds nothing (N7, S4-48)."""
    number = await store.put(ROW)

    (found,) = await store.find("shop/a", exact="e1", shape="", now=NOW)
    assert found == replace(ROW, id=number)
    assert await store.find("shop/a", exact="x", shape="s1", now=NOW) == [found]
    assert list(await store.find("shop/a", exact="x", shape="", now=NOW)) == []
    assert list(await store.find("shop/b", exact="e1", shape="s1", now=NOW)) == []
    assert list(await store.find("shop/a", exact="e1", shape="", now=ROW.expires_at)) == []


async def test_a_newer_answer_takes_the_place_of_the_same_question(store: Answers) -> None:
    """It keeps its number and begins to be counted anew; the newest of a shape comes first."""
    number = await store.put(ROW)
    await store.hit("shop/a", number, now=NOW)
    later = NOW + timedelta(minutes=1)
    assert await store.put(replace(ROW, text="Só em Recife.", made_at=later)) == number
    other = await store.put(replace(ROW, exact="e2", made_at=later + timedelta(minutes=1)))

    found = await store.find("shop/a", exact="e1", shape="s1", now=NOW)
    assert [one.id for one in found] == [other, number]
    assert (found[1].text, found[1].hits, found[1].last_hit_at) == ("Só em Recife.", 0, None)


async def test_what_is_given_is_counted_and_listed_first(store: Answers) -> None:
    """Nobody else's number counts, and what expired is listed no more but was asked."""
    first = await store.put(ROW)
    second = await store.put(replace(ROW, exact="e2"))
    old = await store.put(replace(ROW, exact="e3", expires_at=NOW))
    await store.hit("shop/a", second, now=NOW)
    await store.hit("shop/b", first, now=NOW)

    listed = await store.rows("shop/a", now=NOW, limit=10)
    assert [(one.id, one.hits) for one in listed] == [(second, 1), (first, 0)]
    assert listed[0].last_hit_at == NOW
    assert {one.id for one in await store.asked("shop/a", limit=10)} == {first, second, old}
    assert await store.row("shop/b", first) is None
    assert (await store.row("shop/a", first)) == replace(ROW, id=first)


async def test_forgetting_is_of_one_answer_or_of_one_tenant(store: Answers) -> None:
    """Another tenant's answers stay (LGPD: an erasure drops the tenant's answers)."""
    first, second = await store.put(ROW), await store.put(replace(ROW, exact="e2"))
    theirs = await store.put(replace(ROW, tenant="shop/b"))

    assert await store.forget("shop/b", first) == 0
    assert await store.forget("shop/a", first) == 1
    assert await store.row("shop/a", second) is not None
    assert await store.forget("shop/a") == 1
    assert await store.row("shop/b", theirs) is not None


async def test_a_purge_takes_what_is_old_and_what_is_too_much_of_each_tenant(
    store: Answers,
) -> None:
    """The newest stay."""
    await store.put(replace(ROW, exact="old", expires_at=NOW - timedelta(days=31)))
    for number in range(3):
        made = NOW + timedelta(seconds=number)
        await store.put(replace(ROW, exact=f"e{number}", made_at=made))
    await store.put(replace(ROW, tenant="shop/b"))

    assert await store.purge(before=NOW - timedelta(days=30), most=2) == 2
    left = await store.asked("shop/a", limit=10)
    assert [one.exact for one in left] == ["e2", "e1"]
    assert len(await store.asked("shop/b", limit=10)) == 1
