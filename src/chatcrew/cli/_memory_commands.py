"""``chatcrew memory``: its commands and their options."""

from typing import Annotated

import typer

from chatcrew.cli._options import Json, Lang
from chatcrew.cli._start import settings_or_exit, start

memory_app = typer.Typer(
    help="O que o bot lembra de um cliente. / What is remembered of a customer.",
    no_args_is_help=True,
    add_completion=False,
)

Tenant = Annotated[str, typer.Argument(help="De quem / whose: health/varizemed")]
Contact = Annotated[int, typer.Argument(help="Número do contato no Chatwoot / contact id")]
Account = Annotated[
    str | None, typer.Option(help="Rótulo da conta, se há várias / account label, of several")
]


@memory_app.command("list")
def list_facts(
    tenant: Tenant,
    contact: Contact,
    account: Account = None,
    lang: Lang = "pt-BR",
    json: Json = False,
) -> None:
    """Mostra os fatos, o consentimento e os resumos. / Show facts, consent and summaries."""
    from chatcrew.cli._memory import run_list

    _run(run_list, lang, tenant=tenant, contact=contact, account=account, as_json=json)


@memory_app.command()
def edit(
    tenant: Tenant,
    contact: Contact,
    fact: Annotated[int, typer.Argument(help="Número do fato / of the fact")],
    text: Annotated[str, typer.Argument(help="O que é certo / what is right")],
    account: Account = None,
    lang: Lang = "pt-BR",
) -> None:
    """Corrige um fato. / Correct one fact."""
    from chatcrew.cli._memory import run_edit

    _run(run_edit, lang, tenant=tenant, contact=contact, account=account, fact=fact, text=text)


@memory_app.command()
def forget(
    tenant: Tenant,
    contact: Contact,
    fact: Annotated[int | None, typer.Argument(help="Só este / this one only")] = None,
    account: Account = None,
    yes: Annotated[bool, typer.Option("--yes", help="Não pergunta / do not ask")] = False,
    lang: Lang = "pt-BR",
) -> None:
    """Esquece um fato, ou tudo o que se sabe do cliente. / Forget one fact, or all of them."""
    from chatcrew.cli._memory import agreed, run_forget

    if fact is None and not yes and not agreed(tenant, contact, lang=lang):
        raise typer.Exit(1)
    _run(run_forget, lang, tenant=tenant, contact=contact, account=account, fact=fact)


def _run(main: object, lang: str, **options: object) -> None:
    quiet = settings_or_exit().model_copy(update={"log_level": "warning"})
    start(main, quiet, process="memory", language=lang, lang=lang, **options)  # type: ignore[arg-type]  # one of the functions above
