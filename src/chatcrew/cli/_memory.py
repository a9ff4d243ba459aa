"""``chatcrew memory``: shows, corrects and forgets what is remembered of a customer."""

from contextlib import AsyncExitStack

import orjson
import typer

from chatcrew.app.storage import open_database
from chatcrew.cli._shown import shown
from chatcrew.clock import SystemClock
from chatcrew.memory import PostgresMemory
from chatcrew.messages import Person
from chatcrew.settings import Settings

_LONGEST = 300
_WORDS = {
    "pt-BR": {
        "nobody": "Nada é lembrado do contato {contact} de {tenant}.",
        "several": "O contato {contact} existe em várias contas: use --account {accounts}.",
        "none": "Nenhum fato.",
        "consent": "Consentimento: {given} em {at} (texto {version}).",
        "yes": "sim",
        "no": "não",
        "summary": "Resumo da conversa {conversation}, episódio {episode}:",
        "no_fact": "Não há fato {fact} deste contato.",
        "edited": "Corrigido.",
        "long": "Um fato tem de 1 a {most} caracteres.",
        "ask": "Esquecer tudo o que se lembra do contato {contact} de {tenant}? [s/N]",
        "kept": "Nada foi esquecido.",
        "forgotten": "Esquecido: fatos: {facts}, resumos: {summaries}, consentimentos: {consents}.",
        "one": "Esquecido.",
    },
    "en": {
        "nobody": "Nothing is remembered of contact {contact} of {tenant}.",
        "several": "Contact {contact} exists in several accounts: use --account {accounts}.",
        "none": "No facts.",
        "consent": "Consent: {given} on {at} (text {version}).",
        "yes": "yes",
        "no": "no",
        "summary": "Summary of conversation {conversation}, episode {episode}:",
        "no_fact": "This contact has no fact {fact}.",
        "edited": "Corrected.",
        "long": "A fact has 1 to {most} characters.",
        "ask": "Forget everything remembered of contact {contact} of {tenant}? [y/N]",
        "kept": "Nothing was forgotten.",
        "forgotten": "Forgotten: {facts} fact(s), {summaries} summaries, {consents} consent.",
        "one": "Forgotten.",
    },
}
_YES = {"s", "sim", "y", "yes"}


def agreed(tenant: str, contact: int, *, lang: str) -> bool:
    """Ask whether everything may be forgotten."""
    words = _words(lang)
    question = words["ask"].format(tenant=tenant, contact=contact)
    said = str(typer.prompt(question, default="", show_default=False))
    if said.strip().lower() in _YES:
        return True
    typer.echo(words["kept"], err=True)
    return False


async def run_list(
    settings: Settings,
    *,
    tenant: str,
    contact: int,
    account: str | None,
    lang: str,
    as_json: bool,
) -> None:
    """Print everything kept of a person.

    Raises:
        typer.Exit: with 1 where nobody, or more than one, has this number.
    """
    words = _words(lang)
    async with AsyncExitStack() as stack:
        store, person = await _found(settings, stack, tenant, contact, account, words)
        kept = await store.export(person)
    if as_json:
        typer.echo(orjson.dumps(kept).decode())
        return
    if not kept["facts"]:
        typer.echo(words["none"])
    for fact in kept["facts"]:
        when, kind = fact["created_at"][:10], fact["kind"]
        typer.echo(shown(f"{fact['id']:>6}  {when}  {kind:<10}  {fact['text']}"))
    if (given := kept["consent"]) is not None:
        answer = words["yes"] if given["given"] else words["no"]
        typer.echo(
            words["consent"].format(given=answer, at=given["at"][:16], version=given["version"])
        )
    for summary in kept["summaries"]:
        typer.echo(words["summary"].format(**summary))
        typer.echo(shown("  " + summary["text"].replace("\n", "\n  ")))


async def run_edit(
    settings: Settings,
    *,
    tenant: str,
    contact: int,
    account: str | None,
    fact: int,
    text: str,
    lang: str,
) -> None:
    """Correct one fact.

    Raises:
        typer.Exit: with 1 where there is none, 2 where the text is none.
    """
    words = _words(lang)
    plain = " ".join(text.split())
    if not 1 <= len(plain) <= _LONGEST:
        typer.echo(words["long"].format(most=_LONGEST), err=True)
        raise typer.Exit(2)
    async with AsyncExitStack() as stack:
        store, person = await _found(settings, stack, tenant, contact, account, words)
        done = await store.edit(person, fact, plain, now=SystemClock().now())
    _told(done, words["edited"], words["no_fact"].format(fact=fact))


async def run_forget(
    settings: Settings,
    *,
    tenant: str,
    contact: int,
    account: str | None,
    fact: int | None,
    lang: str,
) -> None:
    """Forget one fact, or a person.

    Raises:
        typer.Exit: with 1 where there is none.
    """
    words = _words(lang)
    async with AsyncExitStack() as stack:
        store, person = await _found(settings, stack, tenant, contact, account, words)
        if fact is not None:
            done = await store.forget(person, fact)
            _told(done, words["one"], words["no_fact"].format(fact=fact))
            return
        erased = await store.erase(person)
    typer.echo(
        words["forgotten"].format(
            facts=erased.facts, summaries=erased.summaries, consents=erased.consents
        )
    )


async def _found(
    settings: Settings,
    stack: AsyncExitStack,
    tenant: str,
    contact: int,
    account: str | None,
    words: dict[str, str],
) -> tuple[PostgresMemory, Person]:
    """Return the store and the one person that is meant."""
    database = await open_database(settings, stack, name="chatcrew-memory", may_own=True)
    store = PostgresMemory(database)
    people = await store.people(tenant, contact)
    if account is not None:
        people = tuple(one for one in people if one.account == account)
    if len(people) == 1:
        return store, people[0]
    if not people:
        typer.echo(words["nobody"].format(tenant=tenant, contact=contact), err=True)
    else:
        accounts = " | ".join(one.account for one in people)
        typer.echo(words["several"].format(contact=contact, accounts=accounts), err=True)
    raise typer.Exit(1)


def _told(done: bool, well: str, ill: str) -> None:
    typer.echo(well if done else ill, err=not done)
    if not done:
        raise typer.Exit(1)


def _words(lang: str) -> dict[str, str]:
    return _WORDS.get(lang, _WORDS["pt-BR"])
