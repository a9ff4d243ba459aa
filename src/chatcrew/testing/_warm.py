"""Run by path with the number of a socket: forks whole ``chatcrew`` commands for tests.

Each command is a child of a template of its own, which the test asks through a socket of its own.
"""

import runpy
import socket
import sys
from collections.abc import Sequence

from chatcrew.app.template import serve


def _chatcrew(words: Sequence[str]) -> None:
    """Do as ``python -m chatcrew WORDS``."""
    sys.argv[1:] = words
    runpy.run_module("chatcrew", run_name="__main__", alter_sys=True)


def _template(words: Sequence[str]) -> None:
    """Fork commands for whoever holds the other end of the socket of this number."""
    serve(socket.socket(fileno=int(words[0])), _chatcrew)


if __name__ == "__main__":
    # All that commands import; the first may not be slower than the others
    from chatcrew.app import entry, supervisor  # noqa: F401 - as above
    from chatcrew.web import console, tab

    # Compiled here, templates of pages are compiled for every ingress
    console.load()
    tab.load()
    serve(socket.socket(fileno=int(sys.argv[1])), _template)
