"""``chatcrew cache``: what the layers hold is told, and what is forgotten is forgotten by all."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import SecretStr
from typer.testing import CliRunner

from chatcrew.cache import CACHE_FILE, CHANNEL, Kind, Scope, key, open_cache
from chatcrew.cli import _cache
from chatcrew.cli._commands import app
from chatcrew.clock import SystemClock
from chatcrew.database import Database, Notices
from chatcrew.settings import Settings
from chatcrew.testing import RedisForTests

ACME = key(Kind.ANSWERS, "health/acme", "question")
OTHER = key(Kind.COMPLETIONS, "health/other", "question")


@pytest.fixture
def settings(tmp_path: Path) -> Callable[..., Settings]:
    """Return a maker of settings over an own data folder."""

    def make(**more: Any) -> Settings:
        # `_env_file` is pydantic-settings' own: no file of whoever runs the tests is read
        return Settings(_env_file=None, data_dir=tmp_path, cache_file_mb=8, **more)  # type: ignore[call-arg]  # see above

    return make


async def fill(settings: Settings) -> None:
    """Put an answer and a completion into the file, as a worker would."""
    async with open_cache(SystemClock(), file=settings.data_dir / CACHE_FILE) as cache:
        await cache.set(ACME, "x" * 3000, ttl=600)
        await cache.set(OTHER, {"text": "x"}, ttl=600)


async def in_file(settings: Settings) -> set[str]:
    """Return which of the two a program that starts now would find."""
    async with open_cache(SystemClock(), file=settings.data_dir / CACHE_FILE) as cache:
        return {name for name in (ACME, OTHER) if await cache.get(name) is not None}


async def test_stats_count_each_layer_and_kind(
    settings: Callable[..., Settings], capsys: pytest.CaptureFixture[str]
) -> None:
    """Entries, bytes and bound of the file, by kind; Redis is off, memory each process's own."""
    await fill(settings())

    await _cache.run_stats(settings(), lang="pt-BR", as_json=True)

    memory, redis, file = json.loads(capsys.readouterr().out)["layers"]
    assert (memory["layer"], memory["state"]) == ("memory", "per_process")
    assert redis == {"layer": "redis", "state": "off"}
    assert (file["state"], file["entries"], file["bound"]) == ("ok", 2, 8 * 1024 * 1024)
    assert {kind: one["entries"] for kind, one in file["kinds"].items()} == {
        "answers": 1,
        "completions": 1,
    }
    assert file["bytes"] > 3000


@pytest.mark.parametrize(
    ("lang", "said"),
    [("pt-BR", ["arquivo", "entradas", "não configurado"]), ("en", ["file", "not configured"])],
)
async def test_stats_are_told_to_people_in_their_language(
    settings: Callable[..., Settings],
    capsys: pytest.CaptureFixture[str],
    lang: str,
    said: list[str],
) -> None:
    """Portuguese first, English where asked for; sizes as people read them."""
    await fill(settings())

    await _cache.run_stats(settings(), lang=lang, as_json=False)

    text = capsys.readouterr().out
    assert all(one in text for one in [*said, "8 MB", "3 kB", "  answers"])


