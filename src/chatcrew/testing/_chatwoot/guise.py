"""The guises of FakeChatwoot: what versions and policies of a real installation differ in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Literal

from chatcrew.clock import Clock

# contract §2.5, "bot allowed since", by the names of FakeChatwoot's handlers.
_SINCE: Mapping[str, tuple[int, ...]] = {
    "create_message": (0,),
    "create_conversation": (0,),
    "toggle_status": (0,),
    "toggle_priority": (3, 7),
    "assignments": (3, 6, 0),
    "update_conversation": (3, 7, 0),
    "custom_attributes": (4, 2, 0),
    "toggle_typing_status": (4, 11, 2),
    "show_conversation": (4, 14, 2),
    "show_labels": (4, 14, 2),
    "labels": (4, 14, 2),
}


@dataclass(frozen=True, slots=True)
class Guise:
    """One installation's version and policies.

    Attributes:
        version: what it calls itself.
        hides_version: a proxy answers ``GET /api`` with a page of its own.
        refuses_private: webhooks to private addresses are refused, as since 4.14.0 without
            ``SAFE_FETCH_ALLOW_PRIVATE_NETWORK``.
        requests_per_minute: rack-attack's limit, None for Chatwoot's own.
        clock_skew: seconds its clock is ahead of ours.
        bot_endpoints: what bots may call, None for what the version allows.
        role: of the person whose token is used.
        inbox: what every inbox is given beside its id and channel (greeting, working hours).
    """

    version: str = "4.16.2"
    hides_version: bool = False
    refuses_private: bool = False
    requests_per_minute: int | None = None
    clock_skew: float = 0.0
    bot_endpoints: frozenset[str] | None = None
    role: Literal["agent", "administrator"] = "administrator"
    inbox: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def number(self) -> tuple[int, ...]:
        """The version as numbers."""
        return tuple(int(part) for part in self.version.split("."))

    @property
    def bots_sign(self) -> bool:
        """Whether bot webhooks carry a signature (since 4.13.0)."""
        return self.number >= (4, 13, 0)

    @property
    def webhooks_sign(self) -> bool:
        """Whether account webhooks carry a signature (since 4.11.2)."""
        return self.number >= (4, 11, 2)

    @property
    def bots_hear_changes(self) -> bool:
        """Whether bots get ``conversation_updated`` and ``…_status_changed`` (since 4.13.0)."""
        return self.number >= (4, 13, 0)

    @property
    def bots_own(self) -> bool:
        """Whether conversations can belong to a bot (since 4.16.2)."""
        return self.number >= (4, 16, 2)

    @property
    def bots_may(self) -> frozenset[str]:
        """The endpoints a bot token may call."""
        if self.bot_endpoints is not None:
            return self.bot_endpoints
        return frozenset(name for name, since in _SINCE.items() if self.number >= since)


class SkewedClock:
    """A clock that is ahead of another by some seconds; waits are the other's.

    Args:
        inner: the right one.
        ahead: seconds.
    """

    def __init__(self, inner: Clock, ahead: float) -> None:
        self._inner = inner
        self._ahead = timedelta(seconds=ahead)

    def now(self) -> datetime:
        """Return the wrong time, UTC."""
        return self._inner.now() + self._ahead

    def monotonic(self) -> float:
        """Return seconds that only grow."""
        return self._inner.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._inner.sleep(seconds)


CURRENT = Guise()

_GUISES: Mapping[str, Guise] = MappingProxyType(
    {
        "4.16.2 current": CURRENT,
        "4.1 old": Guise("4.1.0"),
        "4.11 unsigned": Guise("4.11.0"),
        "4.13 signed": Guise("4.13.0"),
        "4.14 private network refused": Guise("4.14.1", refuses_private=True),
        "4.14 reads": Guise("4.14.2"),
        "bot may only answer": Guise(bot_endpoints=frozenset({"create_message", "toggle_status"})),
        "bot token without rights": Guise(bot_endpoints=frozenset()),
        "rate limited": Guise(requests_per_minute=0),
        "greeting and hours": Guise(
            inbox=MappingProxyType(
                {
                    "greeting_message": "Olá! Já vamos atender.",
                    "working_hours_enabled": True,
                    "out_of_office_message": "Estamos fechados.",
                }
            )
        ),
        "clock skewed": Guise(clock_skew=900.0),
        "agent's token": Guise(role="agent"),
        "behind a proxy": Guise(hides_version=True),
    }
)


def guises() -> Mapping[str, Guise]:
    """Return the installations that ``doctor`` must tell apart (N13), by what is odd about them."""
    return _GUISES
