"""From settings to a running event loop, with errors that name the way out."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import typer
from pydantic import ValidationError

from chatcrew.errors import ChatcrewError, ConfigErrors
from chatcrew.privacy import veil
from chatcrew.settings import Settings
from chatcrew.telemetry import configure


def settings_or_exit() -> Settings:
    """Return the settings; exit with code 2 and one line per fault otherwise."""
    try:
        return Settings()
    except ValidationError as error:
        for fault in error.errors():
            name = _variable("_".join(str(part) for part in fault["loc"]))
            # The value is left out on purpose: it may be a secret in the wrong variable.
            typer.echo(f"{name}: {fault['msg'].removeprefix('Value error, ')}", err=True)
        raise typer.Exit(2) from None


def _variable(field: str) -> str:
    """Return the environment variable of a setting; one with an alias is reported by it."""
    return f"CHATCREW_{field.upper()}" if field in Settings.model_fields else field


def start(
    main: Callable[..., Awaitable[None]],
    settings: Settings,
    *,
    process: str,
    parent: int | None = None,
    ends_by: signal.Signals = signal.SIGTERM,
    language: str = "pt-BR",
    warm: Callable[[Sequence[str]], object] | None = None,
    **options: Any,
) -> None:
    """Run ``main(settings, **options)`` to its end on uvloop.

    Args:
        main: coroutine function of the process.
        settings: its settings.
        process: name for the logs.
        parent: pid of who started us, whose end is ours too.
        ends_by: the signal that tells us of it.
        language: of what is said where it cannot run: ``en``, else ``pt-BR``.
        warm: the command line, for a ``main`` that starts other commands: it is also given the
            ``nursery`` for them.
        options: passed on.
    """
    import uvloop

    stack = contextlib.ExitStack()
    if warm is not None:
        from chatcrew.app.template import warmed

        options["nursery"] = stack.enter_context(warmed(warm))

    language = "en" if language == "en" else "pt-BR"
    configure(settings.log_level, form=settings.log_format, process=process, veil=veil)
    try:
        if parent is not None:
            from chatcrew.app.parent import die_with_parent

            die_with_parent(parent, by=ends_by)
        with stack, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_awaited(main, settings, options))
    except ConfigErrors as faults:
        from chatcrew.cli._reasons import fault_lines

        for line in fault_lines(faults, language):
            typer.echo(line, err=True)
        sys.exit(2)
    except (ChatcrewError, OSError) as error:
        from chatcrew.cli._reasons import in_words

        typer.echo(in_words(error, language), err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


async def _awaited(
    main: Callable[..., Awaitable[None]], settings: Settings, options: dict[str, Any]
) -> None:
    await main(settings, **options)
