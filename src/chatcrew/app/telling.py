"""Wires the account of turns over our records: for the worker, the tab and the terminal (N9)."""

from collections.abc import Callable, Sequence

from chatcrew.clock import Clock
from chatcrew.database import Database
from chatcrew.hub.gate import closed_because
from chatcrew.ledger import PostgresLedger
from chatcrew.messages import ConversationState
from chatcrew.outbox import PostgresOutbox
from chatcrew.tenancy import Configuration
from chatcrew.tools import PostgresToolCalls
from chatcrew.why import States, StoredWhy, ToolTold


def open_why(
    database: Database,
    *,
    states: States,
    configuration: Callable[[], Configuration],
    clock: Clock,
) -> StoredWhy:
    """Return the account of turns.

    Args:
        database: our records.
        states: the mailbox.
        configuration: the files as they hold now.
        clock: time.
    """
    calls = PostgresToolCalls(database, clock)

    def quiet(state: ConversationState) -> str | None:
        bot = configuration().bots.get(state.id.bot)
        return (
            "unknown_bot" if bot is None else closed_because(state, agent_bot_id=bot.agent_bot_id)
        )

    async def acted(turn: str) -> Sequence[ToolTold]:
        rows = await calls.of_turn(turn)
        return [ToolTold(one.tool, one.state.value, number=one.id) for one in rows]

    return StoredWhy(
        PostgresLedger(database),
        outbox=PostgresOutbox(database, clock),
        states=states,
        quiet=quiet,
        acted=acted,
    )
