"""Somebody whose data is looked for in all that is written, and what a process really writes."""

import contextlib
import io
import logging
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from chatcrew.privacy import veil
from chatcrew.telemetry import configure

NAME, PHONE, MAIL = "Ubirajara Quintanilha", "+5581976543210", "ubirajara.q@exemplo.com.br"
CPF, CARD = "529.982.247-25", "4111 1111 1111 1111"
STREET = "Rua das Pitangueiras, 77, apto 302"
WORDS = f"sou {NAME}, cpf {CPF}, cartão {CARD}, {STREET}, zap (81) 97654-3210, {MAIL}"
"""Everything about him in one sentence."""

TRACES = (
    *("quintanilha", "97654", "9765-4321", "7654-3210", "ubirajara", "pitangueiras"),
    *("529.982", "52998224725", "4111 1111", "4111111111111111", "5299822"),
    *(one.encode().hex() for one in ("Quintanilha", "quintanilha", "52998224725")),
    *("UXVpbnRhbmlsaGE", "cXVpbnRhbmlsaG", "1aW50YW5pbGhh"),
)
"""Pieces of him as programs write them: plain, digits, hex, base64; URLs keep the letters."""


def traces_in(said: str) -> set[str]:
    """Return which pieces of him stand in a text."""
    return {one for one in TRACES if one.casefold() in said.casefold()}


@dataclass
class Logged:
    """What was logged.

    Attributes:
        lines: as our code gave them, before anything was masked.
        out: what stands where a process writes its lines.
    """

    lines: list[Mapping[str, Any]] = field(default_factory=list)
    out: io.StringIO = field(default_factory=io.StringIO)

    @property
    def written(self) -> str:
        """Return every line as it was written, exceptions with it."""
        return self.out.getvalue()

    @property
    def events(self) -> set[str]:
        """Names of what was logged."""
        return {str(line["event"]) for line in self.lines}

    def _keep(self, _logger: Any, _name: str, line: MutableMapping[str, Any]) -> Any:
        self.lines.append(dict(line))
        return line


@contextlib.contextmanager
def logging_for_real() -> Iterator[Logged]:
    """Write logs as a server does, all of them and libraries' too; for one test at a time."""
    found, before = Logged(), sys.stderr
    kept, handlers, level = structlog.get_config(), logging.root.handlers[:], logging.root.level
    sys.stderr = found.out
    try:
        configure("debug", veil=veil)
        processors = structlog.get_config()["processors"]
        structlog.configure(processors=[found._keep, *processors])
        yield found
    finally:
        sys.stderr = before
        structlog.configure(**kept)
        logging.root.handlers[:] = handlers
        logging.root.setLevel(level)
