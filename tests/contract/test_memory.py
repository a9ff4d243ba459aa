"""What is remembered of people and episodes, over both backends (S3-98, S2-01)."""

from datetime import UTC, datetime, timedelta

import pytest

from chatcrew.database import Database
from chatcrew.ids import ConversationId
from chatcrew.memory import MOST_FACTS, MemoryMemory, MemoryStore, PostgresMemory
from chatcrew.messages import Consent, Erased, FactKind, NewFact, Noted, Person

NOW = datetime(2026, 8, 3, 12, tzinfo=UTC)
TALK = ConversationId("acme", "acme-bot", 7)
ANA = Person("health/varizemed", "acme", 501)
OTHERS = (
    Person("health/canario", "acme", 501),
    Person("health/varizemed", "other", 501),
    Person("health/varizemed", "acme", 502),
)


@pytest.fixture(params=["memory", "postgres"])
def store(request: pytest.FixtureRequest) -> MemoryStore:
    """An empty store."""
    if request.param == "memory":
        return MemoryMemory()
    database: Database = request.getfixturevalue("database")
    return PostgresMemory(database)


def fact(text: str, about: str | None = None, **more: object) -> NewFact:
    """Return a fact to remember."""
    return NewFact(FactKind.FACT, text, about, TALK, 11, **more)  # type: ignore[arg-type]  # fields of NewFact


async def noted(store: MemoryStore, *facts: NewFact, person: Person | None = ANA, **more) -> None:
    """Note a turn that knows these facts."""
    given = {"up_to": 11, "remember": True, "now": NOW, "talk": TALK, **more}
    now, talk = given.pop("now"), given.pop("talk")
    await store.note(Noted(talk, 1, person, facts=facts, **given), now=now, keep_days=365)


async def texts(store: MemoryStore, person: Person = ANA, now: datetime = NOW) -> list[str]:
    """Return what is remembered, newest first."""
    return [one.text for one in await store.facts(person, now=now)]


async def test_facts_are_seen_by_their_person_alone(store: MemoryStore) -> None:
    """Not by another tenant's customer, another account's or another contact (S2-35)."""
    await noted(store, fact("O cliente se chama Ana.", "name"))

    assert await texts(store) == ["O cliente se chama Ana."]
    for other in OTHERS:
        assert await store.facts(other, now=NOW) == ()
        assert (await store.recall(other, TALK, episode=1, now=NOW)).facts == ()


async def test_a_newer_fact_about_the_same_replaces_the_older(store: MemoryStore) -> None:
    """A new address is the address; what has no subject stands beside the rest, once."""
    await noted(store, fact("Mora em Recife.", "city"), fact("Gosta de chá."))
    await noted(
        store, fact("Mora em Olinda.", "city"), fact("Gosta de chá."), now=NOW + timedelta(days=1)
    )

    assert sorted(await texts(store)) == ["Gosta de chá.", "Mora em Olinda."]


async def test_of_too_many_facts_the_least_useful_go(store: MemoryStore) -> None:
    """What an answer had lately stays, though it is old."""
    await noted(store, fact("O mais antigo.", "old"))
    (first,) = await store.facts(ANA, now=NOW)
    for number in range(MOST_FACTS):
        when = NOW + timedelta(minutes=number + 1)
        await noted(store, fact(f"Fato {number}.", f"f{number}"), now=when, used=(first.id,))

    kept = await texts(store)
    assert len(kept) == MOST_FACTS
    assert "O mais antigo." in kept
    assert "Fato 0." not in kept


async def test_facts_expire(store: MemoryStore) -> None:
    """By the tenant's days or by their own; then they are neither seen nor kept."""
    soon = NOW + timedelta(days=30)
    await noted(store, fact("Um ano.", "a"), fact("Um mês.", "b", expires_at=soon))

    assert await texts(store, now=soon) == ["Um ano."]
    assert await store.purge(now=soon, episodes_before=NOW - timedelta(days=1)) == 1
    assert await texts(store, now=NOW + timedelta(days=365)) == []


