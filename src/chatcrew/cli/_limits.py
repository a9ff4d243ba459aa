"""``chatcrew limits``: what is used of each limit, what is left, where the month is going."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict
from datetime import datetime
from zoneinfo import ZoneInfo

import orjson
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from chatcrew.app.configuration import load_directory
from chatcrew.app.storage import open_database
from chatcrew.budgets import Keeper, LimitState, PostgresCounters
from chatcrew.cli._kb import tenants_of
from chatcrew.clock import Clock, SystemClock
from chatcrew.messages import amount_told
from chatcrew.settings import Settings
from chatcrew.telemetry import Metrics
from chatcrew.tenancy import Tenant

_WORDS = {
    "pt-BR": {
        "columns": ("limite", "de quem", "usado", "reservado", "resta", "renova", "previsão"),
        "none": "sem limite",
        "live": "contado a cada resposta",
        "refused": "{number} recusadas",
        "tenant": "negócio",
        "contact": "cada cliente",
        "minute": "por minuto",
        "hour": "por hora",
        "day": "por dia",
        "month": "por mês",
        "now": "agora",
        "default": "Limite em dinheiro do próprio programa: diga o seu em limits.money.",
    },
    "en": {
        "columns": ("limit", "whose", "used", "reserved", "left", "renews", "forecast"),
        "none": "no limit",
        "live": "counted as it comes",
        "refused": "{number} refused",
        "tenant": "business",
        "contact": "each customer",
        "minute": "a minute",
        "hour": "an hour",
        "day": "a day",
        "month": "a month",
        "now": "now",
        "default": "The limit of money is the program's own: say yours in limits.money.",
    },
}


async def run_limits(settings: Settings, *, tenant: str | None, lang: str, as_json: bool) -> None:
    """Print the limits of one tenant or of each.

    Raises:
        UnknownTenant: there is none.
    """
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        directory = await load_directory(settings)
        wanted = tenants_of(directory.current, tenant)
        database = await open_database(settings, stack, name="chatcrew-limits", may_own=True)
        keeper = Keeper(
            PostgresCounters(database),
            tenants=lambda: directory.current.tenants,
            exchange=lambda: directory.current.models.exchange,
            clock=clock,
            metrics=Metrics(),
        )
        found = await keeper.state([one.key for one in wanted])
    if as_json:
        for one in wanted:
            own = [state for state in found if state.tenant == one.key]
            typer.echo(orjson.dumps(_body(one, own)).decode())
        return
    console = Console(highlight=False)
    for one in wanted:
        _show(console, one, [state for state in found if state.tenant == one.key], lang, clock)


def _show(
    console: Console, tenant: Tenant, found: Sequence[LimitState], lang: str, clock: Clock
) -> None:
    said = "en" if lang == "en" else "pt-BR"
    words = _WORDS[said]
    console.print(Text(tenant.key, style="bold"))
    table = Table(box=None, pad_edge=False)
    for place, name in enumerate(words["columns"]):
        table.add_column(name, justify="left" if place < 2 else "right")
    for state in found:
        table.add_row(*_row(state, said, zone=ZoneInfo(tenant.timezone), now=clock.now()))
    console.print(table)
    if not tenant.limits.own_money:
        console.print(Text(str(words["default"]), style="dim"))


def _row(state: LimitState, lang: str, *, zone: ZoneInfo, now: datetime) -> list[Text]:
    words = _WORDS[lang]

    def told(value: float | None) -> str:
        if value is None:
            return ""
        return amount_told(value, kind=state.kind, currency=state.currency, language=lang)

    most = f"{told(state.most)} {words[state.span]}" if state.most else str(words["none"])
    if not state.most:
        name = told(0).partition(" ")
        most = f"{name[0] if state.kind == 'money' else name[2]}: {words['none']}"
        most = f"{most} {words[state.span]}"
    scope, _, name_of = state.scope.partition(":")
    whose = name_of or str(words[scope])
    used = str(words["live"]) if state.used is None else told(state.used)
    if state.used is not None and state.share is not None and state.most:
        used = f"{used} ({state.share:.0%})"
    if state.refused:
        used = f"{used} · {str(words['refused']).format(number=state.refused)}"
    style = ""
    if state.share is not None:
        style = "red" if state.share >= 1 or state.refused else "yellow" if state.warned else ""
    renews = ""
    if state.until is not None:
        there = state.until.astimezone(zone)
        renews = f"{there:%H:%M}" if (state.until - now).days < 1 else f"{there:%d/%m %H:%M}"
    cells = (
        most,
        whose,
        used,
        told(state.reserved) if state.reserved else "",
        told(state.left),
        renews,
        told(state.forecast),
    )
    return [Text(cell, style=style) for cell in cells]


def _body(tenant: Tenant, found: Sequence[LimitState]) -> dict[str, object]:
    return {
        "tenant": tenant.key,
        "own_money": tenant.limits.own_money,
        "limits": [asdict(one) | {"left": one.left, "share": one.share} for one in found],
    }
