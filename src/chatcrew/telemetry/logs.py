"""Structured logs: one JSON object per line, dotted event names, no bodies, no secrets."""

import logging
import re
import sys
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, Literal, cast

import orjson
import structlog

_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40, "critical": 50}
"""``critical`` is for commands that tell every fault themselves; nothing of ours is logged so."""


# What can hold somebody's data at all: most lines are names and figures, and cost nothing more.
_MAY_HOLD = re.compile(r"\d.*\d.*\d.*\d|@|arroba|rua |avenida |av\. ", re.IGNORECASE | re.DOTALL)
# Ids of ours read like keys and telephones, and whoever is on call needs them whole.
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{12,64}", re.IGNORECASE)
_OURS = frozenset({"timestamp", "level", "event", "part", "process", "tenant", "conversation"})

_TRACES = frozenset({"exception", "stack"})
"""What has lines of its own."""
_STEERS_IN_TRACES = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
_STEERS = re.compile(rf"[\t\n]|{_STEERS_IN_TRACES.pattern}")
"""C0, DEL, C1 (escape sequences), signs that turn the direction, and lone surrogates."""


def _dumps(value: object, **_: object) -> str:
    return orjson.dumps(value, default=repr).decode()


def configure(
    level: str = "info",
    *,
    form: Literal["json", "console"] = "json",
    process: str = "",
    veil: Callable[[str], str] | None = None,
) -> None:
    """Set up structlog and the standard library's root logger once per process.

    Args:
        level: least severe level shown.
        form: ``json`` for machines, ``console`` for people.
        process: name bound to every line, such as ``ingress`` or ``worker``.
        veil: puts placeholders for personal data: the last net, should a line hold any (N15).
    """
    render: Any = (
        structlog.processors.JSONRenderer(serializer=_dumps)
        if form == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            # The usual one shows what frames hold: bodies, secrets
            exception_formatter=structlog.dev.plain_traceback,
        )
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            *([_Veiled(veil)] if veil else []),
            _steerless,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        # Kept loggers would go on writing where an earlier configuration said.
        cache_logger_on_first_use=False,
    )
    if process:
        structlog.contextvars.bind_contextvars(process=process)
    # Libraries' messages may quote URLs or bodies, so only warnings and worse are let through,
    # whatever our own level is.
    logging.basicConfig(
        level=max(logging.WARNING, _LEVELS[level]), handlers=[_Libraries()], force=True
    )


def _steerless(
    _logger: Any, _name: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Write out what would begin another line, steer a terminal, or be no UTF-8 at all."""
    return {key: _written_out(value, key) for key, value in line.items()}


def _written_out(value: Any, key: str = "") -> Any:
    if isinstance(value, str):
        if value.isascii() and value.isprintable():
            return value
        steers = _STEERS_IN_TRACES if key in _TRACES else _STEERS
        return steers.sub(_escape, value)
    if isinstance(value, Mapping):
        return {_written_out(str(name)): _written_out(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_written_out(one) for one in value]
    return value


def _escape(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")


class _Veiled:
    """Processor that masks every text of a line, however deep, but for names and ids of ours."""

    def __init__(self, veil: Callable[[str], str]) -> None:
        self._veil = veil

    def __call__(
        self, _logger: Any, _name: str, line: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        return {key: value if key in _OURS else self._masked(value) for key, value in line.items()}

    def _masked(self, value: Any) -> Any:
        if isinstance(value, str):
            return (
                value if _ID.fullmatch(value) or not _MAY_HOLD.search(value) else self._veil(value)
            )
        if isinstance(value, Mapping):
            return {key: self._masked(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self._masked(one) for one in value]
        return value


class _Libraries(logging.Handler):
    """Writes what libraries log in our own form, one line each.

    Of an exception only its type and place are kept: its words may quote a header or a body, as
    aiohttp's do for a request that is no HTTP.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError):  # its arguments do not fit its words
            message = str(record.msg)
        error = record.exc_info[1] if record.exc_info else None
        fields = {"error": type(error).__name__, "place": place(error)} if error else {}
        level = min(record.levelno // 10 * 10, logging.CRITICAL)
        structlog.get_logger(part=record.name).log(level, message, **fields)


def place(error: BaseException) -> str:
    """Return ``function:line`` where an exception was raised; never its words or values."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    return f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}"


def get_logger(name: str) -> structlog.typing.FilteringBoundLogger:
    """Return a logger that binds ``part=name`` (structlog keeps ``logger`` for itself)."""
    return cast(structlog.typing.FilteringBoundLogger, structlog.get_logger(part=name))
