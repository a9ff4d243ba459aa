"""Rules that both backends of memory keep: how long a fact stays, which go first, what is shown."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from chatcrew.messages import Consent, Fact, NewFact


def expires(fact: NewFact, *, now: datetime, keep_days: int) -> datetime:
    """Return when a fact is forgotten by itself."""
    return fact.expires_at or now + timedelta(days=keep_days)


def usefulness(fact: Fact) -> tuple[datetime, int]:
    """Return the sort key by which facts are kept: last use, else birth; then the newer one."""
    return (fact.used_at or fact.created_at, fact.id)


def exported(
    facts: Iterable[Fact], consent: Consent | None, summaries: Iterable[tuple[str, int, str]]
) -> Mapping[str, Any]:
    """Return everything kept of a person as JSON values."""
    return {
        "facts": [
            {
                "id": fact.id,
                "kind": fact.kind.value,
                "about": fact.about,
                "text": fact.text,
                "conversation": fact.conversation,
                "message_id": fact.message_id,
                "confidence": fact.confidence,
                "created_at": fact.created_at.isoformat(),
                "used_at": fact.used_at.isoformat() if fact.used_at else None,
                "expires_at": fact.expires_at.isoformat(),
            }
            for fact in sorted(facts, key=lambda fact: fact.id)
        ],
        "consent": None
        if consent is None
        else {
            "given": consent.given,
            "at": consent.at.isoformat(),
            "version": consent.version,
            "source": consent.source,
        },
        "summaries": [
            {"conversation": conversation, "episode": episode, "text": text}
            for conversation, episode, text in sorted(summaries)
            if text
        ],
    }
