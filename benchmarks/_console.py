"""The real console over a database: signs in, and asks for every page as a browser does."""

import re
import secrets
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import date
from pathlib import Path

from aiohttp import ClientSession, ClientTimeout, CookieJar

from benchmarks._installation import install
from benchmarks._processes import cpu_seconds
from benchmarks._program import ports
from chatcrew.accounts import Accounts, Passwords, PostgresAccounts, Role, form_token
from chatcrew.clock import SystemClock
from chatcrew.database import Database
from chatcrew.testing.processes import Program

_PAGE = re.compile(r'href="/console/([a-z]+)(?:\?[^"]*)?"')
_TALK = re.compile(r'href="/console/(conversations/[^"?]+/[^"?]+/\d+)')
_NAME = "benchmark"


class Visitor:
    """An owner with a browser.

    Args:
        session: keeps his cookies.
        url: of the console.
        pids: of what answers him: server and database, with their children.
    """

    def __init__(self, session: ClientSession, url: str, pids: Sequence[int]) -> None:
        self._session = session
        self._url = url
        self._pids = pids

    def cpu(self) -> float:
        """Return the CPU seconds that answering took so far, on whatever core."""
        return sum(cpu_seconds(one, tree=True) for one in self._pids)

    async def enter(self, password: str) -> None:
        """Sign in.

        Raises:
            RuntimeError: he may not.
        """
        await self.text("login")
        door = next(one.value for one in self._session.cookie_jar if one.key == "chatcrew_door")
        form = {"name": _NAME, "password": password, "token": form_token(door)}
        async with self._session.post(
            f"{self._url}/login", data=form, allow_redirects=False
        ) as answer:
            if answer.status != 303:
                raise RuntimeError(f"nobody may enter: {answer.status}")

    async def pages(self) -> list[str]:
        """Return every page of the navigation, and one conversation's."""
        found = sorted(set(_PAGE.findall(await self.text("overview"))))
        talk = _TALK.search(await self.text("conversations"))
        return [*found, *([talk[1]] if talk else [])]

    async def text(self, page: str, query: str = "") -> str:
        """Return a page as it is sent.

        Raises:
            RuntimeError: it does not come.
        """
        async with self._session.get(f"{self._url}/{page}{query}") as answer:
            text = await answer.text()
            if answer.status != 200:
                raise RuntimeError(f"{page}{query}: {answer.status}")
            return text

    async def timed(self, page: str, query: str) -> float:
        """Return the seconds from the request to the last byte."""
        begun = time.perf_counter()
        await self.text(page, query)
        return time.perf_counter() - begun


async def visit(
    database: Database, data_dir: Path, stack: AsyncExitStack, *, postmaster: int
) -> Visitor:
    """Start ``chatcrew serve`` over a database that runs already, and sign in.

    Args:
        database: with the records.
        data_dir: where it runs.
        stack: owner of everything opened here.
        postmaster: process id of the database.

    Raises:
        RuntimeError: the console does not start, or lets nobody in.
    """
    extra = ports() | {"CHATCREW_DATA_DIR": str(data_dir)}
    installation = install(stack, chatwoot="http://127.0.0.1:9", extra=extra)
    password = secrets.token_urlsafe(24)
    accounts = Accounts(PostgresAccounts(database, SystemClock()), Passwords())
    await accounts.add(_NAME, password, role=Role.OWNER, tenants=None)
    log = installation.folder / "console.log"
    program = Program("serve", environment=installation.environment, log=log)
    await stack.enter_async_context(program)
    await program.ready(within=90.0)
    session = await stack.enter_async_context(
        ClientSession(cookie_jar=CookieJar(unsafe=True), timeout=ClientTimeout(total=60))
    )
    if program.process is None:
        raise RuntimeError("the console does not run")
    url = f"http://127.0.0.1:{extra['CHATCREW_ADMIN_PORT']}/console"
    visitor = Visitor(session, url, [program.process.pid, postmaster])
    await visitor.enter(password)
    return visitor


def span(first: date, last: date) -> str:
    """Return the query of a page that chooses these days."""
    return f"?since={first}&until={last}"
