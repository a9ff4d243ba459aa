"""Rows of memory's tables as values."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chatcrew.messages import Consent, Fact, FactKind
from chatcrew.privacy import Keyring


def fact_from(row: Mapping[str, Any], keys: Keyring) -> Fact:
    """Return the fact of a row, or of PostgreSQL's JSON of one."""
    return Fact(
        id=row["id"],
        kind=FactKind(row["kind"]),
        text=keys.open(row["body"]),
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
