"""Whom a tenant talked with, out of our records of its conversations."""

from datetime import datetime

import orjson
from sqlalchemy import text

from chatcrew.analytics import Page
from chatcrew.database import Database
from chatcrew.database.transactions import statement
from chatcrew.web.api import Contact

# The card of the newest conversation: names and numbers change
_PAGE = text("""
    select account, contact, card, conversations, last_at from (
        select account, cast(snapshot -> 'contact' ->> 'id' as bigint) as contact,
               (array_agg(snapshot -> 'contact' order by number desc))[1]::text as card,
               count(*) as conversations, max(customer_at) as last_at
        from conversation
        where tenant = :tenant and not starts_with(bot, 'sim:')
          and snapshot -> 'contact' ->> 'id' is not null
        group by 1, 2
    ) as contacts
    where (account, contact) > (:account, cast(:contact as bigint))
    order by account, contact limit :limit
""")


class StoredContacts:
    """Satisfies ``web.api.Contacts``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, tenant: str, *, after: str | None, limit: int) -> Page[Contact]:
        """See ``Contacts.page``."""
        account, contact = _place(after)
        values = {"tenant": tenant, "account": account, "contact": contact, "limit": limit + 1}
        async with statement(self._database) as connection:
            rows = (await connection.execute(_PAGE, values)).all()
        found = [_contact(*row) for row in rows[:limit]]
        more = f"{found[-1].account}/{found[-1].contact}" if len(rows) > limit else None
        return Page(tuple(found), more)


def _place(after: str | None) -> tuple[str, int]:
    """Return after whom a page begins.

    Raises:
        ValueError: no page gave this.
    """
    if after is None:
        return "", 0
    account, _, contact = after.rpartition("/")
    if (
        not account
        or "\0" in account
        or not contact.isascii()
        or not contact.isdigit()
        or len(contact) > 18
    ):
        raise ValueError(after)
    return account, int(contact)


def _contact(
    account: str, contact: int, card: str, conversations: int, last_at: datetime | None
) -> Contact:
    said = orjson.loads(card)
    return Contact(
        account,
        contact,
        said.get("name"),
        said.get("phone"),
        said.get("email"),
        conversations,
        last_at,
    )
