"""Which rounds a worker makes: sweep, fire timers, share the pace, renew, forget what is old."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Protocol

from chatcrew.accounts import PostgresAccounts
from chatcrew.answers import ASKED, MOST, PostgresAnswers
from chatcrew.app.assembly import WorkerParts
from chatcrew.app.chores import Round
from chatcrew.app.corrections import corrections_over
from chatcrew.budgets import Keeper, Pace, PostgresCounters
from chatcrew.clock import Clock
from chatcrew.conduct import PostgresConduct
from chatcrew.conversations import PostgresHistory
from chatcrew.database import Database
from chatcrew.desk import REMEMBERED, PostgresAssignments
from chatcrew.mailbox import Mailbox
from chatcrew.pairing import PostgresPairings
from chatcrew.proposals import PostgresDrafts, settle_drafts
from chatcrew.tools import ToolCalls
from chatcrew.why import PostgresJudgements

SWEEP_EVERY = 60.0
SHARE_EVERY = 15.0
PURGE_EVERY = 3600.0
RENEW_EVERY = 3600.0
ALARM_EVERY = 2.0
SETTLE_EVERY = 60.0
DEBTS_EVERY = 5.0
EXPIRE_EVERY = 15.0
ALERT_EVERY = 10.0
WORKERS = "chatcrew-worker"
"""What the names of all workers' pools begin with."""
KEEP_KEYS = timedelta(days=30)
"""Chatwoot retries within seconds; a month also covers a replayed backup of its queue."""
MOST_BODIES = timedelta(days=90)
MOST_CALLS = timedelta(days=3650)
"""The longest that ``privacy.retention`` lets a business keep these; it deletes them before."""
KEEP_JUDGEMENTS = timedelta(days=90)
KEEP_COUNTS = timedelta(days=40)
"""What each limit of a month came to."""
KEEP_DRAFTS = timedelta(days=180)
"""Without their words: what became of them is counted over half a year."""


class Peers(Protocol):
    """Who else works on this database."""

    async def peers(self, prefix: str) -> int:
        """Return how many pools whose names begin with ``prefix`` are connected.

        Raises:
            StoreError: it was not answered.
        """
        ...


class Divided(Protocol):
    """What workers share."""

    def divide(self, share: int, /) -> None:
        """Note how many workers live now."""
        ...


def share(peers: Peers, *paces: Divided) -> Round:
    """Divide the paces by the workers that live now, on whatever machines they do."""

    async def run() -> None:
        workers = max(1, await peers.peers(WORKERS))
        for pace in paces:
            pace.divide(workers)

    return Round("share", SHARE_EVERY, run)


def rounds(
    parts: WorkerParts,
    *,
    database: Database,
    mailbox: Mailbox,
    calls: ToolCalls,
    renew: Callable[[], Awaitable[None]],
    clock: Clock,
    limits: tuple[Keeper, Pace],
) -> list[Round]:
    """Return every round of a worker.

    Args:
        parts: what sweeps, wakes and dunns.
        database: where everything is kept.
        mailbox: whose oldest is deleted.
        calls: whose oldest is deleted.
        renew: says which knowledge this worker uses, which is kept for as long as somebody does.
        clock: time.
        limits: what allows model calls, and how many a minute.
    """
    keeper, pace = limits
    drafts, history = PostgresDrafts(database, clock), PostgresHistory(database)
    corrections = corrections_over(database, clock)

    async def settle() -> None:
        now = clock.now()
        await settle_drafts(drafts, history, now=now, told=corrections.edited)
        await corrections.deleted(now=now)

    return [
        Round("sweep", SWEEP_EVERY, parts.sweep.run),
        Round("debts_missing", SWEEP_EVERY, parts.debts.find),
        Round("alarms", ALARM_EVERY, parts.alarms.run),
        Round("debts", DEBTS_EVERY, parts.debts.run),
        Round("drafts", SETTLE_EVERY, settle),
        Round("renew", RENEW_EVERY, renew),
        share(database, parts.pacing, pace),
        Round("budgets", EXPIRE_EVERY, keeper.expire),
        *_purges(parts, database=database, mailbox=mailbox, calls=calls, clock=clock),
    ]


def _purges(
    parts: WorkerParts, *, database: Database, mailbox: Mailbox, calls: ToolCalls, clock: Clock
) -> list[Round]:
    """Return what forgets what is old, each by itself: none waits for another that fails."""
    drafts = PostgresDrafts(database, clock)
    conduct, assignments = PostgresConduct(database, clock), PostgresAssignments(database, clock)
    pairings, judgements = PostgresPairings(database, clock), PostgresJudgements(database, clock)
    answers, budgets = PostgresAnswers(database), PostgresCounters(database)
    forget: dict[str, Callable[[], Awaitable[object]]] = {
        "seen": lambda: mailbox.purge_seen(clock.now() - KEEP_KEYS),
        "bodies": lambda: mailbox.purge_bodies(clock.now() - MOST_BODIES),
        "calls": lambda: calls.purge(clock.now() - MOST_CALLS),
        "timers": parts.alarms.purge,
        "debts": parts.debts.purge,
        "drafts": lambda: drafts.purge(clock.now() - KEEP_DRAFTS),
        "conduct": conduct.purge,
        "assignments": lambda: assignments.purge(clock.now() - REMEMBERED),
        "pairings": pairings.purge,
        "budgets": lambda: budgets.purge(clock.now() - KEEP_COUNTS),
        "accounts": PostgresAccounts(database, clock).purge,
        "judgements": lambda: judgements.purge(clock.now() - KEEP_JUDGEMENTS),
        "answers": lambda: answers.purge(before=clock.now() - ASKED, most=MOST),
    }
    return [Round(f"purge_{name}", PURGE_EVERY, run) for name, run in forget.items()]
