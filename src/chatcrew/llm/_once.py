"""A callback that is called once, however many calls it was handed to."""

from collections.abc import Callable


def once(callback: Callable[[], None]) -> Callable[[], None]:
    """Return a function that calls ``callback`` the first time only."""
    called = False

    def call() -> None:
        nonlocal called
        if not called:
            called = True
            callback()

    return call
