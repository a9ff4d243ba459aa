"""A planted person is erased in every table and layer, and nobody else is touched (N8)."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from chatcrew.audit import PostgresAudit
from chatcrew.cache import Kind, LayeredCache, key, open_cache
from chatcrew.clock import SystemClock
from chatcrew.database import Database
from chatcrew.lgpd import (
    REGISTER,
    CacheLayer,
    FileLayer,
    HousePrivacy,
    Kept,
    Link,
    Sought,
    genuine,
    to_json,
)
from chatcrew.memory import PostgresMemory
from chatcrew.messages import Person
from chatcrew.testing import ManualClock
from chatcrew.testing._planted_sql import (
    ANA,
    AT,
    ENCODED,
    MAIL,
    RUI,
    STORY,
    TENANT,
    TRACES,
    dumped,
    plant,
)

RUIS = ["Quero saber do meu pedido 4471, por favor", "o frete de Recife demora?"]
HOUSE = {"audit_entry", "audit_head", "erasure", "house_key", "person_key"}


@pytest.fixture
async def cache(tmp_path: Path) -> AsyncIterator[LayeredCache]:
    """Give memory and file layer."""
    async with open_cache(SystemClock(), file=tmp_path / "data" / "cache.sqlite") as layers:
        yield layers


@pytest.fixture
def clock() -> ManualClock:
    """Give a clock that stands, weeks after everything was said."""
    return ManualClock(AT + timedelta(days=20))


@pytest.fixture
def privacy(
    database: Database, cache: LayeredCache, clock: ManualClock, tmp_path: Path
) -> HousePrivacy:
    """Give privacy over database, cache and files."""
    kept = Kept(
        database,
        memory=PostgresMemory(database),
        layers=(CacheLayer(cache), FileLayer((tmp_path / "data", tmp_path / "config"))),
    )
    return HousePrivacy(kept, audit=PostgresAudit(database, clock), clock=clock)


def traces(found: dict[str, list[str]]) -> set[str]:
    """Return the tables in which a piece of what Ana said or is still lies."""
    return {
        table
        for table, rows in found.items()
        if any(trace.casefold() in row.casefold() for row in rows for trace in TRACES)
    }


async def test_nothing_of_an_erased_person_is_left_in_any_table(
    database: Database, privacy: HousePrivacy
) -> None:
    """Planted in every column that may hold words, in ten encodings: 0 found after (N8)."""
    await plant(database, ANA, ENCODED)
    await plant(database, RUI, RUIS)
    before = await dumped(database)
    assert len(traces(before)) >= 15

    receipt = await privacy.erase(ANA, actor="cli:root")

    after = await dumped(database)
    assert traces(after) == set()
    assert receipt.left == 0
    assert receipt.document["scan"]["searched"]["message"] == 2
    assert {"cpf", "email", "name", "phone", "text"} <= {*receipt.document["looked_for"]}
    for table, rows in before.items():
        if table in REGISTER and REGISTER[table].link is Link.TENANT:
            assert after[table] == [], table
            continue
        own = [row for row in rows if "Rui" in row or any(one in row for one in RUIS)]
        kept = set(after[table])
        assert set(own) <= kept, table


async def test_a_turn_under_way_writes_nothing_more(
    database: Database, privacy: HousePrivacy, clock: ManualClock
) -> None:
    """Its lease is lost, it counts as ended, and what it wrote anyway goes when it is over."""
    await plant(database, ANA, ENCODED)
    await privacy.erase(ANA, actor="cli:root")
    found = await dumped(database)
    assert any("dropped" in row and "erased" in row for row in found["turn"])
    assert any("skipped" in row for row in found["outbox_part"])

    await plant_late(database)
    assert traces(await dumped(database)) == {"feedback_signal", "contact_fact"}
    assert await privacy.look_again() == 0
    await clock.advance(121)
    assert await privacy.look_again() == 1
    assert await privacy.look_again() == 0
    assert traces(await dumped(database)) == set()


async def plant_late(database: Database) -> None:
    """Write what a turn may write after its decision."""
    async with database.begin() as connection:
        await connection.execute(
            text("""
                insert into feedback_signal (turn_id, kind, tenant, account, bot, number, at,
                                             reason, said)
                values ('turn-id', 'unable', :tenant, 'acme', 'acme-bot', 47, :at, 'x', :said)
            """),
            {"tenant": TENANT, "at": AT + timedelta(days=20), "said": STORY},
        )
        await connection.execute(text("update feedback_signal set turn_id = 'id-7'"))
        await connection.execute(
            text("""
                insert into contact_fact (tenant, account, contact, kind, body, conversation,
                    message_id, confidence, created_at, expires_at)
                values (:tenant, 'acme', 7, 'fact', :said, 'acme/acme-bot/47', 1, 1, :at, :at)
            """),
            {"tenant": TENANT, "at": AT + timedelta(days=20, seconds=1), "said": STORY},
        )


async def test_the_caches_forget_the_tenant_and_files_do_not_keep_the_bytes(
    privacy: HousePrivacy, database: Database, cache: LayeredCache, tmp_path: Path
) -> None:
    """Completions, answers and look-ups of the tenant go, in the file's bytes too (N8)."""
    await plant(database, ANA, ENCODED)
    kinds = (Kind.COMPLETIONS, Kind.ANSWERS, Kind.CHATWOOT, Kind.SEARCH, Kind.EMBEDDINGS)
    for kind in kinds:
        await cache.set(key(kind, TENANT, kind.value), {"said": STORY}, ttl=600)
    await cache.set(key(Kind.ANSWERS, "shop/other", 1), {"said": "outra loja"}, ttl=600)

    receipt = await privacy.erase(ANA, actor="cli:root")

    assert [await cache.get(key(kind, TENANT, kind.value)) for kind in kinds] == [None] * 5
    assert await cache.get(key(Kind.ANSWERS, "shop/other", 1)) is not None
    for path in (tmp_path / "data").iterdir():
        assert b"hidratante" not in path.read_bytes(), path.name
    assert receipt.left == 0
    assert receipt.document["scan"]["searched"]["files.data"] >= 1


