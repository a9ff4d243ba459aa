"""Why a tool has no answer, in words that tell a role what to do instead (S3-77)."""

from collections.abc import Mapping

from chatcrew.errors import EgressError, UpstreamError


class ToolTrouble(UpstreamError):
    """A tool's other side is at fault, not the call.

    Args:
        kind: key of the sentence the role reads.
        maybe_sent: what was asked for may have been done.
    """

    def __init__(self, kind: str, *, maybe_sent: bool = False) -> None:
        super().__init__(f"tool: {kind}", retryable=kind in _PASSING, maybe_done=maybe_sent)
        self.kind = kind


_PASSING = frozenset({"status", "busy", "timeout", "unreached", "broken", "resting"})
_END = (
    " Não invente o que ela diria: responda sem ela ou chame uma pessoa. "
    "(Do not guess what it would have said: answer without it or hand over to a person.)"
)
_WORDS: Mapping[str, str] = {
    "timeout": "A ferramenta não respondeu a tempo. (The tool did not answer in time.)",
    "unreached": "O sistema da empresa está fora do ar. (The system cannot be reached.)",
    "broken": "A ligação com o sistema da empresa caiu. (The connection broke.)",
    "status": "O sistema da empresa respondeu com erro. (The system answered with an error.)",
    "busy": "O sistema da empresa está ocupado. (The system is busy.)",
    "resting": "O sistema da empresa está falhando; espere. (The system keeps failing: wait.)",
    "login": "O sistema da empresa recusou o nosso acesso. (The system refused our access.)",
    "secret": "Falta configurar o acesso desta ferramenta. (The tool's access is not set up.)",
    "bad_json": "O sistema respondeu algo ilegível. (The system's answer cannot be read.)",
    "too_big": "A resposta do sistema é grande demais. (The answer is too big.)",
    "type": "O sistema respondeu algo ilegível. (The system's answer cannot be read.)",
    "encoding": "O sistema respondeu algo ilegível. (The system's answer cannot be read.)",
    "redirect": "O sistema mudou de endereço. (The system has moved.)",
    "refused": "Este endereço não pode ser acessado. (This address may not be reached.)",
    "unsure": (
        "Não se sabe se a ação foi feita; não repita nem diga que deu certo, chame uma pessoa. "
        "(Nobody knows whether it was done: do not repeat it, hand over to a person.)"
    ),
    "failed": "A ferramenta falhou. (The tool failed.)",
}


def words_for(error: Exception, *, acts: bool) -> str:
    """Return what a role reads of a failure.

    Args:
        error: what happened.
        acts: the tool changes something, so that a lost answer is no "nothing happened".
    """
    if acts and isinstance(error, UpstreamError) and error.maybe_done:
        return _WORDS["unsure"]
    kind = "failed"
    if isinstance(error, TimeoutError):
        kind = "unsure" if acts else "timeout"
    elif isinstance(error, ToolTrouble | EgressError):
        kind = error.kind if error.kind in _WORDS else "refused"
    return _WORDS[kind] + ("" if kind == "unsure" else _END)
