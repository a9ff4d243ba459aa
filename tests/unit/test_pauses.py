"""Pauses between tries grow to a bound and stay there, however often something fails."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from chatcrew.app.supervisor import LONGEST_PAUSE, Supervisor, pause_after
from chatcrew.database import Database
from chatcrew.settings import Settings
from chatcrew.worker import Limits

MANY = 100_000


def test_a_child_that_dies_all_day_is_still_restarted_every_few_seconds() -> None:
    """At once at first, then with pauses that grow to a bound (2**1024 is no float)."""
    pauses = [pause_after(failures) for failures in (0, 1, 2, 3, 4, MANY)]

    assert pauses == [0.0, 0.0, 0.4, 0.8, 1.6, LONGEST_PAUSE]


def test_a_turn_that_fails_all_day_is_still_tried_each_minute() -> None:
    """One second, doubled each time, up to a minute."""
    assert [Limits().pause_after(tries) for tries in (1, 2, 3, MANY)] == [1.0, 2.0, 4.0, 60.0]


async def test_a_keeper_that_fails_ends_the_supervisor_and_not_silently_one_child(
    tmp_path: Path, database: Database
) -> None:
    """A supervisor that no longer restarts its children must not look alive."""

    class Clumsy(Supervisor):
        async def _keep(self, child: object) -> None:
            raise RuntimeError("a fault of ours")

    settings = Settings(
        host="127.0.0.1",
        port=0,
        admin_port=0,
        data_dir=tmp_path,
        database_url=SecretStr(database.address),
    )
    with pytest.raises(RuntimeError, match="a fault of ours"):
        await Clumsy(settings).run()
