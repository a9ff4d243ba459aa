"""Every metric the server has, in one table that the documentation is checked against."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
    values,
)

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0)


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: Prometheus name, kind, meaning and labels."""

    name: str
    kind: str
    help: str
    labels: tuple[str, ...] = ()


CATALOGUE: tuple[Metric, ...] = (
    Metric("chatcrew_webhooks", "counter", "Deliveries by answer.", ("bot", "status", "reason")),
    Metric("chatcrew_webhook_seconds", "histogram", "From first byte to answer."),
    Metric(
        "chatcrew_connections_full",
        "counter",
        "Connections beyond CHATCREW_MAX_CONNECTIONS: silent and closed, or answered 429.",
        ("how",),
    ),
    Metric("chatcrew_tab", "counter", "Codes given and buttons pressed in the tab.", ("act",)),
    Metric("chatcrew_console", "counter", "Signing in and acting in the console.", ("act",)),
    Metric("chatcrew_events", "counter", "Accepted events.", ("bot", "weight", "reason")),
    Metric("chatcrew_turns", "counter", "Finished turns.", ("tenant", "outcome", "reason")),
    Metric(
        "chatcrew_turn_seconds",
        "histogram",
        "From the customer's last word to the end of the turn.",
        ("outcome",),
    ),
    Metric("chatcrew_stage_seconds", "histogram", "Time per stage of a turn.", ("stage",)),
    Metric("chatcrew_answers", "counter", "Kept answers: found, kept, stale.", ("result",)),
    Metric("chatcrew_rungs", "counter", "Steps of the ladder by how they ended.", ("rung", "end")),
    Metric(
        "chatcrew_promise", "counter", "Answers in the promised time, or not.", ("tenant", "result")
    ),
    Metric(
        "chatcrew_promise_burn",
        "gauge",
        "Late answers of 5 minutes over the 5 % that the promise allows; above 1 it breaks.",
    ),
    Metric("chatcrew_turn_failures", "counter", "Turns that failed and go again.", ("error",)),
    Metric("chatcrew_parked", "counter", "Conversations handed to people after failures."),
    Metric("chatcrew_outbox_parts", "counter", "Outbox parts by end state.", ("kind", "state")),
    Metric(
        "chatcrew_talkover_seconds",
        "histogram",
        "How long after a person's word a reply of the bot was still sent.",
    ),
    Metric("chatcrew_talkovers", "counter", "Such replies by what was done about them.", ("done",)),
    Metric("chatcrew_outbox_twice", "counter", "Messages that Chatwoot took a second time."),
    Metric("chatcrew_outbox_unknown", "counter", "Sends whose fate nobody told us."),
    Metric(
        "chatcrew_acts_left_out",
        "counter",
        "Acts left out because Chatwoot does not let the bot do them.",
        ("bot", "act"),
    ),
    Metric(
        "chatcrew_doctor_findings",
        "gauge",
        "What the newest examinations found to mend, by kind.",
        ("kind", "level"),
    ),
    Metric("chatcrew_chatwoot_requests", "counter", "Calls to Chatwoot.", ("act", "result")),
    Metric("chatcrew_model_calls", "counter", "Calls to models.", ("tenant", "model", "outcome")),
    Metric(
        "chatcrew_model_tokens", "counter", "Tokens as the provider counts.", ("tenant", "kind")
    ),
    Metric("chatcrew_model_seconds", "histogram", "Time of one model call.", ("model",)),
    Metric("chatcrew_model_dollars", "counter", "What model calls cost.", ("tenant", "model")),
    Metric("chatcrew_model_unpriced", "counter", "Calls at an unknown price.", ("model",)),
    Metric(
        "chatcrew_budget_refusals",
        "counter",
        "Model calls that a limit refused.",
        ("tenant", "kind", "span"),
    ),
    Metric(
        "chatcrew_budget_warnings",
        "counter",
        "Limits that are nearly used up, each once.",
        ("tenant", "kind", "span"),
    ),
    Metric("chatcrew_model_breaker", "counter", "Changes of breakers.", ("model", "state")),
    Metric("chatcrew_embeddings", "counter", "Questions and texts as vectors.", ("result",)),
    Metric("chatcrew_crew_processes", "counter", "What became of crew processes.", ("event",)),
    Metric("chatcrew_cache", "counter", "Cache look-ups.", ("layer", "kind", "result")),
    Metric("chatcrew_attachments", "counter", "Files customers sent, by end.", ("kind", "end")),
    Metric("chatcrew_memory", "counter", "Episodes remembered, by what came.", ("result",)),
    Metric("chatcrew_feedback_digests", "counter", "Weekly digests by what came.", ("result",)),
    Metric("chatcrew_sweeps", "counter", "Waiting customers found by the sweep.", ("action",)),
    Metric("chatcrew_timers", "counter", "Timers that came due.", ("kind", "result")),
    Metric("chatcrew_backups", "counter", "Backups a worker took by itself.", ("outcome",)),
    Metric("chatcrew_debts", "counter", "What people owe customers.", ("tenant", "event")),
    Metric("chatcrew_config_faults", "gauge", "Faults in the files on disk; 0 when all is well."),
    Metric("chatcrew_config_version", "gauge", "1 for the version in force.", ("version",)),
    Metric("chatcrew_config_reloads", "counter", "Changed files, by what came.", ("result",)),
)

