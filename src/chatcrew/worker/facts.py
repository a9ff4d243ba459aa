"""What is told of every turn that ended: one wide log line and the figures (S4-34, S4-40)."""

from chatcrew.clock import Clock
from chatcrew.hub.ended import Ended
from chatcrew.telemetry import Burn, Metrics, get_logger

_log = get_logger("worker")

_LOGGED = (
    *("rungs", "restarts", "sources", "model_calls", "intent", "language", "burst"),
    *("waited_ms", "promise", "paused_ms"),
)


class Facts:
    """Tells logs and metrics of turns.

    Args:
        metrics: counters.
        clock: time.
    """

    def __init__(self, metrics: Metrics, clock: Clock) -> None:
        self._metrics = metrics
        self._clock = clock
        self._burn = Burn(clock)

    def ended(self, ended: Ended) -> None:
        """Tell of one turn; nothing of what the customer said goes along."""
        claim, record = ended.claim, ended.record
        paused = record.details.get("paused_ms", 0) / 1000  # on purpose, between bubbles
        took = (self._clock.now() - claim.last_word_at).total_seconds()
        seconds = max(0.0, took - paused)
        outcome, tenant = record.outcome.value, record.tenant or ""
        self._metrics.count("chatcrew_turns", tenant=tenant, outcome=outcome, reason=record.reason)
        self._metrics.observe("chatcrew_turn_seconds", seconds, outcome=outcome)
        for stage, spent in record.stage_ms.items():
            self._metrics.observe("chatcrew_stage_seconds", spent / 1000, stage=stage)
        for rung in record.details.get("rungs", ()):
            self._metrics.count("chatcrew_rungs", rung=rung["name"], end=rung["end"])
        for one in record.details.get("talkover", ()):
            self._metrics.observe("chatcrew_talkover_seconds", one["ms"] / 1000)
            self._metrics.count("chatcrew_talkovers", done=one["done"])
        if promise := record.details.get("promise"):
            self._metrics.count("chatcrew_promise", tenant=tenant, result=promise)
            self._burn.add(kept=promise == "kept")
        self.tick()
        _log.info(
            "turn.finished",
            tenant=record.tenant,
            conversation=str(claim.key.conversation),
            turn=claim.key.turn_id,
            outcome=outcome,
            reason=record.reason,
            engine=record.engine,
            crew=record.crew,
            config=record.config,
            began=claim.started_at.isoformat(),
            seconds=round(seconds, 3),
            attempts=claim.attempts,
            stages_ms=dict(record.stage_ms),
            **{key: value for key, value in record.details.items() if key in _LOGGED},
        )

    def tick(self) -> None:
        """Set what also changes while nothing happens."""
        self._metrics.set("chatcrew_promise_burn", self._burn.rate())
