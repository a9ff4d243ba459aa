"""People and bot who speak together, simulated in small: the gate holds, the metric tells."""

import asyncio

from benchmarks import _virtual
from benchmarks._figures import Report
from benchmarks._race import late
from benchmarks._shipped import load_shipped
from benchmarks.talkover import _all, tell


def test_every_talk_over_is_found_dealt_with_and_measured(capsys) -> None:
    """Found by ids in any order of webhooks; none where the person had been heard (N4)."""
    seen, metrics = _virtual.run(_all(load_shipped(), turns=80, seed=3))
    report = Report()
    tell(report, seen, metrics)

    assert seen.late
    assert seen.blind == 0
    assert sum(map(len, seen.shown.values())) == len(seen.late)
    assert set(report.missed) <= {"talked over"}
    assert f"{len(seen.late)} of {len(seen.late)}" in capsys.readouterr().out


def test_virtual_time_passes_only_while_everybody_waits() -> None:
    """Hours cost nothing, and what is due earlier comes first."""

    async def main() -> list[str]:
        clock, done = _virtual.VirtualClock(), []

        async def after(seconds: float, name: str) -> None:
            await clock.sleep(seconds)
            done.append(f"{name} {clock.monotonic():.0f}")

        await asyncio.gather(after(7200, "late"), after(60, "soon"), asyncio.to_thread(int))
        return done

    assert _virtual.run(main()) == ["soon 60", "late 7200"]
    assert late([]) == []
