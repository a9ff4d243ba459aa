"""Examines each account when workers start and once a day, and makes what was found known (N13)."""

import asyncio
import contextlib
import hashlib
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Self

from chatcrew.app.rights import KnownRights
from chatcrew.chatwoot import Transport
from chatcrew.clock import Clock
from chatcrew.errors import ChatcrewError, StoreError
from chatcrew.provision import rights as of_tokens
from chatcrew.provision.facts import Examiner, accounts_of
from chatcrew.provision.findings import Finding
from chatcrew.provision.ports import Examinations, Examined, Records, Turn
from chatcrew.provision.probes import Judge
from chatcrew.telemetry import Metrics, get_logger, place
from chatcrew.tenancy import Configuration, Directory

_log = get_logger("doctor")

LOOK_EVERY = 30.0
"""Seconds between two looks at whether an account is due, and at what others have found."""

DAY = timedelta(days=1)
JITTER = 0.1
"""Share of the day that chance takes away, so that installations are not all asked at once."""
SOON = timedelta(hours=1)
"""When an account with a fault, or with something refused since, is looked at again."""
AWAY = timedelta(minutes=15)
"""The same where Chatwoot could not be asked."""
DIES = timedelta(minutes=5)
"""After this somebody else examines: whoever began has died."""
APART = timedelta(minutes=10)
"""Workers that start within this time do not all examine."""
SETTLED = timedelta(minutes=1)
"""The same for workers that come to know of a changed mapping one after the other."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What an examination looks with.

    Attributes:
        transport: asks each thing once.
        records: traces of deliveries, for the bots of a configuration.
        per_minute: the pace we keep, which is judged too.
    """

    transport: Transport
    records: Callable[[Configuration], Records]
    per_minute: int


