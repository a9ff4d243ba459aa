"""The page of files: the facts that all figures rest on, kind by kind (S2-23..25)."""

from aiohttp import web

from chatcrew.accounts import Role
from chatcrew.analytics import COLUMNS, KINDS, PERSONAL, Figures
from chatcrew.web.console._asking import Asked, Missing, Page, Shown
from chatcrew.web.console._sheets import scope_of
from chatcrew.web.console._streams import streamed
from chatcrew.web.console._words_exports import WORDS


class ExportsPage:
    """Facts as files.

    Args:
        figures: everything that is counted.
    """

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def page(self) -> Page:
        """Return the page."""
        return Page(
            "exports", group="figures", icon="box", show=self.show, words=WORDS, detail=self.file
        )

    async def show(self, asked: Asked) -> Shown:
        """Return what can be had."""
        kinds = [(kind, COLUMNS[kind], kind in PERSONAL) for kind in KINDS]
        return Shown("exports.html", {"kinds": kinds, "may": asked.who.role.may(Role.ADMIN)})

    async def file(self, asked: Asked) -> web.StreamResponse:
        """Return one kind as a file; what says who a customer is only for admins, on record."""
        kind, _, form = asked.rest.rpartition(".")
        if kind not in KINDS or form not in ("csv", "json"):
            raise Missing
        if kind in PERSONAL:
            if not asked.who.role.may(Role.ADMIN):
                raise web.HTTPForbidden
            filters = asked.filters
            await asked.audited(
                f"{kind}.exported",
                tenant=filters.tenant,
                detail=f"{filters.first} {filters.last}",
            )
        rows = self._figures.export(kind, scope_of(asked))
        return await streamed(asked, kind, rows, columns=COLUMNS[kind], form=form)
