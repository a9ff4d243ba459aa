"""What holds for every test: only loopback, no blocking call on the loop, no ambient proxies."""

import gc
import ipaddress
import logging
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from blockbuster import BlockBuster
from hypothesis import settings

# For hours when somebody looks for what nobody has found: ``--hypothesis-profile=long``
settings.register_profile("long", max_examples=20_000, deadline=None)

for _name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
    os.environ.pop(_name, None)

# Almost all that imports and a collection make stays: to walk it again and again is for nothing
gc.disable()

# Folders whose groups take longest, the longest first: one waits for real processes
_LONG = ("scenario/processes", "scenario/crews")
# Folders whose tests wait most of their time, and of the others those that take longest
_WAITING = ("scenario", "browser")
_WORKING = ("contract", "property")
_FOLDERS = (*_LONG, *_WAITING, *_WORKING)
_FIRST_WORKING = len(_LONG) + len(_WAITING)

_REAL_CONNECT = socket.socket.connect
_REAL_CONNECT_EX = socket.socket.connect_ex

# To make it costs each of thousands of tests as much as to use it
_BLOCKERS = BlockBuster(scanned_modules=["chatcrew"])


def _refuse_strangers(address: object) -> None:
    """Raise unless ``address`` is a Unix path or loopback."""
    if isinstance(address, tuple) and address:
        host = str(address[0])
        try:
            loopback = ipaddress.ip_address(host.split("%", maxsplit=1)[0]).is_loopback
        except ValueError:
            loopback = host == "localhost"
        if not loopback:
            raise AssertionError(f"a test tried to reach {host!r}: only loopback is allowed")


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that calls out fails instead of hanging or, worse, working."""

    def connect(self: socket.socket, address: object) -> None:
        _refuse_strangers(address)
        _REAL_CONNECT(self, address)

    def connect_ex(self: socket.socket, address: object) -> int:
        _refuse_strangers(address)
        return _REAL_CONNECT_EX(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket.socket, "connect_ex", connect_ex)


@pytest.fixture(autouse=True)
def _nothing_blocks_the_loop() -> Iterator[BlockBuster]:
    """A blocking call of ours on the event loop fails the test that made it."""
    _BLOCKERS.activate()
    yield _BLOCKERS
    _BLOCKERS.deactivate()


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """A command that sets up its logs in this process does not do so for later tests."""
    kept, handlers, level = structlog.get_config(), logging.root.handlers[:], logging.root.level
    yield
    structlog.configure(**kept)
    structlog.contextvars.clear_contextvars()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests of one file on one xdist worker, unless they name a group of their own.

    Workers begin with what takes longest, so that none idles while another ends alone. Then tests
    that wait come beside tests that work: waiting all at once they would leave processors idle.
    """
    if not getattr(config.option, "loadgroup", False):
        return
    for item in items:
        mark = item.get_closest_marker("xdist_group")
        group = f"@{mark.args[0] if mark is not None else item.path.name}"
        if not item.nodeid.endswith(group):
            # Where pytest 9.2 keeps it; xdist 3.8 writes into _nodeid, and loses every group
            item._id = type(item._id).parse(item.nodeid + group)
        assert item.nodeid.endswith(group)
    long, waiting, working = (list[pytest.Item]() for _ in range(3))
    for item in sorted(items, key=_rank):
        rank = _rank(item)
        (long, waiting, working)[(rank >= len(_LONG)) + (rank >= _FIRST_WORKING)].append(item)
    place = {one: at / len(some) for some in (waiting, working) for at, one in enumerate(some)}
    items[:] = long + sorted(place, key=place.__getitem__)


def pytest_collection_finish() -> None:
    """Keep the program and thousands of tests out of garbage collection: they stay to the end."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    gc.enable()


def _rank(item: pytest.Item) -> int:
    own = item.path.relative_to(Path(__file__).parent).as_posix()
    return next((at for at, one in enumerate(_FOLDERS) if own.startswith(f"{one}/")), len(_FOLDERS))
