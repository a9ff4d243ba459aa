"""The ledger on PostgreSQL."""

from sqlalchemy import Row, select, text

from chatcrew.database import Database
from chatcrew.database.schema import turn
from chatcrew.database.transactions import statement, transaction
from chatcrew.ids import ConversationId
from chatcrew.ledger._port import TurnFacts, TurnUsage
from chatcrew.messages import ModelCall, Outcome, TurnRecord, TurnState, Usage, clean_text

_CALLED = (
    "turn_id",
    "tenant",
    "role",
    "model",
    "prompt_tokens",
    "completion_tokens",
    "cached_tokens",
    "audio_seconds",
    "from_cache",
    "seconds",
    "error",
    "at",
    "cost",
    "estimated",
    "spared",
)

_USAGE = text("""
    select count(*) filter (where not from_cache) as calls,
           count(*) filter (where not from_cache and error is not null) as failed,
           count(*) filter (where from_cache) as from_cache,
           coalesce(sum(prompt_tokens) filter (where not from_cache), 0)::bigint as prompt,
           coalesce(sum(completion_tokens) filter (where not from_cache), 0)::bigint as completion,
           coalesce(sum(cached_tokens) filter (where not from_cache), 0)::bigint as cached,
           coalesce(sum(audio_seconds) filter (where not from_cache), 0)::double precision
               as audio_seconds,
           coalesce(sum(cost) filter (where not from_cache), 0)::double precision as cost,
           count(*) filter (where not from_cache and cost is null) as unpriced,
           count(*) filter (where not from_cache and estimated) as estimated
    from model_call where turn_id = :turn
""")


# As text: SQLAlchemy compiles an ``insert(table)`` anew for every call
_CALL = text(f"""
    insert into model_call ({", ".join(_CALLED)})
    values ({", ".join(f":{name}" for name in _CALLED)})
""")  # noqa: S608 - column names of this file


class PostgresLedger:
    """``Ledger`` on PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record_call(self, call: ModelCall) -> None:
        """See ``Ledger.record_call``."""
        values = {
            "turn_id": call.turn_id,
            "tenant": call.tenant,
            "role": clean_text(call.role),
            "model": clean_text(call.model),
            "prompt_tokens": call.usage.prompt_tokens,
            "completion_tokens": call.usage.completion_tokens,
            "cached_tokens": call.usage.cached_tokens,
            "audio_seconds": call.usage.audio_seconds,
            "from_cache": call.from_cache,
            "seconds": call.seconds,
            "error": call.error,
            "at": call.at,
            "cost": call.cost,
            "estimated": call.estimated,
            "spared": call.spared,
        }
        async with statement(self._database) as connection:
            await connection.execute(_CALL, values)

    async def usage(self, turn_id: str) -> TurnUsage:
        """See ``Ledger.usage``."""
        async with statement(self._database) as connection:
            found = (await connection.execute(_USAGE, {"turn": turn_id})).one()
        return TurnUsage(
            calls=found.calls,
            failed=found.failed,
            from_cache=found.from_cache,
            usage=Usage(found.prompt, found.completion, found.cached, found.audio_seconds),
            cost=found.cost,
            unpriced=found.unpriced,
            estimated=found.estimated,
        )

    async def turns(self, conversation: ConversationId, *, limit: int) -> tuple[TurnFacts, ...]:
        """See ``Ledger.turns``."""
        query = (
            select(turn)
            .where(turn.c.bot == conversation.bot, turn.c.number == conversation.number)
            .order_by(turn.c.started_at.desc(), turn.c.id.desc())
            .limit(limit)
        )
        async with transaction(self._database) as connection:
            return tuple(_facts(row) for row in await connection.execute(query))

    async def turn(self, turn_id: str) -> TurnFacts | None:
        """See ``Ledger.turn``."""
        async with statement(self._database) as connection:
            row = (await connection.execute(select(turn).where(turn.c.id == turn_id))).one_or_none()
        return _facts(row) if row is not None else None


def _facts(row: Row[tuple[object, ...]]) -> TurnFacts:
    record = None
    if row.outcome is not None:
        record = TurnRecord(
            outcome=Outcome(row.outcome),
            reason=row.reason,
            tenant=row.tenant,
            crew=row.crew,
            function=row.function,
            engine=row.engine,
            config=row.config,
            stage_ms=row.stage_ms,
            details=row.details,
        )
    return TurnFacts(
        turn_id=row.id,
        conversation=ConversationId(row.account, row.bot, row.number),
        state=TurnState(row.state),
        started_at=row.started_at,
        decided_at=row.decided_at,
        finished_at=row.finished_at,
        attempts=row.attempts,
        worker=row.worker,
        record=record,
    )
