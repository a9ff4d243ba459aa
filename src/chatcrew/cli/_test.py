"""``chatcrew test``: conversation tests of tenants, played through a whole bot."""

import asyncio
import difflib
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn

import orjson
import typer

from chatcrew.errors import ConfigErrors
from chatcrew.settings import Settings
from chatcrew.tenancy import Fault
from chatcrew.tenancy.conversations import (
    Conversation,
    conversations_path,
    load_conversations,
)
from chatcrew.testing.conversations import (
    EACH,
    LANES,
    PATIENCE,
    Failure,
    Played,
    Report,
    chosen,
    play,
    temporary_databases,
)

_WORDS = {
    "pt-BR": {
        "no_tenant": "não há {word!r} em {folder}",
        "near": "não há {word!r} em {folder} (seria {near}?)",
        "no_tests": "não há conversas de teste: escreva-as em {file} (docs/yaml.md)",
        "none_chosen": "nenhuma conversa de {file} foi escolhida: há {names}",
        "says": "o cliente escreveu: {text}",
        "intent": "esperava a intenção {expected}, veio {got}",
        "none": "nenhuma",
        "tool": "esperava a ferramenta {expected}; chamadas: {got}",
        "contains": "esperava na resposta: {expected}",
        "lacks": "não podia estar na resposta: {expected}",
        "told": "o modelo devia ter lido: {expected}",
        "handoff_yes": "esperava que uma pessoa fosse chamada, e não foi",
        "handoff_no": "uma pessoa foi chamada, e não devia",
        "model": "model: não foi pedido, e ficou por dizer: {expected}",
        "silent": "o bot não disse nada",
        "late": "o bot ainda não tinha terminado depois de {seconds:.0f} s",
        "read": "o cliente leu: {text}",
        "nothing": "nada",
        "way": "caminho da resposta: {way}",
        "no_model": "a linha não traz (mais) nenhum model:, e o modelo foi perguntado",
        "unfounded": "model: diz algo que não está nos fatos, no conhecimento nem nas ferramentas",
        "done": "{good} de {all} conversas deram certo ({seconds})",
    },
    "en": {
        "no_tenant": "there is no {word!r} in {folder}",
        "near": "there is no {word!r} in {folder} (did you mean {near}?)",
        "no_tests": "there are no conversation tests: write them in {file} (docs/yaml.md)",
        "none_chosen": "no conversation of {file} was chosen: there are {names}",
        "says": "the customer wrote: {text}",
        "intent": "expected the intent {expected}, it was {got}",
        "none": "none",
        "tool": "expected the tool {expected}; called: {got}",
        "contains": "expected in the reply: {expected}",
        "lacks": "must not be in the reply: {expected}",
        "told": "the model should have read: {expected}",
        "handoff_yes": "expected that a person is called, and nobody was",
        "handoff_no": "a person was called, and must not be",
        "model": "model: was not asked, and left unsaid: {expected}",
        "silent": "the bot said nothing",
        "late": "the bot had not finished after {seconds:.0f} s",
        "read": "the customer read: {text}",
        "nothing": "nothing",
        "way": "way of the answer: {way}",
        "no_model": "the line has no (more) model:, and the model was asked",
        "unfounded": "model: says what is in no fact, no knowledge and no tool's result",
        "done": "{good} of {all} conversations went well ({seconds})",
    },
}

_TEXTS = ("contains", "lacks", "told", "model")
"""Failures whose expectation is a text rather than a name."""

KEPT = "rehearsal"
"""Folder of the data folder, where there is one, in which the database of the tests is kept."""


def told_of_faults_only(settings: Settings) -> Settings:
    """Return settings whose log says little: a line for each played turn helps nobody.

    Who chose a level or a form gets it.
    """
    wanted: dict[str, Any] = {"log_level": "error", "log_format": "console"}
    ours = {name: value for name, value in wanted.items() if name not in settings.model_fields_set}
    return settings.model_copy(update=ours)


