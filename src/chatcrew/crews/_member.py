"""One crew process as the worker sees it: its socket, its turns, its end."""

import asyncio
import contextlib
import socket
from collections.abc import Callable
from dataclasses import dataclass, field

from chatcrew.crews import _wire
from chatcrew.crews._frames import Frame, FrameError, Frames, encode
from chatcrew.errors import CrewError


@dataclass(eq=False)
class Turn:
    """One turn in a crew process, from the worker's side.

    Attributes:
        number: its number on this pipe.
        tenant: whose it is.
        ended: the crew process said how it ended, or is gone.
        inbox: frames of the process, finished answers to send, and None when the process is gone.
    """

    number: int
    tenant: str = ""
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    inbox: asyncio.Queue[Frame | asyncio.Task[Frame] | None] = field(default_factory=asyncio.Queue)


class Member:
    """One crew process.

    Args:
        pid: its process id.
        sock: our end of its socket.
        kill: ends the process.
        changed: called when a turn ended or the process is gone.
    """

    def __init__(
        self,
        pid: int,
        sock: socket.socket,
        *,
        kill: Callable[[], None],
        changed: Callable[[], None],
    ) -> None:
        self.pid = pid
        self.started = 0
        self.draining = False
        self.gone = asyncio.Event()
        self.why_gone = ""
        self._sock = sock
        self._kill = kill
        self._changed = changed
        self._turns: dict[int, Turn] = {}
        self._ready = asyncio.Event()
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None

    @property
    def running(self) -> int:
        """Turns that are not quiet yet."""
        return len(self._turns)

    async def open(self, *, seconds: float) -> None:
        """Wait until the process serves.

        Raises:
            CrewError: it ended, or took longer than ``seconds``.
        """
        reader, self._writer = await asyncio.open_unix_connection(sock=self._sock)
        self._reading = asyncio.create_task(self._read(reader))
        try:
            async with asyncio.timeout(seconds):
                await self._ready.wait()
        except TimeoutError:
            self.end("it did not get ready")
        if self.gone.is_set():
            raise CrewError("*", message=f"a crew process ended: {self.why_gone}")

    def running_of(self, tenant: str) -> int:
        """Return how many of these turns are a tenant's."""
        return sum(turn.tenant == tenant for turn in self._turns.values())

    def begin(self, tenant: str = "") -> Turn:
        """Return a new turn; it counts as running until the process says that it ended."""
        self.started += 1
        turn = self._turns[self.started] = Turn(self.started, tenant)
        return turn

    def send(self, frame: Frame) -> None:
        """Send one frame.

        Raises:
            FrameError: it does not fit the pipe.
        """
        data = encode(frame)
        if self._writer is not None and not self.gone.is_set():
            self._writer.write(data)

    def forget(self, turn: Turn) -> None:
        """Give up the place of a turn that never started."""
        if self._turns.pop(turn.number, None) is not None:
            turn.ended.set()
            self._changed()

    def end(self, why: str) -> None:
        """Kill the process; every turn in it learns that it is lost."""
        self._kill()
        self._lost(why)

    async def close(self) -> None:
        """Close the socket, which ends the process, and stop reading."""
        self._lost("the worker closed it")
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        if self._writer is not None:
            with contextlib.suppress(OSError):
                await self._writer.wait_closed()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        """Hand every frame to its turn until the process is gone."""
        frames = Frames()
        try:
            while data := await reader.read(1 << 16):
                for frame in frames.feed(data):
                    self._take(frame)
        except FrameError as fault:
            self.end(f"it broke the protocol: {fault}")
        except OSError as fault:
            self.end(f"its socket failed: {type(fault).__name__}")
        self._lost("it ended")

    def _take(self, frame: Frame) -> None:
        """Act on one frame.

        Raises:
            FrameError: a kind or a turn that cannot be.
        """
        kind = frame.get("kind")
        if kind == _wire.READY:
            self._ready.set()
            return
        if kind not in (_wire.MODEL_CALL, _wire.TOOL_CALL, _wire.DONE, _wire.FAILED):
            raise FrameError(f"a frame of an unknown kind came: {str(kind)[:40]!r}")
        turn = self._turns.get(_wire.number(frame, "turn"))
        if turn is None:
            raise FrameError("a frame of a turn that is not running came")
        turn.inbox.put_nowait(frame)
        if kind in (_wire.DONE, _wire.FAILED):
            self.forget(turn)

    def _lost(self, why: str) -> None:
        """Tell everybody that the process is gone; the first reason stands."""
        if self.gone.is_set():
            return
        self.why_gone = why
        self.gone.set()
        self._ready.set()
        if self._writer is not None:
            self._writer.close()
        turns, self._turns = list(self._turns.values()), {}
        for turn in turns:
            turn.inbox.put_nowait(None)
            turn.ended.set()
        self._changed()
