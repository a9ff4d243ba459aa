"""Tools that installed packages bring, by the entry point group ``chatcrew.tools``."""

from collections.abc import Callable, Iterable
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from chatcrew.errors import ConfigError
from chatcrew.tools._tool import Tool

GROUP = "chatcrew.tools"
OURS = "chatcrew"
"""The name of our own entry point: a checkout that was not installed anew lacks it."""


def installed(
    own: Callable[[], Iterable[Tool]], found: Iterable[EntryPoint] | None = None
) -> tuple[Tool, ...]:
    """Return our own tools, then those of other packages by the name of their entry point.

    An entry point leads to a function that returns tools, or to a sequence of them.

    Args:
        own: returns our own.
        found: entry points; left out, those of the installed packages.

    Raises:
        ConfigError: one of them leads nowhere, is no tool, or takes another's name.
    """
    points = _points() if found is None else tuple(found)
    tools: dict[str, Tool] = {tool.spec.name: tool for tool in own()}
    for point in sorted(points, key=lambda one: one.name):
        if point.name == OURS:
            continue
        for tool in _tools_of(point):
            if tool.spec.name in tools:
                message = f"brings a tool {tool.spec.name!r}, which there is already"
                raise _fault(point, message)
            tools[tool.spec.name] = tool
    return tuple(tools.values())


@cache
def _points() -> tuple[EntryPoint, ...]:
    """Return what is installed; read from disk once, for no package comes while we run."""
    return tuple(entry_points(group=GROUP))


def _tools_of(point: EntryPoint) -> list[Tool]:
    try:
        brought = point.load()
        listed = list(brought() if callable(brought) else brought)
        for tool in listed:
            _ = tool.spec.name, tool.side_effects, tool.call
    except (ImportError, AttributeError, TypeError, ValueError, LookupError, OSError) as error:
        raise _fault(point, f"cannot be used ({type(error).__name__}: {error})") from error
    return listed


def _fault(point: EntryPoint, message: str) -> ConfigError:
    return ConfigError(
        f"tools of {point.name!r} ({point.value}): {message}",
        hint="mend or uninstall the package that brings it",
    )