async def test_nothing_is_kept_that_may_not_be(store: MemoryStore) -> None:
    """Without consent the turn is noted for its summary only; without a contact, too."""
    await noted(store, fact("Segredo."), remember=False)
    await noted(store, fact("Segredo."), person=None)

    assert await texts(store) == []
    (work,) = await store.claim(now=NOW)
    assert (work.person, work.remember) == (None, True)


async def test_consent_is_kept_with_date_and_version(store: MemoryStore) -> None:
    """The newest answer holds (S2-27)."""
    yes = Consent(True, NOW, "3f2a", str(TALK))
    no = Consent(False, NOW + timedelta(days=2), "3f2a", str(TALK))
    await noted(store, consent=yes)
    assert await store.consent(ANA) == yes
    await noted(store, consent=no)

    assert await store.consent(ANA) == no
    assert (await store.recall(ANA, TALK, episode=1, now=NOW)).consent == no
    assert await store.consent(OTHERS[0]) is None


async def test_facts_can_be_corrected_and_forgotten_by_number(store: MemoryStore) -> None:
    """Of this person only; what a person wrote has no message as its source."""
    await noted(store, fact("Mora em Recife.", "city"), fact("Gosta de chá."))
    numbers = {one.text: one.id for one in await store.facts(ANA, now=NOW)}

    assert not await store.edit(OTHERS[0], numbers["Mora em Recife."], "x", now=NOW)
    assert not await store.forget(OTHERS[2], numbers["Gosta de chá."])
    assert await store.edit(ANA, numbers["Mora em Recife."], "Mora em Natal.", now=NOW)
    assert await store.forget(ANA, numbers["Gosta de chá."])

    (left,) = await store.facts(ANA, now=NOW)
    assert (left.text, left.message_id, left.about) == ("Mora em Natal.", 0, "city")


async def test_work_is_leased_to_one_and_comes_back_from_the_dead(store: MemoryStore) -> None:
    """Who lost the lease writes nothing, and what was noted meanwhile stays due."""
    await noted(store)
    (first,) = await store.claim(now=NOW)
    assert not await store.claim(now=NOW)

    later = NOW + timedelta(minutes=5)
    (second,) = await store.claim(now=later)
    assert second.attempts == 2
    assert not await store.finish(first, now=later, summary="morto", summary_up_to=9)
    await noted(store, up_to=15)
    assert await store.finish(second, now=later, summary="vivo", summary_up_to=9, facts=[fact("F")])

    recalled = await store.recall(ANA, TALK, episode=1, now=later)
    assert (recalled.summary, recalled.up_to) == ("vivo", 9)
    assert await texts(store) == ["F"]
    (third,) = await store.claim(now=later)
    assert (third.marked, third.summary, third.attempts) == (15, "vivo", 1)
    await store.finish(third, now=later)
    assert not await store.claim(now=later)


async def test_released_work_is_due_when_that_was_said(store: MemoryStore) -> None:
    """A model that is away is asked again later, not at once."""
    await noted(store)
    (work,) = await store.claim(now=NOW)
    await store.release(work, due_at=NOW + timedelta(minutes=2))

    assert not await store.claim(now=NOW + timedelta(minutes=1))
    (again,) = await store.claim(now=NOW + timedelta(minutes=2))
    assert again.attempts == 2


async def test_works_are_claimed_together_and_what_leaves_nothing_ends_together(
    store: MemoryStore,
) -> None:
    """Longest due first; whose lease was lost ends nothing, what was noted meanwhile stays due."""
    talks = [ConversationId("acme", "acme-bot", number) for number in (7, 8, 9)]
    for minute, talk in enumerate(talks):
        await noted(store, talk=talk, now=NOW + timedelta(minutes=minute))
    later = NOW + timedelta(minutes=10)
    early = await store.claim(now=later, limit=2)
    assert {work.conversation for work in early} == set(talks[:2])
    (last,) = await store.claim(now=later, limit=2)
    assert last.conversation == talks[2]

    dead = later + timedelta(minutes=5)
    again = await store.claim(now=dead, limit=3)
    assert len(again) == 3
    assert not await store.finish_read(dict.fromkeys(early, 9), now=dead)
    await noted(store, talk=talks[0], up_to=15, now=dead)
    ended = await store.finish_read(dict.fromkeys(again, 9), now=dead)

    assert {work.conversation for work in ended} == set(talks)
    (left,) = await store.claim(now=dead, limit=3)
    assert (left.conversation, left.marked, left.read_up_to) == (talks[0], 15, 9)
    assert left.attempts == 1
    assert (left.extracted_up_to, left.summary_up_to) == (0, 0)


