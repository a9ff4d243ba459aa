"""Rows of memory's tables as values."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from chatcrew.messages import Consent, Fact, FactKind
from chatcrew.privacy import Keyring


def facts_from(
    rows: Iterable[Mapping[Any, Any]], keys: Keyring, tenant: str | None
) -> tuple[Fact, ...]:
    """Return the facts of a tenant's rows; raises ``Unsealable``."""
    return tuple(_fact(row, keys.open(row["body"], f"fact {tenant}")) for row in rows)


def readable_facts(
    rows: Iterable[Mapping[Any, Any]], keys: Keyring, tenant: str
) -> tuple[Fact, ...]:
    """Return the facts of a tenant's rows; one that does not open has no text."""
    return tuple(_fact(row, keys.readable(row["body"], f"fact {tenant}")) for row in rows)


def readable_summaries(rows: Iterable[Any], keys: Keyring) -> list[tuple[str, int, str]]:
    """Return place, episode and text of summaries; one that does not open has no text."""
    return [
        (
            f"{row.account}/{row.bot}/{row.number}",
            row.episode,
            keys.readable(row.summary, f"summary {row.bot}"),
        )
        for row in rows
    ]


def _fact(row: Mapping[Any, Any], text: str) -> Fact:
    """Return the fact of a row, or of PostgreSQL's JSON of one."""
    return Fact(
        id=row["id"],
        kind=FactKind(row["kind"]),
        text=text,
        about=row["about"],
        conversation=row["conversation"],
        message_id=row["message_id"],
        confidence=row["confidence"],
        created_at=_instant(row["created_at"]),
        used_at=_instant(row["used_at"]) if row["used_at"] else None,
        expires_at=_instant(row["expires_at"]),
    )


def consent_from(row: Mapping[str, Any]) -> Consent:
    """Return the consent of a row, or of PostgreSQL's JSON of one."""
    return Consent(row["given"], _instant(row["at"]), row["version"], row["source"])


def _instant(value: datetime | str) -> datetime:
    """Return a moment that came as a column or inside PostgreSQL's JSON."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
