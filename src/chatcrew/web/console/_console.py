"""The console's addresses: who asks, may he, and what the page makes of it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from urllib.parse import quote

from aiohttp import web

from chatcrew.accounts import Accounts, Principal, form_token
from chatcrew.audit import Audit
from chatcrew.clock import Clock
from chatcrew.errors import StoreError
from chatcrew.settings import Networks
from chatcrew.telemetry import Metrics
from chatcrew.web.console._asking import GROUPS, Asked, Missing, Page, Show, Shown
from chatcrew.web.console._browser import (
    SESSION,
    View,
    forget_secret,
    is_ours,
    keep_view,
    next_of,
    read_form,
    same_origin,
    secret_of,
    view_of,
)
from chatcrew.web.console._door import Door, Inside
from chatcrew.web.console._files import HEADERS, to
from chatcrew.web.console._filters import PRESETS, Business, filters_of
from chatcrew.web.files import Files

_Handle = Callable[[web.Request], Awaitable[web.StreamResponse]]
_Inner = Callable[[web.Request, Inside], Awaitable[web.StreamResponse]]


class Console:
    """Pages for the people who run the house.

    Args:
        accounts: who may enter.
        pages: in the order of the navigation.
        businesses: the tenants of the files as they hold now.
        files: templates and words, those of the pages among them.
        audit: keeps who saw and did what.
        metrics: counters.
        clock: time.
        proxies: networks of our own proxies before the admin port.
    """

    def __init__(
        self,
        accounts: Accounts,
        *,
        pages: Sequence[Page],
        businesses: Callable[[], Sequence[Business]],
        files: Files,
        audit: Audit,
        metrics: Metrics,
        clock: Clock,
        proxies: Networks = (),
    ) -> None:
        self._pages = {one.name: one for one in sorted(pages, key=lambda p: GROUPS.index(p.group))}
        self._businesses = businesses
        self._files = files
        self._audit = audit
        self._metrics = metrics
        self._clock = clock
        self._door = Door(accounts, files=files, audit=audit, metrics=metrics, proxies=proxies)

    def add_to(self, app: web.Application) -> None:
        """Add the addresses; what hangs on a stream is let go when the server ends."""
        route = app.router
        route.add_get("/console", self._told(self.start))
        route.add_get("/console/", self._told(self.start))
        route.add_get("/console/static/{name}", self.static)
        route.add_get("/console/login", self._told(self._door.page))
        route.add_post("/console/login", self._told(self._door.enter))
        route.add_post("/console/view", self._told(self.view))
        route.add_post("/console/leave", self._told(self._inside(self.leave, changes=True)))
        route.add_get("/console/{page}", self._told(self._inside(self.page)))
        route.add_get("/console/{page}/{rest:.+}", self._told(self._inside(self.detail)))
        route.add_post("/console/{page}/{act}", self._told(self._inside(self.act, changes=True)))
        app.on_shutdown.append(self._close)

    async def start(self, request: web.Request) -> web.StreamResponse:
        """Lead to the first page that this person may see."""
        inside = await self._door.inside(request)
        if inside is None:
            return self._stranger(request)
        seen = [one for one in self._pages.values() if one.open_to(inside.who)]
        return to(f"/console/{seen[0].name}") if seen else self._fault(request, 403, "403", inside)

    async def static(self, request: web.Request) -> web.Response:
        """Return a static file."""
        return self._files.file(request.match_info["name"])

    async def view(self, request: web.Request) -> web.StreamResponse:
        """Keep language and appearance, and go back to where that was chosen."""
        form = await request.post()
        if not same_origin(request):
            return self._fault(request, 403, "stale", None)
        known = view_of(request)
        language = str(form.get("language", known.language))
        theme = str(form.get("theme", known.theme))
        response = to(next_of(str(form.get("next", ""))))
        keep_view(response, View(language, theme), request)
        return response

    async def leave(self, _: web.Request, inside: Inside) -> web.StreamResponse:
        """Sign this browser out."""
        return await self._door.leave(inside)

    async def page(self, request: web.Request, inside: Inside) -> web.StreamResponse:
        """Return a page."""
        page = self._page(request, inside.who)
        return await self._shown(request, inside, page, page.show)

    async def detail(self, request: web.Request, inside: Inside) -> web.StreamResponse:
        """Return what stands below a page."""
        page = self._page(request, inside.who)
        if page.detail is None:
            raise Missing
        return await self._shown(request, inside, page, page.detail)

    async def act(self, request: web.Request, inside: Inside) -> web.StreamResponse:
        """Do what a button says, and go back to the page it stands on."""
        page = self._page(request, inside.who)
        act = page.acts.get(request.match_info["act"])
        if act is None:
            raise Missing
        if not inside.who.role.may(act.needs):
            raise web.HTTPForbidden
        form = {key: v for key, v in (await request.post()).items() if isinstance(v, str)}
        said = await act.do(self._asked(request, inside, form=form))
        self._metrics.count("chatcrew_console", act="acted")
        back = next_of(form.get("next")) if form.get("next") else f"/console/{page.name}"
        return to(f"{back}{'&' if '?' in back else '?'}said={said}")

    def _page(self, request: web.Request, who: Principal) -> Page:
        page = self._pages.get(request.match_info["page"])
        if page is None:
            raise Missing
        if not page.open_to(who):
            raise web.HTTPForbidden
        return page

    async def _shown(
        self, request: web.Request, inside: Inside, page: Page, show: Show
    ) -> web.StreamResponse:
        asked = self._asked(request, inside)
        found = await show(asked)
        if not isinstance(found, Shown):
            if not found.prepared:
                found.headers.update(HEADERS)
            return found
        said = request.query.get("said", "")
        return self._html(
            found.template,
            request,
            inside=inside,
            page=page,
            asked=asked,
            title=found.title,
            said=asked.words.get(f"said.{said}", "") if said else "",
            **found.values,
        )

    def _asked(
        self, request: web.Request, inside: Inside, *, form: Mapping[str, str] | None = None
    ) -> Asked:
        view, now = view_of(request), self._clock.now()
        keeps = self._pages[request.match_info["page"]].keeps
        filters = filters_of(
            request.query, who=inside.who, businesses=self._seen_by(inside.who), now=now
        )
        names = {one.key: one.name for one in self._seen_by(inside.who)}
        piece = partial(self._files.render, names=names, zone=filters.zone)
        return Asked(
            inside.who,
            filters,
            view.language,
            self._files.words[view.language],
            now,
            request,
            self._audit,
            request.match_info.get("rest", ""),
            form or {},
            lambda template, **values: piece(template, view.language, **values),
            {key: request.query[key] for key in keeps if request.query.get(key)},
            partial(self._now_inside, request),
        )

    async def _now_inside(self, request: web.Request) -> Principal | None:
        inside = await self._door.inside(request)
        return None if inside is None else inside.who

    def _seen_by(self, who: Principal) -> list[Business]:
        known = [one for one in self._businesses() if who.sees(one.key)]
        return sorted(known, key=lambda one: (one.name.casefold(), one.key))

    def _html(
        self,
        template: str,
        request: web.Request,
        *,
        inside: Inside | None = None,
        status: int = 200,
        **values: object,
    ) -> web.Response:
        view, who = view_of(request), inside.who if inside else None
        seen = self._seen_by(who) if who else []
        text = self._files.render(
            template,
            view.language,
            view=view,
            who=who,
            token=form_token(inside.secret) if inside else "",
            path=request.path_qs if request.method == "GET" else "/console/",
            nav=self._nav(who) if who else [],
            businesses=seen,
            names={one.key: one.name for one in seen},
            presets=PRESETS,
            **values,
        )
        return web.Response(
            text=text, status=status, content_type="text/html", charset="utf-8", headers=HEADERS
        )

    def _nav(self, who: Principal) -> list[tuple[str, list[Page]]]:
        seen = [one for one in self._pages.values() if one.open_to(who)]
        parts = ((group, [one for one in seen if one.group == group]) for group in GROUPS)
        return [(group, pages) for group, pages in parts if pages]

    def _inside(self, handle: _Inner, *, changes: bool = False) -> _Handle:
        """Let only those in who are signed in; with ``changes``, only with a form of our own."""

        async def handler(request: web.Request) -> web.StreamResponse:
            inside = await self._door.inside(request)
            if inside is None:
                return self._stranger(request)
            if changes:
                form = await request.post()
                if not is_ours(request, str(form.get("token", "")), inside.secret):
                    return self._fault(request, 403, "stale", inside)
            try:
                return await handle(request, inside)
            except (Missing, web.HTTPNotFound):
                return self._fault(request, 404, "404", inside)
            except web.HTTPForbidden:
                return self._fault(request, 403, "403", inside)

        return handler

    def _stranger(self, request: web.Request) -> web.StreamResponse:
        wanted = request.path_qs if request.method == "GET" else "/console/"
        said = "&said=ended" if secret_of(request, SESSION) else ""
        response = to(f"/console/login?next={quote(next_of(wanted), safe='')}{said}")
        forget_secret(response, SESSION)
        return response

    def _told(self, handle: _Handle) -> _Handle:
        """Say in words what went wrong where a browser looks."""

        async def handler(request: web.Request) -> web.StreamResponse:
            try:
                await read_form(request)
                return await handle(request)
            except StoreError:
                return self._fault(request, 500, "500", None)

        return handler

    def _fault(
        self, request: web.Request, status: int, name: str, inside: Inside | None
    ) -> web.Response:
        return self._html("fault.html", request, inside=inside, status=status, fault=name)

    async def _close(self, _: web.Application) -> None:
        for page in self._pages.values():
            if page.close is not None:
                page.close()
