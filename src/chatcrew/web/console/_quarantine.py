"""The page of deliveries that nobody could use (S2-22)."""

from chatcrew.accounts import Role
from chatcrew.web.console._asking import Act, Asked, Missing, Page, Shown
from chatcrew.web.console._ports import Quarantine
from chatcrew.web.console._words_quarantine import WORDS

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
        return Shown("quarantine.html", {"held": held, "most": SHOWN})

    async def detail(self, asked: Asked) -> Shown:
        """Return one with what was sent: it may hold a customer's words.

        Raises:
            Missing: it is gone.
        """
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


def _number(said: str) -> int:
    if not (said.isascii() and said.isdigit()) or len(said) > 18:
        raise Missing
    return int(said)
