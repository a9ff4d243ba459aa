"""The commands that set an installation up and look after it, with their options."""

from pathlib import Path
from typing import Annotated

import typer

from chatcrew.cli._answers_commands import answers_app
from chatcrew.cli._audit_commands import audit_app
from chatcrew.cli._backup_commands import backup, restore
from chatcrew.cli._console_commands import console_app
from chatcrew.cli._debts_commands import debts
from chatcrew.cli._feedback_commands import feedback
from chatcrew.cli._kb_commands import kb
from chatcrew.cli._keys_commands import keys_app
from chatcrew.cli._limits_commands import limits
from chatcrew.cli._memory_commands import memory_app
from chatcrew.cli._options import Json, Lang, Mapping, PublicUrl
from chatcrew.cli._privacy_commands import privacy_app
from chatcrew.cli._proposals_commands import drafts, proposals_app
from chatcrew.cli._report_commands import report
from chatcrew.cli._schema_commands import schema_app
from chatcrew.cli._start import settings_or_exit, start
from chatcrew.cli._tab_commands import tab_app
from chatcrew.cli._token_commands import tokens_app
from chatcrew.cli._traces import traces

setup = typer.Typer(add_completion=False)

doctor_app = typer.Typer(
    help="Diz o que está errado na instalação e como arrumar. / What is wrong, and the way out.",
    invoke_without_command=True,
    add_completion=False,
)

cache_app = typer.Typer(
    help="Mostra ou esvazia o cache. / Shows or empties the cache.",
    no_args_is_help=True,
    add_completion=False,
)

setup.add_typer(doctor_app, name="doctor")
setup.add_typer(cache_app, name="cache")
cache_app.add_typer(answers_app, name="answers")
setup.add_typer(kb, name="kb")
setup.add_typer(console_app, name="console")
setup.add_typer(memory_app, name="memory")
setup.add_typer(privacy_app, name="privacy")
setup.add_typer(audit_app, name="audit")
setup.command("backup")(backup)
setup.command("restore")(restore)
setup.command("feedback")(feedback)
setup.command("debts")(debts)
setup.command("limits")(limits)
setup.command("report")(report)
setup.command("traces")(traces)
setup.add_typer(proposals_app, name="proposals")
setup.command("drafts")(drafts)
setup.add_typer(tokens_app, name="api-token")
setup.add_typer(keys_app, name="keys")
setup.add_typer(schema_app, name="schema")
setup.add_typer(tab_app, name="tab")


@setup.command()
def connect(  # noqa: PLR0913, PLR0917 - every question it asks can be answered on the command line
    url: Annotated[str | None, typer.Option(help="Endereço do Chatwoot / its address")] = None,
    token: Annotated[
        str | None,
        typer.Option(help="env:NOME ou / or file:CAMINHO; nunca o valor / never the value"),
    ] = None,
    account: Annotated[int | None, typer.Option(help="Número da conta / account id")] = None,
    label: Annotated[str | None, typer.Option(help="Rótulo da conta / account label")] = None,
    bot: Annotated[str | None, typer.Option(help="Rótulo do bot / bot label")] = None,
    name: Annotated[str, typer.Option(help="Nome do bot no Chatwoot / its name")] = "chatcrew",
    public_url: PublicUrl = None,
    inbox: Annotated[
        list[str] | None, typer.Option(help="NÚMERO ou / or ID=canal; repita / repeat")
    ] = None,
    all_inboxes: Annotated[bool, typer.Option(help="Todas as caixas / every inbox")] = False,
    tenant: Annotated[str | None, typer.Option(help="Como / such as health/varizemed")] = None,
    keep_user_token: Annotated[
        bool, typer.Option(help="Guarda também o token do usuário / store the user's token too")
    ] = True,
    tab: Annotated[
        bool, typer.Option(help="A aba chatcrew nas conversas / the tab in conversations")
    ] = True,
    replace: Annotated[
        bool, typer.Option(help="Toma caixas de outro bot / take inboxes over from another bot")
    ] = False,
    prove: Annotated[
        bool, typer.Option(help="Espera uma entrega de verdade / wait for a real delivery")
    ] = True,
    seconds: Annotated[float, typer.Option(help="Quanto espera / how long it waits")] = 30.0,
    dry_run: Annotated[bool, typer.Option(help="Só mostra o plano / print the plan")] = False,
    questions: Annotated[bool, typer.Option(help="Pergunta o que falta / ask")] = True,
    lang: Lang = "pt-BR",
    mapping: Mapping = None,
    secrets_dir: Annotated[
        Path | None, typer.Option(help="Pasta dos segredos / folder of secrets")
    ] = None,
) -> None:
    """Liga um bot a um Chatwoot de verdade, passo a passo. / Connect a bot to a real Chatwoot."""
    from chatcrew.cli._connect import run_connect
    from chatcrew.cli._connect_questions import Asked

    asked = Asked(
        url=url,
        token=token,
        account=account,
        label=label,
        bot=bot,
        name=name,
        public_url=public_url,
        inboxes=tuple(inbox or ()),
        all_inboxes=all_inboxes,
        tenant=tenant,
        keep_user_token=keep_user_token,
        tab=tab,
        replace=replace,
        prove=prove,
        seconds=seconds,
        dry_run=dry_run,
        questions=questions,
        lang=lang,
        mapping=mapping,
        secrets_dir=secrets_dir,
    )
    raise typer.Exit(run_connect(settings_or_exit(), asked))


