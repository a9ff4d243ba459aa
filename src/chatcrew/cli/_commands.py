"""Every command with its options; the work is done in the composition root."""

import signal
from typing import Annotated

import typer

from chatcrew.cli._options import Fd, Json, Lang, Mapping, Name, Parent, Tenant
from chatcrew.cli._setup_commands import setup
from chatcrew.cli._start import settings_or_exit, start
from chatcrew.cli._usage import Program

app = typer.Typer(
    name="chatcrew",
    cls=Program,
    help="Um servidor de bots para o Chatwoot. / A bot server for Chatwoot.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.command()
def run(lang: Lang = "pt-BR") -> None:
    """Roda tudo nesta máquina: banco, webhooks, workers. / Run everything on this machine."""
    from chatcrew.app.entry import run_supervisor

    start(run_supervisor, settings_or_exit(), process="supervisor", language=lang, warm=app)


@app.command()
def serve(
    public_fd: Fd = None, admin_fd: Fd = None, parent: Parent = None, lang: Lang = "pt-BR"
) -> None:
    """Só os webhooks (não importa o CrewAI). / Webhooks only (never imports CrewAI)."""
    from chatcrew.app.entry import run_ingress

    start(
        run_ingress,
        settings_or_exit(),
        process="ingress",
        language=lang,
        parent=parent,
        public_fd=public_fd,
        admin_fd=admin_fd,
    )


@app.command()
def work(
    parent: Parent = None,
    name: Name = None,
    admin: Annotated[
        bool, typer.Option(help="Serve health and metrics on the admin port as well.")
    ] = True,
    lang: Lang = "pt-BR",
) -> None:
    """Só um worker: responde as conversas. / One worker: answers conversations."""
    from chatcrew.app.entry import run_worker

    start(
        run_worker,
        settings_or_exit(),
        process="worker",
        language=lang,
        parent=parent,
        admin=admin,
        supervised=parent is not None,
        name=name,
    )


@app.command()
def demo(
    port: Annotated[
        int | None,
        typer.Option(help="Porta da página: 8088, se livre / Port of the page: 8088 if free."),
    ] = None,
    tenant: Annotated[
        str | None,
        typer.Option(help="Só este negócio; sem isto, todos / Only this business, not all."),
    ] = None,
    fresh: Annotated[
        bool,
        typer.Option(
            help="Apaga o banco e as respostas guardadas das demonstrações anteriores; as "
            "conversas da página nunca ficam / Erase database and kept answers of earlier demos; "
            "the page's conversations are never kept."
        ),
    ] = False,
    scripted: Annotated[
        bool,
        typer.Option(help="Modelo e loja de faz de conta / A made-up model and a made-up shop."),
    ] = False,
    lang: Lang = "pt-BR",
) -> None:
    """Liga o bot com uma caixa de entrada de teste. / Run the bot with its sandbox inbox.

    As conversas da página somem quando a demonstração termina;
    um Chatwoot de verdade guarda tudo.

    The page's conversations are gone when the demo ends;
    a real Chatwoot keeps everything.
    """
    from chatcrew.cli._demo import run_demo

    start(
        run_demo,
        settings_or_exit(),
        process="demo",
        language=lang,
        warm=app,
        port=port,
        tenant=tenant,
        fresh=fresh,
        scripted=scripted,
    )


@app.command()
def chat(
    tenant: Tenant,
    channel: Annotated[str, typer.Argument(help="whatsapp, web_widget, …")] = "whatsapp",
    lang: Lang = "pt-BR",
) -> None:
    """Conversa com o bot no terminal. / Talk to the bot in the terminal."""
    from chatcrew.cli._chat import run_chat

    start(
        run_chat,
        settings_or_exit(),
        process="chat",
        language=lang,
        warm=app,
        tenant=tenant,
        channel=channel,
    )


@app.command()
def check(
    lang: Lang = "pt-BR",
    json: Json = False,
    secrets: Annotated[
        bool, typer.Option(help="Lê os segredos referidos / read referenced secrets")
    ] = True,
    mapping: Mapping = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Avisos valem como falhas / warnings are faults")
    ] = False,
) -> None:
    """Confere todos os YAML e aponta arquivo e linha. / Check all YAML, name file and line."""
    from chatcrew.cli._check import run_check

    code = run_check(
        settings_or_exit(),
        lang=lang,
        as_json=json,
        secrets=secrets,
        mapping=mapping,
        strict=strict,
    )
    raise typer.Exit(code)


