"""A secret as the configuration holds it: where it is, never what it is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Secret:
    """A reference to a secret, ``env:NAME`` or ``file:PATH``; its value is read when used.

    Its ``repr`` shows the reference only. ``read()`` is in ``tenancy.secrets``.
    """

    reference: str
