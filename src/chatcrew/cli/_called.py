"""How this program was called, for hints that can be typed as they stand."""

import shlex
import shutil
import sys
from pathlib import Path

_NAME = "chatcrew"


def called() -> str:
    """Return what to type before a command's name: ``chatcrew``, or the path somebody typed.

    In a clone the program is often only at ``.venv/bin/chatcrew``, which no shell finds by name.
    """
    typed = sys.argv[0] if sys.argv else ""
    if Path(typed).name != _NAME:
        return _NAME
    found = shutil.which(_NAME)
    if found is not None and Path(found).resolve() == Path(typed).resolve():
        return _NAME
    return shlex.quote(typed)
