"""The record of conduct in memory, for tests and simulations."""

from datetime import datetime, timedelta

from chatcrew.clock import Clock
from chatcrew.conduct._port import KEPT, NEWEST
from chatcrew.conversations import History
from chatcrew.ledger import Ledger
from chatcrew.messages import AuthorKind, Claim, Conduct, OptOut, Outcome, Person

_MOST = 500
_ANSWERS = (Outcome.REPLIED, Outcome.HANDED_OFF)

_Place = tuple[str, int, int, str]


class MemoryConduct:
    """In-memory twin of ``PostgresConduct``; see ``ConductStore`` for what each method promises.

    Args:
        history: where the customer's messages stand.
        clock: time.
        ledger: where the bot's answers stand; None: nobody counts them.
    """

    def __init__(self, history: History, clock: Clock, *, ledger: Ledger | None = None) -> None:
        self._history = history
        self._clock = clock
        self._ledger = ledger
        self._told: dict[_Place, tuple[str, datetime]] = {}
        self._wishes: dict[Person, OptOut] = {}

    async def look(self, claim: Claim, person: Person | None) -> Conduct:
        """See ``ConductStore.look``."""
        now, here = self._clock.now(), claim.key.conversation
        lines = await self._history.window(here, limit=10 * _MOST, episode=claim.state.episode)
        mine = [
            one for one in lines if one.author.kind is AuthorKind.CUSTOMER and not one.automatic
        ][-_MOST:]
        told = {
            notice
            for (bot, number, episode, notice), (turn, _) in self._told.items()
            if (bot, number, episode) == (here.bot, here.number, claim.state.episode)
            and turn != claim.key.turn_id
        }
        today = [one for one in mine if one.created_at > now - timedelta(days=1)]
        turns = await self._ledger.turns(here, limit=_MOST) if self._ledger else ()
        ends = (
            one.decided_at or one.finished_at
            for one in turns
            if one.record is not None and one.record.outcome in _ANSWERS
        )
        day_ago = now - timedelta(days=1)
        return Conduct(
            answered=tuple(sorted((at for at in ends if at and at > day_ago), reverse=True)),
            day=len(today),
            minute=sum(one.created_at > now - timedelta(minutes=1) for one in mine),
            newest=tuple(one.text for one in reversed(today[-NEWEST:])),
            told=frozenset(told),
            opt_out=None if person is None else self._wishes.get(person),
        )

    async def tell(self, claim: Claim, notice: str) -> None:
        """See ``ConductStore.tell``."""
        here = claim.key.conversation
        place = (here.bot, here.number, claim.state.episode, notice)
        self._told.setdefault(place, (claim.key.turn_id, self._clock.now()))

    async def opt_out(self, claim: Claim, person: Person) -> None:
        """See ``ConductStore.opt_out``."""
        place = str(claim.key.conversation)
        self._wishes[person] = OptOut(self._clock.now(), place, claim.state.episode)

    async def opt_in(self, person: Person) -> bool:
        """See ``ConductStore.opt_in``."""
        return self._wishes.pop(person, None) is not None

    async def purge(self) -> int:
        """See ``ConductStore.purge``."""
        before = self._clock.now() - KEPT
        old = [place for place, (_, at) in self._told.items() if at < before]
        for place in old:
            del self._told[place]
        return len(old)