@setup.command()
def sync(
    account: Annotated[
        str | None, typer.Argument(help="Rótulo da conta; todas / account label; all")
    ] = None,
    write: Annotated[bool, typer.Option(help="Aplica / apply the diff")] = False,
    lang: Lang = "pt-BR",
    mapping: Mapping = None,
) -> None:
    """Mostra caixas novas ou sumidas como um diff do mapeamento. / Inboxes that came or went."""
    from chatcrew.cli._sync import run_sync

    raise typer.Exit(run_sync(settings_or_exit(), account, write=write, lang=lang, mapping=mapping))


@doctor_app.callback()
def doctor(
    context: typer.Context,
    account: Annotated[
        str | None, typer.Option(help="Só esta conta / this account only (label)")
    ] = None,
    public_url: PublicUrl = None,
    lang: Lang = "pt-BR",
    json: Json = False,
    mapping: Mapping = None,
) -> None:
    """Diz o que está errado na instalação e como arrumar. / What is wrong, and the way out."""
    if context.invoked_subcommand is not None:
        return
    from chatcrew.cli._doctor import run_doctor

    code = run_doctor(
        settings_or_exit(),
        account=account,
        public_url=public_url,
        lang=lang,
        as_json=json,
        mapping=mapping,
    )
    raise typer.Exit(code)


@doctor_app.command()
def why(
    conversation: Annotated[str, typer.Argument(help="CONTA/NÚMERO / account/number")],
    turn: Annotated[
        int | None, typer.Option(min=1, max=1000, help="Só esta vez, 1 a última / 1 the newest")
    ] = None,
    lang: Lang = "pt-BR",
    json: Json = False,
    mapping: Mapping = None,
) -> None:
    """Por que o bot disse isso, ou está calado, e em que linhas. / Why it said it, or is silent."""
    from chatcrew.cli._why import run_why

    raise typer.Exit(
        run_why(
            settings_or_exit(), conversation, turn=turn, lang=lang, as_json=json, mapping=mapping
        )
    )


@setup.command()
def prove(
    conversation: Annotated[str, typer.Argument(help="CONTA/NÚMERO / account/number")],
    turns: Annotated[
        int, typer.Option(min=1, max=1000, help="Quantas vezes, das mais novas / newest turns")
    ] = 20,
    read_back: Annotated[
        bool, typer.Option(help="Lê também do Chatwoot / read it back from Chatwoot, too")
    ] = True,
    lang: Lang = "pt-BR",
    json: Json = False,
    mapping: Mapping = None,
) -> None:
    """A corrente de registros de uma conversa, e onde partiu. / The chain of a conversation."""
    from chatcrew.cli._prove import run_prove

    raise typer.Exit(
        run_prove(
            settings_or_exit(),
            conversation,
            turns=turns,
            read_back=read_back,
            lang=lang,
            as_json=json,
            mapping=mapping,
        )
    )


@cache_app.command()
def stats(lang: Lang = "pt-BR", json: Json = False) -> None:
    """Quanto há em cada camada, por tipo. / How much is in each layer, by kind."""
    from chatcrew.cli._cache import run_stats

    quiet = settings_or_exit().model_copy(update={"log_level": "warning"})
    start(run_stats, quiet, process="cache", language=lang, lang=lang, as_json=json)


@cache_app.command()
def clear(
    tenant: Annotated[
        str | None, typer.Option(help="Só deste / this one's only: health/varizemed")
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help="Só deste tipo / this kind only: completions, answers, …")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Não pergunta / do not ask")] = False,
    lang: Lang = "pt-BR",
) -> None:
    """Esquece o que está no cache, em todos os processos. / Forget what is cached, everywhere."""
    from chatcrew.cli._cache import agreed, run_clear, scope

    try:
        what = scope(tenant, kind)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    if not yes and not agreed(what, lang=lang):
        raise typer.Exit(1)
    quiet = settings_or_exit().model_copy(update={"log_level": "warning"})
    start(run_clear, quiet, process="cache", language=lang, what=what, lang=lang)


@setup.command()
def tools(
    tenant: Annotated[str, typer.Argument(help="Como / such as cosmetics/bella")],
    attempt: Annotated[
        str | None, typer.Option("--try", help="Chama esta ferramenta / call this tool")
    ] = None,
    arguments: Annotated[str, typer.Option(help='JSON, como / such as {"id": 12345}')] = "{}",
    phone: Annotated[
        str | None, typer.Option(help="Telefone do contato / the contact's, +55…")
    ] = None,
    email: Annotated[str | None, typer.Option(help="E-mail do contato / the contact's")] = None,
    lang: Lang = "pt-BR",
    json: Json = False,
    mapping: Mapping = None,
) -> None:
    """O que os papéis podem chamar; testa uma chamada. / What roles may call; tries one."""
    from chatcrew.cli._tools import run_tools
    from chatcrew.messages import Contact

    code = run_tools(
        settings_or_exit(),
        tenant,
        attempt=attempt,
        arguments=arguments,
        contact=Contact(phone=phone, email=email),
        lang=lang,
        as_json=json,
        mapping=mapping,
    )
    raise typer.Exit(code)
