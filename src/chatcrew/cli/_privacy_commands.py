"""``chatcrew privacy``: its commands and their options."""

from pathlib import Path
from typing import Annotated

import typer

from chatcrew.cli._options import Json, Lang, Tenant
from chatcrew.cli._start import settings_or_exit, start

privacy_app = typer.Typer(
    help="Os dados das pessoas: mostrar, apagar, provar (LGPD). / People's data (LGPD).",
    no_args_is_help=True,
    add_completion=False,
)
receipts_app = typer.Typer(
    help="Recibos de exclusão. / Receipts of erasures.", no_args_is_help=True, add_completion=False
)
privacy_app.add_typer(receipts_app, name="receipts")

Contact = Annotated[
    int | None, typer.Option(help="Número do contato no Chatwoot / contact id", min=1)
]
Account = Annotated[
    str | None, typer.Option(help="Rótulo da conta, se há várias / account label, of several")
]
Phone = Annotated[
    str | None, typer.Option(help="Telefone, escrito de qualquer jeito / in any spelling")
]
Email = Annotated[str | None, typer.Option(help="E-mail")]
Document = Annotated[
    str | None, typer.Option("--cpf", help="CPF, com ou sem pontos / with or without dots")
]
To = Annotated[Path | None, typer.Option(help="Arquivo novo / a new file")]


@privacy_app.command()
def export(
    tenant: Tenant,
    contact: Contact = None,
    account: Account = None,
    phone: Phone = None,
    email: Email = None,
    document: Document = None,
    to: To = None,
    lang: Lang = "pt-BR",
) -> None:
    """Tudo o que se guarda de uma pessoa, em JSON. / Everything kept of a person, as JSON.

    Com --to, vai para um arquivo que só você pode ler, apagado com a pessoa ou depois de
    privacy.retention.exports dias, se ainda estiver lá.

    With --to it goes into a file that only you may read; it is deleted with the person, or after
    privacy.retention.exports days, if it is still there.
    """
    from chatcrew.cli._privacy import run_export

    sought = _sought(contact, account, phone, email, document)
    _run(run_export, lang, tenant=tenant, sought=sought, to=to)


@privacy_app.command()
def erase(  # noqa: PLR0913, PLR0917 - who is meant, by any of five
    tenant: Tenant,
    contact: Contact = None,
    account: Account = None,
    phone: Phone = None,
    email: Email = None,
    document: Document = None,
    to: To = None,
    yes: Annotated[bool, typer.Option("--yes", help="Não pergunta / do not ask")] = False,
    lang: Lang = "pt-BR",
    json: Json = False,
) -> None:
    """Apaga uma pessoa em todas as camadas e dá um recibo. / Erase a person everywhere.

    O recibo é assinado, não traz dado nenhum e diz o que a verificação ainda achou. O contato no
    Chatwoot não é apagado: isso se faz lá.

    The receipt is signed, holds no data, and says what the verification still found. The contact
    in Chatwoot is not deleted: that is done there.
    """
    from chatcrew.cli._privacy import run_erase

    sought = _sought(contact, account, phone, email, document)
    _run(run_erase, lang, tenant=tenant, sought=sought, to=to, yes=yes, as_json=json)


@privacy_app.command()
def scan(
    tenant: Tenant,
    contact: Contact = None,
    account: Account = None,
    phone: Phone = None,
    email: Email = None,
    document: Document = None,
    lang: Lang = "pt-BR",
    json: Json = False,
) -> None:
    """Onde uma pessoa aparece, em todas as camadas; nada muda. / Where a person is found."""
    from chatcrew.cli._privacy import run_scan

    sought = _sought(contact, account, phone, email, document)
    _run(run_scan, lang, tenant=tenant, sought=sought, as_json=json)


@privacy_app.command()
def retention(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Só conta / only counts what would go")
    ] = False,
    lang: Lang = "pt-BR",
    json: Json = False,
) -> None:
    """Apaga agora o que passou do prazo (o servidor faz isso). / Delete what is too old, now."""
    from chatcrew.cli._privacy import run_retention

    _run(run_retention, lang, dry_run=dry_run, as_json=json)


@receipts_app.command("list")
def list_receipts(
    tenant: Annotated[
        str | None, typer.Argument(help="dominio/negocio; sem ele, todos / none: all")
    ] = None,
    lang: Lang = "pt-BR",
    json: Json = False,
) -> None:
    """Quem apagou quando, e o que ficou. / Who erased when, and what was left."""
    from chatcrew.cli._privacy import run_receipts

    _run(run_receipts, lang, tenant=tenant, as_json=json)


@receipts_app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="O recibo / the receipt")],
    public_key: Annotated[
        str | None,
        typer.Option(help="Chave pública, em base64; sem ela, a desta casa / none: this house's"),
    ] = None,
    lang: Lang = "pt-BR",
) -> None:
    """Confere a assinatura de um recibo. / Verify the signature of a receipt."""
    from chatcrew.cli._privacy import run_verify

    _run(run_verify, lang, file=file, public_key=public_key)


@receipts_app.command("key")
def show_key(lang: Lang = "pt-BR") -> None:
    """A chave pública que confere os recibos desta casa. / The key that verifies receipts."""
    from chatcrew.cli._privacy import run_key

    _run(run_key, lang)


def _sought(
    contact: int | None,
    account: str | None,
    phone: str | None,
    email: str | None,
    document: str | None,
) -> object:
    """Return who is meant; exit with code 2 where nothing says it."""
    from chatcrew.lgpd import Sought

    if not any((contact, phone, email, document)):
        raise typer.BadParameter("--contact, --phone, --email, --cpf: um deles / one of them")
    return Sought(contact, account, phone, email, document)


def _run(main: object, lang: str, **options: object) -> None:
    quiet = settings_or_exit().model_copy(update={"log_level": "warning"})
    start(main, quiet, process="privacy", language=lang, lang=lang, **options)  # type: ignore[arg-type]  # one of the functions above
