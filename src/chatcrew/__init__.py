"""chatcrew: a bot server that plugs into Chatwoot.

``process_message`` and ``open_simulator`` stand in ``chatcrew.app.trying``.
"""

import importlib
from typing import Any

from chatcrew.version import VERSION

__version__ = VERSION

_CALLS = ("open_simulator", "process_message")


def __getattr__(name: str) -> Any:
    """Load what makes a bot only for who asks for it (PEP 562)."""
    if name in _CALLS:
        return getattr(importlib.import_module("chatcrew.app.trying"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
