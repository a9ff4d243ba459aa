"""Of a conversation whose inbox was given to another tenant: which rows are this one's to show."""

from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]


def own(rows: Mapping[str, Sequence[Row]], tenant: str) -> dict[str, list[Row]]:
    """Return the rows that a tenant may see of a person whose conversations it has now.

    Args:
        rows: by table, as they are stored; other tables than those of conversations stay.
        tenant: who asks.
    """
    first = {
        (row["bot"], row["number"]): row["tenant_episode"] for row in rows.get("conversation", ())
    }
    others = {row["id"] for row in rows.get("turn", ()) if row["tenant"] not in (None, tenant)}

    def is_own(row: Row) -> bool:
        begun = first.get((row.get("bot"), row.get("number")), 1)
        return (
            row.get("tenant") in (None, tenant)
            and row.get("turn_id") not in others
            and (row.get("episode") or begun) >= begun
        )

    return {table: [row for row in some if is_own(row)] for table, some in rows.items()}
