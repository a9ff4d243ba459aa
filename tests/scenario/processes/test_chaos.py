"""A short run of chaos on the real processes: killed and stopped at points, nothing lost (N3)."""

import asyncio
import os
import re
import sys
from pathlib import Path

from benchmarks._chaos_script import Step, save

ROOT = Path(__file__).parents[3]
BLOWS = (
    ("ingress", "mailbox.put.committed", "SIGKILL", 0.0),
    ("worker", "chatwoot.answered", "SIGKILL", 0.0),
    ("ingress", "ingress.read", "SIGSTOP", 1.0),
    ("worker", "outbox.decide.committed", "SIGSTOP", 1.0),
)


async def test_processes_die_and_stop_at_points_and_every_burst_ends_once(tmp_path: Path) -> None:
    """What customers saw, what acted outside and the chain of every conversation agree."""
    steps = [
        Step(
            number,
            "point",
            40 + number,
            ("act", "crew", "takeover"),
            role=role,
            point=point,
            signal=number_of,
            seconds=seconds,
        )
        for number, (role, point, number_of, seconds) in enumerate(BLOWS)
    ]
    script = tmp_path / "script.json"
    await asyncio.to_thread(save, script, steps)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "benchmarks.chaos", "--repeat", str(script)),
        *("--workers", "1", "--scripts", str(tmp_path)),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(), 280)
    said = output.decode()

    assert process.returncode == 0, said
    figures = dict(re.findall(r"^([a-z ]+?) {2,}(\d+)", said, re.MULTILINE))
    assert (figures["blows at points"], figures["violations"]) == ("4", "0"), said
    assert int(figures["messages"]) >= 12
    assert int(figures["restarts"]) >= 2