async def run_test(
    settings: Settings,
    *,
    tenants: Sequence[str],
    channel: str | None,
    name: str,
    lang: str,
    as_json: bool,
) -> None:
    """Play the conversations and say how each went; exit with 1 where one failed, 2 where none ran.

    Args:
        settings: where the files are; a database or Redis they name is not touched.
        tenants: whose conversations; none: everybody's who has some.
        channel: only those of this channel.
        name: only those with this in their name.
        lang: ``pt-BR`` or ``en``.
        as_json: one JSON object on one line for each tenant, instead of text.

    Raises:
        typer.Exit: the result.
        StoreError: no database could be started.
    """
    words = _WORDS.get(lang, _WORDS["pt-BR"])
    begun = time.monotonic()
    heard: list[str] = []

    def told(tenant: str, played: Played) -> None:
        if as_json:
            return
        if len(wanted) > 1 and tenant not in heard:
            typer.echo(tenant)
        heard.append(tenant)
        for line in _lines(played, words):
            typer.echo(line)

    def ended(report: Report) -> None:
        if as_json:
            typer.echo(orjson.dumps(_json(report)).decode())

    try:
        wanted = await asyncio.to_thread(_look, settings, tenants, channel, name, words)
        lanes = min(LANES, -(-sum(map(len, wanted.values())) // EACH))
        lasting = await asyncio.to_thread(settings.data_dir.is_dir)
        kept = settings.data_dir / KEPT if lasting else None
        async with temporary_databases(lanes, kept=kept) as databases:
            reports = await play(
                wanted,
                config_dir=settings.config_dir,
                crews_dir=settings.crews_dir,
                databases=databases,
                told=told,
                ended=ended,
            )
    except ConfigErrors as faults:
        language = lang if lang in _WORDS else "pt-BR"
        texts = [
            one.render(language) if isinstance(one, Fault) else str(one)
            for one in faults.exceptions
        ]
        _refuse(texts, as_json=as_json)
    except _NothingToPlay as nothing:
        _refuse([str(nothing)], as_json=as_json)
    if not as_json:
        played = [one for report in reports for one in report.played]
        good = sum(one.ok for one in played)
        seconds = _seconds(time.monotonic() - begun, words)
        typer.echo(words["done"].format(good=good, all=len(played), seconds=seconds))
    raise typer.Exit(0 if all(report.ok for report in reports) else 1)


class _NothingToPlay(Exception):
    """There is no such tenant, no test, or none of the wanted ones; says so for people."""


def _look(
    settings: Settings,
    tenants: Sequence[str],
    channel: str | None,
    name: str,
    words: Mapping[str, str],
) -> dict[str, tuple[Conversation, ...]]:
    """Return what is to be played, by tenant, before anything is started.

    Raises:
        _NothingToPlay: there is nothing.
        ConfigErrors: a file of conversations is at fault.
    """
    config_dir = settings.config_dir
    domains = config_dir / "domains"
    known = [
        f"{one.parent.name}/{one.stem}"
        for one in sorted(domains.glob("*/*.yaml"))
        if one.stem != "_base" and "." not in one.stem
    ]
    for tenant in tenants:
        if tenant not in known:
            near = difflib.get_close_matches(tenant, known, n=1, cutoff=0.6) or known[:1]
            key = "near" if near else "no_tenant"
            raise _NothingToPlay(words[key].format(word=tenant, folder=domains, near="".join(near)))
        if not (path := conversations_path(config_dir, tenant)).exists():
            raise _NothingToPlay(words["no_tests"].format(file=path))
    asked = list(dict.fromkeys(tenants)) or [
        one for one in known if conversations_path(config_dir, one).exists()
    ]
    if not asked:
        path = conversations_path(config_dir, "<domain>/<tenant>")
        raise _NothingToPlay(words["no_tests"].format(file=path))
    found = {one: load_conversations(conversations_path(config_dir, one)) for one in asked}
    wanted = {one: chosen(each, channel=channel, name=name) for one, each in found.items()}
    if not any(wanted.values()):
        names = "; ".join(f"{one.name} ({one.channel})" for each in found.values() for one in each)
        file = ", ".join(str(conversations_path(config_dir, one)) for one in asked)
        raise _NothingToPlay(words["none_chosen"].format(file=file, names=names))
    return {one: each for one, each in wanted.items() if each}


def _refuse(texts: list[str], *, as_json: bool) -> NoReturn:
    """Say why nothing was played, and exit with 2."""
    if as_json:
        typer.echo(orjson.dumps({"ok": False, "faults": texts}).decode())
    else:
        for text in texts:
            typer.echo(text, err=True)
    raise typer.Exit(2)


def _lines(played: Played, words: Mapping[str, str]) -> Iterator[str]:
    """Yield how a conversation went: one line, and below it what failed."""
    yield f"{'✓' if played.ok else '✗'} {played.name} ({_seconds(played.seconds, words)})"
    first = next(iter(played.failures), None)
    if first is None:
        return
    file, line = first.place
    yield f"    {file}:{line}: " + words["says"].format(text=_quoted(first.says))
    for failure in played.failures:
        yield f"      {_sentence(failure, words)}"
    yield "    " + words["read"].format(
        text=_quoted(first.read) if first.read else words["nothing"]
    )
    if first.rungs:
        yield "    " + words["way"].format(way=", ".join(first.rungs))
    for end in ("unfounded", "no_model"):
        if any(end in rung for rung in first.rungs):
            yield "    " + words[end]
            return


def _sentence(failure: Failure, words: Mapping[str, str]) -> str:
    """Return what was wanted and what came."""
    if failure.kind == "handoff":
        return words[f"handoff_{failure.expected}"]
    shown = _quoted(failure.expected) if failure.kind in _TEXTS else failure.expected
    got = words["none"] if failure.got in ("", "none") else failure.got
    return words[failure.kind].format(expected=shown, got=got, seconds=PATIENCE)


def _quoted(text: str) -> str:
    """Return words of a conversation on one line."""
    return f"“{' ⏎ '.join(text.splitlines())}”"


def _seconds(seconds: float, words: Mapping[str, str]) -> str:
    text = f"{seconds:.1f} s"
    return text.replace(".", ",") if words is _WORDS["pt-BR"] else text


def _json(report: Report) -> dict[str, object]:
    return {
        "ok": report.ok,
        "tenant": report.tenant,
        "version": report.version,
        "content": report.content,
        "conversations": [
            {
                "name": one.name,
                "channel": one.channel,
                "file": one.place[0],
                "line": one.place[1],
                "ok": one.ok,
                "seconds": one.seconds,
                "failures": [_failure(failure) for failure in one.failures],
            }
            for one in report.played
        ],
    }


def _failure(failure: Failure) -> dict[str, object]:
    return {
        "kind": failure.kind,
        "file": failure.place[0],
        "line": failure.place[1],
        "says": failure.says,
        "expected": failure.expected,
        "got": failure.got,
        "read": failure.read,
        "reason": failure.why,
        "rungs": list(failure.rungs),
    }
