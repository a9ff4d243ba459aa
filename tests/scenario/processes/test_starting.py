"""Starting: what is wrong is said at once and in full, and nobody runs twice on one data folder."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from chatcrew.database import Database
from chatcrew.testing.processes import free_port

KEY = "sk-this-key-must-stay-where-it-is-0123456789"


async def test_every_fault_of_the_files_is_told_before_anything_starts(house) -> None:
    """``run`` with broken YAML leaves with 2, each fault with its place, no process below it."""
    async with house() as home:
        mapping = Path(home.environment["CHATCREW_MAPPING"])
        await asyncio.to_thread(_break, mapping)
        program = home.program("run")
        await program.start()

        assert await program.ended() == 2
        said = (await program.said()).splitlines()
        assert len(said) == 2
        assert "chatwoot_mapping.yaml:" in said[0]
        assert "account_id" in said[0]
        assert "chatwoot_mapping.yaml:" in said[1]
        assert "colour" in said[1]
        assert not home.data_dir.exists()


def _break(mapping: Path) -> None:
    words = mapping.read_text(encoding="utf-8")
    broken = words.replace("account_id: 1", "account_id: 0") + "colour: blue\n"
    mapping.write_text(broken, encoding="utf-8")


async def test_a_taken_port_is_named_with_the_setting_to_change(house) -> None:
    """The message says which address, and what to set; the code is 1 and no database is left."""
    async with house() as home:
        port = home.chatwoot.server.port
        async with home.program("run", CHATCREW_ADMIN_PORT=str(port)) as program:
            assert await program.ended() == 1
            assert f"127.0.0.1:{port}" in await program.said()
            assert "CHATCREW_ADMIN_PORT" in await program.said()
            assert await program.left() == []


@pytest.mark.parametrize("command", ["run", "serve", "work"])
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"password": "wrong"}, "recusou a senha"),
        ({"database": "nowhere"}, "there is no database 'nowhere'"),
    ],
)
async def test_a_database_that_refuses_us_is_told_once_with_its_setting(
    house, database_url, command, change, said
) -> None:
    """A wrong password never becomes right: code 2 and one line, no child restarted for ever."""
    url = make_url(database_url).set(**change).render_as_string(hide_password=False)
    async with house() as home:
        program = home.program(command, CHATCREW_DATABASE_URL=url)
        await program.start()

        assert await program.ended() == 2
        lines = [line for line in (await program.said()).splitlines() if "CHATCREW_" in line]
        assert len(lines) == 1
        assert lines[0].startswith("CHATCREW_DATABASE_URL: ")
        assert said in lines[0]
        assert "wrong" not in await program.said()
        assert "Traceback" not in await program.said()


@pytest.mark.parametrize("command", ["run", "serve", "work"])
async def test_a_database_of_a_newer_chatcrew_is_told_once(
    house, database, database_url, command
) -> None:
    """No restart makes the program newer: code 2 and one line in two languages, nothing left."""
    await _make_newer(database)
    async with house() as home:
        program = home.program(command, CHATCREW_DATABASE_URL=database_url)
        await program.start()

        assert await program.ended() == 2
        _told_that_newer(await program.said(), place="CHATCREW_DATABASE_URL: ")
        assert await program.left() == []


async def test_an_embedded_database_of_a_newer_chatcrew_is_told_once(house) -> None:
    """Who went back to an older program reads the same, with the data folder it is about."""
    async with house() as home:
        async with home.program("run") as first:
            await first.ready()
            async with home.database() as database:
                await _make_newer(database)
            assert await first.stop() == 0
        await asyncio.to_thread(home.log.write_text, "")
        program = home.program("run")
        await program.start()

        assert await program.ended() == 2
        _told_that_newer(await program.said(), place=f"{home.data_dir}: ")
        assert await program.left() == []


async def _make_newer(database: Database) -> None:
    async with database.begin() as connection:
        await connection.execute(text("update alembic_version set version_num = '9999'"))


def _told_that_newer(said: str, *, place: str) -> None:
    lines = [line for line in said.splitlines() if "9999" in line]
    assert len(lines) == 1
    assert lines[0].startswith(place)
    assert "um chatcrew mais novo" in lines[0]
    assert "run the newer chatcrew" in lines[0]
    assert "Traceback" not in said
    assert "child.ended" not in said


async def test_a_database_that_is_away_is_waited_for(house) -> None:
    """In a stack it may start after us: nothing to mend, so the command stays."""
    away = f"postgresql://chatcrew:x@127.0.0.1:{free_port()}/chatcrew"
    async with house() as home, home.program("run", CHATCREW_DATABASE_URL=away) as program:
        async with asyncio.timeout(30):
            while "child.ended" not in await program.said():
                await asyncio.sleep(0.05)
        assert await program.stop() == 0


async def test_a_database_that_comes_late_and_is_newer_ends_the_run(
    house, database, database_url
) -> None:
    """In a stack it may start after us, and still be one that no restart makes right."""
    await _make_newer(database)
    port = free_port()
    away = make_url(database_url).set(host="127.0.0.1", port=port, query={})
    url = away.render_as_string(hide_password=False)
    async with house() as home:
        program = home.program("run", CHATCREW_DATABASE_URL=url)
        await program.start()
        async with asyncio.timeout(30):
            while "child.ended" not in await program.said():
                await asyncio.sleep(0.05)
        async with _door(port, database_url):
            assert await program.ended() == 2
        said = await program.said()
        assert "um chatcrew mais novo" in said
        assert "Traceback" not in said
        assert await program.left() == []


@contextlib.asynccontextmanager
async def _door(port: int, url: str) -> AsyncIterator[None]:
    """Lead a TCP port to a database until the block ends."""
    place = make_url(url)
    folder = place.query.get("host") or place.host
    number = place.query.get("port") or place.port or 5432

    meetings: set[asyncio.Task[None]] = set()

    async def pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while chunk := await source.read(65536):
                target.write(chunk)
        finally:
            target.close()
            with contextlib.suppress(OSError):
                await target.wait_closed()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if str(folder).startswith("/"):
            there = await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.{number}")
        else:
            there = await asyncio.open_connection(str(folder), int(str(number)))
        await asyncio.gather(pump(reader, there[1]), pump(there[0], writer), return_exceptions=True)

    def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        meetings.add(asyncio.create_task(meet(reader, writer)))

    server = await asyncio.start_server(met, "127.0.0.1", port)
    try:
        yield
    finally:
        server.close()
        for meeting in meetings:
            meeting.cancel()
        await asyncio.gather(*meetings, return_exceptions=True)


async def test_a_second_run_on_one_data_folder_says_who_holds_it(house) -> None:
    """It leaves with 1 and disturbs nobody."""
    async with house() as home, home.program("run") as first:
        await first.ready()
        assert first.process is not None
        second = home.program("run", CHATCREW_PORT="0", CHATCREW_ADMIN_PORT="0")
        await second.start()

        assert await second.ended() == 1
        assert f"process {first.process.pid} already runs" in await second.said()
        await first.ready(within=2.0)


async def test_ingress_and_worker_of_their_own_outlive_the_owner_of_the_database(house) -> None:
    """``serve`` and ``work`` share the embedded server; when its owner is killed the other runs it.

    What was stored is there, and a conversation goes on where it was.
    """
    async with house() as home, home.program("serve") as serve:
        await serve.ready()
        admin = {"CHATCREW_ADMIN_PORT": "0"}
        async with home.program("work", **admin) as work:
            contact = home.account.add_contact(phone_number="+5581900000000")
            first = await home.chatwoot.customer_says(home.inbox, contact, home.questions[0])
            await home.chatwoot.wait_for(lambda: first.public_bot_replies, timeout=30.0)
            await home.settled()

            await serve.find("postmaster")
            assert serve.process is not None
            os.kill(serve.process.pid, signal.SIGKILL)
            await serve.process.wait()
            await work.find("postmaster")
            await serve.start()
            await serve.ready()
            await home.chatwoot.customer_says(home.inbox, contact, home.questions[1])
            await home.chatwoot.wait_for(lambda: len(first.public_bot_replies) == 2, timeout=30.0)

            assert await work.stop() == 0
            assert await work.left() == []


async def test_the_provider_key_stays_in_the_environment_of_who_needs_it(
    house, model_server
) -> None:
    """No command line, no log line and no crew process ever shows it."""
    model_server.required_key = KEY
    model_server.default = "Claro! Ficamos na Rua das Acácias, 120."
    model = {"OPENAI_BASE_URL": model_server.base_url, "OPENAI_API_KEY": KEY}
    async with house(environment=model) as home, home.program("run") as program:
        await program.ready()
        crews = await program.find("crew", within=60.0)
        contact = home.account.add_contact(phone_number="+5581900000000")
        talk = await home.chatwoot.customer_says(home.inbox, contact, "Fica perto de onde?")
        await home.chatwoot.wait_for(lambda: talk.public_bot_replies, timeout=30.0)
        assert model_server.requests

        for one in await program.look():
            folder = Path("/proc") / str(one.pid)
            assert KEY.encode() not in await asyncio.to_thread((folder / "cmdline").read_bytes)
        for one in [*crews, *await program.find("template")]:
            folder = Path("/proc") / str(one.pid)
            assert KEY.encode() not in await asyncio.to_thread((folder / "environ").read_bytes)
        assert await program.stop() == 0
        assert KEY not in await program.said()
        assert await program.left() == []
