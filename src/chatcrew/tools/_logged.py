"""Acts written down before and after, so that none is ever done twice."""

import asyncio
from datetime import timedelta

from chatcrew.clock import Clock
from chatcrew.errors import StoreError, UpstreamError
from chatcrew.ids import new_id
from chatcrew.messages import ToolResult, TurnKey
from chatcrew.points import Point, passed
from chatcrew.telemetry import get_logger
from chatcrew.tools._calls import CallRow, CallState, ToolCalls, digest_of
from chatcrew.tools._effects import Act, EffectCall

_log = get_logger("tools")

IN_DOUBT = ToolResult(
    ok=False,
    text=(
        "Não se sabe se esta ação foi feita: a equipe vai verificar. Não tente de novo e não diga "
        "que deu certo; diga que está sendo verificado e que a equipe confirma. "
        "(Nobody knows whether it was done: say that it is being verified.)"
    ),
)

_UNDER_WAY = ToolResult(ok=False, text="Esta ação já está em andamento. (Already under way.)")


class LoggedEffects:
    """Satisfies ``Effects`` for one asking of a crew.

    Before an act ``acting`` is written, after it what came of it. Whoever finds ``acting`` without
    a result, after a crash or a lost lease, does not act again.

    Args:
        calls: the record.
        clock: time.
    """

    def __init__(self, calls: ToolCalls, *, clock: Clock) -> None:
        self._calls = calls
        self._clock = clock
        self._run = new_id()

    async def perform(self, call: EffectCall, act: Act) -> ToolResult:
        """Do it unless it was begun before, or somebody has to approve it first.

        Raises:
            StoreError: the record is away, so nothing was begun; ``LeaseLost`` likewise.
        """
        until = self._clock.now() + timedelta(seconds=call.patience)
        begun = await self._calls.begin(call, run=self._run, expires_at=until)
        if not begun.mine:
            return known(begun.row, call)
        return await carry_out(self._calls, begun.row, act)


class ApprovedEffects:
    """Satisfies ``Effects`` for one call that an operator has approved in this turn.

    Args:
        calls: the record.
        key: turn of the operator's command.
        number: of the call.
    """

    def __init__(self, calls: ToolCalls, *, key: TurnKey, number: int) -> None:
        self._calls = calls
        self._key = key
        self._number = number

    async def perform(self, call: EffectCall, act: Act) -> ToolResult:
        """Do it, unless another try of the same turn has begun it.

        Raises:
            StoreError: the record is away, so nothing was begun; ``LeaseLost`` likewise.
        """
        begun = await self._calls.act(self._key, self._number)
        if not begun.mine:
            return known(begun.row, call)
        return await carry_out(self._calls, begun.row, act)


async def carry_out(calls: ToolCalls, row: CallRow, act: Act) -> ToolResult:
    """Do what was written down as begun, and write down what came of it.

    Raises:
        CancelledError: its time ended; whether it was done is in doubt.
    """
    passed(Point.ACT_BEGUN)
    try:
        result = await act()
        passed(Point.ACT_DONE)
    except asyncio.CancelledError:
        # The write must not be cancelled with the act; left undone the row says "acting", which
        # means the same
        await asyncio.shield(_noted(calls, row.id, CallState.UNKNOWN))
        raise
    except UpstreamError as error:
        if error.maybe_done:
            await _noted(calls, row.id, CallState.UNKNOWN)
            return IN_DOUBT
        await _noted(calls, row.id, CallState.FAILED)
        raise
    except Exception as error:  # noqa: BLE001 - whatever a third party's tool raises, its act may have been done
        _log.warning("tool.in_doubt", tool=row.tool, error=type(error).__name__)
        await _noted(calls, row.id, CallState.UNKNOWN)
        return IN_DOUBT
    await _noted(calls, row.id, CallState.DONE, result)
    return result


async def _noted(
    calls: ToolCalls, number: int, state: CallState, result: ToolResult | None = None
) -> None:
    """Write down what came of it; without a database the act is in doubt for who comes later."""
    try:
        await calls.end(number, state, result=result)
    except StoreError:
        _log.error("tool.not_noted", call=number, state=state.value)


def known(row: CallRow, call: EffectCall) -> ToolResult:
    """Return what a role reads of a call that was made before."""
    if row.state is CallState.ACTING:
        return _UNDER_WAY
    if row.state is CallState.UNKNOWN:
        return IN_DOUBT
    if row.state is CallState.DONE:
        if row.digest == digest_of(call.arguments):
            return row.answer
        remark = "(Isto já foi feito neste atendimento, com outros dados, e não foi repetido.)"
        return ToolResult(ok=bool(row.ok), text=f"{remark}\n{row.result or ''}")
    return ToolResult(ok=row.state is CallState.WAITING, text=_RULED[row.state].format(row.id))


_RULED = {
    CallState.WAITING: (
        "Aguardando a aprovação de uma pessoa da equipe (pedido {0}). Ainda não foi feito: diga ao "
        "cliente que a equipe vai confirmar e que você avisa. Não prometa prazo. "
        "(Waiting for a person's approval; not done yet.)"
    ),
    CallState.APPROVED: (
        "A equipe aprovou o pedido {0} e ele está sendo feito. (Approved, under way.)"
    ),
    CallState.DENIED: (
        "A equipe não autorizou o pedido {0}. Diga isso ao cliente com honestidade. (Denied.)"
    ),
    CallState.EXPIRED: (
        "A equipe não respondeu ao pedido {0} a tempo; uma pessoa continua. (Expired.)"
    ),
}
