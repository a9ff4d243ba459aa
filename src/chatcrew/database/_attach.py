"""Find the embedded server of a data folder: run it, or use the one another process runs."""

import asyncio
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import URL

from chatcrew.database._addresses import answers, wait_until_answers
from chatcrew.database._places import SYSTEM_DIR, Places
from chatcrew.database._server import EmbeddedServer, OwnedElsewhere
from chatcrew.errors import StoreError
from chatcrew.telemetry import get_logger

_log = get_logger("database")

_WAIT_SECONDS = 60.0
_POLL = 0.1


class Attachment:
    """The embedded database as one process sees it; made by ``attach_or_own``.

    The address stays the same when the owner changes, so a pool opened on it need not know.
    """

    def __init__(self, server: EmbeddedServer, url: URL, *, owner: bool) -> None:
        self._server = server
        self._url = url
        self._owner = owner

    @property
    def url(self) -> URL:
        """SQLAlchemy address over the Unix socket; ``str()`` of it hides the password."""
        return self._url

    @property
    def owner(self) -> bool:
        """Whether this process runs the server."""
        return self._owner

    @property
    def server(self) -> EmbeddedServer | None:
        """The server this process runs, None while another one does."""
        return self._server if self._owner else None

    async def wait_ready(self, within: float = _WAIT_SECONDS) -> None:
        """Return once ``select 1`` is answered, by whoever runs the server.

        Raises:
            StoreError: it was not within ``within`` seconds.
        """
        await wait_until_answers(self._url, within=within)

    async def take_over(self) -> bool:
        """Run the server from here on if its owner is gone; say whether this process owns it.

        Raises:
            StoreError: the owner is gone and the server cannot be started here.
        """
        if not self._owner:
            try:
                await self._server.start()
            except OwnedElsewhere:
                return False
            self._owner = True
            _log.warning("database.taken_over")
        return True

    async def stand_by(self) -> None:
        """Wait until the owner is gone and take over; for a task that lives as long as we do."""
        while True:
            try:
                if await self.take_over():
                    return
            except StoreError as error:
                _log.error("database.take_over_failed", reason=str(error))
                await asyncio.sleep(1.0)
            await asyncio.sleep(_POLL * 5)

    async def close(self) -> None:
        """Stop the server if it is ours."""
        if self._owner:
            await self._server.stop()
            self._owner = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


async def attach_or_own(
    data_dir: Path,
    *,
    system_dir: Path = SYSTEM_DIR,
    durable: bool = True,
    may_own: bool = True,
    within: float = _WAIT_SECONDS,
) -> Attachment:
    """Run the embedded server of ``data_dir`` if nobody does, else attach to the one there is.

    Returns when it answers. ``may_own=False`` is for a child whose parent owns the server.

    Raises:
        StoreError: it cannot be started, or does not answer within ``within`` seconds.
    """
    clock = asyncio.get_running_loop()
    end = clock.time() + within
    server = EmbeddedServer(data_dir, system_dir=system_dir, durable=durable)
    while True:
        if may_own:
            try:
                await server.start()
            except OwnedElsewhere:
                pass  # the usual case for all but the first
            else:
                return Attachment(server, server.url, owner=True)
        url = await asyncio.to_thread(_noted_url, data_dir)
        reason = "its owner has not made it yet" if url is None else await answers(url)
        if url is not None and reason is None:
            return Attachment(server, url, owner=False)
        if clock.time() >= end:
            raise StoreError(
                f"the embedded database of {str(data_dir)!r} does not answer: {reason}"
            )
        await asyncio.sleep(_POLL)


def _noted_url(data_dir: Path) -> URL | None:
    places = Places.from_note(data_dir.absolute())
    try:
        return places.url() if places is not None else None
    except FileNotFoundError:
        return None
