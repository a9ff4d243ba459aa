"""What model calls, cache look-ups and Chatwoot requests cost, into ledger and metrics."""

from chatcrew.ledger import Ledger, ModelCall
from chatcrew.telemetry import Metrics


class LedgerMeter:
    """Satisfies ``llm.Meter``.

    Args:
        ledger: keeps each call.
        metrics: counts them.
    """

    def __init__(self, ledger: Ledger, *, metrics: Metrics) -> None:
        self._ledger = ledger
        self._metrics = metrics

    async def record(self, call: ModelCall) -> None:
        """Keep one model call."""
        outcome = call.error or ("cached" if call.from_cache else "ok")
        self._metrics.count(
            "chatcrew_model_calls", tenant=call.tenant, model=call.model, outcome=outcome
        )
        self._metrics.observe("chatcrew_model_seconds", call.seconds, model=call.model)
        tokens = {
            "prompt": call.usage.prompt_tokens,
            "completion": call.usage.completion_tokens,
            "cached": call.usage.cached_tokens,
        }
        for kind, amount in tokens.items():
            if amount:
                self._metrics.count("chatcrew_model_tokens", amount, tenant=call.tenant, kind=kind)
        if call.cost is None:
            self._metrics.count("chatcrew_model_unpriced", model=call.model)
        elif call.cost:
            self._metrics.count(
                "chatcrew_model_dollars", call.cost, tenant=call.tenant, model=call.model
            )
        await self._ledger.record_call(call)


class BreakerMeter:
    """Satisfies ``llm.BreakerObserver``."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def breaker(self, model: str, state: str) -> None:
        """Count one change of state."""
        self._metrics.count("chatcrew_model_breaker", model=model, state=state)


class CacheMeter:
    """Satisfies ``cache.Observer``."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def seen(self, layer: str, kind: str, outcome: str) -> None:
        """Count one look-up."""
        self._metrics.count("chatcrew_cache", layer=layer, kind=kind, result=outcome)
