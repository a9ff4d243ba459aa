"""The page of deliveries that nobody could use (S2-22)."""

from collections.abc import Sequence

from aiohttp import web

from chatcrew.accounts import Role
from chatcrew.web.console._asking import Act, Asked, Missing, Page, Shown
from chatcrew.web.console._ports import Held, Quarantine
from chatcrew.web.console._sheets import Column, Sheet, file_of
from chatcrew.web.console._words_quarantine import WORDS

COLUMNS = ("id", "bot", "reason", "at", "size")
"""Of its file; what was sent stands in none: it may hold a customer's words."""

FILED = 100_000
"""Most rows of a file; the page shows fewer."""
SHOWN = 100
LONGEST = 20_000
"""Bytes of a body that are shown."""


class QuarantinePage:
    """Deliveries that could not be used: they belong to no tenant.

    Args:
        quarantine: where they are kept.
    """

    def __init__(self, quarantine: Quarantine) -> None:
        self._quarantine = quarantine

    def page(self) -> Page:
        """Return the page."""
        return Page(
            "quarantine",
            group="operations",
            icon="box",
            show=self.show,
            words=WORDS,
            detail=self.detail,
            acts={"discard": Act(self.discard)},
            needs=Role.ADMIN,
            filters=(),
            everywhere=True,
        )

    async def show(self, _: Asked) -> Shown:
        """Return what is there."""
        held = await self._quarantine.held(limit=SHOWN)
        return Shown("quarantine.html", {"held": held, "sheet": _sheet(held)})

    async def detail(self, asked: Asked) -> Shown | web.StreamResponse:
        """Return one with what was sent, which may hold a customer's words; or all as a file.

        Raises:
            Missing: it is gone.
        """
        if "." in asked.rest:
            made = file_of(asked, [_sheet(await self._quarantine.held(limit=FILED))])
            await asked.audited("quarantine.exported")
            return made
        number = _number(asked.rest)
        found = await self._quarantine.body(number)
        if found is None:
            raise Missing
        await asked.audited("quarantine.viewed", target=str(number))
        held, body = found
        text = body[:LONGEST].decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
        values = {"held": held, "body": text, "cut": len(body) > LONGEST}
        return Shown("held.html", values, title=f"#{number}")

    async def discard(self, asked: Asked) -> str:
        """Forget one."""
        number = _number(asked.form.get("number", ""))
        await asked.audited("quarantine.discarded", target=str(number))
        return "forgotten" if await self._quarantine.discard(number) else "forgotten.before"


def _sheet(held: Sequence[Held]) -> Sheet:
    rows = tuple(tuple(getattr(one, key) for key in COLUMNS) for one in held)
    return Sheet("deliveries", tuple(map(Column, COLUMNS)), rows)


def _number(said: str) -> int:
    if not (said.isascii() and said.isdigit()) or len(said) > 18:
        raise Missing
    return int(said)
