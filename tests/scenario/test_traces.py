"""The wide line of a turn is enough to rebuild its trace (S4-34, S1-73)."""

import itertools
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from chatcrew.cli._traces import traces
from chatcrew.telemetry.spans import otlp, spans_of

END = datetime(2026, 11, 22, 12, 0, 3, tzinfo=UTC)
LINE = {
    "event": "turn.finished",
    "timestamp": END.isoformat(),
    "began": (END - timedelta(seconds=2)).isoformat(),
    "turn": "01JT",
    "tenant": "health/varizemed",
    "conversation": "clinic:42",
    "outcome": "replied",
    "reason": "answered",
    "attempts": 1,
    "seconds": 2.8,
    "stages_ms": {"admit": 3.0, "resolve": 1.0, "answer": 1500.0, "check": 2.0, "deliver": 400.0},
    "rungs": [
        {"name": "intent", "end": "no_intent", "ms": 4.0},
        {"name": "crew", "end": "timeout", "ms": 1400.0},
        {"name": "fast", "end": "answered", "ms": 300.0},
    ],
}


def test_the_trace_has_the_wait_every_stage_in_order_and_the_ladder_within_answer() -> None:
    """Begin and length of each; a rung that raced the one before it begins before that ended."""
    spans = {span.name: span for span in spans_of(LINE)}

    assert spans["turn"].seconds == pytest.approx(2.8)
    assert spans["waited"].seconds == pytest.approx(0.8)
    stages = [spans[name] for name in LINE["stages_ms"]]
    assert all(
        before.begin + timedelta(seconds=before.seconds) == after.begin
        for before, after in itertools.pairwise(stages)
    )
    answer = spans["answer"]
    for name in ("intent", "crew", "fast"):
        rung = spans[f"answer/{name}"]
        assert rung.parent == "answer"
        assert rung.begin >= answer.begin
        assert (rung.begin - answer.begin).total_seconds() + rung.seconds <= answer.seconds + 1e-6
    crew, fast = spans["answer/crew"], spans["answer/fast"]
    assert fast.begin < crew.begin + timedelta(seconds=crew.seconds)
    assert max(span.begin + timedelta(seconds=span.seconds) for span in spans.values()) <= END


def test_otlp_names_parents_by_ids_that_are_the_same_each_time() -> None:
    """Hex ids of 16 and 8 bytes, times in nanoseconds as text, one root."""
    (scope,) = otlp(LINE)["resourceSpans"][0]["scopeSpans"]
    spans = scope["spans"]

    assert otlp(LINE) == otlp(dict(LINE))
    assert [span["name"] for span in spans if not span["parentSpanId"]] == ["turn"]
    ids = {span["spanId"] for span in spans}
    assert len(ids) == len(spans)
    assert {span["parentSpanId"] for span in spans} <= ids | {""}
    assert {len(span["traceId"]) for span in spans} == {32}
    root = spans[0]
    took = int(root["endTimeUnixNano"]) - int(root["startTimeUnixNano"])
    assert took == pytest.approx(2.8e9)


def _run(file: Path, *options: str) -> tuple[int, str]:
    app = typer.Typer()
    app.command()(traces)
    result = CliRunner().invoke(app, [str(file), *options])
    return result.exit_code, result.output


def test_the_command_draws_turns_and_passes_over_everything_else(tmp_path: Path) -> None:
    """Other lines, broken ones and lines with a prefix of a container's log."""
    log = tmp_path / "log"
    said = json.dumps(LINE, separators=(",", ":"))
    log.write_text(f'{{"event":"x"}}\n{{"event":"turn.finished"\nworker | {said}\n', "utf-8")

    code, out = _run(log)
    assert code == 0
    assert out.count("█") > 5
    assert "answer/fast" in out
    code, out = _run(log, "--otlp", "--turn", "01JT")
    assert json.loads(out)["resourceSpans"]
    assert _run(log, "--turn", "other")[0] == 1
    assert _run(tmp_path / "none", "--lang", "en")[0] == 2
