"""The same stories with and without Redis, on either database, with one worker and two (N17)."""

from pathlib import Path

import pytest
from benchmarks._conform_modes import Mode, in_process
from benchmarks._conform_play import play_mode
from benchmarks._conform_stories import STORIES
from benchmarks._conform_transcript import difference

from chatcrew.testing.external_postgres import external_postgres

ALONE = 1.0
"""Seconds by which a turn may be longer because Redis dies or hangs in its middle."""


@pytest.mark.redis
@pytest.mark.timeout(240)
async def test_two_workers_on_another_database_with_a_dying_redis_are_seen_as_the_plain_bot(
    database_url: str, data_dir: Path
) -> None:
    """Every message, note, status, label and side effect is the same; a dead Redis delays < 1 s."""
    plain = await play_mode(
        Mode(), runs=in_process, empty=None, external=None, database_url=database_url
    )
    async with external_postgres(data_dir) as external:
        other = await play_mode(
            Mode("dies", "external", workers=2),
            runs=in_process,
            empty=None,
            external=external,
            failovers=1,
        )

    assert difference(plain.lines, other.lines) == []
    told = "\n".join(plain.lines)
    assert all(f"== {name}" in told for name in STORIES)
    assert plain.replies == other.replies >= 28
    assert "report 71 made 1×" in told
    assert set(other.answers) == {1}
    assert other.shared > 0
    (usual,), (killed,), (stopped,) = (other.turns[one] for one in ("alive", "killed", "stopped"))
    assert killed - usual < ALONE
    assert stopped - usual < ALONE
