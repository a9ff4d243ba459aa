"""What the program itself says of its settings, commands and metrics, cell by cell."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

import typer

from chatcrew.cli._commands import app
from chatcrew.settings import Settings
from chatcrew.telemetry import CATALOGUE


@dataclass(frozen=True, slots=True)
class Row:
    """Cells that the program decides, and its own sentence for a row that is new."""

    cells: tuple[str, ...]
    help: str


def settings() -> Iterator[Row]:
    """Yield each variable with its default."""
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        choices = getattr(alias, "choices", None)
        variable = choices[0] if choices else f"CHATCREW_{name.upper()}"
        default = "none" if field.default is None else f"`{field.default}`"
        yield Row((f"`{variable}`", default), field.description or "")


def commands() -> Iterator[Row]:
    """Yield each command with its arguments, options and the commands below it."""
    # Typer and Click have no types in common that both of their versions name
    group: Any = typer.main.get_group(app)
    for name, command in group.commands.items():
        below = [f"`{name} {one}`" for one in getattr(command, "commands", ())]
        said = below + [_option(one) for one in command.params if _shown(one)]
        yield Row((f"`{name}`", ", ".join(said) or "none"), command.help or "")


def _shown(parameter: Any) -> bool:
    return parameter.name != "help" and not getattr(parameter, "hidden", False)


def _option(parameter: Any) -> str:
    names = " / ".join(f"`{one}`" for one in (*parameter.opts, *parameter.secondary_opts))
    more = " …" if parameter.nargs == -1 else ""
    default = parameter.default
    if isinstance(default, Enum):
        default = default.value
    if default in (None, "", True, False):
        return names + more
    return f"{names}{more} (`{default}`)"


def metrics() -> Iterator[Row]:
    """Yield each metric with its kind and labels; gauges of the moment have their own table."""
    for metric in CATALOGUE:
        labels = ", ".join(f"`{one}`" for one in metric.labels) or "none"
        yield Row((f"`{metric.name}`", metric.kind, labels), metric.help)