class Examining:
    """Background tasks of one worker, as an async context; entering it waits for no Chatwoot.

    Of all workers on a database one examines an account; all of them take in what was found.

    Args:
        directory: current configuration.
        sight: what is looked with.
        examinations: where findings are kept.
        rights: of this process, told what tokens may not do.
        metrics: ``chatcrew_doctor_findings``.
        clock: time.
        chance: source of the jitter, 0-1.
    """

    def __init__(
        self,
        directory: Directory,
        *,
        sight: Sight,
        examinations: Examinations,
        rights: KnownRights,
        metrics: Metrics,
        clock: Clock,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._directory = directory
        self._sight = sight
        self._examinations = examinations
        self._rights = rights
        self._metrics = metrics
        self._clock = clock
        self._chance = chance
        self._shown: set[tuple[str, str]] = set()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._running(), name="examine")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._rights.aclose()

    async def _running(self) -> None:
        starting = True
        while True:
            try:
                await self.take()
                await self.round(starting=starting)
                starting = False
            except StoreError as error:
                _log.error("doctor.not_kept", error=type(error).__name__)
            except Exception as error:  # noqa: BLE001 - design §5: as the worker's loop, it outlives any round
                _log.error("doctor.failed", error=type(error).__name__, place=place(error))
            await self._clock.sleep(LOOK_EVERY)

    async def take(self) -> None:
        """Take in what others found, and tell what they do not know.

        Raises:
            StoreError: the database is away.
        """
        await self._rights.write()
        self._rights.take(await self._examinations.lost())
        self._show(await self._examinations.kept())

    async def round(self, *, starting: bool = False) -> int:
        """Examine the accounts that are due; return how many.

        Args:
            starting: the program has just come up, so all are due that nobody began a while ago.

        Raises:
            StoreError: the database is away.
        """
        configuration = self._directory.current
        done = 0
        for account in accounts_of(configuration):
            now = self._clock.now()
            turn = Turn(
                fingerprint=fingerprint(configuration, account),
                now=now,
                until=now + DIES,
                before=now - APART if starting else None,
                settled=now - SETTLED,
            )
            if await self._examinations.claim(account, turn):
                await self._examine(configuration, account)
                done += 1
        if done:
            await self.take()
        return done

    async def _examine(self, configuration: Configuration, account: str) -> None:
        examiner = Examiner(
            self._sight.transport,
            configuration=configuration,
            records=self._sight.records(configuration),
            clock=self._clock,
            examinations=self._examinations,
        )
        facts = await examiner.account(account)
        found = tuple(Judge(facts, per_minute=self._sight.per_minute).findings())
        kept = next(
            (one for one in await self._examinations.kept() if one.account == account), None
        )
        before = kept.findings if kept is not None else ()
        away = facts.unreachable is not None or facts.limited is not None
        if away:
            # What was found before is not mended because nobody can look.
            told = {one.code for one in found}
            found = (*(one for one in before if one.code not in told), *found)
        else:
            bots = [one.bot.name for one in facts.bots]
            await self._examinations.replace_lost(bots, tuple(of_tokens.lost(facts)))
        self._tell(found, before)
        now = self._clock.now()
        due = now + self._pause(found, away=away)
        await self._examinations.finish(account, found, now=now, due=due)

    def _pause(self, found: Iterable[Finding], *, away: bool) -> timedelta:
        if away:
            return AWAY
        soon = any(one.level == "fault" or one.code == "switched_off" for one in found)
        return (SOON if soon else DAY) * (1.0 - JITTER * self._chance())

    def _tell(self, found: Iterable[Finding], before: Iterable[Finding]) -> None:
        """Write one line for each finding that was not there before, and for each that is gone."""
        known = {one.about: one for one in before if one.level != "ok"}
        now = {one.about: one for one in found if one.level != "ok"}
        for about in now.keys() - known.keys():
            one = now[about]
            _log.warning("doctor.found", **_shown(one), severity=one.level)
        for about in known.keys() - now.keys():
            _log.info("doctor.mended", **_shown(known[about]))

    def _show(self, kept: Iterable[Examined]) -> None:
        """Set the figures; every worker does, for the greatest of all is shown."""
        counts: dict[tuple[str, str], int] = {}
        for one in advice(kept, self._directory.current):
            key = (one.code, one.level)
            counts[key] = counts.get(key, 0) + 1
        for kind, level in self._shown | counts.keys():
            figure = counts.get((kind, level), 0)
            self._metrics.set("chatcrew_doctor_findings", figure, kind=kind, level=level)
        self._shown |= counts.keys()


def advice(kept: Iterable[Examined], configuration: Configuration) -> list[Finding]:
    """Return what is to be mended in the accounts of the mapping: everything that is not well."""
    accounts = set(accounts_of(configuration))
    return [
        one
        for examined in kept
        if examined.account in accounts
        for one in examined.findings
        if one.level != "ok"
    ]


class Advice:
    """What readiness tells beside its checks; never a reason to be unready.

    Args:
        directory: whose accounts.
        examinations: where findings are kept.
    """

    def __init__(self, directory: Directory, examinations: Examinations) -> None:
        self._directory = directory
        self._examinations = examinations

    async def read(self) -> list[Mapping[str, object]]:
        """Return one entry per finding; nothing while the database is away."""
        with contextlib.suppress(ChatcrewError):
            kept = await self._examinations.kept()
            return [
                {**_shown(one), "level": one.level} for one in advice(kept, self._directory.current)
            ]
        return []


def _shown(one: Finding) -> dict[str, object]:
    """Return a finding in plain words, in both languages."""
    return {
        "account": one.account,
        "kind": one.code,
        "text": one.render("pt-BR"),
        "text_en": one.render("en"),
        "lost": list(one.features),
    }


def fingerprint(configuration: Configuration, account: str) -> str:
    """Return what changes with everything the mapping says of an account; it holds no secret."""
    bots = [repr(one) for one in configuration.bots.values() if one.account == account]
    routes = [repr(key) for key in configuration.routes if key[0] == account]
    return hashlib.sha256("\n".join(sorted([*bots, *routes])).encode()).hexdigest()[:16]