async def test_work_that_nobody_had_time_for_was_not_tried(store: MemoryStore) -> None:
    """It was claimed with others, and comes back at once, with as many tries as before."""
    await noted(store)
    (work,) = await store.claim(now=NOW)
    await store.release(work, due_at=NOW, counted=False)

    (again,) = await store.claim(now=NOW)
    assert (again.attempts, again.fence) == (1, work.fence + 1)


async def test_each_episode_has_its_own_summary(store: MemoryStore) -> None:
    """The next one recalls the one before it."""
    await noted(store)
    (work,) = await store.claim(now=NOW)
    await store.finish(work, now=NOW, summary="Pediu 3 caixas.", summary_up_to=11)

    recalled = await store.recall(ANA, TALK, episode=2, now=NOW)
    assert (recalled.summary, recalled.before, recalled.before_up_to) == ("", "Pediu 3 caixas.", 11)


async def test_an_erased_person_is_not_remembered_from_old_words(store: MemoryStore) -> None:
    """Facts, summaries and consent go, others' stay, and work under way writes nothing (S2-27)."""
    await noted(store, fact("A."), consent=Consent(True, NOW, "3f2a", str(TALK)))
    later = {"now": NOW + timedelta(minutes=2), "talk": ConversationId("acme", "acme-bot", 8)}
    await noted(store, fact("B."), person=OTHERS[2], **later)
    (work,) = await store.claim(now=NOW)
    await store.finish(work, now=NOW, summary="Disse A.", summary_up_to=11)
    await noted(store, up_to=20)
    (under_way,) = await store.claim(now=NOW + timedelta(minutes=1))
    exported = await store.export(work.person or ANA)
    assert [one["text"] for one in exported["facts"]] == ["A."]
    assert exported["summaries"][0]["text"] == "Disse A."
    assert exported["consent"]["version"] == "3f2a"

    assert await store.erase(ANA) == Erased(1, 1, 1)

    empty = {"facts": [], "consent": None, "summaries": []}
    assert await store.export(ANA) == empty
    assert not await store.finish(under_way, now=NOW, summary="Disse A.", facts=[fact("A.")])
    await noted(store, up_to=21)
    after = await store.claim(now=NOW + timedelta(minutes=2), limit=2)
    (own,) = [one for one in after if one.person == ANA]
    assert own.extracted_up_to == 20
    assert await texts(store, OTHERS[2]) == ["B."]


async def test_who_is_known_by_a_number(store: MemoryStore) -> None:
    """Contact numbers are an account's own, so a tenant of two accounts may have it twice."""
    await noted(store, fact("A."))
    await noted(store, fact("B."), person=OTHERS[1], talk=ConversationId("other", "b", 1))

    found = await store.people("health/varizemed", 501)
    assert [one.account for one in found] == ["acme", "other"]
    assert await store.people("health/varizemed", 999) == ()


async def test_old_summaries_are_purged(store: MemoryStore) -> None:
    """An episode that nobody has touched for so long is not read any more."""
    await noted(store)

    assert await store.purge(now=NOW, episodes_before=NOW) == 0
    assert await store.purge(now=NOW, episodes_before=NOW + timedelta(seconds=1)) == 1


async def test_a_sealed_episode_is_read_no_more(store: MemoryStore) -> None:
    """After ``/bot resetar`` neither its summary nor its words come back (S1-33)."""
    await noted(store)
    (work,) = await store.claim(now=NOW)
    await store.seal(TALK, episode=1, up_to=40, now=NOW)
    await store.seal(ConversationId("acme", "acme-bot", 99), episode=3, up_to=7, now=NOW)

    assert not await store.finish(work, now=NOW, summary="Pediu 3 caixas.", facts=[fact("F.")])
    recalled = await store.recall(ANA, TALK, episode=2, now=NOW)
    assert (recalled.before, recalled.before_up_to, recalled.facts) == ("", 40, ())
    assert not await store.claim(now=NOW)
