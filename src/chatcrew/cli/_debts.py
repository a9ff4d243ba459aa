"""``chatcrew debts``: who waits for people now, and how true the promised waits were (N14)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import orjson
import typer

from chatcrew.app.configuration import load_directory
from chatcrew.app.storage import open_database
from chatcrew.cli._kb import tenants_of
from chatcrew.clock import SystemClock
from chatcrew.debts import (
    Calibration,
    PostgresDebts,
    Resolution,
    calibration_of,
    resolution_of,
    waited_of,
)
from chatcrew.messages import Debt, DebtKind
from chatcrew.settings import Settings
from chatcrew.tenancy import Tenant

_MOST = 10_000
_WORDS = {
    "pt-BR": {
        "nobody": "Ninguém espera uma pessoa.",
        "waits": "Esperam uma pessoa (tempo de atendimento, desde, motivo, próximo passo):",
        "never": "nenhum passo",
        "ended": "Nos últimos {days} dias:",
        "none": "nada",
        "true": "Tempo prometido {times}×: {within:.0%} dentro do que foi dito (certo: 80%), "
        "{by_likely:.0%} até o provável (50%), {by_at_most:.0%} até o máximo (90%).",
        "unknown": "Tempo prometido: ainda não há o que medir.",
        "answered": "respondidas",
        "resolved": "resolvidas sem resposta",
        "returned": "devolvidas ao bot",
        "thanked": "só agradecimento",
        "standing": "ainda esperam",
        "unresolved": "Passaram do prazo sem solução (tempo de atendimento, desde, motivo):",
        "solved": "Solução em até {limit} h de atendimento, nos últimos {days} dias: "
        "{in_time} de {judged} no prazo; em andamento: {standing}.",
        "unmeasured": "Solução: sem prazo (people.waiting.resolve_within).",
    },
    "en": {
        "nobody": "Nobody waits for a person.",
        "waits": "Waiting for a person (opening time, since, reason, next step):",
        "never": "no step",
        "ended": "In the last {days} days:",
        "none": "nothing",
        "true": "Wait promised {times}×: {within:.0%} inside what was told (right: 80%), "
        "{by_likely:.0%} by the likely one (50%), {by_at_most:.0%} by the longest (90%).",
        "unknown": "Wait promised: there is nothing to measure yet.",
        "answered": "answered",
        "resolved": "resolved without an answer",
        "returned": "back to the bot",
        "thanked": "only thanks",
        "standing": "still waiting",
        "unresolved": "Not resolved in time (opening time, since, reason):",
        "solved": "Resolved within {limit} h of opening time, in the last {days} days: "
        "{in_time} of {judged} in time; with people now: {standing}.",
        "unmeasured": "Resolution: no limit (people.waiting.resolve_within).",
    },
}


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is told of one tenant."""

    tenant: Tenant
    standing: Sequence[Debt]
    ended: Counter[str]
    calibration: Calibration | None
    resolving: Sequence[Debt]
    resolution: Resolution | None
    now: datetime


async def run_debts(
    settings: Settings, *, tenant: str | None, days: int, lang: str, as_json: bool
) -> None:
    """Print who waits and how true the promises were, of one tenant or of each.

    Raises:
        UnknownTenant: there is none.
    """
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        directory = await load_directory(settings)
        database = await open_database(settings, stack, name="chatcrew-debts", may_own=True)
        book = PostgresDebts(database, clock)
        seen = [
            await _seen(book, one, days=days, now=clock.now())
            for one in tenants_of(directory.current, tenant)
        ]
    if as_json:
        for one in seen:
            typer.echo(orjson.dumps(_body(one)).decode())
        return
    for one in seen:
        _show(one, days=days, lang=lang)


