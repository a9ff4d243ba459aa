"""Examinations run by themselves, once for all workers, and make known what they found (N13)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest
from structlog.testing import capture_logs

from chatcrew.app.examining import Examining, Sight
from chatcrew.app.rights import KnownRights
from chatcrew.chatwoot import Pacing, Transport, open_session
from chatcrew.errors import StoreError
from chatcrew.provision._memory import MemoryExaminations
from chatcrew.provision.ports import LostRight
from chatcrew.telemetry import Metrics
from chatcrew.tenancy import Directory, load
from chatcrew.testing import ManualClock
from chatcrew.testing.installation import Installation
from chatcrew.tools import names

ROOT = Path(__file__).parents[3]


class _Kept(MemoryExaminations):
    """Takes no refusal while it is ``away``."""

    away = False

    async def lose(self, right: LostRight) -> None:
        if self.away:
            raise StoreError("away")
        await super().lose(right)


class House:
    """One worker's examining on a clock that stands still."""

    def __init__(
        self, installation: Installation, session: aiohttp.ClientSession, kept: _Kept
    ) -> None:
        loaded = load(installation.mapping, ROOT / "config", ROOT / "crews", tools=names())
        self.clock = ManualClock()
        self.metrics = Metrics()
        self.directory = Directory(loaded)
        self.kept = kept
        self.rights = KnownRights(
            self.directory, examinations=kept, metrics=self.metrics, clock=self.clock
        )
        transport = Transport(
            lambda: session, pacing=Pacing(self.clock), clock=self.clock, attempts=1
        )
        self.examining = Examining(
            self.directory,
            sight=Sight(transport, lambda _: _Silence(), per_minute=2700),
            examinations=kept,
            rights=self.rights,
            metrics=self.metrics,
            clock=self.clock,
            chance=lambda: 0.0,
        )

    def figure(self, kind: str, level: str) -> float | None:
        """Return the metric of a kind."""
        wanted = f'chatcrew_doctor_findings{{kind="{kind}",level="{level}"}} '
        text = self.metrics.exposition({}).decode()
        found = (row for row in text.splitlines() if row.startswith(wanted))
        return next((float(row.rpartition(" ")[2]) for row in found), None)


class _Silence:
    """Records of a server that never got a delivery, in a Chatwoot where nothing happened."""

    async def last_delivery(self, bot: str) -> None:
        return None

    async def refused_inboxes(self, bot: str) -> tuple[int, ...]:
        return ()


@pytest.fixture
async def houses(
    installation: Installation,
) -> AsyncIterator[Callable[[], House]]:
    """Workers on one store of findings."""
    result = await installation.connect("--no-prove")
    assert result.exit_code == 0, result.output
    kept = _Kept()
    async with open_session() as session:
        made = [await asyncio.to_thread(House, installation, session, kept) for _ in range(3)]
        waiting = iter(made)
        yield lambda: next(waiting)


async def test_of_workers_that_start_together_one_looks_and_all_know(
    houses: Callable[[], House], installation: Installation
) -> None:
    """The bot's rights are tried once; every worker's figures say the same."""
    workers = [houses(), houses(), houses()]
    before = installation.chatwoot.calls["labels"] + installation.chatwoot.calls["show_labels"]

    looked = await asyncio.gather(*(one.examining.round(starting=True) for one in workers))
    for one in workers:
        await one.examining.take()

    assert sorted(looked) == [0, 0, 1]
    tried = installation.chatwoot.calls["labels"] + installation.chatwoot.calls["show_labels"]
    assert tried - before == 1
    assert [one.figure("private", "warning") for one in workers] == [1.0] * 3


@pytest.mark.parametrize("installation", ["behind a proxy"], indirect=True)
async def test_it_looks_again_after_a_day_and_sooner_where_something_is_at_fault(
    houses: Callable[[], House], installation: Installation
) -> None:
    """A fault is looked at again within the hour, so that what was mended is seen.

    The proxy hides Chatwoot's clock, which does not go along with ours here.
    """
    house = houses()
    assert await house.examining.round(starting=True) == 1
    await house.clock.advance(23 * 3600)
    assert await house.examining.round() == 0
    await house.clock.advance(3601)

    installation.bot.secret = "another"
    assert await house.examining.round() == 1

    assert house.figure("secret_differs", "fault") == 1.0
    await house.clock.advance(3600)
    assert await house.examining.round() == 1


