"""``chatcrew explain``: who answers in an inbox, with which engine and why, and how long it may."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import typer

from chatcrew import tools
from chatcrew.cli._check import say_faults
from chatcrew.cli._explain_known import Known, known, known_lines
from chatcrew.cli._explain_text import hit_lines, hits
from chatcrew.cli._explain_values import ambient, value_lines, values
from chatcrew.cli._explain_words import WORDS
from chatcrew.crews import choose
from chatcrew.llm import fast_model_name
from chatcrew.settings import Settings
from chatcrew.tenancy import Configuration, Memory, RoleSpec, Route
from chatcrew.tenancy import check as check_files
from chatcrew.tenancy.provenance import origins

Facts = dict[str, Any]


class _Unknown(Exception):
    """What was asked for is not there; names the sentence and what it is filled with."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def run_explain(
    settings: Settings,
    account: str | None,
    inbox: int | None,
    *,
    function: str | None,
    lang: str,
    as_json: bool,
    mapping: Path | None,
    text: str | None = None,
) -> int:
    """Print who answers; return the exit code: 0, or 2 where files or question are at fault.

    Args:
        settings: where the files are, and the models where nobody names one.
        account: label of the account in the mapping; None: say which there are.
        inbox: Chatwoot's inbox id; None: say which the account has.
        function: another function than the tenant's default.
        lang: ``pt-BR`` or ``en``.
        as_json: one JSON object on one line instead of text.
        mapping: another mapping file than the settings name.
        text: what a customer may write: which intent and which knowledge it leads to.
    """
    language = lang if lang in WORDS else "pt-BR"
    files = (mapping or settings.mapping, settings.config_dir, settings.crews_dir)
    memory = Memory()
    report = check_files(*files, tools=tools.names(), read_secrets=False, memory=memory)
    if report.configuration is None:
        say_faults(report, language, as_json=as_json)
        return 2
    there = known(report.configuration, account)
    labels = {one["account"] for one in there}
    if account is None or (inbox is None and account in labels):
        _say_known(there, WORDS[language], as_json=as_json)
        return 0
    try:
        facts = _facts(report.configuration, settings, account, inbox, function, language)
        found = origins(
            *files,
            tools=tools.names(),
            account=account,
            inbox=facts["inbox"],
            function=function,
            memory=memory,
            ambient=ambient(settings),
        )
    except _Unknown as unknown:
        message = WORDS[language][unknown.key].format(**unknown.values)
        _say_known(there, WORDS[language], as_json=as_json, error=message)
        return 2
    led = None if text is None else hits(report.configuration.tenants[facts["tenant"]], text)
    if as_json:
        body = {"ok": True, **facts, "values": values(found), "text": led}
        typer.echo(orjson.dumps(body).decode())
        return 0
    words = WORDS[language]
    lines = [*_lines(facts, words), *value_lines(found, words)]
    for line in lines if led is None else hit_lines(led, words):
        typer.echo(line)
    return 0


def _say_known(
    there: Known, words: dict[str, str], *, as_json: bool, error: str | None = None
) -> None:
    """Print what can be asked about, after what is wrong with the question."""
    if as_json:
        wrong = {} if error is None else {"error": error}
        body = {"ok": error is None, **wrong, "accounts": there}
        typer.echo(orjson.dumps(body).decode())
        return
    lines = known_lines(there, words)
    for line in lines if error is None else (error, "", *lines):
        typer.echo(line, err=error is not None)


def _route(configuration: Configuration, account: str, inbox: int | None) -> tuple[Route, str]:
    """Return where an inbox leads, and by what: ``inbox``, ``account`` or ``default``.

    Raises:
        _Unknown: there is no such account, or the inbox leads nowhere.
    """
    accounts = {bot.account for bot in configuration.bots.values()}
    if account not in accounts:
        raise _Unknown("unknown_account", word=account)
    route = configuration.route(account, inbox)
    if route is None:
        raise _Unknown("unknown_inbox", word=inbox, account=account)
    by = {(account, inbox): "inbox", (account, None): "account"}
    return route, next((name for key, name in by.items() if key in configuration.routes), "default")


