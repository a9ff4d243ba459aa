"""``chatcrew explain``: who answers in an inbox, with which engine and why, and how long it may."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import typer

from chatcrew import tools
from chatcrew.cli._check import say_faults
from chatcrew.crews import choose
from chatcrew.llm import fast_model_name
from chatcrew.settings import Settings
from chatcrew.tenancy import Configuration, RoleSpec, Route
from chatcrew.tenancy import check as check_files

_WORDS = {
    "pt-BR": {
        "unknown_account": "conta {word!r} não está no mapeamento; há: {choices}",
        "unknown_inbox": "a caixa {word} de {account!r} não leva a lugar nenhum; há: {choices}",
        "unknown_function": "o negócio {tenant!r} não tem a função {word!r}; tem: {choices}",
        "inbox": "conta {account}, caixa {inbox}",
        "by_inbox": "",
        "by_account": " (não está em inboxes: vale o tenant da conta)",
        "by_default": " (não está em inboxes: vale o default do mapeamento)",
        "tenant": "negócio",
        "channel": "canal",
        "function": "função",
        "functions": "outras",
        "crew": "crew",
        "process": "processo",
        "engine": "engine",
        "roles": "papéis",
        "tasks": "tarefas",
        "by": "por {role}",
        "after": "depois de {context}",
        "model": "modelo {model}, temperatura {temperature:g}, até {max_tokens} tokens, "
        "{max_rounds} rodadas de ferramentas",
        "tools": "ferramentas",
        "none": "nenhuma",
        "times": "tempos",
        "promise": "resposta prometida em {promise:g} s",
        "hedge": "modelo rápido ({fast_model}) depois de {hedge:g} s",
        "no_hedge": "modelo rápido ({fast_model}) só quando o outro falha",
        "deadline": "sem esperar modelo depois de {deadline:g} s",
        "quiet": "junta mensagens por {quiet:g} s de silêncio, no máximo {max_wait:g} s",
    },
    "en": {
        "unknown_account": "account {word!r} is not in the mapping; there are: {choices}",
        "unknown_inbox": "inbox {word} of account {account!r} leads nowhere; there are: {choices}",
        "unknown_function": "tenant {tenant!r} has no function {word!r}; it has: {choices}",
        "inbox": "account {account}, inbox {inbox}",
        "by_inbox": "",
        "by_account": " (not in inboxes: the account's tenant holds)",
        "by_default": " (not in inboxes: the mapping's default holds)",
        "tenant": "tenant",
        "channel": "channel",
        "function": "function",
        "functions": "others",
        "crew": "crew",
        "process": "process",
        "engine": "engine",
        "roles": "roles",
        "tasks": "tasks",
        "by": "by {role}",
        "after": "after {context}",
        "model": "model {model}, temperature {temperature:g}, up to {max_tokens} tokens, "
        "{max_rounds} rounds of tools",
        "tools": "tools",
        "none": "none",
        "times": "times",
        "promise": "an answer is promised in {promise:g} s",
        "hedge": "the fast model ({fast_model}) after {hedge:g} s",
        "no_hedge": "the fast model ({fast_model}) only when the other one fails",
        "deadline": "no model is waited for after {deadline:g} s",
        "quiet": "messages are collected for {quiet:g} s of silence, {max_wait:g} s at most",
    },
}

Facts = dict[str, Any]


class _Unknown(Exception):
    """What was asked for is not there; names the sentence and what it is filled with."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def run_explain(
    settings: Settings,
    account: str,
    inbox: int,
    *,
    function: str | None,
    lang: str,
    as_json: bool,
    mapping: Path | None,
) -> int:
    """Print who answers; return the exit code: 0, or 2 where files or question are at fault.

    Args:
        settings: where the files are, and the models where nobody names one.
        account: label of the account in the mapping.
        inbox: Chatwoot's inbox id.
        function: another function than the tenant's default.
        lang: ``pt-BR`` or ``en``.
        as_json: one JSON object on one line instead of text.
        mapping: another mapping file than the settings name.
    """
    language = lang if lang in _WORDS else "pt-BR"
    report = check_files(
        mapping or settings.mapping,
        settings.config_dir,
        settings.crews_dir,
        tools=tools.names(),
        read_secrets=False,
    )
    if report.configuration is None:
        say_faults(report, language, as_json=as_json)
        return 2
    try:
        facts = _facts(report.configuration, settings, account, inbox, function, language)
    except _Unknown as unknown:
        message = _WORDS[language][unknown.key].format(**unknown.values)
        if as_json:
            typer.echo(orjson.dumps({"ok": False, "error": message}).decode())
        else:
            typer.echo(message, err=True)
        return 2
    if as_json:
        typer.echo(orjson.dumps({"ok": True, **facts}).decode())
    else:
        for line in _lines(facts, _WORDS[language]):
            typer.echo(line)
    return 0


def _route(configuration: Configuration, account: str, inbox: int) -> tuple[Route, str]:
    """Return where an inbox leads, and by what: ``inbox``, ``account`` or ``default``.

    Raises:
        _Unknown: there is no such account, or the inbox leads nowhere.
    """
    accounts = {bot.account for bot in configuration.bots.values()}
    if account not in accounts:
        raise _Unknown("unknown_account", word=account, choices=", ".join(sorted(accounts)))
    route = configuration.route(account, inbox)
    if route is None:
        known = sorted(one for label, one in configuration.routes if label == account and one)
        choices = ", ".join(map(str, known))
        raise _Unknown("unknown_inbox", word=inbox, account=account, choices=choices)
    by = {(account, inbox): "inbox", (account, None): "account"}
    return route, next((name for key, name in by.items() if key in configuration.routes), "default")


def _facts(
    configuration: Configuration,
    settings: Settings,
    account: str,
    inbox: int,
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
        "roles": [_role(one, settings.model) for one in crew.roles],
        "tasks": [
            {"name": one.name, "role": one.role, "context": list(one.context)} for one in crew.tasks
        ],
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
    yield row("process", facts["process"])
    yield row("engine", f"{facts['engine']['name']}: {facts['engine']['why']}")
    yield f"  {words['roles']}"
    for role in facts["roles"]:
        yield f"    {role['name']}: {words['model'].format(**role)}"
        yield f"      {words['tools']}: {', '.join(role['tools']) or words['none']}"
    yield f"  {words['tasks']}"
    for task in facts["tasks"]:
        said = [words["by"].format(**task)]
        if task["context"]:
            said.append(words["after"].format(context=", ".join(task["context"])))
        yield f"    {task['name']}: {', '.join(said)}"
    yield f"  {words['times']}"
    times = {**facts["times"], "fast_model": facts["fast_model"]}
    for key in ("promise", "hedge" if times["hedge"] else "no_hedge", "deadline", "quiet"):
        yield f"    {words[key].format(**times)}"
