"""How often Python looks for cycles in a process that makes many objects and keeps few."""

import gc

_OBJECTS = 50_000, 20, 20
"""Of each generation; with Python's own 700 looking took a tenth of a simulation's time."""


def seldom() -> None:
    """Look seldom, and never at what stands already."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_OBJECTS)