def _facts(
    configuration: Configuration,
    settings: Settings,
    account: str,
    inbox: int | None,
    function: str | None,
    language: str,
) -> Facts:
    """Return everything that is said, as JSON values.

    Raises:
        _Unknown: what was asked for is not there.
    """
    route, by = _route(configuration, account, inbox)
    tenant = configuration.tenants[route.tenant]
    if function is not None and function not in tenant.functions:
        choices = ", ".join(tenant.functions)
        raise _Unknown("unknown_function", word=function, tenant=tenant.key, choices=choices)
    crew = configuration.crew(route, function)
    choice = choose(crew)
    return {
        "account": account,
        "inbox": inbox,
        "by": by,
        "tenant": tenant.key,
        "channel": crew.channel,
        "function": crew.function,
        "functions": list(tenant.functions),
        "crew": crew.name,
        "process": crew.process,
        "engine": {
            "name": choice.engine,
            "asked": choice.asked,
            "obstacles": list(choice.obstacles),
            "why": choice.why(language),
        },
        "roles": [_role(one, settings.model) for one in crew.everybody()],
        "tasks": [
            {
                "name": one.name,
                # In a hierarchical crew the manager hands a task that names nobody to somebody.
                "role": one.role or (crew.manager.name if crew.manager else ""),
                "context": list(one.context),
                "async_execution": one.async_execution,
            }
            for one in crew.tasks
        ],
        "manager": crew.manager.name if crew.manager else None,
        "times": {
            "promise": crew.promise,
            "hedge": crew.hedge,
            "deadline": crew.deadline,
            "quiet": crew.timing.quiet,
            "max_wait": crew.timing.max_wait,
        },
        "fast_model": crew.fast_model
        or fast_model_name(settings.fast_model, configuration.models, settings.model),
    }


def _role(role: RoleSpec, default_model: str) -> Facts:
    return {
        "name": role.name,
        "model": role.model or default_model,
        "temperature": role.temperature,
        "max_tokens": role.max_tokens,
        "max_rounds": role.max_rounds,
        "tools": list(role.tools),
    }


def _lines(facts: Facts, words: dict[str, str]) -> Iterator[str]:
    """Yield the facts as lines for people."""

    def row(key: str, text: str) -> str:
        return f"  {words[key]:<10} {text}"

    yield words["inbox"].format(**facts) + words[f"by_{facts['by']}"]
    for key in ("tenant", "channel"):
        yield row(key, facts[key])
    others = [one for one in facts["functions"] if one != facts["function"]]
    also = f" ({words['functions']}: {', '.join(others)})" if others else ""
    yield row("function", facts["function"] + also)
    yield row("crew", facts["crew"])
    led = words["led"].format(**facts) if facts["manager"] else ""
    yield row("process", facts["process"] + led)
    yield row("engine", f"{facts['engine']['name']}: {facts['engine']['why']}")
    yield f"  {words['roles']}"
    for role in facts["roles"]:
        yield f"    {role['name']}: {words['model'].format(**role)}"
        yield f"      {words['tools']}: {', '.join(role['tools']) or words['none']}"
    yield f"  {words['tasks']}"
    for task in facts["tasks"]:
        said = [words["by"].format(**task)]
        if task["async_execution"]:
            said.append(words["beside"])
        if task["context"]:
            said.append(words["after"].format(context=", ".join(task["context"])))
        yield f"    {task['name']}: {', '.join(said)}"
    yield f"  {words['times']}"
    times = {**facts["times"], "fast_model": facts["fast_model"]}
    for key in ("promise", "hedge" if times["hedge"] else "no_hedge", "deadline", "quiet"):
        yield f"    {words[key].format(**times)}"
