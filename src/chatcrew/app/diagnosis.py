"""Why it costs what it costs: prompt, calls, model, failures, unknown prices (S3-115)."""

from collections.abc import Mapping
from dataclasses import dataclass

from chatcrew.analytics import Costs, Spend
from chatcrew.app.report_sheets import Sheet
from chatcrew.llm import cost
from chatcrew.messages import Usage
from chatcrew.tenancy.model import ModelCatalogue

LONG_PROMPT = 3_000
"""Tokens of a mean request from which prompt, history and knowledge deserve a look."""
CACHEABLE = 1_024
"""Tokens from which providers keep the beginning of a request."""
FEW_CACHED = 0.3
MANY_CALLS = 2.5
"""Calls for each answer from which tools, or crews of several roles, deserve a look."""
MANY_FAILED = 0.05


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason for what it costs.

    Attributes:
        cause: ``prompt``, ``uncached``, ``calls``, ``model``, ``failed``, ``unpriced``, ``role``.
        of: the role or model.
        value: in the unit of the cause; see ``docs/reports.md``.
        usd: dollars that it concerns, or would have saved.
    """

    cause: str
    of: str
    value: float
    usd: float | None = None


def findings(found: Costs, *, turns: int, models: ModelCatalogue) -> list[Finding]:
    """Return what makes it dear, the most dollars first.

    Args:
        found: what it cost.
        turns: answers in the time.
        models: prices; each priced model is tried as another choice.
    """
    total = found.total
    told: list[Finding] = []
    for role, spend in found.roles.items():
        told += _of_role(role, spend, total)
    if turns and total.calls / turns > MANY_CALLS:
        told.append(Finding("calls", "", total.calls / turns, total.usd))
    if total.calls and total.failed / total.calls > MANY_FAILED:
        told.append(Finding("failed", "", total.failed / total.calls))
    for name, spend in found.models.items():
        if spend.unpriced:
            told.append(Finding("unpriced", name, spend.unpriced))
        told += [
            Finding("model", f"{name} > {other}", 1 - there / spend.usd, spend.usd - there)
            for other, there in elsewhere(spend, models).items()
            if other != name and not spend.unpriced and there < spend.usd
        ]
    return sorted(told, key=lambda one: (-(one.usd or 0.0), one.cause, one.of))


def elsewhere(spend: Spend, models: ModelCatalogue) -> dict[str, float]:
    """Return what the same tokens would have cost with each model whose price is known (N6).

    Another model may need more or fewer tokens for the same; that nobody knows beforehand.
    """
    used = Usage(
        prompt_tokens=spend.prompt_tokens,
        completion_tokens=spend.completion_tokens,
        cached_tokens=spend.cached_tokens,
    )
    found = {name: cost(used, one.price) for name, one in models.models.items()}
    return {name: dollars for name, dollars in found.items() if dollars is not None}


def sheet(found: list[Finding], advice: Mapping[str, str]) -> Sheet:
    """Return the findings as a table, with what can be done about each."""
    rows = tuple((one.cause, one.of, one.value, one.usd, advice[one.cause]) for one in found)
    return Sheet("costly", ("cause", "of", "value", "usd", "advice"), rows)


def _of_role(role: str, spend: Spend, total: Spend) -> list[Finding]:
    if not spend.calls:
        return []
    prompt = spend.prompt_tokens / spend.calls
    told = []
    if total.nanos and spend.nanos / total.nanos > 0.5:
        told.append(Finding("role", role, spend.nanos / total.nanos, spend.usd))
    if prompt > LONG_PROMPT:
        told.append(Finding("prompt", role, prompt, spend.usd))
    cached = spend.cached_tokens / spend.prompt_tokens if spend.prompt_tokens else 1.0
    if prompt > CACHEABLE and cached < FEW_CACHED:
        told.append(Finding("uncached", role, cached, spend.usd))
    return told
