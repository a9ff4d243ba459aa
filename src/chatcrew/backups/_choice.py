"""Which tables a backup holds, and which of their rows are one tenant's."""

from typing import Final

from chatcrew.database import schema
from chatcrew.lgpd import REGISTER, Link

LEFT_OUT: Final = frozenset(
    {
        # which migrations ran stands in the manifest
        "alembic_version",
        # who was signed in signs in again
        *("console_session", "console_try", "tab_session", "tab_waiting"),
        # of calls that were under way
        "budget_reservation",
        # of this database itself
        "restoration",
        # worked out anew from the knowledge
        "knowledge_vector",
        # added up anew from days and sessions
        *("third_fact", "third_saving", "third_spend"),
        *("session_pace", "session_set", "session_third", "session_touched"),
    }
)
"""Tables that no backup holds."""

_OF_TENANT: Final = (
    *("consent_text", "day_fact", "day_saving", "day_spend", "feedback_digest", "model_call"),
)
"""Tables that hold nothing of customers and go with a tenant all the same."""

HOUSE: Final = tuple(
    str(one.name) for one in schema.metadata.sorted_tables if one.name not in LEFT_OUT
)
"""Tables of a backup of the whole house."""

TENANT: Final = (
    "conversation",
    *(
        name
        for name in HOUSE
        if name != "conversation"
        and (
            REGISTER[name].link is Link.CONVERSATION
            or name in _OF_TENANT
            or (
                REGISTER[name].link is not Link.NOBODY
                and "tenant" in schema.metadata.tables[name].c
            )
        )
    ),
)
"""Tables of a backup of one tenant; conversations first, because others go by them."""


def rows_of(table: str, *, conversations: str = "conversation") -> str:
    """Return SQL of the rows ``t`` of a table that are the tenant's ``:tenant``.

    A conversation is its tenant's with everything in it, whoever it was of before.

    Args:
        table: one of ``TENANT``.
        conversations: table of conversations that decides.
    """
    if table != "conversation" and REGISTER[table].link is Link.CONVERSATION:
        return (
            f"(t.bot, t.number) in (select c.bot, c.number from {conversations} as c"  # noqa: S608 - our own names
            " where c.tenant = :tenant)"
        )
    return "t.tenant = :tenant"