async def test_stats_make_no_file_where_there_is_none(
    settings: Callable[..., Settings], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A look leaves nothing behind."""
    await _cache.run_stats(settings(), lang="en", as_json=True)

    assert json.loads(capsys.readouterr().out)["layers"][2]["entries"] == 0
    assert await asyncio.to_thread(lambda: list(tmp_path.iterdir())) == []


async def test_stats_end_with_1_where_redis_does_not_answer(
    settings: Callable[..., Settings], capsys: pytest.CaptureFixture[str], unused_tcp_port: int
) -> None:
    """The file is told all the same."""
    url = SecretStr(f"redis://127.0.0.1:{unused_tcp_port}/0")

    with pytest.raises(typer.Exit) as ended:
        await _cache.run_stats(settings(redis_url=url), lang="en", as_json=True)

    assert ended.value.exit_code == 1
    states = [row["state"] for row in json.loads(capsys.readouterr().out)["layers"]]
    assert states == ["per_process", "away", "ok"]


@pytest.mark.parametrize(
    ("what", "left"),
    [
        (Scope("health/acme"), {OTHER}),
        (Scope(kind=Kind.COMPLETIONS), {ACME}),
        (Scope(), set[str]()),
        (Scope("health/acme", Kind.COMPLETIONS), {ACME, OTHER}),
    ],
)
async def test_clear_reaches_the_file_and_the_memory_of_a_running_process(
    settings: Callable[..., Settings],
    database: Database,
    database_url: str,
    what: Scope,
    left: set[str],
) -> None:
    """A worker that runs forgets the same, over the database's notices (S4-11)."""
    chosen = settings(database_url=SecretStr(database_url))
    await fill(chosen)
    async with Notices(database, channel=CHANNEL) as notices:
        heard = asyncio.Event()
        settled = asyncio.Event()

        def note(message: str | None) -> None:
            (settled if message is None else heard).set()

        async with open_cache(SystemClock(), invalidations=[notices]) as running:
            notices.subscribe(note)
            # the first notice of a listener says "look once": what was kept before is not certain
            await asyncio.wait_for(settled.wait(), 10)
            assert await running.get(ACME) is None
            await running.set(ACME, "old", ttl=600)
            await running.set(OTHER, "old", ttl=600)

            await _cache.run_clear(chosen, what=what, lang="en")
            await asyncio.wait_for(heard.wait(), 10)
            async with asyncio.timeout(10):
                while {n for n in (ACME, OTHER) if await running.get(n) is not None} != left:
                    await asyncio.sleep(0.01)
    assert await in_file(chosen) == left


@pytest.mark.redis
async def test_clear_reaches_redis(
    settings: Callable[..., Settings], database_url: str, own_redis: RedisForTests
) -> None:
    """A process without a file finds nothing of it in Redis either."""
    await asyncio.to_thread(own_redis.start)
    chosen = settings(database_url=SecretStr(database_url), redis_url=SecretStr(own_redis.url))
    async with open_cache(SystemClock(), redis_url=own_redis.url) as cache:
        await cache.set(ACME, "old", ttl=600)
        await cache.set(OTHER, "stays", ttl=600)

    await _cache.run_clear(chosen, what=Scope("health/acme"), lang="en")

    async with open_cache(SystemClock(), redis_url=own_redis.url) as cache:
        assert await cache.get(ACME) is None
        assert await cache.get(OTHER) == "stays"


async def test_clear_says_what_did_not_forget(
    settings: Callable[..., Settings],
    database_url: str,
    unused_tcp_port: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Redis is away: the file is emptied, the rest is named, and the end is 1."""
    chosen = settings(
        database_url=SecretStr(database_url),
        redis_url=SecretStr(f"redis://127.0.0.1:{unused_tcp_port}/0"),
    )
    await fill(chosen)

    with pytest.raises(typer.Exit) as ended:
        await _cache.run_clear(chosen, what=Scope(), lang="en")

    assert ended.value.exit_code == 1
    said = capsys.readouterr()
    assert "redis: did not answer" in said.err
    assert "told" not in said.err, "the database reaches all of them"
    assert said.out == ""
    assert await in_file(chosen) == set()


async def test_clear_goes_on_where_the_database_is_away(
    settings: Callable[..., Settings], unused_tcp_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file is emptied; that running processes were not told is said, and the end is 1."""
    url = f"postgresql://u:secret@127.0.0.1:{unused_tcp_port}/db?sslmode=disable"
    await fill(settings())

    with pytest.raises(typer.Exit) as ended:
        await _cache.run_clear(
            settings(database_url=SecretStr(url)), what=Scope("health/acme"), lang="en"
        )

    assert ended.value.exit_code == 1
    said = capsys.readouterr().err
    assert "not every running process was told" in said
    assert "secret" not in said
    assert await in_file(settings()) == {OTHER}


@pytest.mark.parametrize("answer", ["", "n\n", "x\n"])
def test_clear_asks_first(answer: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without a clear yes nothing is opened, and the end is 1."""
    monkeypatch.setenv("CHATCREW_DATA_DIR", str(tmp_path / "data"))

    result = CliRunner().invoke(app, ["cache", "clear", "--tenant", "health/acme"], input=answer)

    assert result.exit_code == 1
    assert "Esquecer o cache de health/acme?" in result.output
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "options", [["--kind", "poems"], ["--tenant", "*"], ["--tenant", "a:b"], ["--tenant", ""]]
)
def test_clear_refuses_what_cannot_be_meant(options: list[str]) -> None:
    """A typing mistake ends with 2 and forgets nothing, least of all everything (S4-48)."""
    result = CliRunner().invoke(app, ["cache", "clear", "--yes", *options])

    assert result.exit_code == 2
