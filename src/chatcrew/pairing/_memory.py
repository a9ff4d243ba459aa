"""Pairing in memory, for tests and simulations."""

from dataclasses import dataclass
from datetime import datetime

from chatcrew.clock import Clock
from chatcrew.ids import ConversationId
from chatcrew.pairing._port import Begun, Redeemed, Session
from chatcrew.pairing._rules import (
    CODE_LIFE,
    MOST_MISSES,
    MOST_WAITING,
    SESSION_LIFE,
    browser_secret,
    code_digest,
    digest,
    new_code,
)


@dataclass(slots=True)
class _Waiting:
    browser: str
    account: str
    number: int
    code: str
    expires_at: datetime
    misses: int = 0


class MemoryPairings:
    """In-memory twin of ``PostgresPairings``; see ``Pairings`` for what each method promises."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: list[_Waiting] = []
        self._orders: set[str] = set()
        self._sessions: dict[tuple[str, str, str], Session] = {}

    async def begin(self, account: str, number: int, *, secret: str | None = None) -> Begun:
        """See ``Pairings.begin``."""
        secret, expires_at = browser_secret(secret), self._clock.now() + CODE_LIFE
        here = [one for one in self._waiting if (one.account, one.number) == (account, number)]
        known = {one.code for one in here}
        code = new_code()
        while code_digest(account, number, code) in known:
            code = new_code()
        browser = digest(secret)
        others = [one for one in here if one.browser != browser][-(MOST_WAITING - 1) :]
        self._waiting = [one for one in self._waiting if one not in here]
        hashed = code_digest(account, number, code)
        self._waiting += [*others, _Waiting(browser, account, number, hashed, expires_at)]
        return Begun(secret, code, expires_at)

    async def redeem(
        self,
        code: str,
        conversation: ConversationId,
        *,
        tenant: str,
        user_id: int,
        user_name: str,
        order: str,
    ) -> Redeemed:
        """See ``Pairings.redeem``."""
        now = self._clock.now()
        account, number = conversation.account, conversation.number
        if order in self._orders:
            return Redeemed.PAIRED
        here = [one for one in self._waiting if (one.account, one.number) == (account, number)]
        wanted = code_digest(account, number, code)
        for one in here:
            if one.code == wanted and one.expires_at > now and one.misses < MOST_MISSES:
                break
        else:
            for one in here:
                one.misses += 1
            return Redeemed.UNKNOWN
        self._waiting.remove(one)
        self._orders.add(order)
        self._sessions = {
            key: kept
            for key, kept in self._sessions.items()
            if key[0] != one.browser or (kept.account, kept.user_id) == (account, user_id)
        }
        session = Session(account, tenant, user_id, user_name, now, now + SESSION_LIFE)
        self._sessions[(one.browser, account, tenant)] = session
        return Redeemed.PAIRED

    async def session(self, secret: str, account: str, tenant: str) -> Session | None:
        """See ``Pairings.session``."""
        found = self._sessions.get((digest(secret), account, tenant))
        return found if found is not None and found.expires_at > self._clock.now() else None

    async def leave(self, secret: str) -> int:
        """See ``Pairings.leave``."""
        return self._end([key for key in self._sessions if key[0] == digest(secret)])

    async def revoke(self, account: str, user_id: int | None = None) -> int:
        """See ``Pairings.revoke``."""
        return self._end(
            [
                key
                for key, one in self._sessions.items()
                if one.account == account and user_id in (None, one.user_id)
            ]
        )

    async def sessions(self) -> list[Session]:
        """See ``Pairings.sessions``."""
        now = self._clock.now()
        found = [one for one in self._sessions.values() if one.expires_at > now]
        return sorted(found, key=lambda one: one.paired_at, reverse=True)

    async def purge(self) -> int:
        """See ``Pairings.purge``."""
        now = self._clock.now()
        over = [one for one in self._waiting if one.expires_at <= now]
        self._waiting = [one for one in self._waiting if one.expires_at > now]
        ended = [key for key, one in self._sessions.items() if one.expires_at <= now]
        return len(over) + self._end(ended)

    def _end(self, keys: list[tuple[str, str, str]]) -> int:
        for key in keys:
            del self._sessions[key]
        return len(keys)
