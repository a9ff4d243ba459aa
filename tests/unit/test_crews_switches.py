"""What surrounds CrewAI: which environment it sees, and which ways out are closed."""

import subprocess
import sys
from pathlib import Path

import pytest

from chatcrew.crews import _switches

SECRETS = {
    "OPENAI_API_KEY": "sk-1",
    "OPENAI_BASE_URL": "https://m",
    "REDIS_URL": "redis://r",
    "CHATCREW_REDIS_URL": "redis://r",
    "CHATCREW_DATABASE_URL": "postgresql://u:p@h/d",
    "ACME_TOKEN": "t",
    "MODEL": "m",
    "HTTPS_PROXY": "http://p",
    "HOME": "/home/somebody",
}


def python(code, **env):
    """Run ``code`` in a fresh interpreter and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=env or None, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_only_listed_variables_get_in():
    """No key, no address of a database or of Redis, no proxy: what is not listed is not there."""
    outer = {**SECRETS, "PATH": "/bin", "LANG": "pt_BR.UTF-8"}

    inner = _switches.environment(outer, Path("/scratch"))

    assert inner["PATH"] == "/bin"
    assert inner["LANG"] == "pt_BR.UTF-8"
    assert inner["HOME"] == inner["TMPDIR"] == "/scratch"
    assert not set(inner.values()) & set(SECRETS.values())
    assert set(inner) & set(SECRETS) == {"HOME"}


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.create_connection(('127.0.0.1', 9))",
        "socket.getaddrinfo('example.org', 443)",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
        "subprocess.run(['true'])",
        "os.system('true')",
        "os.execv('/bin/true', ['true'])",
    ],
)
def test_every_way_out_is_refused(attempt):
    """Connections, look-ups and other programs end in PermissionError once the door is shut."""
    code = f"""
import os, socket, subprocess
from chatcrew.crews import _switches
_switches.shut_in()
try:
    {attempt}
except PermissionError as refusal:
    print(refusal)
"""
    assert python(code).startswith("a crew process ")


def test_unix_sockets_stay_open():
    """The one socket that a crew process has still works behind the shut door."""
    code = """
import socket
from chatcrew.crews import _switches
_switches.shut_in()
a, b = socket.socketpair()
a.sendall(b"ok")
print(b.recv(2).decode())
"""
    assert python(code) == "ok"


def test_nothing_can_be_written_into_a_file(tmp_path):
    """The kernel refuses the first byte, whoever tries and wherever; core dumps are off."""
    code = f"""
import resource
from chatcrew.crews import _switches
_switches.write_nothing()
try:
    with open({str(tmp_path / "leak")!r}, "w") as leak:
        leak.write("words of a customer")
except OSError as refusal:
    print(refusal.errno, resource.getrlimit(resource.RLIMIT_CORE))
"""
    assert python(code) == "27 (0, 0)"  # EFBIG
    assert (tmp_path / "leak").read_text() == ""


def test_the_package_imports_no_crewai():
    """A worker that imports the crews pays neither 5 s nor 180 MB (design §2)."""
    code = """
import sys
import chatcrew.crews
print(sorted(n for n in ("crewai", "openai", "chromadb", "pydantic_ai") if n in sys.modules))
"""
    assert python(code) == "[]"
