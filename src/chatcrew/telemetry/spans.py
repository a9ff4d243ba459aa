"""Rebuilds the trace of a turn from its one wide log line, for any program that shows traces."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

# OpenTelemetry semantic conventions for generative AI name what a span did
_OPERATION = "gen_ai.operation.name"
_TURN = (
    *("tenant", "conversation", "turn", "outcome", "reason", "engine", "crew", "config"),
    *("attempts", "intent", "language", "burst", "promise", "model_calls", "restarts"),
)


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a turn's time.

    Attributes:
        name: ``turn``, ``waited``, a stage, or ``answer/`` and a rung of the ladder.
        begin: UTC.
        seconds: how long.
        parent: name of the span it lies in; None: the turn itself.
        attributes: what is known of it.
    """

    name: str
    begin: datetime
    seconds: float
    parent: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)


def spans_of(line: Mapping[str, Any]) -> list[Span]:
    """Return the spans of a ``turn.finished`` line: the turn, the wait before it, stages, rungs.

    Stages ran one after the other; one that ran again after a newer message stands once, with all
    of its time. Rungs of the ladder that raced each other begin together.

    Raises:
        KeyError: the line is not one of a finished turn.
    """
    end = datetime.fromisoformat(line["timestamp"])
    began = datetime.fromisoformat(line["began"])
    paused = line.get("paused_ms", 0) / 1000
    first = min(began, end - timedelta(seconds=line["seconds"] + paused))
    known = {f"chatcrew.{name}": line[name] for name in _TURN if line.get(name) is not None}
    return [
        Span(
            "turn",
            first,
            (end - first).total_seconds(),
            attributes={_OPERATION: "invoke_workflow", **known},
        ),
        Span("waited", first, (began - first).total_seconds(), "turn"),
        *_stages(line, began),
    ]


def _stages(line: Mapping[str, Any], begin: datetime) -> Iterator[Span]:
    for name, spent in line["stages_ms"].items():
        yield Span(name, begin, spent / 1000, "turn")
        if name == "answer":
            yield from _rungs(line, begin, spent / 1000)
        begin += timedelta(milliseconds=spent)


def _rungs(line: Mapping[str, Any], begin: datetime, within: float) -> Iterator[Span]:
    at = begin
    for rung in line.get("rungs", ()):
        seconds = rung["ms"] / 1000
        left = within - (at - begin).total_seconds()
        if seconds > left + 0.001:
            at = begin + timedelta(seconds=max(0.0, within - seconds))
        kept = {_OPERATION: "invoke_agent", "chatcrew.end": rung["end"]}
        yield Span(f"answer/{rung['name']}", at, min(seconds, within), "answer", kept)
        at += timedelta(seconds=seconds)


def otlp(line: Mapping[str, Any]) -> dict[str, Any]:
    """Return the trace as OTLP/JSON, as a collector takes it at ``/v1/traces``.

    Source: OpenTelemetry protocol 1.x, "JSON Protobuf Encoding": ids in hex, times in nanoseconds.
    """
    trace = hashlib.sha256(str(line["turn"]).encode()).hexdigest()[:32]
    spans = spans_of(line)
    ids = {span.name: _span_id(trace, number) for number, span in enumerate(spans)}
    return {
        "resourceSpans": [
            {
                "resource": {"attributes": _attributes({"service.name": "chatcrew"})},
                "scopeSpans": [
                    {
                        "scope": {"name": "chatcrew"},
                        "spans": [
                            {
                                "traceId": trace,
                                "spanId": _span_id(trace, number),
                                "parentSpanId": ids[span.parent] if span.parent else "",
                                "name": span.name,
                                "kind": 1,
                                "startTimeUnixNano": str(_nanos(span.begin)),
                                "endTimeUnixNano": str(
                                    _nanos(span.begin) + round(span.seconds * 1e9)
                                ),
                                "attributes": _attributes(span.attributes),
                            }
                            for number, span in enumerate(spans)
                        ],
                    }
                ],
            }
        ]
    }


def _span_id(trace: str, number: int) -> str:
    return hashlib.sha256(f"{trace}/{number}".encode()).hexdigest()[:16]


def _nanos(at: datetime) -> int:
    return round(at.timestamp() * 1e6) * 1000


def _attributes(known: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"key": key, "value": {"intValue": str(value)}}
        if isinstance(value, int) and not isinstance(value, bool)
        else {"key": key, "value": {"stringValue": str(value)}}
        for key, value in known.items()
    ]
