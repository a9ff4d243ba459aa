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
        late = [one for one in owed if one.next_at is not None and one.next_at <= asked.now]
        longest = (asked.now - owed[0].since).total_seconds() if owed else None
        values = {"owed": owed, "late": len(late), "longest": longest, "most": SHOWN}
        return Shown("debts.html", values)