async def test_what_others_wrote_of_the_person_is_told_and_left(
    privacy: HousePrivacy, database: Database, tmp_path: Path
) -> None:
    """Another customer's words and an admin's file are named in the receipt, without the data."""
    await plant(database, ANA, ENCODED)
    await plant(database, RUI, [*RUIS, f"o e-mail da minha esposa é {MAIL}"])
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "acme.yaml").write_text(f"facts:\n  dona: {MAIL}\n")

    receipt = await privacy.erase(ANA, actor="cli:root")

    hits = receipt.document["scan"]["hits"]
    assert receipt.left == len(hits) > 1
    assert {"place": "config/acme.yaml", "key": "", "kind": "email"} in hits
    assert {hit["key"] for hit in hits} == {"", "acme-bot/48"} | {
        hit["key"] for hit in hits if hit["key"].isdecimal()
    }
    assert not any(trace in str(to_json(receipt)) for trace in TRACES)


async def test_a_receipt_is_signed_and_says_whether_the_chain_of_deeds_is_whole(
    privacy: HousePrivacy, database: Database, clock: ManualClock
) -> None:
    """Counts and hashes, no data; one changed figure and it is no receipt (N8)."""
    await plant(database, ANA, ENCODED)
    receipt = await privacy.erase(ANA, actor="console:ana")
    written = to_json(receipt)

    assert genuine(written)
    assert genuine(written, public=await privacy.public_key())
    changed = {**written, "receipt": {**written["receipt"], "tenant": "shop/other"}}
    assert not genuine(changed)
    assert not genuine(written, public="A" * 43 + "=")
    assert written["receipt"]["audit"]["whole"]
    log = PostgresAudit(database, clock)
    (deed,) = await log.entries(action="person.erased")
    assert (deed.actor, deed.target) == ("console:ana", receipt.id)
    assert await log.entries(person=ANA) == ()
    assert (await privacy.records.receipts(TENANT)) == [written]


async def test_an_export_has_everything_and_is_noted(
    privacy: HousePrivacy, database: Database, clock: ManualClock
) -> None:
    """Every table with something of the person is in it, as words (LGPD art. 18, II)."""
    await plant(database, ANA, ENCODED)
    await plant(database, RUI, RUIS)

    shown = await privacy.export(ANA, actor="cli:root")

    assert {"message", "event", "contact_fact", "tool_call", "outbox_part"} <= {*shown["data"]}
    assert "attachment_content" in shown["data"]
    assert STORY in str(shown)
    assert not any(one in str(shown) for one in RUIS)
    (deed,) = await PostgresAudit(database, clock).entries(person=ANA)
    assert deed.action == "person.exported"


@pytest.mark.parametrize(
    "sought",
    [
        Sought(contact=7),
        Sought(phone="81 98765-4321"),
        Sought(phone="+55 (81) 9 8765 4321"),
        Sought(phone="081 8765 4321"),
        Sought(email=" ANA.LOPES@exemplo.com.br"),
        Sought(document="111.444.777-35"),
        Sought(document="11144477735"),
    ],
)
async def test_a_person_is_found_by_whatever_is_known(
    privacy: HousePrivacy, database: Database, sought: Sought
) -> None:
    """Number, telephone, e-mail and CPF in any spelling find the same contact (N8)."""
    await plant(database, ANA, ENCODED)
    await plant(database, RUI, RUIS)

    assert await privacy.find(TENANT, sought) == [ANA]
    assert await privacy.find("shop/other", sought) == []


async def test_nobody_is_found_by_nothing(privacy: HousePrivacy, database: Database) -> None:
    """A number that nobody has, or an account where nobody has it, finds nobody."""
    await plant(database, ANA, ENCODED)

    assert await privacy.find(TENANT, Sought()) == []
    assert await privacy.find(TENANT, Sought(contact=7, account="other")) == []
    assert await privacy.find(TENANT, Sought(phone="81 99999-0000")) == []


async def test_a_restored_backup_forgets_again_whom_it_brought_back(
    privacy: HousePrivacy, database: Database
) -> None:
    """The tombstone names nobody, and finds its person among all (N8)."""
    await plant(database, ANA, ENCODED)
    await plant(database, RUI, RUIS)
    await privacy.erase(ANA, actor="cli:root")
    stones = await privacy.records.tombstones()
    async with database.begin() as connection:
        for table in [name for name in await dumped(database) if name not in HOUSE]:
            if table != "alembic_version":
                await connection.execute(text(f'delete from "{table}"'))
    await plant(database, ANA, ENCODED)
    await plant(database, RUI, RUIS)

    assert await privacy.reapply(stones, actor="cli:root") == 1
    assert traces(await dumped(database)) == set()
    assert await privacy.find(TENANT, Sought(contact=8)) == [RUI]
    assert await privacy.reapply(stones, actor="cli:root") == 0


async def test_whoever_comes_back_after_an_erasure_is_somebody_new(
    privacy: HousePrivacy, database: Database
) -> None:
    """Erasing somebody of whom nothing is kept is no error and gives a receipt."""
    receipt = await privacy.erase(Person(TENANT, "acme", 99), actor="cli:root")
    assert receipt.document["erased"] == {}
    assert receipt.left == 0
