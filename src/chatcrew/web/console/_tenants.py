"""The page of tenants: what is in force, where it came from, what is wrong with the files."""

from chatcrew.web.console._asking import Asked, Page, Shown
from chatcrew.web.console._ports import Houses
from chatcrew.web.console._words_tenants import WORDS


class TenantsPage:
    """Tenants and the files they come from.

    Args:
        houses: reads them.
    """

    def __init__(self, houses: Houses) -> None:
        self._houses = houses

    def page(self) -> Page:
        """Return the page."""
        return Page(
            "tenants",
            group="businesses",
            icon="shop",
            show=self.show,
            words=WORDS,
            filters=(),
        )

    async def show(self, asked: Asked) -> Shown:
        """Return tenants; what the files hold in words only for who may see them all."""
        values = {
            "rows": await self._houses.rows(asked.who.tenants),
            "files": await self._houses.files(),
            "whole": asked.who.tenants is None,
        }
        return Shown("tenants.html", values)
