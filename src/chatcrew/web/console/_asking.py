"""What a page is: how it is asked, what it shows, which acts it has."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web

from chatcrew.accounts import Principal, Role
from chatcrew.audit import Audit, Deed
from chatcrew.messages import Person
from chatcrew.web.console._filters import Filters

GROUPS = ("figures", "operations", "businesses", "house")
"""Parts of the navigation, in their order."""

_FILE_NAME = re.compile(r"[^A-Za-z0-9._-]+")


class Missing(Exception):
    """What is asked for is not there, or not for this person: both look the same."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of somebody who is signed in.

    Attributes:
        who: asks.
        filters: what he chose.
        language: ``pt-BR`` or ``en``.
        words: of all pages in that language.
        now: the moment, UTC.
        request: for pages that answer by themselves.
        audit: keeps who saw and did what.
        rest: what stands behind the page's name in the address.
        form: fields of an act.
        render: makes a piece of a page that is sent by itself, with what every page has.
        kept: what of the address stays when a filter changes.
        again: who is signed in with this request's browser now, for what goes on for minutes.
    """

    who: Principal
    filters: Filters
    language: str
    words: Mapping[str, str]
    now: datetime
    request: web.Request
    audit: Audit
    rest: str = ""
    form: Mapping[str, str] = field(default_factory=dict)
    render: Callable[..., str] = str
    kept: Mapping[str, str] = field(default_factory=dict)
    again: Callable[[], Awaitable[Principal | None]] | None = None

    async def still(self) -> bool:
        """Whether the same person may still see the same, by his account as it is now.

        Raises:
            StoreError: accounts cannot be read.
        """
        return self.again is None or await self.again() == self.who

    @property
    def query(self) -> Mapping[str, str]:
        """The address' own."""
        return self.request.query

    async def audited(
        self,
        action: str,
        *,
        tenant: str | None = None,
        target: str = "",
        person: Person | None = None,
        detail: str = "",
    ) -> None:
        """Keep that this person saw or did something, before it is shown or done.

        Raises:
            StoreError: it could not be kept.
        """
        actor = f"console:{self.who.name}"
        await self.audit.note(Deed(actor, action, tenant, target, person, detail))


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows.

    Attributes:
        template: its file.
        values: what is put in; everything is escaped.
        title: beside the page's name, of one thing among many; no customer's data stands in it.
    """

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""


Show = Callable[[Asked], Awaitable[Shown | web.StreamResponse]]
Do = Callable[[Asked], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done by pressing a button.

    Attributes:
        do: does it, and returns the key of what is said afterwards.
        needs: least role.
    """

    do: Do
    needs: Role = Role.ADMIN


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the console.

    Attributes:
        name: in its address, and the key of its words.
        group: where it stands in the navigation.
        icon: name of its picture in ``icons.html``.
        show: answers its address.
        words: both languages by key.
        detail: answers the addresses below.
        acts: what can be done on it, by name.
        needs: least role.
        filters: which filters stand above it.
        everywhere: only who may see all tenants may see it.
        close: called when the server ends.
        keeps: names of what stays in its address when a filter changes.
    """

    name: str
    group: str
    icon: str
    show: Show
    words: Mapping[str, tuple[str, str]]
    detail: Show | None = None
    acts: Mapping[str, Act] = field(default_factory=dict)
    needs: Role = Role.VIEWER
    filters: tuple[str, ...] = ("tenant", "days")
    everywhere: bool = False
    close: Callable[[], None] | None = None
    keeps: tuple[str, ...] = ()

    def open_to(self, who: Principal) -> bool:
        """Return whether somebody may see it."""
        return who.role.may(self.needs) and not (self.everywhere and who.tenants is not None)


def download(name: str, body: bytes, kind: str) -> web.Response:
    """Return a file to be kept; ``name`` is cut down to what every system takes."""
    safe = _FILE_NAME.sub("-", name).strip("-.") or "chatcrew"
    headers = {"Content-Disposition": f'attachment; filename="{safe}"'}
    return web.Response(body=body, content_type=kind, charset="utf-8", headers=headers)
