"""Health asks each dependency by name; the answer says which one is ill."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

Check = Callable[[], Awaitable[object]]
"""Returns anything when well, raises when ill."""

TIMEOUT = 2.0
"""Seconds one check may take."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the checks said.

    Attributes:
        well: every check passed.
        checks: ``ok`` or the kind of fault, by name.
    """

    well: bool
    checks: Mapping[str, str]


class Health:
    """Runs named checks at once.

    Args:
        checks: by name; the model provider is not among them, or its outage would restart us.
        timeout: seconds one check may take.
    """

    def __init__(self, checks: Mapping[str, Check], *, timeout: float = TIMEOUT) -> None:
        self._checks = dict(checks)
        self._timeout = timeout

    async def report(self) -> Report:
        """Ask every dependency."""
        names = list(self._checks)
        answers = await asyncio.gather(*(self._ask(self._checks[name]) for name in names))
        found = dict(zip(names, answers, strict=True))
        return Report(all(answer == "ok" for answer in answers), found)

    async def _ask(self, check: Check) -> str:
        try:
            async with asyncio.timeout(self._timeout):
                await check()
        except TimeoutError:
            return "timeout"
        except Exception as error:  # noqa: BLE001 - a check may fail in any way; its kind is the answer
            return type(error).__name__
        return "ok"
