"""``chatcrew cache answers``: which answers are kept, what each rests on, and forgetting them."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import typer

from chatcrew.answers import Account, KeptAnswers, Point, PostgresAnswers, Row, Spent, account
from chatcrew.app.answering import replay_of
from chatcrew.app.configuration import load_directory
from chatcrew.app.storage import open_database
from chatcrew.cache import CHANNEL
from chatcrew.cli._answers_words import words_of
from chatcrew.cli._cache import opened_cache
from chatcrew.cli._kb import opened, tenants_of, today_of
from chatcrew.cli._shown import shown
from chatcrew.clock import SystemClock
from chatcrew.database import Notices
from chatcrew.hub.resting import wanted_of
from chatcrew.knowledge import Knowledge
from chatcrew.settings import Settings
from chatcrew.telemetry import Metrics
from chatcrew.tenancy import Configuration
from chatcrew.tenancy.known import knowledge_version
from chatcrew.tenancy.model import Tenant, rules_on

_YES = {"s", "sim", "y", "yes"}
_PASSAGES = 5
_SHOWN = 70


@dataclass(frozen=True, slots=True)
class _Told:
    """One answer with what became of all that it rests on."""

    row: Row
    account: Account
    spent: Spent
    timezone: str


async def run_list(
    settings: Settings, *, tenant: str, limit: int, lang: str, as_json: bool
) -> None:
    """Print a tenant's kept answers, the most given first, and from when on others may find them.

    Raises:
        UnknownTenant: there is none.
    """
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        directory = await load_directory(settings)
        (whose,) = tenants_of(directory.current, tenant)
        database, knowledge = await opened(settings, directory, stack)
        store = PostgresAnswers(database)
        rows = await store.rows(whose.key, now=clock.now(), limit=limit)
        replay = replay_of(
            store,
            configuration=lambda: directory.current,
            clock=clock,
            vectors=knowledge.embedder,
        )
        point = await replay.point(whose.key)
    if as_json:
        body = {"near": _point(point), "answers": [_row(one) for one in rows]}
        typer.echo(orjson.dumps(body).decode())
        return
    words = words_of(lang)
    near = words["near_off"] if point.least is None else words["near_on"]
    typer.echo(near.format(**_point(point)))
    if not rows:
        typer.echo(words["none"].format(tenant=whose.key))
        return
    typer.echo(words["columns"])
    for row in rows:
        asked = shown(" ".join(row.question.split()))[:_SHOWN]
        vain = "" if row.text else f" {words['vain']}"
        until = row.expires_at.astimezone(ZoneInfo(whose.timezone))
        typer.echo(f"{row.id:<6} {row.hits:>4}  {until:%H:%M}  {asked}{vain}")


async def run_why(
    settings: Settings, *, tenant: str, number: int, lang: str, as_json: bool
) -> None:
    """Print one answer with everything that it rests on, and whether that is as it was.

    Raises:
        UnknownTenant: there is none.
        typer.Exit: with 1 where the tenant has no such answer.
    """
    words = words_of(lang)
    async with AsyncExitStack() as stack:
        directory = await load_directory(settings)
        (whose,) = tenants_of(directory.current, tenant)
        database, knowledge = await opened(settings, directory, stack)
        store = PostgresAnswers(database)
        row = await store.row(whose.key, number)
        if row is None:
            typer.echo(words["unknown"].format(tenant=whose.key, number=number), err=True)
            raise typer.Exit(1)
        told = _Told(
            row,
            await _account(directory.current, whose, row, knowledge=knowledge),
            await store.spent(row.turn),
            whose.timezone,
        )
    if as_json:
        typer.echo(orjson.dumps(_why(told)).decode())
    else:
        _show(told, words)


async def run_forget(
    settings: Settings, *, tenant: str, number: int | None, lang: str, yes: bool
) -> None:
    """Forget one answer, or all of a tenant, here and in running processes.

    Raises:
        typer.Exit: with 1 where nothing was to be forgotten.
    """
    words = words_of(lang)
    what = words["all" if number is None else "one"].format(tenant=tenant, number=number)
    if not yes:
        said = str(typer.prompt(words["ask"].format(what=what), default="", show_default=False))
        if said.strip().lower() not in _YES:
            typer.echo(words["kept"], err=True)
            raise typer.Exit(1)
    async with AsyncExitStack() as stack:
        database = await open_database(settings, stack, name="chatcrew-cache", may_own=True)
        cache = await opened_cache(settings, stack, ways=[Notices(database, channel=CHANNEL)])
        answers = KeptAnswers(
            PostgresAnswers(database), cache=cache, clock=SystemClock(), metrics=Metrics()
        )
        gone = await answers.forget_tenant(tenant, number)
    typer.echo(words["forgotten"].format(count=gone))
    if number is not None and not gone:
        raise typer.Exit(1)


async def _account(
    configuration: Configuration, tenant: Tenant, row: Row, *, knowledge: Knowledge
) -> Account:
    """Put the question together again with the files as they are now."""
    version, today = knowledge_version(tenant), today_of(tenant)
    await knowledge.sync(tenant.key, tenant.faq, version=version, documents=tenant.documents)
    passages = await knowledge.search(
        tenant.key, row.question, version=version, limit=_PASSAGES, today=today
    )
    name, _, function, language, intent = row.scope
    crew = configuration.crews.get((name, tenant.key, function))
    if crew is None:
        return Account(house=False, pieces=())
    wanted = wanted_of(
        tenant,
        crew,
        text=row.question,
        language=language,
        intent=intent,
        rules=rules_on(tenant, today, talk=row.question),
        passages=passages,
    )
    return account(row, wanted)


def _show(told: _Told, words: Mapping[str, str]) -> None:
    row, spent = told.row, told.spent
    cost = words["unpriced"] if spent.cost is None else words["cost"].format(cost=spent.cost)
    typer.echo(f"{words['question']}: {shown(row.question)}")
    typer.echo(f"{words['answer']}: {shown(row.text) or words['vain']}")
    zone = ZoneInfo(told.timezone)
    made, until = (f"{at.astimezone(zone):%d/%m %H:%M}" for at in (row.made_at, row.expires_at))
    typer.echo(words["made"].format(made=made, turn=row.turn, until=until, hits=row.hits))
    spares = {"prompt": spent.prompt_tokens, "completion": spent.completion_tokens}
    typer.echo(words["spares"].format(**spares, cost=cost))
    typer.echo(words["scope"].format(scope=" · ".join(filter(None, row.scope))))
    typer.echo(f"{words['rests']}:")
    house = "same" if told.account.house else "changed"
    typer.echo(f"  {words[house]:<16} {words['house' if row.text else 'knowledge']}")
    for rest, standing in told.account.pieces:
        place = f"  ({rest.place})" if rest.place else ""
        kind = words.get("entry" if rest.kind == "knowledge" else rest.kind, rest.kind)
        typer.echo(f"  {words[standing.value]:<16} {kind}: {shown(rest.name)[:_SHOWN]}{place}")
    typer.echo(words["holds" if told.account.holds else "stale"])


def _row(row: Row) -> dict[str, Any]:
    return {
        "id": row.id,
        "question": row.question,
        "answer": row.text or None,
        "vain": not row.text,
        "scope": row.scope,
        "turn": row.turn,
        "hits": row.hits,
        "last_hit_at": row.last_hit_at,
        "made_at": row.made_at,
        "expires_at": row.expires_at,
    }


def _why(told: _Told) -> dict[str, Any]:
    spent = told.spent
    return {
        **_row(told.row),
        "holds": told.account.holds,
        "house": told.account.house,
        "rests": [
            {"kind": rest.kind, "name": rest.name, "place": rest.place, "standing": standing}
            for rest, standing in told.account.pieces
        ],
        "spares": {
            "prompt_tokens": spent.prompt_tokens,
            "completion_tokens": spent.completion_tokens,
            "usd": spent.cost,
        },
    }


def _point(point: Point) -> dict[str, Any]:
    return {
        "least": point.least,
        "right": point.right,
        "wrong": point.wrong,
        "apart": point.apart,
        "questions": point.questions,
    }
