"""Structured logs: one JSON object per line, dotted event names, no bodies, no secrets."""

import logging
import sys
from typing import Any, Literal, cast

import orjson
import structlog

_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}


def _dumps(value: object, **_: object) -> str:
    return orjson.dumps(value, default=repr).decode()


def configure(
    level: str = "info", *, form: Literal["json", "console"] = "json", process: str = ""
) -> None:
    """Set up structlog and the standard library's root logger once per process.

    Args:
        level: least severe level shown.
        form: ``json`` for machines, ``console`` for people.
        process: name bound to every line, such as ``ingress`` or ``worker``.
    """
    render: Any = (
        structlog.processors.JSONRenderer(serializer=_dumps)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.StackInfoRenderer(),
            *([structlog.processors.format_exc_info] if form == "json" else []),
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    if process:
        structlog.contextvars.bind_contextvars(process=process)
    # Libraries log through the standard library; their messages may quote URLs or bodies, so only
    # warnings and worse are let through, whatever our own level is.
    logging.basicConfig(level=max(logging.WARNING, _LEVELS[level]), stream=sys.stderr, force=True)


def get_logger(name: str) -> structlog.typing.FilteringBoundLogger:
    """Return a logger that binds ``part=name`` (structlog keeps ``logger`` for itself)."""
    return cast(structlog.typing.FilteringBoundLogger, structlog.get_logger(part=name))