@app.command("new-domain")
def new_domain(
    tenant: Annotated[str, typer.Argument(help="dominio/negocio, como / such as beauty/ana.")],
    business: Annotated[
        str | None, typer.Option(help="Nome do negócio para o cliente / as customers read it")
    ] = None,
    like: Annotated[
        str | None,
        typer.Option(help="Copia este / copy this one, such as cosmetics/bella"),
    ] = None,
    lang: Lang = "pt-BR",
) -> None:
    """Cria os arquivos de um novo negócio, com testes. / The files of a new business."""
    from chatcrew.cli._new_domain import run_new_domain

    code = run_new_domain(settings_or_exit(), tenant, business=business, like=like, lang=lang)
    raise typer.Exit(code)


@app.command("test")
def play(
    tenant: Annotated[
        list[str] | None, typer.Argument(help="dominio/negocio; sem ele, todos / none: all")
    ] = None,
    channel: Annotated[str | None, typer.Option(help="Só este canal / this channel only")] = None,
    name: Annotated[
        str, typer.Option(help="Só conversas com isto no nome / only those with this in the name")
    ] = "",
    lang: Lang = "pt-BR",
    json: Json = False,
    parent: Parent = None,
) -> None:
    """Roda as conversas de teste dos negócios. / Play conversation tests."""
    from chatcrew.cli._test import run_test, told_of_faults_only

    start(
        run_test,
        told_of_faults_only(settings_or_exit()),
        process="test",
        parent=parent,
        ends_by=signal.SIGINT,  # its clean-up is that of Ctrl-C: the database of the tests goes too
        language=lang,
        tenants=tenant or (),
        channel=channel,
        name=name,
        lang=lang,
        as_json=json,
    )


@app.command()
def explain(
    account: Annotated[
        str | None, typer.Argument(help="Rótulo no mapeamento; sem ele, a lista / its label")
    ] = None,
    inbox: Annotated[
        int | None, typer.Argument(help="Número da caixa no Chatwoot / Chatwoot's inbox id")
    ] = None,
    function: Annotated[
        str | None, typer.Option(help="support, scheduling, …; padrão / default: do negócio")
    ] = None,
    text: Annotated[
        str | None, typer.Option(help="O que um cliente escreve / what a customer writes")
    ] = None,
    lang: Lang = "pt-BR",
    json: Json = False,
    mapping: Mapping = None,
) -> None:
    """Quem responde numa caixa, e de onde vem cada valor. / Who answers an inbox, and why."""
    from chatcrew.cli._explain import run_explain

    code = run_explain(
        settings_or_exit(),
        account,
        inbox,
        function=function,
        lang=lang,
        as_json=json,
        mapping=mapping,
        text=text,
    )
    raise typer.Exit(code)


@app.command()
def quarantine(
    show: Annotated[
        int | None, typer.Option(help="Escreve o corpo desta / write this one's body.")
    ] = None,
    retry: Annotated[
        str | None,
        typer.Option(help="Tenta esta de novo, ou all / try this one again, or all.", metavar="ID"),
    ] = None,
    discard: Annotated[
        str | None,
        typer.Option(help="Esquece esta, ou all / forget this one, or all.", metavar="ID"),
    ] = None,
    limit: Annotated[int, typer.Option(help="Quantas listar / how many to list.", min=1)] = 100,
    lang: Lang = "pt-BR",
    json: Json = False,
) -> None:
    """Entregas assinadas que ninguém pôde ler. / Signed deliveries that could not be used."""
    from chatcrew.cli._quarantine import run_quarantine

    if sum(one is not None for one in (show, retry, discard)) > 1:
        raise typer.BadParameter("--show, --retry, --discard: só uma / only one of them")
    for said in (retry, discard):
        if said is not None and said != "all" and not said.isdecimal():
            raise typer.BadParameter(f"{said!r}: um número ou all / a number or all")
    # Started for one look, it has nothing to tell but its result
    quiet = settings_or_exit().model_copy(update={"log_level": "warning"})
    start(
        run_quarantine,
        quiet,
        process="quarantine",
        language=lang,
        show=show,
        retry=retry,
        discard=discard,
        limit=limit,
        lang=lang,
        as_json=json,
    )


# Without a name: its commands stand beside ours
app.add_typer(setup)


@app.command()
def version() -> None:
    """Mostra a versão. / Print the version."""
    from chatcrew.version import VERSION

    typer.echo(VERSION)
