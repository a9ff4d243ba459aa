"""``chatcrew tools``: what the roles of a business may call, and one call tried by its admin."""

import asyncio
from pathlib import Path
from typing import Any

import orjson
import typer

from chatcrew import tools
from chatcrew.app.secrets import SecretBox
from chatcrew.cli._check import say_faults
from chatcrew.clock import SystemClock
from chatcrew.egress import GuardedHttp
from chatcrew.ids import ConversationId
from chatcrew.knowledge import MemoryKnowledge
from chatcrew.messages import Contact, ConversationState, Snapshot, ToolResult
from chatcrew.settings import Settings
from chatcrew.tenancy import Configuration
from chatcrew.tenancy import check as check_files
from chatcrew.tenancy.model import Tenant, ToolEntry

_BUDGET = 30.0
_WORDS = {
    "pt-BR": {
        "unknown_tenant": "não há o negócio {word!r}; há: {known}",
        "none": "{tenant} não tem ferramentas próprias; as dos papéis vêm com o chatcrew:",
        "own": "ferramentas de {tenant}:",
        "shipped": "vêm com o chatcrew, para os papéis que as citam:",
        "acts": "age, no máximo uma vez",
        "approval": "com autorização",
        "reads": "só lê",
        "roles": "papéis",
        "not_own": "{word!r} não é ferramenta própria de {tenant}; há: {known}",
        "confirm": "{word!r} age de verdade. Chamar mesmo assim?",
    },
    "en": {
        "unknown_tenant": "there is no business {word!r}; there are: {known}",
        "none": "{tenant} has no tools of its own; those of its roles come with chatcrew:",
        "own": "tools of {tenant}:",
        "shipped": "come with chatcrew, for the roles that name them:",
        "acts": "acts, at most once",
        "approval": "with approval",
        "reads": "only reads",
        "roles": "roles",
        "not_own": "{word!r} is no tool of {tenant}'s own; there are: {known}",
        "confirm": "{word!r} really acts. Call it?",
    },
}


def run_tools(
    settings: Settings,
    tenant: str,
    *,
    attempt: str | None,
    arguments: str,
    contact: Contact,
    lang: str,
    as_json: bool,
    mapping: Path | None,
) -> int:
    """List the tools of a business, or try one; return the exit code.

    Args:
        settings: where the files are.
        tenant: ``domain/name``.
        attempt: name of a tool of its own to call; None: list.
        arguments: JSON text, as a model writes it.
        contact: whose telephone and address templates and the shop's tools read.
        lang: ``pt-BR`` or ``en``.
        as_json: one JSON object on one line instead of text.
        mapping: another mapping file than the settings name.
    """
    language = lang if lang in _WORDS else "pt-BR"
    words = _WORDS[language]
    files = (mapping or settings.mapping, settings.config_dir, settings.crews_dir)
    report = check_files(*files, tools=tools.names(), read_secrets=False)
    if report.configuration is None:
        say_faults(report, language, as_json=as_json)
        return 2
    found = report.configuration.tenants.get(tenant)
    if found is None:
        known = ", ".join(sorted(report.configuration.tenants))
        typer.echo(words["unknown_tenant"].format(word=tenant, known=known), err=True)
        return 2
    if attempt is None:
        _list(report.configuration, found, words, as_json=as_json)
        return 0
    own = {name: entry for entry in found.tools for name in entry.names}
    if attempt not in own:
        known = ", ".join(own) or "—"
        message = words["not_own"].format(word=attempt, tenant=tenant, known=known)
        typer.echo(message, err=True)
        return 2
    if own[attempt].acts and not typer.confirm(words["confirm"].format(word=attempt)):
        return 1
    result = asyncio.run(_try(found, attempt, arguments, contact))
    body = {"ok": result.ok, "text": result.text}
    typer.echo(orjson.dumps(body).decode() if as_json else result.text)
    return 0 if result.ok else 1


async def _try(tenant: Tenant, name: str, arguments: str, contact: Contact) -> ToolResult:
    """Call a tool as a role of the business would, outside of any conversation."""
    clock = SystemClock()
    conversation = ConversationId("chatcrew", "tools", 1)
    async with GuardedHttp() as http:
        outside = tools.Outside(http, secret=SecretBox(clock).read)
        catalogue = tools.TenantCatalogue(outside=outside).of(tenant)
        context = tools.ToolContext(
            tenant=tenant,
            conversation=conversation,
            knowledge=MemoryKnowledge(),
            clock=clock,
            budget=_BUDGET,
            state=ConversationState(
                conversation, snapshot=Snapshot(contact=contact, channel=_vouching(contact))
            ),
            effects=_Confirmed(),
        )
        return await catalogue.call(name, arguments, context)


def _vouching(contact: Contact) -> str | None:
    """Return a channel that vouches for what an admin says of the customer."""
    if contact.phone:
        return "Channel::Whatsapp"
    return "Channel::Email" if contact.email else None


class _Confirmed:
    """Satisfies ``Effects`` for an admin, who has just agreed."""

    async def perform(self, call: tools.EffectCall, act: tools.Act) -> ToolResult:
        """Do it."""
        del call
        return await act()


def _list(
    configuration: Configuration, tenant: Tenant, words: dict[str, str], *, as_json: bool
) -> None:
    catalogue = tools.TenantCatalogue(tools.everybodys_tools()).of(tenant)
    entries = {name: entry for entry in tenant.tools for name in entry.names}
    having = _having(configuration, tenant.key)
    rows = [
        _facts(spec.name, spec.description, entries.get(spec.name), having.get(spec.name, []))
        for spec in catalogue.specs(catalogue.names)
    ]
    if as_json:
        typer.echo(orjson.dumps({"ok": True, "tenant": tenant.key, "tools": rows}).decode())
        return
    typer.echo(words["own" if entries else "none"].format(tenant=tenant.key))
    for own in (True, False):
        if not own and entries:
            typer.echo("\n" + words["shipped"])
        for row in rows:
            if (row["use"] != "chatcrew") == own:
                typer.echo(f"- {row['name']} ({', '.join(_marks(row, words))})")
                typer.echo(f"  {row['description']}")


def _having(configuration: Configuration, key: str) -> dict[str, list[str]]:
    """Return by tool which roles of any crew of the business have it."""
    found: dict[str, set[str]] = {}
    for (_, tenant, _), crew in configuration.crews.items():
        if tenant == key:
            for role in crew.everybody():
                for name in role.tools:
                    found.setdefault(name, set()).add(role.name)
    return {name: sorted(roles) for name, roles in found.items()}


def _facts(
    name: str, description: str, entry: ToolEntry | None, roles: list[str]
) -> dict[str, Any]:
    return {
        "name": name,
        "use": "chatcrew" if entry is None else entry.use,
        "description": description,
        "acts": None if entry is None else entry.acts,
        "approval": entry is not None and entry.approval,
        "roles": roles,
        "place": None if entry is None else "{}:{}".format(*entry.place),
    }


def _marks(row: dict[str, Any], words: dict[str, str]) -> list[str]:
    marks = [] if row["use"] == "chatcrew" else [row["use"]]
    if row["acts"] is not None:
        marks.append(words["acts" if row["acts"] else "reads"])
    if row["approval"]:
        marks.append(words["approval"])
    marks.append(f"{words['roles']}: {', '.join(row['roles']) or '—'}")
    if row["place"]:
        marks.append(row["place"])
    return marks
