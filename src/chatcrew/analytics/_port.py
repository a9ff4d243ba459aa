"""What analytics offers: every figure that the console, the API and reports show."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Protocol

from chatcrew.analytics._lists import (
    Cohort,
    DebtFigures,
    GapFigures,
    Session,
    Sought,
    TenantFigures,
    Trace,
    Waiting,
)
from chatcrew.analytics._measures import Outcomes
from chatcrew.analytics._saved import Savings
from chatcrew.analytics._scope import Page, Scope
from chatcrew.analytics._values import Costs, IntentFigures, Latency, Moods, Overview
from chatcrew.ids import ConversationId

COHORTS = ("config", "function", "crew", "channel", "variant", "bot", "tenant")
"""By what sessions can be compared."""

KINDS = (
    *("sessions", "conversations", "turns", "model_calls", "moves", "ratings", "handoffs"),
    *("users", "gaps", "debts", "queue", "tenants"),
)
"""What can be exported; ``docs/analytics.md`` has the columns of each."""

PERSONAL = frozenset({"users"})
"""Of these, the kinds that say who a customer is: for who may see that, and noted as a deed."""


class Figures(Protocol):
    """Figures out of our own records; every method raises ``StoreError`` while they are away.

    Conversations of bots whose label begins with ``sim:`` count nowhere.
    """

    async def overview(self, scope: Scope) -> Overview:
        """Return what an owner looks at first."""
        ...

    async def outcomes(self, scope: Scope) -> Outcomes:
        """Return how the sessions ended that began in the time."""
        ...

    async def costs(self, scope: Scope) -> Costs:
        """Return what the model calls cost that ended in the time."""
        ...

    async def savings(self, scope: Scope) -> Savings:
        """Return what was not spent on the turns and calls that ended in the time (N6)."""
        ...

    async def latency(self, scope: Scope) -> Latency:
        """Return how long the turns took that ended in the time."""
        ...

    async def intents(self, scope: Scope) -> Sequence[IntentFigures]:
        """Return what customers asked for, most first."""
        ...

    async def moods(self, scope: Scope) -> Moods:
        """Return how customers felt."""
        ...

    async def gaps(
        self, scope: Scope, *, after: str | None = None, limit: int = 50
    ) -> Page[GapFigures]:
        """Return questions that nothing answered, last asked in the time; most frequent first.

        Raises:
            ValueError: ``after`` is not what a page gave.
        """
        ...

    async def tenants(self, scope: Scope) -> Sequence[TenantFigures]:
        """Return a row for each tenant that has something to show, by key (S2-19, S2-20)."""
        ...

    async def cohorts(self, scope: Scope, *, by: str) -> Sequence[Cohort]:
        """Return the sessions divided by one of ``COHORTS``, most attended first.

        A session belongs to what answered last in it.

        Raises:
            ValueError: it is none of ``COHORTS``.
        """
        ...

    async def sessions(
        self,
        scope: Scope,
        *,
        sought: Sought | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> Page[Session]:
        """Return the sessions that began in the time, newest first.

        Raises:
            ValueError: ``after`` is not what a page gave.
        """
        ...

    async def trace(
        self, conversation: ConversationId, *, tenants: frozenset[str] | None
    ) -> Trace | None:
        """Return everything about a conversation; None where it is none of these tenants'.

        It holds what the customer said: note a deed before it is shown.
        """
        ...

    async def waiting(self, scope: Scope) -> Waiting:
        """Return what the mailbox holds now; the time asked for does not matter."""
        ...

    async def debts(self, scope: Scope) -> DebtFigures:
        """Return what people owe customers."""
        ...

    def export(self, kind: str, scope: Scope) -> AsyncGenerator[Mapping[str, object], None]:
        """Give the facts of one of ``KINDS`` that the figures rest on, oldest first.

        Each row has all columns of its kind; values are text, whole numbers, decimals, moments
        and None.

        Raises:
            ValueError: it is none of ``KINDS``.
        """
        ...
