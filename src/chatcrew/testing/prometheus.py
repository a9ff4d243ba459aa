"""Says whether an alert rule fires on scrapes of our own metrics; there is no Prometheus in tests.

Of PromQL it knows what our rules use (Prometheus manual, "Operators" and "Functions"). ``increase``
and ``rate`` are not extrapolated to the edges of their window: ours are compared with round bounds.
"""

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import promql_parser as promql
from prometheus_client.parser import text_string_to_metric_families

Labels = frozenset[tuple[str, str]]
Vector = dict[Labels, float]
_NAME = "__name__"


@dataclass
class Scrapes:
    """What Prometheus would have stored.

    Attributes:
        every: seconds between two scrapes.
    """

    every: float = 15.0
    _taken: list[tuple[float, Vector]] = field(default_factory=list)

    def take(self, exposition: bytes | None, *, job: str = "chatcrew") -> None:
        """Store one scrape, ``every`` seconds after the one before; None: nobody answered."""
        at = self._taken[-1][0] + self.every if self._taken else 0.0
        found: Vector = {_labels("up", {"job": job}): float(exposition is not None)}
        if exposition is not None:
            for family in text_string_to_metric_families(exposition.decode()):
                for sample in family.samples:
                    found[_labels(sample.name, sample.labels)] = float(sample.value)
        self._taken.append((at, found))

    def fires(self, expression: str, *, for_: float = 0.0) -> bool:
        """Return whether the rule holds now and has held for ``for_`` seconds."""
        parsed = promql.parse(expression)
        now = self._taken[-1][0]
        checked = [at for at, _ in self._taken if now - for_ <= at <= now]
        return now - checked[0] >= for_ and all(self._value(parsed, at) for at in checked)

    def _value(self, node: Any, at: float) -> Any:
        match node:
            case promql.NumberLiteral():
                return float(node.val)
            case promql.ParenExpr():
                return self._value(node.expr, at)
            case promql.VectorSelector():
                return self._select(node, at - _seconds(node.offset))
            case promql.Call():
                return self._call(node, at)
            case promql.AggregateExpr():
                return _aggregated(node, self._value(node.expr, at))
            case promql.BinaryExpr():
                return _combined(str(node.op), self._value(node.lhs, at), self._value(node.rhs, at))
        raise NotImplementedError(type(node).__name__)

    def _select(self, selector: Any, at: float) -> Vector:
        """Return the newest values not older than five minutes, as Prometheus does."""
        newest = [found for then, found in self._taken if at - 300 < then <= at]
        return _matching(selector, newest[-1]) if newest else {}

    def _call(self, node: Any, at: float) -> Any:
        name, args = node.func.name, node.args
        if name in ("increase", "rate"):
            grown = self._grown(args[0], at)
            if name == "increase":
                return grown
            return {key: value / args[0].range.total_seconds() for key, value in grown.items()}
        if name == "absent":
            return {} if self._value(args[0], at) else {frozenset(): 1.0}
        if name == "histogram_quantile":
            return _quantile(self._value(args[0], at), self._value(args[1], at))
        raise NotImplementedError(name)

    def _grown(self, matrix: Any, at: float) -> Vector:
        """Return by how much each counter grew; one that began in the window has no growth yet."""
        begin = at - matrix.range.total_seconds()
        series: dict[Labels, list[float]] = {}
        for then, found in self._taken:
            if begin < then <= at:
                for key, value in _matching(matrix.vector_selector, found).items():
                    series.setdefault(key, []).append(value)
        return {
            _unnamed(key): sum(
                later - before if later >= before else later
                for before, later in itertools.pairwise(values)
            )
            for key, values in series.items()
            if len(values) > 1
        }


def _labels(name: str, labels: Mapping[str, str]) -> Labels:
    return frozenset({(_NAME, name), *labels.items()})


def _unnamed(key: Labels) -> Labels:
    return frozenset(pair for pair in key if pair[0] != _NAME)


def _seconds(offset: Any) -> float:
    return 0.0 if offset is None else float(offset.total_seconds())


def _matching(selector: Any, found: Vector) -> Vector:
    return {
        key: value
        for key, value in found.items()
        if dict(key)[_NAME] == selector.name
        and all(_matches(one, dict(key)) for one in selector.matchers.matchers)
    }


def _matches(matcher: Any, labels: Mapping[str, str]) -> bool:
    value = labels.get(matcher.name, "")
    match matcher.op:
        case promql.MatchOp.Equal:
            return bool(value == matcher.value)
        case promql.MatchOp.Re:
            return re.fullmatch(matcher.value, value) is not None
    raise NotImplementedError(str(matcher.op))


def _aggregated(node: Any, values: Vector) -> Vector:
    by = set(node.modifier.labels) if node.modifier is not None else set()
    groups: dict[Labels, list[float]] = {}
    for key, value in values.items():
        groups.setdefault(frozenset(pair for pair in key if pair[0] in by), []).append(value)
    biggest = {"sum": False, "max": True}[str(node.op)]
    return {key: max(group) if biggest else sum(group) for key, group in groups.items()}


def _combined(operator: str, left: Any, right: Any) -> Any:
    if operator in ("or", "unless"):
        theirs = {_unnamed(key) for key in right}
        if operator == "unless":
            return {key: value for key, value in left.items() if _unnamed(key) not in theirs}
        ours = {_unnamed(key) for key in left}
        return left | {key: value for key, value in right.items() if _unnamed(key) not in ours}
    if isinstance(right, float):
        return {key: value for key, value in left.items() if _compared(operator, value, right)}
    if operator == "/":
        return {key: left[key] / right[key] for key in left.keys() & right.keys() if right[key]}
    raise NotImplementedError(operator)


def _compared(operator: str, value: float, bound: float) -> bool:
    return {">": value > bound, "==": value == bound}[operator]


def _quantile(wanted: float, buckets: Vector) -> Vector:
    """Return the quantile, linear within its bucket; nothing where nothing was observed."""
    at = sorted((float(dict(key)["le"]), value) for key, value in buckets.items())
    if not at or not at[-1][1]:
        return {}
    rank, below, under = wanted * at[-1][1], 0.0, 0.0
    for bound, count in at:
        if count >= rank:
            if bound == float("inf"):
                return {frozenset(): below}
            share = (rank - under) / (count - under) if count > under else 0.0
            return {frozenset(): below + (bound - below) * share}
        below, under = bound, count
    raise AssertionError("the last bucket holds everything")


def rules(document: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return the rules of a rule file that was read."""
    groups: Iterable[Mapping[str, Any]] = document["groups"]
    return [rule for group in groups for rule in group["rules"]]
