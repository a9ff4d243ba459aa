"""``chatcrew traces``: the log's wide lines as traces, for eyes or for a collector."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, TextIO

import orjson
import typer

from chatcrew.cli._options import Lang

_WIDTH = 40
_WORDS = {
    "pt-BR": {
        "none": "nenhuma linha turn.finished em {where} (CHATCREW_LOG_FORMAT=json?)",
        "unread": "não se lê {where}: {why}",
    },
    "en": {
        "none": "no line turn.finished in {where} (CHATCREW_LOG_FORMAT=json?)",
        "unread": "{where} cannot be read: {why}",
    },
}


def traces(
    file: Annotated[
        Path | None, typer.Argument(help="Arquivo de log; sem ele, a entrada / log file, or stdin")
    ] = None,
    turn: Annotated[str | None, typer.Option(help="Só este atendimento / this turn only")] = None,
    otlp: Annotated[
        bool, typer.Option("--otlp", help="OTLP/JSON, uma linha por atendimento / a line per turn")
    ] = False,
    lang: Lang = "pt-BR",
) -> None:
    """Reconstrói o tempo de cada atendimento do log. / Rebuild each turn's time from the log."""
    words, where = _WORDS[lang], str(file or "-")
    found = False
    try:
        with _opened(file) as text:
            for line in _turns(text, turn):
                found = True
                typer.echo(_otlp(line) if otlp else "\n".join(_drawn(line)))
    except OSError as error:
        typer.echo(words["unread"].format(where=where, why=error.strerror), err=True)
        raise typer.Exit(2) from None
    if not found:
        typer.echo(words["none"].format(where=where), err=True)
        raise typer.Exit(1)


def _opened(file: Path | None) -> TextIO:
    return sys.stdin if file is None else file.open(encoding="utf-8", errors="replace")


def _turns(text: TextIO, turn: str | None) -> Iterator[dict[str, Any]]:
    """Yield the lines of finished turns; whatever else stands in a log is passed over."""
    for raw in text:
        if '"turn.finished"' not in raw:
            continue
        try:
            line = orjson.loads(raw[raw.index("{") :])
        except ValueError:
            continue
        if "began" in line and "stages_ms" in line and turn in (None, line.get("turn")):
            yield line


def _otlp(line: dict[str, Any]) -> str:
    from chatcrew.telemetry.spans import otlp

    return orjson.dumps(otlp(line)).decode()


def _drawn(line: dict[str, Any]) -> Iterator[str]:
    """Yield a bar for every span."""
    from chatcrew.telemetry.spans import spans_of

    spans = spans_of(line)
    whole = spans[0]
    total = whole.seconds or 1.0
    about = (line.get(name) or "-" for name in ("tenant", "conversation", "outcome", "reason"))
    yield f"{line['turn']}  {'  '.join(about)}"
    for span in spans:
        at = (span.begin - whole.begin).total_seconds()
        left = min(_WIDTH - 1, int(at / total * _WIDTH))
        long = max(1, round(span.seconds / total * _WIDTH))
        bar = (" " * left + "█" * min(long, _WIDTH - left)).ljust(_WIDTH)
        end = span.attributes.get("chatcrew.end", "")
        yield f"  {span.name:<18} {bar} {span.seconds * 1000:8.1f} ms  {end}".rstrip()
    yield ""
