"""What ``chatcrew privacy`` tells of a receipt and of a scan."""

import typer

from chatcrew.cli._shown import shown
from chatcrew.lgpd import Receipt, Scan


def tell(receipt: Receipt, words: dict[str, str]) -> None:
    """Print what an erasure did, and what the verification still found."""
    erased = receipt.document["erased"]
    rows = sum(erased.values())
    typer.echo(words["erased"].format(rows=rows, tables=len(erased), id=receipt.id))
    scan = receipt.document["scan"]
    if scan["away"]:
        typer.echo(shown(words["away"].format(layers=", ".join(scan["away"]))), err=True)
    for one in receipt.document["unreadable"]:
        typer.echo(shown(words["spoilt" if one["erased"] else "closed"].format(**one)), err=True)
    if not receipt.looked:
        typer.echo(words["unknown"], err=True)
    elif not receipt.left:
        typer.echo(words["clean"].format(searched=len(scan["searched"])))
    else:
        typer.echo(words["left"].format(count=scan["found"]), err=True)
        for hit in scan["hits"]:
            typer.echo(shown(words["hit"].format(**hit)), err=True)
    typer.echo(words["chatwoot"])


def tell_scan(found: Scan, words: dict[str, str]) -> None:
    """Print where somebody is found, and what could not be looked through."""
    if not found.searched:
        typer.echo(words["unknown"], err=True)
    elif not found.hits:
        typer.echo(words["clean"].format(searched=len(found.searched)))
    for hit in found.hits:
        typer.echo(shown(words["hit"].format(place=hit.place, key=hit.key, kind=hit.kind)))
    if found.away:
        typer.echo(shown(words["away"].format(layers=", ".join(found.away))), err=True)
    for one in found.unreadable:
        typer.echo(shown(words["closed"].format(place=one.place, key=one.key)), err=True)