async def _seen(book: PostgresDebts, tenant: Tenant, *, days: int, now: datetime) -> _Seen:
    since = now - timedelta(days=days)
    past = await book.history(tenant.key, since=since, limit=_MOST)
    return _Seen(
        tenant,
        standing=await book.list_standing(tenant.key, limit=_MOST),
        ended=Counter(one.ending.value if one.ending else "standing" for one in past),
        calibration=calibration_of((one, waited_of(one, tenant, now=now)) for one in past),
        resolving=await book.list_standing(tenant.key, limit=_MOST, resolution=True),
        resolution=await _resolution(book, tenant, since=since, now=now),
        now=now,
    )


async def _resolution(
    book: PostgresDebts, tenant: Tenant, *, since: datetime, now: datetime
) -> Resolution | None:
    """Return how many were resolved in time; None where the business knows no limit."""
    within = tenant.people.waiting.resolve_within
    if within is None:
        return None
    past = await book.history(tenant.key, since=since, limit=_MOST, kind=DebtKind.RESOLUTION)
    return resolution_of(
        ((one, waited_of(one, tenant, now=now)) for one in past), within=within * 60
    )


def _show(seen: _Seen, *, days: int, lang: str) -> None:
    words = _WORDS["en" if lang == "en" else "pt-BR"]
    zone = ZoneInfo(seen.tenant.timezone)
    typer.echo(seen.tenant.key)
    typer.echo(f"  {words['waits' if seen.standing else 'nobody']}")
    for one in seen.standing:
        waited = round(waited_of(one, seen.tenant, now=seen.now) / 60)
        since = f"{one.owed.opened_at.astimezone(zone):%Y-%m-%d %H:%M}"
        due = one.owed.next_at
        step = words["never"] if due is None else f"{due.astimezone(zone):%m-%d %H:%M}"
        where = one.owed.conversation
        typer.echo(f"  {waited:>6} min  {since}  {where}  {one.owed.reason}  → {step}")
    told = ", ".join(f"{words[name]} {count}" for name, count in sorted(seen.ended.items()))
    typer.echo(f"  {words['ended'].format(days=days)} {told or words['none']}.")
    found = seen.calibration
    if found is None:
        typer.echo(f"  {words['unknown']}")
    else:
        figures = asdict(found)
        typer.echo("  " + words["true"].format(times=figures.pop("promises"), **figures))
    _show_resolution(seen, words, days=days)


def _show_resolution(seen: _Seen, words: Mapping[str, str], *, days: int) -> None:
    zone, found = ZoneInfo(seen.tenant.timezone), seen.resolution
    if found is None:
        typer.echo(f"  {words['unmeasured']}")
        return
    late = [
        (one, waited)
        for one in seen.resolving
        if (waited := waited_of(one, seen.tenant, now=seen.now)) > found.within
    ]
    if late:
        typer.echo(f"  {words['unresolved']}")
    for one, waited in late:
        since = f"{one.owed.opened_at.astimezone(zone):%Y-%m-%d %H:%M}"
        row = f"{since}  {one.owed.conversation}  {one.owed.reason}"
        typer.echo(f"  {round(waited / 3600):>6} h    {row}")
    said = words["solved"].format(
        limit=f"{found.within / 3600:g}",
        days=days,
        in_time=found.in_time,
        judged=found.judged,
        standing=len(seen.resolving),
    )
    typer.echo(f"  {said}")


def _body(seen: _Seen) -> dict[str, object]:
    return {
        "tenant": seen.tenant.key,
        "standing": [_row(one, seen) for one in seen.standing],
        "ended": dict(seen.ended),
        "calibration": None if seen.calibration is None else asdict(seen.calibration),
        "resolving": [_row(one, seen) for one in seen.resolving],
        "resolution": None if seen.resolution is None else asdict(seen.resolution),
    }


def _row(debt: Debt, seen: _Seen) -> dict[str, object]:
    return {
        "id": debt.id,
        "conversation": str(debt.owed.conversation),
        "kind": debt.owed.kind.value,
        "reason": debt.owed.reason,
        "team": debt.owed.team_id,
        "since": debt.owed.opened_at,
        "waited_seconds": round(waited_of(debt, seen.tenant, now=seen.now)),
        "steps": debt.step,
        "next_at": debt.owed.next_at,
    }