_CLASSES = {"counter": Counter, "gauge": Gauge, "histogram": Histogram}


class Metrics:
    """The counters of one process; with ``PROMETHEUS_MULTIPROC_DIR`` set all processes add up.

    Args:
        registry: where to register; a new one per instance, so that tests do not share counters.
    """

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self._registry = registry or CollectorRegistry()
        self._metrics: dict[str, Counter | Gauge | Histogram] = {}
        self._bound: dict[tuple[object, ...], Counter | Gauge | Histogram] = {}
        for metric in CATALOGUE:
            extra: dict[str, object] = {}
            if metric.kind == "histogram":
                extra["buckets"] = SECONDS
            if metric.kind == "gauge":
                extra["multiprocess_mode"] = "livemax"
            made = _CLASSES[metric.kind](
                metric.name,
                metric.help,
                metric.labels,
                registry=self._registry,
                **extra,
            )
            self._metrics[metric.name] = made

    def count(self, name: str, amount: float = 1, **labels: str) -> None:
        """Add to a counter.

        Raises:
            KeyError: no such metric.
        """
        self._with(name, labels).inc(amount)  # type: ignore[union-attr]  # the catalogue says it is a counter

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        """Add an observation to a histogram.

        Raises:
            KeyError: no such metric.
        """
        self._with(name, labels).observe(seconds)  # type: ignore[union-attr]  # the catalogue says it is a histogram

    def set(self, name: str, value: float, **labels: str) -> None:
        """Set a gauge.

        Raises:
            KeyError: no such metric.
        """
        self._with(name, labels).set(value)  # type: ignore[union-attr]  # the catalogue says it is a gauge

    def _with(self, name: str, labels: dict[str, str]) -> Counter | Gauge | Histogram:
        """Return the metric with its labels; the library's own look-up takes longer than counting.

        There are as many as the library keeps itself.
        """
        if not labels:
            return self._metrics[name]
        key = (name, *labels.items())
        bound = self._bound.get(key)
        if bound is None:
            bound = self._bound[key] = self._metrics[name].labels(**labels)
        return bound

    def exposition(self, live: Mapping[str, float]) -> bytes:
        """Return the Prometheus text of all processes.

        Args:
            live: gauges read at this very moment, such as the mailbox's depth, by full name.
        """
        registry = self._registry
        if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
            registry = CollectorRegistry()
            multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library is untyped here
        text: bytes = generate_latest(registry)
        rows = [f"# TYPE {name} gauge\n{name} {value}\n" for name, value in live.items()]
        return text + "".join(rows).encode()


def forget_process(pid: int, folder: str) -> None:
    """Delete the gauges of a process that has ended; its counters go on counting (blocks).

    Args:
        pid: of the process.
        folder: ``PROMETHEUS_MULTIPROC_DIR`` of the processes that add up.
    """
    multiprocess.mark_process_dead(pid, folder)  # type: ignore[no-untyped-call]  # the library is untyped here


def measure_anew() -> None:
    """Go by ``PROMETHEUS_MULTIPROC_DIR`` as it is now: the library looks only at its import.

    For a process that was forked from one that had imported it.
    """
    values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]  # as above
