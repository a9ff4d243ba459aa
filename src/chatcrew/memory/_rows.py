"""Rows of memory's tables as values."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from chatcrew.messages import Consent, Fact, FactKind
from chatcrew.privacy import Keyring


def facts_from(
    rows: Iterable[Mapping[Any, Any]], keys: Keyring, tenant: str | None
) -> tuple[Fact, ...]:
    """Return the facts of a tenant's rows."""
    return tuple(_fact(row, keys, tenant) for row in rows)


def _fact(row: Mapping[Any, Any], keys: Keyring, tenant: str | None) -> Fact:
    """Return the fact of a tenant's row, or of PostgreSQL's JSON of one."""
    return Fact(
        id=row["id"],
        kind=FactKind(row["kind"]),
        text=keys.open(row["body"], f"fact {tenant}"),
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
