"""The last line of ``chatcrew explain --text``: what customers read, with and without a model."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from chatcrew import intents
from chatcrew.clock import SystemClock
from chatcrew.errors import ModelError
from chatcrew.hub.answers_port import NothingKept
from chatcrew.hub.context import TurnContext
from chatcrew.hub.stages.answer import AnswerStage
from chatcrew.ids import ConversationId
from chatcrew.messages import (
    Answer,
    Ask,
    Claim,
    ConversationState,
    Filled,
    Passage,
    Snapshot,
    TurnKey,
    TurnState,
)
from chatcrew.tenancy import Configuration, Crew, Intent, Tenant

Verdict = dict[str, dict[str, Any]]

_SHOWN = 90
"""Longest text shown; the file has the rest."""


def verdict(
    tenant: Tenant,
    intent: Intent | None,
    read: Sequence[intents.Entity],
    passages: Sequence[Passage],
    *,
    language: str,
) -> Verdict:
    """Return who has the last word, as JSON values, as the turn decides (hub's branch and answer).

    Args:
        tenant: whose customer writes.
        intent: what the message hits, or None.
        read: what was read in the message, which may fill the intent's slots.
        passages: what the search finds, best first.
        language: the customer's, in which alone an intent's own words are said.
    """
    if intent is not None:
        said = _by_intent(intent, read, language)
        if said is not None:
            return {"with_model": said, "without_model": said}
    crew = {"by": "crew", "text": None, "source": None}
    people = {"by": "people", "text": None, "source": None}
    sure = _word_for_word(tenant, intent, passages, language)
    if sure is None:
        return {"with_model": crew, "without_model": people}
    entry = {"by": "knowledge", "text": sure.text, "source": sure.source}
    return {"with_model": crew, "without_model": entry}


def verdict_line(told: Verdict, words: Mapping[str, str]) -> str:
    """Return for people what ``verdict`` found, in one line."""
    without = _said(told["without_model"], words)
    if told["with_model"] == told["without_model"]:
        return words["reads_always"].format(said=without)
    return words["reads"].format(model=_said(told["with_model"], words), without=without)


def _word_for_word(
    tenant: Tenant, intent: Intent | None, passages: Sequence[Passage], language: str
) -> Passage | None:
    """Return what the turn's own ladder gives without a model; None where it calls people."""
    conversation = ConversationId("explain", "explain", 1)
    claim = Claim(
        key=TurnKey("explain", conversation, 1),
        state=ConversationState(conversation, snapshot=Snapshot()),
        burst=(),
        turn_state=TurnState.OPEN,
        arrivals=1,
        attempts=1,
        lease_until=0.0,
        started_at=datetime.now(UTC),
    )
    ctx = TurnContext(
        claim,
        Configuration("explained", {}, {}, None, {tenant.key: tenant}, {}),
        deadline=float("inf"),
        tenant=tenant,
        language=language,
        intent=None if intent is None else intent.name,
        passages=tuple(passages),
    )
    asyncio.run(AnswerStage(_NoModel(), NothingKept(), SystemClock())(ctx))
    return ctx.reply.passages[0] if ctx.reply and ctx.reply.passages else None


class _NoModel:
    """An installation without a model."""

    available = False

    async def respond(self, crew: Crew, tenant: Tenant, ask: Ask, *, config: str) -> Answer:
        """Never called: nothing is available."""
        raise ModelError("no model", kind="no_model")

    async def respond_fast(self, crew: Crew, tenant: Tenant, ask: Ask, *, config: str) -> Answer:
        """Never called: nothing is available."""
        raise ModelError("no model", kind="no_model")

    async def repair(
        self,
        crew: Crew,
        tenant: Tenant,
        ask: Ask,
        *,
        draft: Answer,
        claims: Sequence[str],
        config: str,
    ) -> Answer:
        """Never called: nothing is available."""
        raise ModelError("no model", kind="no_model")


def _by_intent(
    intent: Intent, read: Sequence[intents.Entity], language: str
) -> dict[str, Any] | None:
    """Return the intent's question or words; None where it has none for what is known."""
    filled, missing = intents.fill_slots(intent.slots, read, Filled())
    source = f"{intent.place[0]}:{intent.place[1]}" if intent.place[1] else None
    if missing is not None and _spoken(missing.ask[0], language):
        return {"by": "question", "text": missing.ask[0], "source": source}
    slots = {slot.name for slot in intent.slots}
    replies = [words for words in intent.replies if _spoken(words, language)]
    if not replies and intent.action == "handoff" and intent.priority == "urgent":
        replies = list(intent.replies)
    holding = [(words, intents.holds(words) & slots) for words in replies]
    told = [(words, held) for words, held in holding if held <= filled.values.keys()]
    most = max((len(held) for _, held in told), default=0)
    fitting = [words for words, held in told if len(held) == most]
    if fitting or intent.action == "handoff":
        by = "handoff" if intent.action == "handoff" else "intent"
        return {"by": by, "text": fitting[0] if fitting else None, "source": source}
    return None


def _spoken(words: str, language: str) -> bool:
    return intents.detect_language(words, default=language) == language


def _said(one: Mapping[str, Any], words: Mapping[str, str]) -> str:
    key = f"by_{one['by']}" if one["text"] or one["by"] != "handoff" else "by_handoff_text"
    return words[f"read_{key}"].format(text=_short(one["text"] or ""), source=one["source"])


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHOWN else f"{flat[: _SHOWN - 1]}…"
