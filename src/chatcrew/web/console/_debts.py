"""The page of customers who wait for a person (S1-67, N14)."""

from chatcrew.web.console._asking import Asked, Page, Shown
from chatcrew.web.console._ports import People
from chatcrew.web.console._words_debts import WORDS

SHOWN = 200


class DebtsPage:
    """Who waits for people.

    Args:
        people: the book of debts.
    """

    def __init__(self, people: People) -> None:
        self._people = people

    def page(self) -> Page:
        """Return the page."""
        return Page(
            "debts",
            group="operations",
            icon="people",
            show=self.show,
            words=WORDS,
            filters=("tenant",),
        )

    async def show(self, asked: Asked) -> Shown:
        """Return who waits, the longest first."""
        owed = await self._people.owed(asked.filters.tenants, limit=SHOWN)
        count, late = await self._people.count(asked.filters.tenants, now=asked.now)
        longest = (asked.now - owed[0].since).total_seconds() if owed else None
        # All of them are counted, also those that the list has no place for
        values = {"owed": owed, "count": count, "late": late, "longest": longest, "most": SHOWN}
        return Shown("debts.html", values)
