"""Logs are one JSON object per line, without anybody's words; counters are checked by name."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from chatcrew.telemetry import CATALOGUE, Metrics

_LOGS = """
import logging
from chatcrew.telemetry import configure, get_logger
configure({level!r}, form={form!r}, process="ingress")
{program}
"""


def logged(program: str, *, level: str = "info", form: str = "json") -> list[str]:
    """Return the lines a fresh process writes: logging is set up once per process."""
    code = _LOGS.format(level=level, form=form, program=program)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout == ""
    return run.stderr.splitlines()


def test_a_line_says_when_who_and_what() -> None:
    """Part, process, level and time are on every line."""
    (line,) = logged("get_logger('web').info('turn.finished', tenant='health/varizemed', n=3)")
    fields = json.loads(line)

    assert fields.pop("timestamp").endswith("Z")
    assert fields == {
        "event": "turn.finished",
        "part": "web",
        "process": "ingress",
        "level": "info",
        "tenant": "health/varizemed",
        "n": 3,
    }


def test_a_line_is_one_write_so_that_lines_of_processes_never_mix() -> None:
    """Without Python's own buffer, as in an image, each write reaches the file by itself."""
    code = _LOGS.format(
        level="info", form="json", program="get_logger('web').info('turn.finished')"
    )
    reader, writer = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with reader, writer:
        subprocess.run(
            [sys.executable, "-u", "-c", code],
            stderr=writer.fileno(),
            check=True,
        )
        reader.setblocking(False)
        first = reader.recv(65_536)

    assert json.loads(first)["event"] == "turn.finished"
    assert first.endswith(b"\n")


def test_lines_below_the_level_are_left_out() -> None:
    """``error`` shows errors only, ours and libraries'."""
    program = "get_logger('a').warning('x'); logging.getLogger('b').warning('y')"
    program += "; get_logger('a').error('z')"

    assert [json.loads(line)["event"] for line in logged(program, level="error")] == ["z"]


def test_libraries_are_heard_from_warnings_on() -> None:
    """Their information may quote URLs and bodies, whatever our own level is."""
    program = "one = logging.getLogger('aiohttp.access'); one.info('/hook/token'); one.debug('x')"
    program += "; one.warning('%s is slow', 'it')"
    (line,) = logged(program, level="debug")
    fields = json.loads(line)

    assert (fields["event"], fields["part"], fields["level"]) == (
        "it is slow",
        "aiohttp.access",
        "warning",
    )


@pytest.mark.parametrize("form", ["json", "console"])
def test_what_an_exception_of_a_library_says_is_left_out(form: str) -> None:
    """Aiohttp quotes the request line of what is no HTTP: a path token may stand in it."""
    program = """
def raising():
    raise ValueError('invalid: POST /webhooks/chatwoot/bot/t0ken')
try:
    raising()
except ValueError:
    logging.getLogger('aiohttp.server').exception('Error handling request')
"""
    lines = logged(program, form=form)

    assert len(lines) == 1
    assert "ValueError" in lines[0]
    assert "raising:" in lines[0]
    assert "t0ken" not in lines[0]


def test_a_library_that_logs_wrongly_harms_nobody() -> None:
    """Words and arguments that do not fit, and levels of its own, are written as they are."""
    program = (
        "logging.getLogger('x').warning('%d', 'no number'); logging.getLogger('x').log(35, 'w')"
    )

    assert [json.loads(line)["event"] for line in logged(program)] == ["%d", "w"]


def test_names_of_metrics_are_checked() -> None:
    """A misspelt counter is a fault of the program, not a new metric."""
    metrics = Metrics()

    for use in (
        metrics.count,
        lambda name: metrics.observe(name, 1),
        lambda name: metrics.set(name, 1),
    ):
        with pytest.raises(KeyError):
            use("chatcrew_nothing")


def test_the_catalogue_is_tidy() -> None:
    """Prometheus' own rules: one name once, a unit as suffix, no suffix it adds itself."""
    names = [metric.name for metric in CATALOGUE]

    assert len(set(names)) == len(names)
    assert all(name.startswith("chatcrew_") for name in names)
    assert not [name for name in names if name.endswith("_total")]
    assert all(m.name.endswith("_seconds") for m in CATALOGUE if m.kind == "histogram")
    assert all(metric.help.endswith(".") for metric in CATALOGUE)


def test_processes_add_up(tmp_path: Path) -> None:
    """With PROMETHEUS_MULTIPROC_DIR every process sees the counters of all (design §6)."""
    program = """
import os, sys
os.environ["PROMETHEUS_MULTIPROC_DIR"] = sys.argv[1]
from chatcrew.telemetry import Metrics
metrics = Metrics()
metrics.count("chatcrew_parked")
metrics.set("chatcrew_config_faults", 2)
print(metrics.exposition({"chatcrew_mailbox_waiting": 4}).decode())
"""
    command = [sys.executable, "-c", program, str(tmp_path)]
    first = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    second = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert "chatcrew_parked_total 1.0" in first
    assert "chatcrew_parked_total 2.0" in second
    assert "chatcrew_mailbox_waiting 4" in second


def test_a_line_that_holds_a_customers_data_shows_placeholders() -> None:
    """The last net: texts, lists, maps and the words of an exception, but not our own ids (N15)."""
    script = """
from chatcrew.privacy import veil
from chatcrew.telemetry import configure, get_logger
configure("info", process="worker", veil=veil)
log = get_logger("hub")
turn = "01a20016-0791-7c8a-8dd4-124543610000"
log.info("a.line", said="meu cpf é 111.444.777-35", more=[{"mail": "ana@ex.com"}], turn=turn)
try:
    raise ValueError("liga (81) 99999-1234")
except ValueError:
    log.exception("b.line", conversation="acme/bot/81999991234", count=11144477735)
"""
    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stderr
    first, second = (json.loads(line) for line in said.splitlines())

    assert first["said"] == "meu cpf é [CPF_1]"
    assert first["more"] == [{"mail": "[EMAIL_1]"}]
    assert first["turn"] == "01a20016-0791-7c8a-8dd4-124543610000"
    assert "liga [PHONE_1]" in second["exception"]
    assert "99999-1234" not in said
    assert second["conversation"] == "acme/bot/81999991234"