async def test_each_new_finding_is_one_line_in_plain_words(
    houses: Callable[[], House], installation: Installation
) -> None:
    """Found again it is not told again; gone it is told once, and its figure is 0."""
    house = houses()
    await house.examining.round(starting=True)
    installation.inboxes[0].bot = None
    with capture_logs() as first:
        await house.clock.advance(86_400)
        await house.examining.round()
        await house.clock.advance(86_400)
        await house.examining.round()
    with capture_logs() as second:
        installation.inboxes[0].bot = installation.bot
        await house.clock.advance(86_400)
        await house.examining.round()

    (found,) = [line for line in first if line["event"] == "doctor.found"]
    assert found["kind"] == "not_connected"
    assert "rode chatcrew connect" in found["text"]
    assert found["severity"] == "fault"
    (mended,) = [line for line in second if line["event"] == "doctor.mended"]
    assert mended["kind"] == "not_connected"
    assert house.figure("not_connected", "fault") == 0.0


async def test_a_chatwoot_that_is_away_mends_nothing(
    houses: Callable[[], House], installation: Installation
) -> None:
    """What was found before stays known, and so does what the bot may not do."""
    house = houses()
    installation.inboxes[0].bot = None
    await house.examining.round(starting=True)
    await house.kept.lose(
        LostRight("clinica-bot", "bot", "labels", "status_403", house.clock.now(), tried=True)
    )
    await installation.chatwoot.refuse_connections()

    await house.clock.advance(86_400)
    assert await house.examining.round() == 1

    assert house.figure("unreachable", "fault") == 1.0
    assert house.figure("not_connected", "fault") == 1.0
    assert len(await house.kept.lost()) == 1
    await house.clock.advance(15 * 60)
    assert await house.examining.round() == 1, "and it is looked at again soon"


async def test_a_changed_mapping_is_looked_at_at_once(
    houses: Callable[[], House], installation: Installation
) -> None:
    """An inbox more is another installation."""
    house = houses()
    await house.examining.round(starting=True)
    await house.clock.advance(120)
    assert await house.examining.round() == 0
    result = await installation.connect("--no-prove", "--inbox", "22")
    assert result.exit_code == 0, result.output
    loaded = await asyncio.to_thread(
        load, installation.mapping, ROOT / "config", ROOT / "crews", tools=names()
    )
    house.directory.swap(loaded)

    assert await house.examining.round() == 1


@pytest.mark.parametrize("installation", ["4.11 unsigned"], indirect=True)
async def test_what_the_bot_may_not_do_the_user_token_does_or_it_is_off(
    houses: Callable[[], House],
) -> None:
    """Off is what only a bot could do; a refusal of the user's token switches that off too."""
    house, bot = houses(), "clinica-bot"
    await house.examining.round(starting=True)

    assert house.rights.by_user(bot) == {"labels", "conversation"}
    assert house.rights.off(bot, "labels") is None
    assert house.rights.off(bot, "typing") == "denied"
    with capture_logs() as logs:
        for _ in range(2):
            house.rights.refused(bot, "labels", status=403)
    assert house.rights.off(bot, "labels") == "denied"
    assert [line["token"] for line in logs if line["event"] == "right.lost"] == ["user"]

    other = houses()
    await house.rights.aclose()
    await other.examining.take()
    assert other.rights.off(bot, "labels") == "denied", "other workers know"
    await house.kept.again("clinica", due=house.clock.now())
    await house.examining.round()
    assert house.rights.off(bot, "labels") is None, "until the next examination"


async def test_a_refusal_is_not_forgotten_while_the_database_is_away(
    houses: Callable[[], House], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is in force here at once, and told when the database is back."""
    house = houses()
    house.kept.away = True
    house.rights.refused("clinica-bot", "priority", status=403)
    await house.rights.aclose()
    house.rights.take(())
    assert house.rights.off("clinica-bot", "priority") is None, "the user token does it"
    assert house.rights.by_user("clinica-bot") == {"priority"}

    house.kept.away = False
    await house.examining.take()

    assert [one.name for one in await house.kept.lost()] == ["priority"]
