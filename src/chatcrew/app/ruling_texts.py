"""What operators and crews read of calls that wait, were ruled on, or are in doubt."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chatcrew.hub.shaping import literal
from chatcrew.messages import ToolResult
from chatcrew.privacy import detect
from chatcrew.tools import CallRow, CallState

NO_SUCH = (
    "❓ Não há pedido {number} nesta conversa. Para ver os que esperam: `/bot pedidos`. "
    "(No such request here.)"
)
NOTHING_WAITS = "👍 Nenhum pedido espera autorização nesta conversa. (No request waits.)"

_LONGEST = 600
_LONGEST_SHOWN = 4000
"""Characters of an argument: whoever approves it has to have read it, so all of a usual one."""
_DOCUMENTS = ("cpf", "cnpj", "rg", "cnh", "passport", "card")
_LAST = 3


def asked(row: CallRow, *, until: datetime | None) -> str:
    """Return the note that asks operators for an approval.

    Args:
        row: the call.
        until: when it expires, in the business's time zone.
    """
    limit = f" Vale até {until:%d/%m %H:%M}." if until is not None else ""
    return (
        f"🔐 **Pedido {row.id}: o bot pede autorização para `{row.tool}`**\n\n"
        f"{_listed(row.arguments)}\n\n"
        f"Autorizar: `/bot aprovar {row.id}` · negar: `/bot negar {row.id} motivo`.{limit}\n"
        f"(The bot asks for your approval: `/bot approve {row.id}` or `/bot deny {row.id} reason`.)"
    )


def carried_out(row: CallRow, result: ToolResult) -> str:
    """Return the note on what an approval came to."""
    by = _by(row)
    if result.ok:
        head = f"✅ **Pedido {row.id} autorizado{by} e feito**: `{row.tool}`. (Approved and done.)"
    else:
        head = (
            f"⚠️ **Pedido {row.id} autorizado{by}, mas `{row.tool}` não deu certo.** "
            "(Approved, but it failed.)"
        )
    return f"{head}\n\n> {_quoted(result.text)}" if result.text else head


def denied(row: CallRow) -> str:
    """Return the note on a denial."""
    why = f" Motivo: {literal(row.reason, limit=300)}." if row.reason else ""
    return f"🚫 **Pedido {row.id} negado{_by(row)}**: `{row.tool}`.{why} (Denied.)"


def expired(row: CallRow) -> str:
    """Return the note on a request that nobody ruled on in time."""
    return (
        f"⌛ **O pedido {row.id} (`{row.tool}`) venceu sem resposta da equipe** e não foi feito. "
        "Continue daqui, por favor. (The request expired; nothing was done.)"
    )


def in_doubt(row: CallRow) -> str:
    """Return the note on a call whose end nobody knows."""
    return (
        f"⚠️ **Não se sabe se `{row.tool}` (pedido {row.id}) foi feito.** Verifique no sistema "
        f"antes de repetir; o bot não repete.\n\n{_listed(row.arguments)}\n\n"
        "(Nobody knows whether it was done: check before you repeat it.)"
    )


def done_unsaid(row: CallRow) -> str:
    """Return the note on a call that was made in a turn that people go on from."""
    head = (
        f"✅ **O bot já fez isto no sistema: `{row.tool}`** (pedido {row.id}). Não repita; o "
        "cliente pode ainda não saber. (Done already: do not repeat it.)"
    )
    answer = f"\n\n> {_quoted(row.result)}" if row.result else ""
    return f"{head}\n\n{_listed(row.arguments)}{answer}"


def not_waiting(row: CallRow) -> str:
    """Return the note on a ruling that comes too late."""
    words = {
        CallState.WAITING: "já venceu e não pode mais ser autorizado (expired)",
        CallState.EXPIRED: "já venceu e não pode mais ser autorizado (expired)",
        CallState.DENIED: f"já foi negado{_by(row)} (denied already)",
    }
    done = f"já foi autorizado{_by(row)} (approved already)"
    return f"ℹ️ O pedido {row.id} {words.get(row.state, done)}."


def told_carried_out(row: CallRow, result: ToolResult) -> str:
    """Return what the crew reads of an approved call."""
    outcome = "foi feita" if result.ok else "não deu certo"
    words = " ".join(result.text.split())[:_LONGEST]
    return (
        f"A equipe autorizou o pedido {row.id} e a ação {row.tool} {outcome}. Resultado: "
        f"{words or 'sem detalhes'}. Conte isso ao cliente em poucas palavras, sem chamar a "
        "ferramenta de novo."
    )


def told_denied(row: CallRow) -> str:
    """Return what the crew reads of a denial."""
    why = f" Motivo: {row.reason}." if row.reason else ""
    return (
        f"A equipe não autorizou o pedido {row.id} ({row.tool}).{why} Diga isso ao cliente com "
        "honestidade e gentileza, e não tente de novo."
    )


def told_expired(row: CallRow) -> str:
    """Return what the crew reads of a request that expired."""
    return (
        f"A equipe não respondeu a tempo ao pedido {row.id} ({row.tool}) e ele não foi feito. "
        "Diga que uma pessoa vai cuidar disso."
    )


def told_in_doubt(row: CallRow) -> str:
    """Return what the crew reads of a call in doubt."""
    return (
        f"A equipe autorizou o pedido {row.id} ({row.tool}), mas não se sabe se ele foi feito. "
        "Diga que está sendo verificado e que a equipe confirma."
    )


def _listed(arguments: Mapping[str, Any]) -> str:
    rows = [
        f"- {literal(str(name), limit=60)}: {literal(veiled(str(value)), limit=_LONGEST_SHOWN)}"
        for name, value in arguments.items()
    ]
    return "\n".join(rows) or "- (sem dados)"


def veiled(text: str) -> str:
    """Return text with documents and cards down to their last digits.

    Whoever rules has to tell them apart, and nobody has to read them whole in a note.
    """
    for span in sorted(detect(text, _DOCUMENTS), key=lambda one: -one.start):
        shown = text[span.start : span.end]
        dark = "".join("•" if char.isalnum() else char for char in shown[:-_LAST])
        text = f"{text[: span.start]}{dark}{shown[-_LAST:]}{text[span.end :]}"
    return text


def _quoted(text: str) -> str:
    return literal(text, limit=_LONGEST)


def _by(row: CallRow) -> str:
    return f" por {literal(row.ruled_by, limit=60)}" if row.ruled_by else ""
