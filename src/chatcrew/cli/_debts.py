"""``chatcrew debts``: who waits for people now, and how true the promised waits were (N14)."""

from collections import Counter
from collections.abc import Sequence
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
from chatcrew.debts import Calibration, PostgresDebts, calibration_of, waited_of
from chatcrew.messages import Debt
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
    },
}


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is told of one tenant."""

    tenant: Tenant
    standing: Sequence[Debt]
    ended: Counter[str]
    calibration: Calibration | None
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
        now=now,
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


def _body(seen: _Seen) -> dict[str, object]:
    return {
        "tenant": seen.tenant.key,
        "standing": [
            {
                "id": one.id,
                "conversation": str(one.owed.conversation),
                "kind": one.owed.kind.value,
                "reason": one.owed.reason,
                "team": one.owed.team_id,
                "since": one.owed.opened_at,
                "waited_seconds": round(waited_of(one, seen.tenant, now=seen.now)),
                "steps": one.step,
                "next_at": one.owed.next_at,
            }
            for one in seen.standing
        ],
        "ended": dict(seen.ended),
        "calibration": None if seen.calibration is None else asdict(seen.calibration),
    }
