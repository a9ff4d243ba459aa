"""Writes rows as a server would, for tests of figures."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import orjson
from sqlalchemy import insert, text

from chatcrew.database import Database
from chatcrew.database.schema import conversation, message, model_call, rating, turn
from chatcrew.database.transactions import transaction
from chatcrew.messages import Author, AuthorKind, Line, line_to_json

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

_MOVE = text("""
    update conversation set status = :status, episode = :episode, spoke_id = :spoke,
        snapshot = jsonb_set(snapshot, '{version}', to_jsonb(cast(:version as float8)))
    where bot = :bot and number = :number
""")
_SEEN = text("select 1 from conversation where bot = :bot and number = :number")


class Records:
    """What happened, as rows.

    Args:
        database: an empty one.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turns = 0

    async def talk(
        self,
        number: int,
        *,
        at: datetime,
        turns: Sequence[str],
        tenant: str = "shop/acme",
        bot: str = "acme-bot",
        episode: int = 1,
        closed: datetime | None = None,
        spoke: bool = False,
        cost: float | None = None,
        rating: int | None = None,
        **details: object,
    ) -> None:
        """Write one session.

        Args:
            number: of the conversation.
            at: when it began.
            turns: the outcome of each, a minute after each other; ``slot:…`` is a reply that asks.
            tenant: whose.
            bot: which.
            episode: which session.
            closed: when it was resolved.
            spoke: a person wrote to the customer.
            cost: of one model call in its first turn.
            rating: the customer's, at the end.
            details: of every turn.
        """
        place = {"bot": bot, "number": number}
        async with transaction(self._database) as run:
            snapshot = {"version": at.timestamp(), "contact": {"id": number, "name": "Ana"}}
            known = (await run.execute(_SEEN, place)).first()
            if known is None:
                row = {"account": "acme", "tenant": tenant, "channel": "whatsapp"}
                row |= {"snapshot": snapshot, "status": "pending", "episode": episode}
                await run.execute(insert(conversation).values(**place, **row))
            else:
                version = {"version": at.timestamp(), "spoke": 0}
                moved = {**place, "status": "pending", "episode": episode}
                await run.execute(_MOVE, moved | version)
            moment = at
            for index, kind in enumerate(turns):
                moment = at + timedelta(minutes=index)
                await self._turn(
                    run, kind, place, at=moment, tenant=tenant, episode=episode, details=details
                )
                if index == 0 and cost is not None:
                    await self._call(run, tenant=tenant, at=moment, cost=cost)
            if spoke:
                version = {"version": moment.timestamp(), "spoke": 1}
                await run.execute(_MOVE, {**place, "status": "open", "episode": episode} | version)
            if closed is not None:
                version = {"version": closed.timestamp(), "spoke": 0}
                await run.execute(
                    _MOVE, {**place, "status": "resolved", "episode": episode} | version
                )
            if rating is not None:
                await self._rate(run, place, tenant, rating, episode=episode, at=moment)

    async def _turn(self, run, kind, place, *, at, tenant, episode, details) -> None:
        self._turns += 1
        asks = kind.startswith("slot:")
        outcome = "replied" if asks else kind
        told = {"episode": episode, "heard": 1, "said": int(kind != "dropped"), "language": "pt-BR"}
        if outcome in ("replied", "handed_off"):
            told |= {"waited_ms": 1200 + 7 * self._turns, "promise": "kept"}
        if outcome == "handed_off":
            told["handoff"] = "customer_asked"
        values = {
            "id": f"t{self._turns:06}",
            "account": "acme",
            "state": "finished",
            "worker": "w",
            "started_at": at,
            "decided_at": at,
            "finished_at": at + timedelta(seconds=1),
            "outcome": outcome,
            "reason": kind if asks else "crew",
            "tenant": tenant,
            "crew": "whatsapp",
            "function": "support",
            "engine": "compiled",
            "config": "v1",
            "stage_ms": {"admit": 0.4, "answer": 900.5 + self._turns},
            "details": orjson.loads(orjson.dumps({**told, **details})),
        }
        await run.execute(insert(turn).values(**place, **values))

    async def _call(self, run, *, tenant, at, cost) -> None:
        await run.execute(
            insert(model_call).values(
                turn_id=f"t{self._turns:06}",
                tenant=tenant,
                role="attendant",
                model="gpt-4o-mini",
                prompt_tokens=1000,
                completion_tokens=100,
                cached_tokens=500,
                from_cache=False,
                seconds=0.9,
                at=at,
                cost=cost,
            )
        )

    async def _rate(self, run, place, tenant, stars, *, episode, at) -> None:
        asked = 1_000_000 + place["number"] * 10 + episode
        line = line_to_json(Line(asked, Author(AuthorKind.TEMPLATE), "", at))
        await run.execute(
            insert(message).values(
                bot=place["bot"],
                number=place["number"],
                message_id=asked,
                part=0,
                episode=episode,
                private=False,
                deleted=False,
                line=line,
            )
        )
        await run.execute(
            insert(rating).values(
                **place, message_id=asked, tenant=tenant, rating=stars, feedback="", at=at
            )
        )
