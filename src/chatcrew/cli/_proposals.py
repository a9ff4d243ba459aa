"""``chatcrew proposals``: what people corrected, shown as a diff, tried, accepted or rejected."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import asdict

import orjson
import typer

from chatcrew.app.storage import open_database
from chatcrew.cli._proposals_trial import Trial, tried
from chatcrew.cli._proposals_words import words_of
from chatcrew.cli._shown import shown
from chatcrew.clock import SystemClock
from chatcrew.proposals import (
    CannotChange,
    Kind,
    Plan,
    PostgresProposals,
    Proposal,
    State,
    asked,
    plan,
    write,
)
from chatcrew.settings import Settings

_YES = {"s", "sim", "y", "yes"}
_LONGEST = 100


async def run_list(
    settings: Settings, *, tenant: str | None, every: bool, lang: str, as_json: bool
) -> None:
    """Print proposals, the oldest first: the open ones, or all."""
    words = words_of(lang)
    async with AsyncExitStack() as stack:
        store = await _store(settings, stack)
        state = None if every else State.OPEN
        found = await store.listed(tenant=tenant, state=state, limit=1000)
    if as_json:
        for one in found:
            typer.echo(orjson.dumps(_json(one)).decode())
        return
    if not found:
        typer.echo(words["none"])
    for one in found:
        content = one.new.content
        what = " ".join((content.text or content.question or content.reply).split())[:_LONGEST]
        about = f"{words[str(one.new.cause)]}, {words[str(one.new.kind)]}"
        row = f"{one.id:>5}  {words[str(one.state)]:<8}  {one.new.tenant}  {about}: {what}"
        typer.echo(shown(row))


async def run_show(
    settings: Settings, *, number: int, play: bool, lang: str, as_json: bool
) -> None:
    """Print one proposal with its diff, and how its test goes before and after where wanted.

    Raises:
        typer.Exit: with 1 where there is none, or it does not hold.
    """
    words = words_of(lang)
    async with AsyncExitStack() as stack:
        store = await _store(settings, stack)
        one = await _known(store, number, words)
    made, why = await asyncio.to_thread(_planned, one, settings, words)
    if as_json:
        diffs = [] if made is None else _diffs(made, settings)
        typer.echo(orjson.dumps({**_json(one), "diff": diffs, "problem": why}).decode())
        return
    _tell(one, words)
    if made is None:
        typer.echo(_missing(one, words) or why)
        return
    for diff in _diffs(made, settings):
        typer.echo(shown(diff), nl=False)
    if play and not _report(await tried(made, one.new.tenant, settings), words, lang):
        raise typer.Exit(1)


async def run_accept(
    settings: Settings, *, number: int, answer: str, question: str, yes: bool, lang: str
) -> None:
    """Try a proposal, ask, and write its files; nothing is written where it does not hold.

    Raises:
        typer.Exit: with 1 where it was not accepted.
        ConfigErrors: the files as they are have faults.
    """
    words = words_of(lang)
    async with AsyncExitStack() as stack:
        store = await _store(settings, stack)
        known = await _known(store, number, words, state=State.OPEN)
        one = asked(known, text=answer.strip(), question=question.strip())
        if one != known:
            await store.answer(number, one.new.content)
        made, why = await asyncio.to_thread(_planned, one, settings, words)
        if made is None:
            typer.echo(_missing(one, words) or why, err=True)
            raise typer.Exit(1)
        for diff in _diffs(made, settings):
            typer.echo(shown(diff), nl=False)
        typer.echo(words["trying"], err=True)
        if not _report(await tried(made, one.new.tenant, settings), words, lang):
            raise typer.Exit(1)
        if not yes:
            said = str(typer.prompt(words["sure"], default="", show_default=False))
            if said.strip().lower() not in _YES:
                typer.echo(words["kept"], err=True)
                raise typer.Exit(1)
        await asyncio.to_thread(write, made)
        await store.end(number, State.ACCEPTED)
    files = ", ".join(str(change.path) for change in (made.business, made.tests))
    typer.echo(words["written"].format(files=files))


async def run_reject(settings: Settings, *, number: int, reason: str, lang: str) -> None:
    """Close a proposal without any change.

    Raises:
        typer.Exit: with 1 where there is none that is open.
    """
    words = words_of(lang)
    async with AsyncExitStack() as stack:
        store = await _store(settings, stack)
        await _known(store, number, words, state=State.OPEN)
        await store.end(number, State.REJECTED, reason=reason.strip())
    typer.echo(words["refused"])


async def _store(settings: Settings, stack: AsyncExitStack) -> PostgresProposals:
    database = await open_database(settings, stack, name="chatcrew-proposals", may_own=True)
    return PostgresProposals(database, SystemClock())


async def _known(
    store: PostgresProposals, number: int, words: dict[str, str], *, state: State | None = None
) -> Proposal:
    one = await store.get(number)
    if one is None:
        typer.echo(words["no_such"].format(id=number), err=True)
        raise typer.Exit(1)
    if state is not None and one.state is not state:
        typer.echo(words["closed"].format(id=number, state=words[str(one.state)]), err=True)
        raise typer.Exit(1)
    return one


def _planned(one: Proposal, settings: Settings, words: dict[str, str]) -> tuple[Plan | None, str]:
    try:
        return plan(one, settings.config_dir), ""
    except CannotChange as error:
        file = error.file or f"{one.new.tenant}.yaml"
        return None, words[f"cannot_{error.kind}"].format(word=error.word, file=file)


def _missing(one: Proposal, words: dict[str, str]) -> str:
    if not one.new.content.text:
        return words["needs"].format(id=one.id)
    if one.new.kind is Kind.FAQ and not one.new.content.question:
        return words["needs_question"].format(id=one.id)
    return ""


def _diffs(made: Plan, settings: Settings) -> list[str]:
    beside = settings.config_dir.parent
    return [
        change.diff(change.path.relative_to(beside).as_posix())
        for change in (made.business, made.tests)
    ]


def _tell(one: Proposal, words: dict[str, str]) -> None:
    new, content = one.new, one.new.content
    typer.echo(
        f"{one.id}  {words[str(one.state)]}  {new.tenant}  "
        f"{words[str(new.cause)]}, {words[str(new.kind)]}"
    )
    by = new.made_by or words["somebody"]
    made = words["made"].format(by=by, at=one.made_at, conversation=new.conversation)
    typer.echo(shown(made))
    for key, text in (
        ("asked", content.question),
        ("said", content.reply),
        ("right", content.text),
    ):
        if text:
            typer.echo(shown(f"{words[key]} {text}"))


def _report(trial: Trial, words: dict[str, str], lang: str) -> bool:
    """Print what came of a trial; return whether the proposal holds."""
    if trial.faults:
        typer.echo(words["faults"], err=True)
        for fault in trial.faults:
            typer.echo(f"  {fault.render('en' if lang == 'en' else 'pt-BR')}", err=True)
        return False
    if trial.before is not None and trial.before.ok:
        typer.echo(words["not_before"], err=True)
        return False
    typer.echo(shown(words["fails_before"].format(case=trial.case)))
    bad = [one for one in trial.after if not one.ok]
    if bad:
        typer.echo(words["not_after"], err=True)
        for played in bad:
            typer.echo(shown(f"  ✗ {played.name}"), err=True)
            for failure in played.failures:
                told = words["failed"].format(
                    expected=failure.expected or failure.kind, read=failure.read or "–"
                )
                typer.echo(shown(f"    {told}"), err=True)
        return False
    typer.echo(words["passes_after"].format(others=len(trial.after) - 1))
    return trial.proven


def _json(one: Proposal) -> dict[str, object]:
    new, content = one.new, one.new.content
    return {
        "id": one.id,
        "state": str(one.state),
        "tenant": new.tenant,
        "kind": str(new.kind),
        "cause": str(new.cause),
        "conversation": str(new.conversation),
        "made_by": new.made_by,
        "made_at": one.made_at.isoformat(),
        "ended_at": one.ended_at.isoformat() if one.ended_at else None,
        "reason": one.reason,
        **asdict(content),
    }
