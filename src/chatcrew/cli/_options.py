"""Options that many commands have, each told to the reader in the same words."""

from pathlib import Path
from typing import Annotated

import typer

Lang = Annotated[str, typer.Option(help="pt-BR ou / or en")]
Json = Annotated[bool, typer.Option("--json", help="Um objeto por linha / JSON")]
Mapping = Annotated[Path | None, typer.Option(help="Outro arquivo / another mapping file")]
PublicUrl = Annotated[
    str | None,
    typer.Option(help="Nosso endereço público / our public address, https://…"),
]
Fd = Annotated[int | None, typer.Option(hidden=True)]
Name = Annotated[str | None, typer.Option(hidden=True)]
Parent = Annotated[int | None, typer.Option(hidden=True)]
Tenant = Annotated[str, typer.Argument(help="Como / such as health/varizemed.")]
