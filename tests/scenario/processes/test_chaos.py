"""A short run of chaos on the real processes: killed and stopped at points, nothing lost (N3)."""

from benchmarks._chaos_run import Run
from benchmarks._chaos_script import Step
from benchmarks._chaos_world import world

POINTS = (
    ("ingress", "mailbox.put.committed", "SIGKILL", 0.0),
    ("worker", "chatwoot.answered", "SIGKILL", 0.0),
    ("ingress", "ingress.read", "SIGSTOP", 1.0),
    ("worker", "outbox.decide.committed", "SIGSTOP", 1.0),
)


async def test_processes_die_and_stop_at_points_and_every_burst_ends_once() -> None:
    """What customers saw, what acted outside and the chain of every conversation agree."""
    steps = [
        Step(
            number,
            "point",
            40 + number,
            ("act", "crew", "takeover"),
            role=role,
            point=point,
            signal=signal,
            seconds=seconds,
        )
        for number, (role, point, signal, seconds) in enumerate(POINTS)
    ]
    async with world(seed=2, workers=1, redis=False, speed=4.0) as made:
        played = await Run(made, per_round=10, say=lambda _: None).play(steps)
        passed = made.house.sabotage.points()

    assert [violation.what for violation, _ in played.found] == []
    assert [step.point for step in played.fired] == [point for _, point, _, _ in POINTS]
    assert played.trial.messages >= 12
    assert {point for _, point, _, _ in POINTS} <= passed
    assert made.house.restarts >= 2
