"""From the mapping's shape to bots and routes, with the rules that span it and other files."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from chatcrew.tenancy._faults.fault import Fault, YamlPath, choices
from chatcrew.tenancy._reading.document import Document
from chatcrew.tenancy._reading.urls import url_problems
from chatcrew.tenancy._reading.validate import as_map
from chatcrew.tenancy._shapes.mapping import AccountShape, BotShape, InboxShape, MappingShape
from chatcrew.tenancy._shapes.shape import NAME, TENANT
from chatcrew.tenancy.model import Bot, Route, Secret
from chatcrew.tenancy.vocabulary import CHANNELS, FALLBACK_CREW


@dataclass(slots=True)
class Mapped:
    """What the mapping says.

    Attributes:
        bots: by label.
        routes: by (account label, inbox id or None).
        fallback: where the rest leads, or None.
        references: every secret with its place in the file.
        faults: what is wrong with it.
    """

    bots: dict[str, Bot] = field(default_factory=dict)
    routes: dict[tuple[str, int | None], Route] = field(default_factory=dict)
    fallback: Route | None = None
    references: list[tuple[Secret, YamlPath]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def mapped(
    shape: MappingShape,
    document: Document,
    *,
    folder: Path,
    tenants: Collection[str],
    crews: Collection[str],
) -> Mapped:
    """Return bots, routes and faults.

    Args:
        shape: the validated mapping.
        document: where its lines are.
        folder: what a relative ``file:`` reference starts from.
        tenants: tenant keys that have a file.
        crews: names of crew folders.
    """
    reader = _Mapper(document, folder=folder, tenants=tenants, crews=crews)
    reader.everything(shape)
    return reader.result


def unknown_names(
    document: Document, *, tenants: Collection[str], crews: Collection[str]
) -> list[Fault]:
    """Return the names and addresses that lead nowhere in a mapping whose shape is broken.

    An admin mends a file once: a mistyped number must not hide a mistyped tenant.
    """
    reader = _Mapper(document, folder=Path(), tenants=tenants, crews=crews)
    reader.names()
    return reader.result.faults


class _Mapper:
    """Walks the mapping once."""

    def __init__(
        self,
        document: Document,
        *,
        folder: Path,
        tenants: Collection[str],
        crews: Collection[str],
    ) -> None:
        self.document = document
        self.folder = folder
        self.tenants = tenants
        self.crews = crews
        self.result = Mapped()
        self._bots: dict[str, str] = {}
        self._accounts: dict[tuple[str, int], str] = {}
        self._inboxes: dict[tuple[str, str], str] = {}
        self._tabs: dict[str, str] = {}

    def everything(self, shape: MappingShape) -> None:
        """Read all accounts; at least one and at least one bot are needed (S4-25)."""
        if not shape.accounts:
            self._fault("no_accounts", ("accounts",), hint="map_one")
        elif not any(account.bots for account in shape.accounts.values()):
            self._fault("no_bots", ("accounts",), hint="map_one")
        default = shape.default
        if default is not None:
            self._known_tenant(default.tenant, ("default", "tenant"))
            channel, crew = FALLBACK_CREW, FALLBACK_CREW
            if default.channel is not None:
                self._known_channel(default.channel, ("default", "channel"))
                channel, crew = default.channel, self._crew_of(default.channel)
            self.result.fallback = Route(default.tenant, channel, crew)
        for label, account in shape.accounts.items():
            self._account(label, account, last_resort=default.tenant if default else None)

    def names(self) -> None:
        """Look at what stands in the file, of whatever shape; wrong types are not ours to tell."""
        data = as_map(self.document.data)
        self._names(as_map(data.get("default")), ("default",))
        for label, account in as_map(data.get("accounts")).items():
            here: YamlPath = ("accounts", label)
            self._names(as_map(account), here)
            address = as_map(account).get("base_url")
            if isinstance(address, str):
                self._base_url(address.strip(), (*here, "base_url"))
            for inbox_id, inbox in as_map(as_map(account).get("inboxes")).items():
                self._names(as_map(inbox), (*here, "inboxes", inbox_id))

    def _names(self, row: Mapping[str, Any], path: YamlPath) -> None:
        tenant, channel = row.get("tenant"), row.get("channel")
        if isinstance(tenant, str) and re.match(TENANT, tenant):
            self._known_tenant(tenant, (*path, "tenant"))
        if isinstance(channel, str) and re.match(NAME, channel):
            self._known_channel(channel, (*path, "channel"))

    def _account(self, label: str, account: AccountShape, *, last_resort: str | None) -> None:
        path: YamlPath = ("accounts", label)
        url = self._base_url(account.base_url, (*path, "base_url"))
        if url is not None:
            other = self._accounts.setdefault((url, account.account_id), label)
            if other != label:
                self._fault(
                    "account_twice",
                    (*path, "account_id"),
                    number=account.account_id,
                    url=url,
                    other=other,
                )
        if account.tenant is not None:
            self._known_tenant(account.tenant, (*path, "tenant"))
            route = Route(account.tenant, FALLBACK_CREW, FALLBACK_CREW)
            self.result.routes[label, None] = route
        if account.bots and not account.inboxes and not account.tenant and not last_resort:
            self._fault("no_route", path, hint="give_tenant")
        for inbox_id, inbox in account.inboxes.items():
            self._inbox(label, inbox_id, inbox, url=url, tenant=account.tenant or last_resort)
        user_token, tab_token = (
            self._secret(said, (*path, key)) if said is not None else None
            for key, said in (("user_token", account.user_token), ("tab_token", account.tab_token))
        )
        if tab_token is not None:
            other = self._tabs.setdefault(tab_token.reference, label)
            if other != label:
                self._fault("tab_token_twice", (*path, "tab_token"), other=other)
        origins = tuple(
            origin
            for place, said in enumerate(account.tab_origins)
            if (origin := self._origin(said, (*path, "tab_origins", place))) is not None
        )
        ids: dict[int, str] = {}
        for name, bot in account.bots.items():
            here = (*path, "bots", name)
            first = ids.setdefault(bot.agent_bot_id, name)
            if first != name:
                where = (*here, "agent_bot_id")
                self._fault("bot_id_twice", where, number=bot.agent_bot_id, other=first)
            owner = self._bots.setdefault(name, label)
            if owner != label:
                self._fault("bot_twice", here, word=name, other=owner)
                continue
            self.result.bots[name] = Bot(
                name=name,
                account=label,
                account_id=account.account_id,
                base_url=url or "",
                agent_bot_id=bot.agent_bot_id,
                token=self._secret(bot.token, (*here, "token")),
                signature=bot.signature,
                secrets=self._secrets(bot, here, account),
                path_token=self._path_token(bot, here),
                user_token=user_token,
                tab_token=tab_token,
                tab_origins=origins,
            )

    def _inbox(
        self, label: str, inbox_id: str, inbox: InboxShape, *, url: str | None, tenant: str | None
    ) -> None:
        path: YamlPath = ("accounts", label, "inboxes", inbox_id)
        if url is not None:
            # an inbox id is unique in one Chatwoot, over all its accounts
            other = self._inboxes.setdefault((url, inbox_id), label)
            if other != label:
                self._fault("inbox_twice", path, number=inbox_id, url=url, other=other)
        self._known_channel(inbox.channel, (*path, "channel"))
        crew = inbox.crew or self._crew_of(inbox.channel)
        if inbox.crew is not None and inbox.crew not in self.crews:
            hint, values = choices(inbox.crew, self.crews)
            self._fault("unknown_crew", (*path, "crew"), hint=hint, word=inbox.crew, **values)
        if inbox.tenant is not None:
            self._known_tenant(inbox.tenant, (*path, "tenant"))
        owner = inbox.tenant or tenant
        if owner is None:
            self._fault("no_tenant", path, hint="give_tenant")
            return
        self.result.routes[label, int(inbox_id)] = Route(
            owner,
            inbox.channel,
            crew,
            first=inbox.first or "bot",
            share=100 if inbox.share is None else inbox.share,
            mode=inbox.mode,
        )

    def _secrets(
        self, bot: BotShape, path: YamlPath, account: AccountShape
    ) -> dict[str, tuple[Secret, ...]]:
        """Return the secrets by kind of sender; those of API inboxes are one kind."""
        here = (*path, "secrets")
        kinds: dict[str, list[Secret]] = {}
        for kind, references in (
            ("agent_bot", bot.secrets.agent_bot),
            ("account", bot.secrets.account),
        ):
            for place, one in enumerate(references):
                kinds.setdefault(kind, []).append(self._secret(one, (*here, kind, place)))
        for inbox_id, references in bot.secrets.api_inbox.items():
            where = (*here, "api_inbox", inbox_id)
            if inbox_id not in account.inboxes:
                hint, values = choices(inbox_id, account.inboxes)
                self._fault("unmapped_inbox_secret", where, hint=hint, word=inbox_id, **values)
            for place, one in enumerate(references):
                kinds.setdefault("api_inbox", []).append(self._secret(one, (*where, place)))
        if bot.signature == "required" and not kinds:
            self._fault("secrets_needed", here, word=bot.signature)
        return {kind: tuple(found) for kind, found in kinds.items()}

    def _path_token(self, bot: BotShape, path: YamlPath) -> Secret | None:
        if bot.path_token is not None:
            return self._secret(bot.path_token, (*path, "path_token"))
        if bot.signature != "required":
            # an unsigned delivery proves nothing, so the address itself has to (design §6)
            self._fault("path_token_needed", (*path, "signature"), word=bot.signature)
        return None

    def _secret(self, reference: str, path: YamlPath) -> Secret:
        kind, _, name = reference.partition(":")
        if kind == "file":
            reference = f"file:{self.folder / name}"
        secret = Secret(reference)
        self.result.references.append((secret, path))
        return secret

    def _crew_of(self, channel: str) -> str:
        return channel if channel in self.crews else FALLBACK_CREW

    def _known_tenant(self, key: str, path: YamlPath) -> None:
        if key not in self.tenants:
            hint, values = choices(key, self.tenants)
            hint = hint if hint == "did_you_mean" else "tenant_file"
            self._fault("unknown_tenant", path, hint=hint, word=key, **values)

    def _known_channel(self, channel: str, path: YamlPath) -> None:
        known = {*CHANNELS, *self.crews} - {FALLBACK_CREW}
        if channel not in known:
            hint, values = choices(channel, known)
            self._fault("unknown_channel", path, hint=hint, word=channel, **values)

    def _base_url(self, text: str, path: YamlPath) -> str | None:
        """Return the address without a slash at its end, None if it is none."""
        problem = next(url_problems(text), None)
        if problem is not None:
            self._fault(problem, path)
            return None
        return text.rstrip("/")

    def _origin(self, text: str, path: YamlPath) -> str | None:
        """Return an address without its path, for a policy that browsers read; None if none."""
        address = self._base_url(text, path)
        parts = urlsplit(address or "")
        return f"{parts.scheme}://{parts.netloc}" if address is not None else None

    def _fault(
        self, code: str, path: YamlPath, *, hint: str | None = None, **values: object
    ) -> None:
        self.result.faults.append(self.document.fault(code, path, hint=hint, **values))
