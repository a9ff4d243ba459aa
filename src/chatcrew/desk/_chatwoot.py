"""Reads from Chatwoot who is at work and how much each has open; remembers it for a moment."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from chatcrew.cache import Kind, LayeredCache, key
from chatcrew.chatwoot import ChatwootClient
from chatcrew.clock import Clock
from chatcrew.desk._values import Agent, Staff, Team
from chatcrew.errors import ChatwootError
from chatcrew.ids import ConversationId
from chatcrew.telemetry import get_logger

NOW = 20.0
"""Seconds for which availability and open conversations are believed."""

SEATS = 600.0
"""Seconds for which it is believed who is in which inbox and team."""

PAGES = 24
"""Pages of 25 open conversations that are read: what is beyond them is not counted."""

PATIENCE = 4.0
"""Seconds that a customer waits for it at most; then Chatwoot chooses the person."""

_PAGE = 25

_log = get_logger("desk")


class Clients(Protocol):
    """Where a bot's Chatwoot client comes from."""

    async def client(self, bot: str) -> ChatwootClient:
        """Return the client of a bot label.

        Raises:
            KeyError: the mapping does not know this bot.
            ChatwootUnavailable: a token cannot be read.
        """
        ...


class ChatwootStaff:
    """Satisfies ``StaffRoom``; names nobody but the team, and no customer is kept.

    Args:
        clients: with a user token where there is one.
        cache: where it is remembered.
        clock: time.
    """

    def __init__(self, clients: Clients, *, cache: LayeredCache, clock: Clock) -> None:
        self._clients = clients
        self._cache = cache
        self._clock = clock

    async def staff(self, conversation: ConversationId, inbox_id: int | None) -> Staff | None:
        """See ``StaffRoom.staff``."""
        try:
            client = await self._clients.client(conversation.bot)
            if not client.has_user_token or inbox_id is None:
                return None
            async with asyncio.timeout(PATIENCE):
                return await self._staff(client, conversation.account, inbox_id)
        except (ChatwootError, KeyError, TimeoutError) as error:
            _log.warning("staff.unknown", account=conversation.account, error=type(error).__name__)
            return None

    async def _staff(self, client: ChatwootClient, account: str, inbox_id: int) -> Staff:
        async def kept(
            what: str, number: int, load: Callable[[], Awaitable[Any]], ttl: float
        ) -> Any:
            place = key(Kind.CHATWOOT, account, repr(client), what, number)
            return await self._cache.get_or_load(place, load, ttl=ttl)

        async def agents() -> list[Any]:
            return [_person(one) for one in await client.people("agents") if _id(one)]

        async def members() -> list[int]:
            return [_id(one) for one in await client.members("inbox", inbox_id)]

        async def teams() -> list[Any]:
            found = [one for one in await client.people("teams") if _id(one)]
            return [
                [
                    _id(one),
                    str(one.get("name") or ""),
                    [_id(each) for each in await client.members("team", _id(one))],
                ]
                for one in found
            ]

        async def load() -> dict[str, Any]:
            return await self._load(client)

        people = await kept("agents", 0, agents, NOW)
        busy = await kept("open_load", 0, load, NOW)
        return Staff(
            agents={one[0]: Agent(*one) for one in people},
            members=frozenset(await kept("inbox_members", inbox_id, members, SEATS)),
            teams=tuple(
                Team(number, name, frozenset(inside))
                for number, name, inside in await kept("team_members", 0, teams, SEATS)
            ),
            open_of=_counts(busy["agents"]),
            open_in=_counts(busy["teams"]),
            read_at=datetime.fromtimestamp(busy["at"], UTC),
        )

    async def _load(self, client: ChatwootClient) -> dict[str, Any]:
        """Count what people and teams have open; JSON, for the cache keeps it."""
        begun = self._clock.now().timestamp()
        people: Counter[int] = Counter()
        teams: Counter[int] = Counter()
        for page in range(1, PAGES + 1):
            rows = await client.conversations(status="open", page=page, assigned=True)
            for row in rows:
                meta = row.get("meta")
                meta = meta if isinstance(meta, dict) else {}
                # Before 4.8.0 no type is named, and only people could be assigned
                if meta.get("assignee_type", "User") == "User":
                    people.update(filter(None, [_id(meta.get("assignee"))]))
                teams.update(filter(None, [_id(meta.get("team"))]))
            if len(rows) < _PAGE:
                break
        else:
            _log.info("staff.many_open", counted=PAGES * _PAGE)
        return {"at": begun, "agents": _pairs(people), "teams": _pairs(teams)}


def _person(one: Mapping[str, Any]) -> list[Any]:
    words = (str(one.get(name) or "") for name in ("name", "email", "availability_status"))
    return [_id(one), *words]


def _id(one: object) -> int:
    """Return the id of a row; 0 is nobody's."""
    number = one.get("id") if isinstance(one, dict) else None
    return number if isinstance(number, int) else 0


def _pairs(counted: Counter[int]) -> list[tuple[int, int]]:
    return sorted(counted.items())


def _counts(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    return dict(pairs)
