"""Holds the current configuration, and the last few for turns that are still under way."""

from collections import OrderedDict

from chatcrew.tenancy.model import Configuration


class Directory:
    """One reference that a reload swaps; a turn keeps the version it began with.

    Args:
        configuration: what is in force first.
        keep: how many versions are held, the current one included.
    """

    def __init__(self, configuration: Configuration, *, keep: int = 4) -> None:
        if keep < 1:
            raise ValueError("the current version is always kept")
        self._keep = keep
        self._current = configuration
        self._versions = OrderedDict({configuration.version: configuration})

    @property
    def current(self) -> Configuration:
        """The version that new turns run with."""
        return self._current

    def swap(self, configuration: Configuration) -> bool:
        """Put another configuration in force; return whether its version is a new one."""
        changed = configuration.version != self._current.version
        self._versions[configuration.version] = configuration
        self._versions.move_to_end(configuration.version)
        self._current = configuration
        while len(self._versions) > self._keep:
            self._versions.popitem(last=False)
        return changed

    def get(self, version: str) -> Configuration | None:
        """Return a version that is still held, else None: that turn starts over."""
        return self._versions.get(version)
