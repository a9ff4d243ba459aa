"""What each token may do, as examinations and refusals have shown; shared through the database."""

import asyncio
from collections.abc import Iterable

from chatcrew.clock import Clock
from chatcrew.errors import StoreError
from chatcrew.provision.ports import Actor, Examinations, LostRight
from chatcrew.provision.rights import USER_MAY
from chatcrew.telemetry import Metrics, get_logger
from chatcrew.tenancy import Directory

_log = get_logger("doctor")

_BY_USER = {right: right for right in USER_MAY} | {"message": "note", "status": "status"}
"""What the user token does where the bot lost a right: of messages only the note for people."""


class KnownRights:
    """Satisfies ``worker.Rights``; answers from memory, and writes behind the caller's back.

    What the bot's token lost the user token does, where it may; else it is off until the next
    examination.

    Args:
        directory: whether an account has a user token.
        examinations: where it is kept.
        metrics: counts what is left out.
        clock: time.
    """

    def __init__(
        self, directory: Directory, *, examinations: Examinations, metrics: Metrics, clock: Clock
    ) -> None:
        self._directory = directory
        self._examinations = examinations
        self._metrics = metrics
        self._clock = clock
        self._lost: dict[tuple[str, Actor, str], LostRight] = {}
        self._unwritten: dict[tuple[str, Actor, str], LostRight] = {}
        self._writing: set[asyncio.Task[None]] = set()

    def off(self, bot: str, right: str) -> str | None:
        """See ``worker.Rights.off``."""
        lost = self._lost.get((bot, "bot", right))
        if lost is None or right in self.by_user(bot):
            return None
        return lost.reason

    def refused(self, bot: str, right: str, *, status: int) -> None:
        """See ``worker.Rights.refused``."""
        helped = right in USER_MAY and right in self.by_user(bot)
        key: tuple[str, Actor, str] = (bot, "user" if helped else "bot", right)
        if key in self._lost:
            return
        lost = LostRight(*key, f"status_{status}", self._clock.now(), tried=True)
        self._lost[key] = self._unwritten[key] = lost
        _log.warning("right.lost", bot=bot, right=right, token=key[1], status=status)
        writing = asyncio.create_task(self.write(), name="right lost")
        self._writing.add(writing)
        writing.add_done_callback(self._writing.discard)

    def left_out(self, bot: str, act: str) -> None:
        """See ``worker.Rights.left_out``."""
        self._metrics.count("chatcrew_acts_left_out", bot=bot, act=act)

    def by_user(self, bot: str) -> frozenset[str]:
        """Return what is done with the user token because the bot's is refused."""
        known = self._directory.current.bots.get(bot)
        if known is None or known.user_token is None:
            return frozenset()
        return frozenset(
            act
            for right, act in _BY_USER.items()
            if (bot, "bot", right) in self._lost and (bot, "user", act) not in self._lost
        )

    def instead(self, bot: str, right: str) -> bool:
        """See ``worker.Rights.instead``."""
        return right in self.by_user(bot)

    def take(self, lost: Iterable[LostRight]) -> None:
        """Know what the database knows, and what it was not told yet."""
        self._lost = {(one.bot, one.actor, one.name): one for one in lost} | self._unwritten

    async def write(self) -> None:
        """Tell the database of refusals; while it is away they are kept for later."""
        for key, lost in list(self._unwritten.items()):
            try:
                await self._examinations.lose(lost)
            except StoreError:
                return
            self._unwritten.pop(key, None)

    async def aclose(self) -> None:
        """Let the writes end."""
        await asyncio.gather(*self._writing, return_exceptions=True)
